"""Texts of booking notifications: three short lines for one, a line each in a digest. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.conversation.buttons import Button
from bot.rendering.markup import Text, bounded, filled, joined
from linkdesk.events.digest import MergedEvent, NotificationMessage
from linkdesk.events.labels import RecordNames
from linkdesk.events.model import BookingState, EventKind
from linkdesk.text.intervals import format_local_interval
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Language, Localized

MOST_LINES: Final = 10
"""Bookings that a digest names."""
LONGEST: Final = 50
"""Characters of a name."""
NEW_LINE: Final = "\n"

LINK: Final = Localized(en="Link to deal…", ru="Привязать к сделке…")
LINK_ONE: Final = Localized(en="Link booking {id} to deal…", ru="Бронирование {id}: привязать к сделке…")

_HEAD: Final = {
    EventKind.CREATED: Localized(en="New booking {id}: {when}", ru="Новое бронирование {id}: {when}"),
    EventKind.CHANGED: Localized(en="Booking {id} was changed: {when}", ru="Бронирование {id} изменено: {when}"),
    EventKind.DELETED: Localized(en="Booking {id} was deleted: {when}", ru="Бронирование {id} удалено: {when}"),
}
_CAME_AND_WENT: Final = Localized(
    en="Booking {id} was created and then deleted: {when}", ru="Бронирование {id} создано и снова удалено: {when}"
)
_LINE: Final = {
    EventKind.CREATED: Localized(en="• new {id}: {what}", ru="• новое {id}: {what}"),
    EventKind.CHANGED: Localized(en="• changed {id}: {what}", ru="• изменено {id}: {what}"),
    EventKind.DELETED: Localized(en="• deleted {id}: {what}", ru="• удалено {id}: {what}"),
}
_LINE_CAME_AND_WENT: Final = Localized(
    en="• created and then deleted {id}: {what}", ru="• создано и снова удалено {id}: {what}"
)
_COUNT: Final = Localized(en="Booking updates: {count}", ru="Изменений в бронированиях: {count}")
_MORE: Final = Localized(
    en="And {count} more; this week's bookings: /week", ru="И ещё {count}; бронирования на эту неделю: /неделя"
)
_NO_DEAL: Final = Localized(en="No deal yet.", ru="Сделки пока нет.")
_DEALS: Final = Localized(en="Deals: {deals}", ru="Сделки: {deals}")
_NO_CLIENT: Final = Localized(en="no client", ru="без клиента")
_NONE: Final = Localized(en="none", ru="нет")
_TIME: Final = Localized(en="Time: {was} → {now}", ru="Время: {was} → {now}")
_RESOURCES: Final = Localized(en="Resource: {was} → {now}", ru="Ресурс: {was} → {now}")
_CLIENTS: Final = Localized(en="Client: {was} → {now}", ru="Клиент: {was} → {now}")
_NAME: Final = Localized(en="Title: {was} → {now}", ru="Название: {was} → {now}")
_LINKED: Final = Localized(en="Deals: {was} → {now}", ru="Сделки: {was} → {now}")
_RESOURCE: Final = Localized(en="resource {id}", ru="ресурс {id}")


def shown(message: NotificationMessage) -> Sequence[MergedEvent]:
    """Return what a message names; the rest of a digest is only counted."""
    return message.events[:MOST_LINES]


def bookings_of(messages: Iterable[NotificationMessage]) -> list[BookingState]:
    """Return the bookings whose names have to be known, as they are and as they were."""
    found = [state for message in messages for one in shown(message) for state in (one.after, one.before)]
    return [state for state in found if state is not None]


class MessageWriter:
    """Renders notifications in one language, with names, in the business's time zone."""

    def __init__(self, names: RecordNames, language: Language, zone: str) -> None:
        """Take what records are called, the language, and the IANA name of the zone."""
        self._names = names
        self._language: Language = language
        self._zone = zone

    def text(self, message: NotificationMessage) -> Text:
        """Render one message."""
        if not message.digest:
            return joined(self._one(message.events[0]), NEW_LINE)
        lines = [filled(self._to(_COUNT), count=Text.strong(len(message.events)))]
        lines += [self._line(one) for one in shown(message)]
        if (more := len(message.events) - MOST_LINES) > 0:
            lines.append(filled(self._to(_MORE), count=str(more)))
        return joined(lines, NEW_LINE)

    def buttons(self, message: NotificationMessage) -> tuple[Button, ...]:
        """Return a button for each new booking without a deal."""
        bare = [one for one in shown(message) if one.kind is EventKind.CREATED and not one.state.deals]
        said = LINK_ONE if message.digest else LINK
        return tuple(
            Button(said.format_map({"id": one.state.booking_id}).to(self._language), data=f"l:{one.number}")
            for one in bare
        )

    def _one(self, one: MergedEvent) -> Iterator[Text]:
        head = _CAME_AND_WENT if one.created_and_deleted else _HEAD[one.kind]
        yield filled(self._to(head), id=Text.strong(one.state.booking_id), when=Text.strong(self._when(one.state)))
        yield Text.of(self._who_and_where(one.state))
        if one.kind is EventKind.CREATED:
            deals = one.state.deals
            yield filled(self._to(_DEALS), deals=self._refs(deals)) if deals else Text.of(self._to(_NO_DEAL))
        elif one.kind is EventKind.CHANGED and (differs := self._differs(one)):
            yield Text.of("; ".join(differs))

    def _line(self, one: MergedEvent) -> Text:
        what = [self._when(one.state), self._who_and_where(one.state)]
        what += self._differs(one) if one.kind is EventKind.CHANGED else []
        line = _LINE_CAME_AND_WENT if one.created_and_deleted else _LINE[one.kind]
        return filled(self._to(line), id=Text.strong(one.state.booking_id), what="; ".join(what))

    def _differs(self, one: MergedEvent) -> list[str]:
        """Render the differences; none where the earlier state is unknown."""
        before, after = one.before, one.after
        if before is None or after is None:
            return []
        pairs = (
            (_TIME, self._when(before), self._when(after)),
            (_RESOURCES, self._where(before), self._where(after)),
            (_CLIENTS, self._refs(before.clients), self._refs(after.clients)),
            (_NAME, self._title(before), self._title(after)),
            (_LINKED, self._refs(before.deals), self._refs(after.deals)),
        )
        return [self._to(said.format_map({"was": was, "now": now})) for said, was, now in pairs if was != now]

    def _who_and_where(self, seen: BookingState) -> str:
        who = self._refs(seen.clients) if seen.clients else bounded(seen.name or "", LONGEST) or self._to(_NO_CLIENT)
        return f"{who}, {self._where(seen)}" if seen.resource_ids else who

    def _where(self, seen: BookingState) -> str:
        rooms = [
            bounded(self._names.resources.get(number, ""), LONGEST) or self._to(_RESOURCE.format_map({"id": number}))
            for number in seen.resource_ids
        ]
        return ", ".join(rooms) or self._to(_NONE)

    def _refs(self, refs: Sequence[CrmRef]) -> str:
        named = [bounded(self._names.items.get(ref, ""), LONGEST) or self._to(ref.said) for ref in refs]
        return ", ".join(named) or self._to(_NONE)

    def _title(self, seen: BookingState) -> str:
        name = bounded(seen.name or "", LONGEST)
        return self._to(Localized(en=f"“{name}”", ru=f"«{name}»") if name else _NONE)

    def _when(self, seen: BookingState) -> str:
        return self._to(format_local_interval(seen.date_from, seen.date_to, self._zone))

    def _to(self, said: Localized) -> str:
        return said.to(self._language)

"""Rendering of the CRM: items, activities, smart processes, and the account in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.rendering.bookings import entry_row, rows
from bot.rendering.markup import Text, bounded
from bot.rendering.writer import Writer
from linkdesk.handlers.bookings import DAYS_AHEAD, DAYS_BACK
from linkdesk.model.views import (
    ActivitiesView,
    ActivityView,
    CrmItemsView,
    CrmItemView,
    CrmTypesView,
    NamedRef,
    NamedType,
    WhoamiView,
)
from tool_specs.declaration.localized import Localized
from tool_specs.methods.activity import FindActivities
from tool_specs.methods.crm_item import FindCrmItems

ACTIVITY: Final = Localized(en="activity", ru="дело")
NO_DEADLINE: Final = "9999"
"""The year in which the portal puts the deadline of an activity that has none."""

_AMONG: Final[Mapping[str, Localized]] = {
    "deal": Localized(en="deals", ru="сделок"),
    "contact": Localized(en="contacts", ru="контактов"),
    "company": Localized(en="companies", ru="компаний"),
    "lead": Localized(en="leads", ru="лидов"),
    "quote": Localized(en="quotes", ru="предложений"),
    "invoice": Localized(en="invoices", ru="счетов"),
}
_AMONG_OTHERS: Final = Localized(en="items of type {type}", ru="элементов типа {type}")
_FOUND: Final = Localized(en="Found among {among} for {sought}:", ru="Найдено среди {among} по запросу {sought}:")
_NOT_FOUND: Final = Localized(
    en="No {among} found for {sought}. To search another type: {example}",
    ru="Среди {among} по запросу {sought} ничего не найдено. Искать среди других: {example}",
)
_NOWHERE: Final = Localized(
    en="No contacts, companies or deals found for {sought}. To search another type: {example}",
    ru="Среди контактов, компаний и сделок по запросу {sought} ничего не найдено. Искать среди других: {example}",
)
_LEAD: Final = Localized(en="lead", ru="лид")
_OTHER_TYPE: Final = Localized(en="/find {type} {text}", ru="/найти {type} {text}")
_CONTACT: Final = Localized(en="contact", ru="контакт")
_DEAL: Final = Localized(en="deal", ru="сделка")
_NARROW: Final = Localized(
    en="There are more results: make the search more specific.",
    ru="Есть и другие результаты: уточните запрос.",
)
_ITS_CONTACT: Final = Localized(en="Contact: {value}.", ru="Контакт: {value}.")
_ITS_COMPANY: Final = Localized(en="Company: {value}.", ru="Компания: {value}.")
_ITS_BOOKINGS: Final = Localized(en="Bookings:", ru="Бронирования:")
_NO_ITS_BOOKINGS: Final = Localized(
    en="No bookings in the last {back} and the next {ahead} days.",
    ru="Бронирований за последние {back} и на ближайшие {ahead} дней нет.",
)
_ITS_ENTRIES: Final = Localized(en="On the waitlist:", ru="В листе ожидания:")
_LINKS_UNREAD: Final = Localized(
    en="Not all of the bookings and the waitlist could be read.",
    ru="Не все бронирования и лист ожидания удалось прочитать.",
)
_ACTIVITIES: Final = Localized(en="Activities, {sought}:", ru="Дела ({sought}):")
_NO_ACTIVITIES: Final = Localized(en="No activities found, {sought}.", ru="Дел не найдено ({sought}).")
_ITS_OWNER: Final = Localized(en="Created for: {value}.", ru="Создано для: {value}.")
_BOUND: Final = Localized(en="Bound to: {value}.", ru="Привязки: {value}.")
_DONE: Final = Localized(en="done", ru="выполнено")
_DUE: Final = Localized(en="due {when}", ru="срок {when}")
_STATE: Final = Localized(en="State: {value}.", ru="Состояние: {value}.")
_NOT_DONE: Final = Localized(en="not done", ru="не выполнено")
_TYPES: Final = Localized(en="Smart processes:", ru="Смарт-процессы:")
_NO_TYPES: Final = Localized(en="There are no smart processes.", ru="Смарт-процессов нет.")
_ME: Final = Localized(
    en="Linkdesk works in Bitrix24 with the permissions of {user}{role}.",
    ru="Linkdesk работает в Битрикс24 от имени: {user}{role}.",
)
_USER: Final = Localized(en="user", ru="пользователь")
_ADMINISTRATOR: Final = Localized(en=", an administrator", ru=", администратор")
_SCOPES: Final = Localized(en="Permissions: {value}.", ru="Права подключения: {value}.")
_MISSING: Final = Localized(
    en="Missing permissions: {value}. An administrator of the portal can add them.",
    ru="Не хватает прав: {value}. Их может добавить администратор портала.",
)


def item(writer: Writer, shown: CrmItemView) -> Iterator[Text]:
    """Render one CRM item in full."""
    yield writer.ref(NamedRef(type=shown.type, id=shown.id, name=shown.name), strong=True)
    for template, other in ((_ITS_CONTACT, shown.contact), (_ITS_COMPANY, shown.company)):
        if other is not None:
            yield writer.fill(template, value=writer.ref(other))
    yield from _linked(writer, shown)


def _linked(writer: Writer, shown: CrmItemView) -> Iterator[Text]:
    """Render the bookings and waitlist entries of an item, if they were read."""
    looked = {"bookings", "waitlist_entries"} & shown.model_fields_set
    if not looked:
        return
    if shown.bookings is None or shown.waitlist_entries is None:
        yield Text.of(writer.to(_LINKS_UNREAD))
    if shown.bookings:
        yield Text.of(writer.to(_ITS_BOOKINGS))
        yield from rows(writer, shown.bookings, day=True)
    elif shown.bookings is not None:
        yield writer.fill(_NO_ITS_BOOKINGS, back=str(DAYS_BACK), ahead=str(DAYS_AHEAD))
    if shown.waitlist_entries:
        yield Text.of(writer.to(_ITS_ENTRIES))
        yield from writer.rows(entry_row(writer, one) for one in shown.waitlist_entries)


def items(writer: Writer, shown: CrmItemsView, asked: FindCrmItems) -> Iterator[Text]:
    """Render found CRM items, a row each, as a command names them."""
    among = writer.to(_AMONG.get(asked.type, _AMONG_OTHERS.format_map({"type": asked.type})))
    sought = [text for text in (asked.text, asked.phone, asked.email) if text]
    texts = writer.several([writer.quoted(text) for text in sought])
    if shown.items:
        yield writer.fill(_FOUND, among=among, sought=texts)
        yield from writer.rows(_row(writer, one) for one in shown.items)
    else:
        other = writer.to(_DEAL if asked.type == "contact" else _CONTACT)
        example = writer.fill(_OTHER_TYPE, type=other, text=bounded(sought[0]))
        yield writer.fill(_NOT_FOUND, among=among, sought=texts, example=example)
    if shown.more:
        yield Text.of(writer.to(_NARROW))


def nothing_anywhere(writer: Writer, asked: FindCrmItems) -> Text:
    """Render an empty search of all usual types."""
    sought = next(text for text in (asked.text, asked.phone, asked.email) if text)
    example = writer.fill(_OTHER_TYPE, type=writer.to(_LEAD), text=bounded(sought))
    return writer.fill(_NOWHERE, sought=writer.quoted(sought), example=example)


def _row(writer: Writer, one: CrmItemView) -> Text:
    row = writer.ref(NamedRef(type=one.type, id=one.id, name=one.name))
    for other in (one.contact, one.company):
        row = row + ", " + writer.ref(other) if other is not None else row
    return row


def activity(writer: Writer, shown: ActivityView) -> Iterator[Text]:
    """Render one activity in full."""
    yield writer.numbered(ACTIVITY, shown.id, shown.subject, strong=True)
    if state := _state(writer, shown, whole=True):
        yield writer.fill(_STATE, value=state)
    if shown.bindings is not None:
        yield writer.fill(_BOUND, value=writer.refs(shown.bindings))
    elif shown.owner is not None:
        yield writer.fill(_ITS_OWNER, value=writer.ref(shown.owner))


def activities(writer: Writer, shown: ActivitiesView, asked: FindActivities) -> Iterator[Text]:
    """Render found activities, a row each."""
    sought = [Text.of(writer.to(asked.owner.said))] if asked.owner else []
    sought += [writer.quoted(asked.text)] if asked.text else []
    yield writer.fill(_ACTIVITIES if shown.activities else _NO_ACTIVITIES, sought=writer.several(sought))
    yield from writer.rows(_activity_row(writer, one) for one in shown.activities)
    if shown.more:
        yield Text.of(writer.to(_NARROW))


def _activity_row(writer: Writer, one: ActivityView) -> Text:
    row = writer.numbered(ACTIVITY, one.id, one.subject)
    state = _state(writer, one, whole=False)
    return row + f", {state}" if state else row


def _state(writer: Writer, one: ActivityView, *, whole: bool) -> str:
    """Render state and deadline of an activity; "not done" is left out unless `whole`."""
    due = one.deadline if one.deadline and not one.deadline.startswith(NO_DEADLINE) else None
    parts = [writer.to(_DONE)] if one.completed else []
    parts += [writer.to(_NOT_DONE)] if whole and one.completed is False else []
    parts += [writer.to(_DUE).format(when=writer.moment(due))] if due and not one.completed else []
    return ", ".join(parts)


def types(writer: Writer, shown: CrmTypesView, _asked: object) -> Iterator[Text]:
    """Render the smart processes with the numbers of their types."""
    yield Text.of(writer.to(_TYPES if shown.types else _NO_TYPES))
    yield from writer.rows(_type(writer, one) for one in shown.types)


def _type(writer: Writer, one: NamedType) -> Text:
    return Text.of(f"{bounded(one.type)} ") + writer.quoted(one.name)


def me(writer: Writer, shown: WhoamiView, _asked: object) -> Iterator[Text]:
    """Render the account in use and its permissions."""
    user = writer.numbered(_USER, shown.user.id, shown.user.name)
    yield writer.fill(_ME, user=user, role=writer.to(_ADMINISTRATOR) if shown.admin else "")
    yield writer.fill(_SCOPES, value=writer.several([Text.of(bounded(scope)) for scope in shown.scopes]))
    if shown.missing_scopes:
        yield writer.fill(_MISSING, value=", ".join(shown.missing_scopes))

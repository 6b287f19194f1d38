"""Rendering of resources, resource types and working hours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from babel.dates import get_day_names

from bot.rendering.bookings import DESCRIPTION, MORE
from bot.rendering.markup import Text, bounded, joined
from bot.rendering.writer import LONGEST_TEXT, Writer
from linkdesk.errors.argument_labels import argument_label
from linkdesk.execution.availability import format_weekdays
from linkdesk.model.views import (
    ClientTypesView,
    ResourceScheduleView,
    ResourcesView,
    ResourceTypesView,
    ResourceTypeView,
    ResourceView,
    WorkingHoursView,
)
from tool_specs.declaration.crm_ref import CRM_TYPES
from tool_specs.declaration.localized import Localized, same_in_both
from tool_specs.methods.resource_slots import WEEK

RESOURCE: Final = Localized(en="resource", ru="ресурс")
TYPE: Final = Localized(en="resource type", ru="тип ресурсов")

_RESOURCES: Final = Localized(en="Resources:", ru="Ресурсы:")
_NO_RESOURCES: Final = Localized(en="There are no resources.", ru="Ресурсов нет.")
_TYPES: Final = Localized(en="Resource types:", ru="Типы ресурсов:")
_NO_TYPES: Final = Localized(en="There are no resource types.", ru="Типов ресурсов нет.")
_OF_TYPE: Final = Localized(en="Type: {value}.", ru="Тип: {value}.")
_CODE: Final = Localized(en="Code: {value}.", ru="Код: {value}.")
_MESSAGES: Final = Localized(en="Messages to clients: {value}.", ru="Сообщения клиентам: {value}.")
_HOURS: Final = Localized(en="{Resource}, working hours:", ru="{Resource}, рабочие часы:")
_NO_HOURS: Final = Localized(en="{Resource} has no working hours set.", ru="{Resource}: рабочие часы не заданы.")
_ONE_HOURS: Final = Localized(
    en="{days} {start}–{end}, slots of {minutes} min", ru="{days} {start}–{end}, шаг {minutes} мин"
)
_CLIENT_TYPES: Final = Localized(en="A client may be: {value}.", ru="Клиентом может быть: {value}.")


def resource(writer: Writer, shown: ResourceView) -> Iterator[Text]:
    """Render one resource in full."""
    yield writer.numbered(RESOURCE, shown.id, shown.name, strong=True)
    if shown.type is not None:
        yield writer.fill(_OF_TYPE, value=writer.numbered(TYPE, shown.type.id, shown.type.name))
    if shown.description:
        yield writer.fill(DESCRIPTION, value=bounded(shown.description, LONGEST_TEXT))
    yield from _messages(writer, shown.settings)


def resources(writer: Writer, shown: ResourcesView, _asked: object) -> Iterator[Text]:
    """Render a list of resources, a row each."""
    yield Text.of(writer.to(_RESOURCES if shown.resources else _NO_RESOURCES))
    yield from writer.rows(_row(writer, one) for one in shown.resources)
    if shown.cursor:
        yield Text.of(writer.to(MORE))


def _row(writer: Writer, one: ResourceView) -> Text:
    row = writer.numbered(RESOURCE, one.id, one.name)
    kind = writer.quoted(one.type.name) if one.type is not None else Text.of("")
    return row + ", " + kind if kind.plain else row


def kind(writer: Writer, shown: ResourceTypeView) -> Iterator[Text]:
    """Render one resource type in full."""
    yield writer.numbered(TYPE, shown.id, shown.name, strong=True)
    if shown.code:
        yield writer.fill(_CODE, value=bounded(shown.code))
    yield from _messages(writer, shown.settings)


def kinds(writer: Writer, shown: ResourceTypesView, _asked: object) -> Iterator[Text]:
    """Render a list of resource types, a row each."""
    yield Text.of(writer.to(_TYPES if shown.resource_types else _NO_TYPES))
    yield from writer.rows(writer.numbered(TYPE, one.id, one.name) for one in shown.resource_types)
    if shown.cursor:
        yield Text.of(writer.to(MORE))


def _messages(writer: Writer, settings: Mapping[str, Any] | None) -> Iterator[Text]:
    """Render which messages are sent to clients."""
    if settings is None:
        return
    sent = [name for name, value in settings.items() if name.endswith("_notification") and value is True]
    yield writer.fill(_MESSAGES, value=writer.several([Text.of(writer.to(argument_label(name))) for name in sent]))


def schedule(writer: Writer, shown: ResourceScheduleView) -> Iterator[Text]:
    """Render the working hours of a resource, a row for each interval."""
    spoken = writer.numbered(RESOURCE, shown.resource.id, shown.resource.name, strong=True)
    yield writer.fill(_HOURS if shown.slots else _NO_HOURS, Resource=spoken)
    yield from stretches(writer, shown.slots)


def stretches(writer: Writer, slots: Sequence[WorkingHoursView]) -> Iterator[Text]:
    """Render intervals of working hours, a row each; with time zones where they differ."""
    several = len({one.timezone for one in slots}) > 1
    return writer.rows(_stretch(writer, one) + (f" ({bounded(one.timezone)})" if several else "") for one in slots)


def _stretch(writer: Writer, one: WorkingHoursView) -> Text:
    return writer.fill(
        _ONE_HOURS,
        days=_days(writer, one.weekdays),
        start=bounded(one.start),
        end=bounded(one.end),
        minutes=str(one.slot_minutes),
    )


def _days(writer: Writer, weekdays: Sequence[str]) -> str:
    """Render days of the week; three or more in a row as a range."""
    names = get_day_names("abbreviated", locale=writer.language)
    return format_weekdays(weekdays, {day: names[place] for place, day in enumerate(WEEK)})


def client_types(writer: Writer, shown: ClientTypesView, _asked: object) -> Iterator[Text]:
    """Render the kinds of clients."""
    known = {one.name: one.said for one in CRM_TYPES}
    said = [Text.of(bounded(writer.to(known.get(name, same_in_both(name))))) for name in shown.client_types]
    yield writer.fill(_CLIENT_TYPES, value=joined(said) if said else writer.several(said))

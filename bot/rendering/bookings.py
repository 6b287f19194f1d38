"""Rendering of bookings and waitlist entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Final

from bot.rendering.markup import Text, bounded
from bot.rendering.writer import LONGEST_TEXT, MOST_IN_ROW, Writer, capitalized
from linkdesk.handlers.bookings import MAX_SCANNED
from linkdesk.model.views import (
    BookingsView,
    BookingView,
    DayScheduleView,
    NamedRef,
    ResourceDayView,
    WaitlistEntriesView,
    WaitlistEntryView,
)
from tool_specs.declaration.localized import Localized
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.waitlist import ListWaitlistEntries

BOOKING: Final = Localized(en="booking", ru="бронирование")
ENTRY: Final = Localized(en="waitlist entry", ru="запись листа ожидания")

WHEN: Final = Localized(en="When: {value}.", ru="Когда: {value}.")
RESOURCES: Final = Localized(en="Resources: {value}.", ru="Ресурсы: {value}.")
DEALS: Final = Localized(en="Deals: {value}.", ru="Сделки: {value}.")
CLIENTS: Final = Localized(en="Clients: {value}.", ru="Клиенты: {value}.")
DESCRIPTION: Final = Localized(en="Description: {value}", ru="Описание: {value}")
NOTE: Final = Localized(en="Note: {value}", ru="Примечание: {value}")
NO_NOTE: Final = Localized(en="Without a note.", ru="Без примечания.")
MORE: Final = Localized(en="There are more: /more", ru="Это ещё не все: /more")

_BOOKINGS: Final = Localized(en="Bookings{whose}{when}:", ru="Бронирования{whose}{when}:")
_NO_BOOKINGS: Final = Localized(en="No bookings{whose}{when}.", ru="Бронирований{whose}{when} нет.")
_WHEN_ON: Final = Localized(en=" on {day}", ru=" на {day}")
_AT_WORK: Final = Localized(en="Working hours: {value}.", ru="Рабочие часы: {value}.")
_OFF: Final = Localized(en="off", ru="выходной")
_SCANNED: Final = Localized(
    en="Only these days were searched, up to {most} bookings.",
    ru="Просмотрены только эти дни, не больше {most} бронирований.",
)
_WAITLIST: Final = Localized(en="Waitlist{when}:", ru="Лист ожидания{when}:")
_EMPTY_WAITLIST: Final = Localized(en="The waitlist is empty{when}.", ru="Лист ожидания{when} пуст.")


def booking(writer: Writer, shown: BookingView) -> Iterator[Text]:
    """Render one booking in full."""
    yield writer.numbered(BOOKING, shown.id, shown.name, strong=True)
    yield writer.fill(WHEN, value=writer.period(shown.date_from, shown.date_to))
    yield writer.fill(RESOURCES, value=writer.resources(shown.resources))
    yield from _held(writer, shown.links, shown.clients)
    if shown.description:
        yield writer.fill(DESCRIPTION, value=bounded(shown.description, LONGEST_TEXT))


def bookings(writer: Writer, shown: BookingsView, asked: ListBookings) -> Iterator[Text]:
    """Render a list of bookings, a row each."""
    when, one_day = writer.days(shown.date_from, shown.date_to)
    refs = [ref.said for ref in (asked.client, asked.deal) if ref is not None]
    whose = f" ({', '.join(map(writer.to, refs))})" if refs else ""
    yield writer.fill(_BOOKINGS if shown.bookings else _NO_BOOKINGS, whose=whose, when=when)
    if one_day:
        yield from rows(writer, shown.bookings)
    else:
        for day, some in groupby(shown.bookings, lambda one: one.date_from[:10]):
            yield Text.strong(capitalized(writer.day(date.fromisoformat(day))))
            yield from rows(writer, list(some))
    if shown.scanned:
        yield writer.fill(_SCANNED, most=str(MAX_SCANNED))
    if shown.cursor:
        yield Text.of(writer.to(MORE))


def day(writer: Writer, shown: DayScheduleView, _asked: object) -> Iterator[Text]:
    """Render the schedule of a day."""
    when = writer.to(_WHEN_ON).format(day=writer.day(date.fromisoformat(shown.day)))
    if shown.resources:
        yield writer.fill(_AT_WORK, value=writer.several([_at_work(writer, one) for one in shown.resources]))
    yield writer.fill(_BOOKINGS if shown.bookings else _NO_BOOKINGS, whose="", when=when)
    yield from rows(writer, shown.bookings)


def _at_work(writer: Writer, lane: ResourceDayView) -> Text:
    hours = ", ".join(writer.period(one.date_from, one.date_to, day=False) for one in lane.hours)
    return writer.resource(lane.resource) + f" {hours or writer.to(_OFF)}"


def rows(writer: Writer, some: Sequence[BookingView], *, day: bool = False) -> Iterator[Text]:
    """Render bookings, a row each; with the day unless the heading has it."""
    return writer.rows(_row(writer, one, day=day) for one in some)


def _row(writer: Writer, one: BookingView, *, day: bool) -> Text:
    head = Text.of(writer.period(one.date_from, one.date_to, day=day)) + ", " + writer.numbered(BOOKING, one.id)
    parts = [writer.quoted(one.name), writer.resources(one.resources, MOST_IN_ROW) if one.resources else Text.of("")]
    parts += [writer.refs(refs, MOST_IN_ROW) for refs in (one.clients, one.links) if refs]
    for part in parts:
        head = head + ", " + part if part.plain else head
    return head


def entry(writer: Writer, shown: WaitlistEntryView) -> Iterator[Text]:
    """Render one waitlist entry in full."""
    yield writer.numbered(ENTRY, shown.id, strong=True)
    note = bounded(shown.note or "", LONGEST_TEXT)
    yield writer.fill(NOTE, value=note) if note else Text.of(writer.to(NO_NOTE))
    yield from _held(writer, shown.links, shown.clients)


def entries(writer: Writer, shown: WaitlistEntriesView, asked: ListWaitlistEntries) -> Iterator[Text]:
    """Render a list of waitlist entries, a row each."""
    first = f"{asked.created_from}T00:00" if asked.created_from else None
    when, _ = writer.days(first, f"{asked.created_to}T23:59" if asked.created_to else None)
    yield writer.fill(_WAITLIST if shown.waitlist_entries else _EMPTY_WAITLIST, when=when)
    yield from writer.rows(entry_row(writer, one) for one in shown.waitlist_entries)
    if shown.cursor:
        yield Text.of(writer.to(MORE))


def entry_row(writer: Writer, one: WaitlistEntryView) -> Text:
    """Render a waitlist entry as a row: number, note, deals and clients."""
    row = Text.of(f"{one.id} ") + writer.quoted(one.note) if one.note else Text.of(str(one.id))
    for refs in (one.clients, one.links):
        row = row + ", " + writer.refs(refs, MOST_IN_ROW) if refs else row
    return row


def _held(writer: Writer, links: list[NamedRef] | None, clients: list[NamedRef] | None) -> Iterator[Text]:
    yield writer.fill(DEALS, value=writer.refs(links))
    yield writer.fill(CLIENTS, value=writer.refs(clients))

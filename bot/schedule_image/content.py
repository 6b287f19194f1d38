"""Content of the picture of a day: resources, hours and bookings, as minutes and short texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bot.rendering.markup import bounded
from bot.rendering.redaction import masked
from linkdesk.model.views import BookingView, DayScheduleView, NamedRef, PeriodView
from tool_specs.declaration.localized import Language, Localized

A_DAY: Final = 24 * 60
MOST_ROWS: Final = 30
MOST_VISITS: Final = 60
"""More of them would make a picture that Telegram refuses, and that nobody can read on a phone."""

NO_DEAL: Final = Localized(en="no deal", ru="без сделки")
WITH_DEAL: Final = Localized(en="with a deal", ru="со сделкой")
_BOOKED: Final = Localized(en="Bookings: {count}", ru="Бронирований: {count}")
_LEFT_OUT: Final = Localized(
    en="The picture does not show everything; the rest is in the list.", ru="На картинке не всё; остальное в списке."
)
_RESOURCE: Final = Localized(en="Resource {id}", ru="Ресурс {id}")

# What the font has letters for: the rest would be empty boxes.
_ILLEGIBLE: Final = re.compile(
    "[^\u0020-\u007e\u00a0-\u017f\u0400-\u04ff\u1e00-\u1eff\u2010-\u2015\u2018-\u201f\u2022\u2026\u2030\u2039\u203a"
    "\u20ac\u20b4\u20b8\u20bd\u20be\u2116\u2122\u2212]+"
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A booking: its interval in minutes of the day, and its text."""

    start: int
    end: int
    title: str
    detail: str
    linked: bool
    """Whether it has a deal."""


@dataclass(frozen=True, slots=True)
class Row:
    """A resource: name, working hours and bookings."""

    name: str
    open: tuple[tuple[int, int], ...]
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True)
class ScheduleContent:
    """A day: `now` is the present minute, where the day is today."""

    title: str
    remark: str
    rows: tuple[Row, ...]
    now: int | None = None
    left_out: str = ""
    """What is said where not everything is on the picture."""


def content_of(shown: DayScheduleView, language: Language, now: datetime, *, masks: bool = False) -> ScheduleContent:
    """Return what is on the picture of a day.

    Args:
        shown: the day's schedule.
        language: of the words that are ours.
        now: the present time.
        masks: whether phone numbers and e-mail addresses are hidden.
    """
    day, zone = date.fromisoformat(shown.day), ZoneInfo(shown.timezone)
    rows, is_complete = _rows(shown, _Writer(language, masks=masks), day, zone)
    local = now.astimezone(zone)
    heading = format_date(day, "EEEE d MMMM", locale=language)
    return ScheduleContent(
        title=f"{heading[:1].upper()}{heading[1:]}",
        remark=_BOOKED.format_map({"count": len(shown.bookings)}).to(language),
        rows=rows,
        now=local.hour * 60 + local.minute if local.date() == day else None,
        left_out="" if is_complete else _LEFT_OUT.to(language),
    )


def _rows(shown: DayScheduleView, write: _Writer, day: date, zone: ZoneInfo) -> tuple[tuple[Row, ...], bool]:
    """Return a row for each resource, and whether everything is in them."""
    names = _names(shown)
    hours = {lane.resource.id: lane.hours for lane in shown.resources}
    rows: list[Row] = []
    room, is_complete = MOST_VISITS, not shown.more and len(names) <= MOST_ROWS
    for number in _chosen(list(names), shown):
        here = [booking for booking in shown.bookings if any(one.id == number for one in booking.resources)]
        is_complete = is_complete and len(here) <= room
        visits = tuple(_visit(booking, day, zone, write) for booking in here[:room])
        room -= len(visits)
        name = write.text(names[number] or "") or _RESOURCE.format_map({"id": number}).to(write.language)
        rows.append(Row(name, tuple(_minutes(period, day, zone) for period in hours.get(number, ())), visits))
    return tuple(rows), is_complete


def _names(shown: DayScheduleView) -> dict[int, str | None]:
    names = {lane.resource.id: lane.resource.name for lane in shown.resources}
    for one in (resource for booking in shown.bookings for resource in booking.resources):
        names.setdefault(one.id, one.name)
    return names


def _chosen(numbers: Sequence[int], shown: DayScheduleView) -> list[int]:
    """Return the resources that fit on the picture, in their order; those with bookings are preferred."""
    busy = {one.id for booking in shown.bookings for one in booking.resources}
    chosen = set(sorted(numbers, key=lambda number: number not in busy)[:MOST_ROWS])
    return [number for number in numbers if number in chosen]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Sanitizes untrusted texts for the picture."""

    language: Language
    masks: bool

    def text(self, text: str) -> str:
        text = " ".join(_ILLEGIBLE.sub(" ", bounded(text)).split())
        return masked(text) if self.masks else text

    def refs(self, refs: Sequence[NamedRef] | None) -> str:
        named = [self.text(ref.name or "") or str(ref.id) for ref in refs or ()]
        return ", ".join(named)


def _visit(booking: BookingView, day: date, zone: ZoneInfo, write: _Writer) -> Visit:
    start, end = _minutes(booking, day, zone)
    first, last = (datetime.fromisoformat(text).astimezone(zone) for text in (booking.date_from, booking.date_to))
    clients, deals, name = write.refs(booking.clients), write.refs(booking.links), write.text(booking.name or "")
    times = f"{first:%H:%M}\u2013{last:%H:%M}"
    # Without a client or a deal, the booking's own name takes their place.
    detail = deals or (f"{name} \u00b7 " if clients and name else "") + NO_DEAL.to(write.language)
    return Visit(start, end, f"{times} {clients or name}".strip(), detail, linked=bool(booking.links))


def _minutes(period: BookingView | PeriodView, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the part of a period that is on the day, by the clock on the wall."""

    def minute(text: str) -> int:
        moment = datetime.fromisoformat(text).astimezone(zone)
        if moment.date() != day:
            return 0 if moment.date() < day else A_DAY
        return moment.hour * 60 + moment.minute

    start, end = minute(period.date_from), minute(period.date_to)
    # Where the clocks are put back a booking may end, by them, before it starts.
    return start, max(start, end)

"""Days and times in a sentence: what stands for what, in the business's time zone. Numbers of records are masked first.

Every unit is written as a sign (`D:1` tomorrow, `N:15` a number, `w:в` a word, `x` anything else) and the patterns of
`calendar_patterns` read the line of signs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.nlu.date_patterns import DAYS, MOMENTS, TIMES
from bot.nlu.date_ranges import SPANS
from bot.nlu.date_tags import Found, signed, words
from bot.nlu.durations import BESIDE_A_TIME, LEFT, SURELY, TIME, lasting
from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import is_adjective
from bot.nlu.tokens import Kind, Sort, Unit

VAGUE: Final = re.compile(rf"{words('на')}(?:N:[1-8] )?{signed('U:hour')}")
"""To one o'clock, or by an hour."""
NEAR: Final = 4
"""How many words apart a day of the week and its date may be."""


@dataclass(frozen=True, slots=True)
class Days:
    """From which day to which, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Times:
    """From what time, and to what time where one is said; `part` where it is a part of the day."""

    start: time
    end: time | None = None
    part: bool = False


@dataclass(slots=True)
class When:
    """What was said of days and times; more than one of a kind is more than one can tell apart."""

    days: list[Days] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)
    at: list[int] = field(default_factory=list)
    """The places of the units that say it."""
    days_at: list[int] = field(default_factory=list)
    times_at: list[int] = field(default_factory=list)
    """Where each of the days and of the times begins."""
    lengths: list[timedelta] = field(default_factory=list)
    """How long it takes, as often as that was said."""
    vague: bool = False
    """Whether a time may be a length as well: "на час", "на 2 часа"."""
    of_week: list[bool] = field(default_factory=list)
    """Whether each of the days is a day of the week."""

    def __bool__(self) -> bool:
        """Tell whether anything was said."""
        return bool(self.days or self.times)


_OF_RECORDS: Final = ("ю", "я")
"""How a Russian ordinal ends that is a deal's or a booking's and no day's: "12-ю"."""


def sign_of(unit: Unit) -> str:  # noqa: PLR0911 - a table of kinds
    """Write a unit as a sign."""
    if unit.taken:
        return "x"
    match unit.kind:
        case Kind.NUMBER if not unit.marked:
            first, last = min(unit.ids), max(unit.ids)
            if unit.ordinal and unit.text.endswith(_OF_RECORDS):
                return f"f:{first}"
            numbers = f"{first}-{last}" if first != last else str(first)
            return f"N:{numbers}{'o' if unit.ordinal else ''}"
        case Kind.CLOCK:
            return f"C:{unit.value}"
        case Kind.DAY:
            return f"I:{unit.value}"
        case Kind.DASH:
            return "-"
        case Kind.ODD if re.fullmatch(r"\d+[.,]5", unit.text):
            return f"L:{unit.text}"
        case Kind.WORD:
            signs = [one.value for one in unit.meanings if one.sort is Sort.SIGN]
            return ",".join([f"w:{unit.word.replace(' ', '_')}", *signs])
        case _:
            return "x"


def when_of(
    units: Sequence[Unit], now: datetime, *, of_bookings: bool, moves: bool = False, numbered: bool = True
) -> When:
    """Find what is said of days and times, and mark the units that say it.

    Args:
        units: the sentence, the numbers of records marked as taken.
        now: the time in the business's zone.
        of_bookings: whether it speaks of bookings: then "at 3" is a time even where no day is named.
        moves: whether something is moved: then "с 10 на 2 часа" has no length.
        numbered: whether a booking is named by its number: else "завтрашнюю бронь в 10 на час" has none either.
    """
    signs = [sign_of(unit) for unit in units]
    when = When()
    for table in (MOMENTS, SPANS, DAYS, TIMES):
        if table is TIMES:
            _merge_days(when)
            signs = ["d" if at in when.at else sign for at, sign in enumerate(signs)]
            _measure(signs, when, moves=moves, numbered=numbered)
            signs = _without_bare_hours(signs, certain=bool(when.days) or of_bookings)
        for pattern, read in table:
            _search(pattern, read, signs, now, when)
    when.at = [at for at in when.at if not _leads_to_a_noun(units, at)]
    for at in when.at:
        units[at].taken = "when"
    return when


def _leads_to_a_noun(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a preposition is that of the record whose day follows: "from tomorrow's booking"."""
    if not units[at].has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER) or at + 2 >= len(units):
        return False
    day, after = units[at + 1], units[at + 2]
    signs = [one for one in day.meanings if one.sort is Sort.SIGN and one.value.startswith(("D:", "W:"))]
    declined = is_adjective(day.word) if signs and language_of_word(day.word) == "ru" else day.word.endswith("'s")
    return bool(signs) and declined and not any(one.value.startswith("U:") for one in after.meanings)


def _without_bare_hours(signs: list[str], *, certain: bool) -> list[str]:
    return signs if certain else [re.sub(r"^N:", "n:", sign) for sign in signs]


def _search(pattern: re.Pattern[str], read: Found, signs: list[str], now: datetime, when: When) -> None:
    """Look for a pattern as often as it is there."""
    while True:
        line, starts = " ".join(signs) + " ", _starts(signs)
        for found in pattern.finditer(line):
            if not found[0].strip():
                continue
            value = read(found, now)
            if value is None:
                continue
            first, last = starts.index(found.start()), starts.index(found.end())
            days, times = value
            if days:
                when.days.append(Days(days[0], days[1]))
                when.days_at.append(first)
                when.of_week.append("W:" in found[0])
            if times:
                when.times.append(Times(*times))
                when.times_at.append(first)
                when.vague = when.vague or bool(VAGUE.fullmatch(found[0]))
            when.at += range(first, last)
            signs[first:last] = ["x"] * (last - first)
            break
        else:
            return


def _merge_days(when: When) -> None:
    """Make one day of "Friday, December 4th" where that is a Friday."""
    if len(when.days) != 2 or when.of_week[0] is when.of_week[1]:  # noqa: PLR2004 - the day of the week, and the date
        return
    first, second = when.days
    near = abs(when.days_at[0] - when.days_at[1]) <= NEAR
    single = first.first == first.last and second.first == second.last
    if near and single and first.first.weekday() == second.first.weekday():
        kept = 1 if when.of_week[0] else 0
        when.days, when.days_at, when.of_week = [when.days[kept]], [min(when.days_at)], [False]


def _measure(signs: list[str], when: When, *, moves: bool, numbered: bool) -> None:
    """Find how long it takes; "на час" only beside a time, and not "с 10 на час"."""
    for pattern in (*SURELY, *([] if moves and not numbered else [BESIDE_A_TIME])):
        line, starts = " ".join(signs) + " ", _starts(signs)
        for found in pattern.finditer(line):
            length = lasting(found)
            rest = f"{line[: found.start()]}| {line[found.end() :]}"
            leads = moves and LEFT.search(line[: found.start()])
            if (
                length is None
                or found.start() not in starts
                or leads
                or (pattern is BESIDE_A_TIME and not TIME.search(rest))
            ):
                continue
            first, last = starts.index(found.start()), starts.index(found.end())
            when.lengths.append(length)
            when.at += range(first, last)
            signs[first:last] = ["x"] * (last - first)
            break


def _starts(signs: Sequence[str]) -> list[int]:
    starts, at = [0], 0
    for sign in signs:
        at += len(sign) + 1
        starts.append(at)
    return starts


def whole_day(when: When, now: datetime) -> Days | None:
    """Give the one day or stretch of days that was said; a time alone is of today."""
    if when.days:
        return when.days[0]
    return Days(now.date(), now.date()) if when.times else None


def moments(when: When, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Give the start and the end as times, where they were said."""
    day = whole_day(when, now)
    if day is None or not when.times:
        return None, None
    times = when.times[0]
    start = datetime.combine(day.first, times.start, now.tzinfo)
    end = datetime.combine(day.last, times.end, now.tzinfo) if times.end else None
    if end is None and len(when.lengths) == 1:
        end = start + when.lengths[0]
    if end is not None and end <= start and day.first == day.last:
        end += timedelta(days=1)
    return start, end

"""The patterns of days and times over signs, in the order they are tried: the longer before the shorter. Data."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

Span: TypeAlias = tuple[date, date]
Hours: TypeAlias = tuple[time, time | None, bool]
Value: TypeAlias = tuple[Span | None, Hours | None]
Found: TypeAlias = Callable[[re.Match[str], datetime], Value | None]

AFTERNOON: Final = 8
"""Hours before this one, said without more, are those after noon: a business is open then."""
NOON: Final = 12
HALF_A_YEAR: Final = 183
PARTS: Final = {
    "morning": (time(6), time(12)),
    "day": (time(12), time(18)),
    "evening": (time(18), time(23, 59)),
    "night": (time(0), time(6)),
}
_UNITS: Final = {"day": 1, "week": 7}


def _s(sign: str) -> str:
    """Match a sign of the list; a unit has several signs, separated by commas."""
    return rf"(?:[^\s]*,)?{sign}(?:,[^\s]*)? "


def _w(*words: str) -> str:
    return rf"w:(?:{'|'.join(words)})(?:,[^\s]*)? "


_IN = _w(
    "в",
    "во",
    "на",
    "к",
    "ко",
    "по",
    "за",
    "о",
    "on",
    "for",
    "at",
    "in",
    "by",
    "during",
    "over",
    "from",
    "с",
    "со",
    "of",
    "около",
    "about",
    "around",
)
_FROM = _w("с", "со", "from", "between", "от")
_TO = rf"(?:{_w('по', 'до', 'to', 'till', 'until', 'through', 'thru', 'and', 'и')}|- )"
_THE = rf"(?:{_w('the', 'of')})?"
_N = r"N:(\d+)o? "
_M = _s(r"M:(\d+)")
_YEAR = rf"(?:(?:{_w('of')})?N:(20\d\d)o? (?:{_s('U:year')})?)?"
_CHISLO = rf"(?:{_s('U:date')})?"

# --- days -----------------------------------------------------------------------------------------------------------


def _one(day: date) -> Value:
    return (day, day), None


def _dated(year: int | None, month: int, day: int, now: datetime) -> date | None:
    """Make a day; without a year it is the one nearest to now."""
    years = [year] if year else [now.year - 1, now.year, now.year + 1]
    days: list[date] = []
    for one in years:
        try:
            days.append(date(one, month, day))
        except ValueError:
            continue
    return min(days, key=lambda one: abs((one - now.date()).days), default=None)


def _iso(text: str, now: datetime) -> date | None:
    *year, month, day = (int(part) for part in text.split("-"))
    return _dated(year[0] if year else None, month, day, now)


def _iso_day(found: re.Match[str], now: datetime) -> Value | None:
    first, last = _iso(found[1], now), _iso(found[2] or found[1], now)
    return ((first, last), None) if first and last and first <= last else None


def _month_days(found: re.Match[str], now: datetime) -> Value | None:
    """Read the groups day, other, month, year."""
    parts = found.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    first = _dated(year, int(parts["month"]), int(parts["day"]), now)
    last = _dated(first.year if first else year, int(parts["month"]), int(parts.get("other") or parts["day"]), now)
    return ((first, last), None) if first and last and first <= last else None


def _two_months(found: re.Match[str], now: datetime) -> Value | None:
    first = _dated(None, int(found[2]), int(found[1]), now)
    last = _dated(None, int(found[4]), int(found[3]), now)
    return ((first, last), None) if first and last and first <= last else None


def _whole_month(found: re.Match[str], now: datetime) -> Value | None:
    first = _dated(None, int(found[1]), 1, now)
    return ((first, _last_of(first)), None) if first else None


def _last_of(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _of_month(found: re.Match[str], now: datetime) -> Value | None:
    """Read "15 числа", "на 15-е": of this month, or of the next where it is past."""
    number = int(found[1])
    for months in (0, 1):
        first = (now.date().replace(day=1) + timedelta(days=32 * months)).replace(day=1)
        if number <= _last_of(first).day and first.replace(day=number) >= now.date():
            return _one(first.replace(day=number))
    return None


def _weekday(relation: str | None, number: int, now: datetime) -> date:
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    if relation in {"this", "next", "last"}:
        return monday + timedelta(days=number + {"this": 0, "next": 7, "last": -7}[relation])
    return today + timedelta(days=(number - today.weekday()) % 7)


def _week_day(found: re.Match[str], now: datetime) -> Value:
    parts = found.groupdict()
    return _one(_weekday(parts.get("relation"), int(parts["weekday"]), now))


def _weekdays(found: re.Match[str], now: datetime) -> Value | None:
    relation, first, last = found.groupdict().get("relation"), int(found["first"]), int(found["last"])
    start = _weekday(relation, first, now)
    end = start + timedelta(days=(last - first) % 7)
    return ((start, end), None) if end >= start else None


def _from_to(found: re.Match[str], now: datetime) -> Value | None:
    """Read two days of any kind: "from today to Friday"."""
    first, last = (_any_day(part, now) for part in (found["one"], found["two"]))
    if first and last and last < first and "W:" in found["two"]:
        last += timedelta(weeks=1)
    return ((first, last), None) if first and last and first <= last else None


def _any_day(signs: str, now: datetime) -> date | None:
    if found := re.search(r"D:(-?\d)", signs):
        return now.date() + timedelta(days=int(found[1]))
    if found := re.search(r"W:(\d)", signs):
        return _weekday(None, int(found[1]), now)
    if found := re.search(r"I:(\S+)", signs):
        return _iso(found[1], now)
    return None


def _period(found: re.Match[str], now: datetime) -> Value | None:
    relation, unit = found["relation"], found["unit"]
    step = {"this": 0, "next": 1, "last": -1}[relation]
    today = now.date()
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
    if unit == "week":
        return (monday, monday + timedelta(days=6)), None
    if unit == "weekend":
        return (monday + timedelta(days=5), monday + timedelta(days=6)), None
    if unit == "month":
        first = (today.replace(day=15) + timedelta(days=30 * step)).replace(day=1)
        return (first, _last_of(first)), None
    return _one(today + timedelta(days=step)) if unit == "day" else None


def _coming(found: re.Match[str], now: datetime) -> Value | None:
    """Read "the next 3 days", "ближайшие две недели": today is the first of them."""
    parts = found.groupdict()
    count = int(parts.get("count") or 1) * _UNITS[found["unit"]]
    today = now.date()
    if parts.get("relation") == "last":
        return (today - timedelta(days=count - 1), today), None
    return (today, today + timedelta(days=count - 1)), None


def _in_days(found: re.Match[str], now: datetime) -> Value | None:
    parts = found.groupdict()
    count = int(parts.get("count") or (2 if parts.get("pair") else 1)) * _UNITS[found["unit"]]
    return _one(now.date() + timedelta(days=-count if parts.get("ago") else count))


def _in_hours(found: re.Match[str], now: datetime) -> Value:
    """Read "через час", "in 30 minutes": a day and a time."""
    parts = found.groupdict()
    count = int(parts.get("count") or (2 if parts.get("pair") else 1))
    minutes = 30 if parts.get("half") else count * (60 if parts["unit"] == "hour" else 1)
    moment = (now + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    return (moment.date(), moment.date()), (moment.time(), None, False)


def _tonight(_found: re.Match[str], now: datetime) -> Value:
    return (now.date(), now.date()), (*PARTS["evening"], True)


_THROUGH = rf"(?:{_s('K:through')}|{_w('in', 'within')})"
_COUNT = r"(?:N:(?P<count>\d+)o? |(?P<pair>(?:w:a,?\S* )?(?:\S*K:couple\S* )(?:w:of\S* )?)|w:(?:an?|one)\S* )?"
_REL = _s(r"R:(?P<relation>this|next|last)")
_ANY = rf"(?:{_s(r'D:-?[0-9]')}|{_s(r'W:[0-9]')}|I:\S+ )"

MOMENTS: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (
        re.compile(
            rf"{_THROUGH}(?:{_COUNT}{_s('U:(?P<unit>hour|minute)')}|(?P<half>{_s('U:halfhour')}|"
            rf"{_s('K:half')}(?:{_w('an', 'a')})?{_s('U:hour')}))"
        ),
        _in_hours,
    ),
)
DAYS: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (re.compile(rf"(?:{_IN})?I:(\S+) (?:{_TO}I:(\S+) )?"), _iso_day),
    (re.compile(rf"(?:{_FROM})?{_N}{_M}{_TO}{_N}{_M}"), _two_months),
    (
        re.compile(
            rf"(?:{_IN})?{_THE}N:(?P<day>\d+)(?:-|o? {_TO}N:)(?P<other>\d+)o? (?:{_CHISLO})"
            rf"{_THE}{_s(r'M:(?P<month>[0-9]+)')}(?:N:(?P<year>20\d\d)o? (?:{_s('U:year')})?)?"
        ),
        _month_days,
    ),
    (
        re.compile(
            rf"(?:{_IN})?{_THE}N:(?P<day>\d+)o? {_CHISLO}{_THE}{_s(r'M:(?P<month>[0-9]+)')}(?:N:(?P<year>20\d\d)o? (?:"
            rf"{_s('U:year')})?)?"
        ),
        _month_days,
    ),
    (
        re.compile(
            rf"(?:{_IN})?{_s(r'M:(?P<month>[0-9]+)')}{_THE}N:(?P<day>\d{{1,2}})(?:-|o? "
            rf"{_TO}N:)(?P<other>\d{{1,2}})o? (?:N:(?P<year>20\d\d)o? )?"
        ),
        _month_days,
    ),
    (
        re.compile(
            rf"(?:{_IN})?{_s(r'M:(?P<month>[0-9]+)')}{_THE}N:(?P<day>\d{{1,2}})o? (?:x )?(?:N:(?P<year>20\d\d)o? )?"
        ),
        _month_days,
    ),
    (re.compile(rf"(?:{_IN}){_s(r'M:([0-9]+)')}"), _whole_month),
    (re.compile(rf"(?:{_IN})?N:(\d{{1,2}})o? {_s('U:date')}"), _of_month),
    (re.compile(rf"{_w('on', 'for', 'на')}{_THE}N:(\d{{1,2}})o (?!{_s('U:')})"), _of_month),
    (
        re.compile(r"w:the(?:,\S*)? w:day(?:,\S*)? w:after(?:,\S*)? \S*D:1\S* "),
        lambda _f, now: _one(now.date() + timedelta(days=2)),
    ),
    (
        re.compile(r"(?:w:the\S* )?w:day(?:,\S*)? w:before(?:,\S*)? \S*D:-1\S* "),
        lambda _f, now: _one(now.date() - timedelta(days=2)),
    ),
    (re.compile(r"w:day(?:,\S*)? w:after(?:,\S*)? \S*D:1\S* "), lambda _f, now: _one(now.date() + timedelta(days=2))),
    (re.compile(rf"(?:{_FROM})?(?P<one>{_ANY}){_TO}(?P<two>{_ANY})"), _from_to),
    (re.compile(r"(?:w:on\S* )?\S*D:0\S* (?=\S*P:evening)"), lambda _f, now: _one(now.date())),
    (re.compile(rf"(?:{_w('this')})?w:tonight\S* "), _tonight),
    (
        re.compile(rf"(?:{_IN})?{_s(r'D:(-?[0-9])')}"),
        lambda found, now: _one(now.date() + timedelta(days=int(found[1]))),
    ),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}{_s(r'W:(?P<first>[0-9])')}{_TO}{_s(r'W:(?P<last>[0-9])')}"), _weekdays),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}{_s(r'W:(?P<weekday>[0-9])')}"), _week_day),
    (re.compile(rf"(?:{_IN})?{_s(r'W:(?P<weekday>[0-9])')}(?:{_w('this')})?"), _week_day),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}N:(?P<count>\d+) {_s('U:(?P<unit>day|week)')}"), _coming),
    (re.compile(rf"(?:{_IN})?N:(?P<count>\d+) {_REL}{_s('U:(?P<unit>day|week)')}"), _coming),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}{_s('U:(?P<unit>week|weekend|month)')}"), _period),
    (
        re.compile(rf"(?:{_IN}){_THE}(?P<unit>{_s('U:weekend')})"),
        lambda _f, now: ((_weekday("this", 5, now), _weekday("this", 6, now)), None),
    ),
    (re.compile(rf"{_THROUGH}{_COUNT}{_s('U:(?P<unit>day|week)')}"), _in_days),
    (re.compile(rf"{_COUNT}{_s('U:(?P<unit>day|week)')}(?P<ago>{_s('K:ago')})"), _in_days),
    (
        re.compile(rf"(?:{_w('в', 'на', 'за', 'for', 'over', 'during')}){_THE}{_s('U:(?P<unit>week)')}"),
        lambda _f, now: ((_weekday("this", 0, now), _weekday("this", 6, now)), None),
    ),
)

# --- times ----------------------------------------------------------------------------------------------------------


def _clock(text: str) -> time:
    """Read HH:MM; an hour that may be of the morning or the evening is the one that a business is open at."""
    hour, minute = (int(part) for part in text.rstrip("!").split(":"))
    return time(hour if text.endswith("!") else _open(hour), minute)


def _open(hour: int) -> int:
    return hour + NOON if 0 < hour < AFTERNOON else hour


def _said(hour: int, half: str | None, minute: int = 0) -> time | None:
    """Make a time of an hour and the word after it: "3 дня", "9 утра", "3 pm"."""
    if hour > 24 or minute > 59:  # noqa: PLR2004 - a day, an hour
        return None
    match half:
        case "pm" | "day" | "evening":
            hour = hour if hour >= NOON else hour + NOON
        case "am" | "morning" | "night":
            hour = 0 if hour == NOON else hour
        case _:
            hour = _open(hour)
    return time(hour % 24, minute)


def _half(found: re.Match[str], name: str = "half") -> str | None:
    said = re.search(r"[AP]:(\w+)", found.groupdict().get(name) or "")
    return said[1] if said else None


def _hour(found: re.Match[str], _now: datetime) -> Value | None:
    parts = found.groupdict()
    start = _said(int(found["hour"]), _half(found), int(parts.get("minute") or 0))
    return (None, (start, None, False)) if start else None


def _hours(found: re.Match[str], _now: datetime) -> Value | None:
    half = _half(found)
    start, end = _said(int(found["hour"]), _half(found, "early") or half), _said(int(found["other"]), half)
    if start and end and half in {"pm", "day", "evening"} and not _half(found, "early") and start > end:
        start = _said(int(found["hour"]), "am")
    return (None, (start, end, False)) if start and end and start < end else None


def _hour_to_clock(found: re.Match[str], _now: datetime) -> Value | None:
    """Read "from 3 to 4 pm": the first hour is in the same half of the day, unless that would be later."""
    end = _clock(found["clock"])
    starts = [time(hour) for hour in (int(found["hour"]) % 24, (int(found["hour"]) + NOON) % 24) if time(hour) < end]
    return (None, (max(starts), end, False)) if starts else None


def _clocks(found: re.Match[str], _now: datetime) -> Value | None:
    start, end = _clock(found[1]), _clock(found[2])
    return (None, (start, end, False)) if start < end else None


def _one_clock(found: re.Match[str], _now: datetime) -> Value | None:
    start = _clock(found["clock"])
    half = _half(found)
    if half:
        said = _said(int(found["clock"][:2]), half, start.minute)
        return (None, (said, None, False)) if said else None
    return None, (start, None, False)


def _fixed(found: re.Match[str], _now: datetime) -> Value:
    hour, minute = (int(part) for part in found["fixed"].split(":"))
    return None, (time(_open(hour), minute), None, False)


def _past(found: re.Match[str], _now: datetime) -> Value | None:
    """Read minutes before or after an hour: half past 3, quarter to 5, без четверти пять, четверть шестого."""
    parts = found.groupdict()
    minutes = int(parts.get("minutes") or (30 if parts.get("halfhour") else 15))
    hour = int(found["hour"])
    if parts.get("before"):
        hour, minutes = hour - 1, 60 - minutes
    if parts.get("ordinal"):
        hour -= 1
    said = _said(hour or NOON, _half(found), minutes)
    return (None, (said, None, False)) if said else None


def _part(found: re.Match[str], _now: datetime) -> Value:
    start, end = PARTS[found["part"]]
    return None, (start, end, True)


_AT = rf"(?:{_w('в', 'во', 'на', 'к', 'at', 'for', 'from', 'с', 'со', 'by', 'около', 'about', 'around')})"
_AMPM = rf"(?P<half>{_s('A:(?:am|pm)')}|{_w('in')}{_w('the')}{_s('P:[a-z]+')}|(?:{_w('at')})?{_s('P:[a-z]+')})"
_H = rf"(?:{_s('U:hour')}|{_s('U:clock')})"
_ORD = r"N:(?P<hour>\d+)(?P<ordinal>o) "
_TIMES_TO = rf"(?:{_w('до', 'to', 'till', 'until', 'and', 'по')}|- )"

TIMES: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (re.compile(rf"(?:{_AT}|{_FROM})?C:(\S+) {_TIMES_TO}C:(\S+) "), _clocks),
    (
        re.compile(
            rf"(?:{_FROM})N:(?P<hour>\d+) (?P<early>{_s('A:(?:am|pm)')})?{_TIMES_TO}N:(?P<other>\d+) (?:{_H})?{_AMPM}?"
        ),
        _hours,
    ),
    (re.compile(rf"(?:{_FROM})?N:(?P<hour>\d+) {_TIMES_TO}C:(?P<clock>\S+) "), _hour_to_clock),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+)-(?P<other>\d+) (?=\S*(?:U:|A:|P:)|w:in|w:at)(?:{_H})?{_AMPM}?"), _hours),
    (re.compile(rf"(?:{_AT})?C:(?P<clock>\S+) (?:{_H})?{_AMPM}?"), _one_clock),
    (re.compile(rf"(?:{_AT})?{_s(r'T:(?P<fixed>[0-9:]+)')}"), _fixed),
    (re.compile(rf"(?:{_AT})?(?P<halfhour>{_s('K:half')}){_s('K:past')}N:(?P<hour>\d+) {_AMPM}?"), _past),
    (re.compile(rf"(?:{_AT})?(?:{_w('a')})?{_s('K:quarter')}{_s('K:past')}N:(?P<hour>\d+) {_AMPM}?"), _past),
    (
        re.compile(rf"(?:{_AT})?(?:{_w('a')})?{_s('K:quarter')}(?P<before>{_w('to', 'till')})N:(?P<hour>\d+) {_AMPM}?"),
        _past,
    ),
    (re.compile(rf"(?:{_AT})?N:(?P<minutes>5|10|15|20|25) {_s('K:past')}N:(?P<hour>\d+) {_AMPM}?"), _past),
    (re.compile(rf"(?:{_AT})?N:(?P<minutes>5|10|15|20|25) (?P<before>{_w('to')})N:(?P<hour>\d+) {_AMPM}?"), _past),
    (
        re.compile(
            rf"(?:{_AT})?(?P<before>{_s('K:less')})(?:{_s('K:quarter')}|N:(?P<minutes>\d+) (?:"
            rf"{_s('U:minute')})?)N:(?P<hour>\d+) (?:{_H})?{_AMPM}?"
        ),
        _past,
    ),
    (re.compile(rf"(?:{_AT})?(?:(?P<halfhour>{_s('K:half')})|{_s('K:quarter')}){_ORD}{_AMPM}?"), _past),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+) (?:{_H})?N:(?P<minute>\d\d) {_s('U:minute')}{_AMPM}?"), _hour),
    (
        re.compile(rf"{_AT}{_s('U:hour')}{_AMPM}?"),
        lambda found, _now: (None, (_said(1, _half(found)) or time(13), None, False)),
    ),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+) (?:{_H})?{_AMPM}"), _hour),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+) {_H}(?!\S*K:ago)"), _hour),
    (re.compile(rf"{_AT}N:(?P<hour>\d+) (?:{_w('ровно', 'sharp')})?"), _hour),
    (re.compile(rf"(?:{_w('in', 'this', 'на', 'the')})*{_s('P:(?P<part>[a-z]+)')}"), _part),
)

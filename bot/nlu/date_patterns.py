"""The patterns of days and times over signs, in the order they are tried: the longer before the shorter. Data."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import Final

from bot.nlu.date_tags import FROM, TO, UNITS, Found, Value, dated, iso, signed, weekday_of, words

AFTERNOON: Final = 8
"""Hours before this one, said without more, are those after noon: a business is open then."""
NOON: Final = 12
PARTS: Final = {
    "morning": (time(6), time(12)),
    "day": (time(12), time(18)),
    "evening": (time(18), time(23, 59)),
    "night": (time(0), time(6)),
}
_IN = words(
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
_THE = rf"(?:{words('the', 'of')})?"
_N = r"N:(\d+)o? "
_M = signed(r"M:(\d+)")
_YEAR = rf"(?:(?:{words('of')})?N:(20\d\d)o? (?:{signed('U:year')})?)?"
_CHISLO = rf"(?:{signed('U:date')})?"

# --- days -----------------------------------------------------------------------------------------------------------


def _one(day: date) -> Value:
    return (day, day), None


def _iso_day(found: re.Match[str], now: datetime) -> Value | None:
    first, last = iso(found[1], now), iso(found[2] or found[1], now)
    return ((first, last), None) if first and last and first <= last else None


def _month_days(found: re.Match[str], now: datetime) -> Value | None:
    """Read the groups day, other, month, year."""
    parts = found.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    first = dated(year, int(parts["month"]), int(parts["day"]), now)
    last = dated(first.year if first else year, int(parts["month"]), int(parts.get("other") or parts["day"]), now)
    return ((first, last), None) if first and last and first <= last else None


def _two_months(found: re.Match[str], now: datetime) -> Value | None:
    first = dated(None, int(found[2]), int(found[1]), now)
    last = dated(None, int(found[4]), int(found[3]), now)
    return ((first, last), None) if first and last and first <= last else None


def _whole_month(found: re.Match[str], now: datetime) -> Value | None:
    first = dated(None, int(found[1]), 1, now)
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


def _week_day(found: re.Match[str], now: datetime) -> Value:
    parts = found.groupdict()
    return _one(weekday_of(parts.get("relation"), int(parts["weekday"]), now))


def _weekdays(found: re.Match[str], now: datetime) -> Value | None:
    relation, first, last = found.groupdict().get("relation"), int(found["first"]), int(found["last"])
    start = weekday_of(relation, first, now)
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
        return weekday_of(None, int(found[1]), now)
    if found := re.search(r"I:(\S+)", signs):
        return iso(found[1], now)
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
    count = int(parts.get("count") or 1) * UNITS[found["unit"]]
    today = now.date()
    if parts.get("relation") == "last":
        return (today - timedelta(days=count - 1), today), None
    return (today, today + timedelta(days=count - 1)), None


def _in_days(found: re.Match[str], now: datetime) -> Value | None:
    parts = found.groupdict()
    count = int(parts.get("count") or (2 if parts.get("pair") else 1)) * UNITS[found["unit"]]
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


_THROUGH = rf"(?:{signed('K:through')}|{words('in', 'within')})"
_COUNT = r"(?:N:(?P<count>\d+)o? |(?P<pair>(?:w:a,?\S* )?(?:\S*K:couple\S* )(?:w:of\S* )?)|w:(?:an?|one)\S* )?"
_REL = signed(r"R:(?P<relation>this|next|last)")
_ANY = rf"(?:{signed(r'D:-?[0-9]')}|{signed(r'W:[0-9]')}|I:\S+ )"

MOMENTS: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (
        re.compile(
            rf"{_THROUGH}(?:{_COUNT}{signed('U:(?P<unit>hour|minute)')}|(?P<half>{signed('U:halfhour')}|"
            rf"{signed('K:half')}(?:{words('an', 'a')})?{signed('U:hour')}))"
        ),
        _in_hours,
    ),
)
DAYS: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (re.compile(rf"(?:{_IN})?I:(\S+) (?:{TO}I:(\S+) )?"), _iso_day),
    (re.compile(rf"(?:{FROM})?{_N}{_M}{TO}{_N}{_M}"), _two_months),
    (
        re.compile(
            rf"(?:{_IN})?{_THE}N:(?P<day>\d+)(?:-|o? {TO}N:)(?P<other>\d+)o? (?:{_CHISLO})"
            rf"{_THE}{signed(r'M:(?P<month>[0-9]+)')}(?:N:(?P<year>20\d\d)o? (?:{signed('U:year')})?)?"
        ),
        _month_days,
    ),
    (
        re.compile(
            rf"(?:{_IN})?{_THE}N:(?P<day>\d+)o? {_CHISLO}{_THE}{signed(r'M:(?P<month>[0-9]+)')}"
            rf"(?:N:(?P<year>20\d\d)o? (?:{signed('U:year')})?)?"
        ),
        _month_days,
    ),
    (
        re.compile(
            rf"(?:{_IN})?{signed(r'M:(?P<month>[0-9]+)')}{_THE}N:(?P<day>\d{{1,2}})(?:-|o? "
            rf"{TO}N:)(?P<other>\d{{1,2}})o? (?:N:(?P<year>20\d\d)o? )?"
        ),
        _month_days,
    ),
    (
        re.compile(
            rf"(?:{_IN})?{signed(r'M:(?P<month>[0-9]+)')}{_THE}N:(?P<day>\d{{1,2}})o? (?:x )?(?:N:(?P<year>20\d\d)o? )?"
        ),
        _month_days,
    ),
    (re.compile(rf"(?:{_IN}){signed(r'M:([0-9]+)')}"), _whole_month),
    (re.compile(rf"(?:{_IN})?N:(\d{{1,2}})o? {signed('U:date')}"), _of_month),
    (re.compile(rf"{words('on', 'for', 'на')}{_THE}N:(\d{{1,2}})o (?!{signed('U:')})"), _of_month),
    (
        re.compile(r"w:the(?:,\S*)? w:day(?:,\S*)? w:after(?:,\S*)? \S*D:1\S* "),
        lambda _f, now: _one(now.date() + timedelta(days=2)),
    ),
    (
        re.compile(r"(?:w:the\S* )?w:day(?:,\S*)? w:before(?:,\S*)? \S*D:-1\S* "),
        lambda _f, now: _one(now.date() - timedelta(days=2)),
    ),
    (re.compile(r"w:day(?:,\S*)? w:after(?:,\S*)? \S*D:1\S* "), lambda _f, now: _one(now.date() + timedelta(days=2))),
    (re.compile(rf"(?:{FROM})?(?P<one>{_ANY}){TO}(?P<two>{_ANY})"), _from_to),
    (re.compile(r"(?:w:on\S* )?\S*D:0\S* (?=\S*P:evening)"), lambda _f, now: _one(now.date())),
    (re.compile(rf"(?:{words('this')})?w:tonight\S* "), _tonight),
    (
        re.compile(rf"(?:{_IN})?{signed(r'D:(-?[0-9])')}(?:{signed('U:day')})?"),
        lambda found, now: _one(now.date() + timedelta(days=int(found[1]))),
    ),
    (
        re.compile(rf"(?:{_IN})?{_THE}{_REL}{signed(r'W:(?P<first>[0-9])')}{TO}{signed(r'W:(?P<last>[0-9])')}"),
        _weekdays,
    ),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}{signed(r'W:(?P<weekday>[0-9])')}"), _week_day),
    (re.compile(rf"(?:{_IN})?{signed(r'W:(?P<weekday>[0-9])')}(?:{words('this')})?"), _week_day),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}N:(?P<count>\d+) {signed('U:(?P<unit>day|week)')}"), _coming),
    (re.compile(rf"(?:{_IN})?N:(?P<count>\d+) {_REL}{signed('U:(?P<unit>day|week)')}"), _coming),
    (re.compile(rf"(?:{_IN})?{_THE}{_REL}{signed('U:(?P<unit>week|weekend|month)')}"), _period),
    (
        re.compile(rf"(?:{_IN}){_THE}(?P<unit>{signed('U:weekend')})"),
        lambda _f, now: ((weekday_of("this", 5, now), weekday_of("this", 6, now)), None),
    ),
    (re.compile(rf"{_THROUGH}{_COUNT}{signed('U:(?P<unit>day|week)')}"), _in_days),
    (re.compile(rf"{_COUNT}{signed('U:(?P<unit>day|week)')}(?P<ago>{signed('K:ago')})"), _in_days),
    (
        re.compile(rf"(?:{words('в', 'на', 'за', 'for', 'over', 'during')}){_THE}{signed('U:(?P<unit>week)')}"),
        lambda _f, now: ((weekday_of("this", 0, now), weekday_of("this", 6, now)), None),
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
    half, parts = _half(found), found.groupdict()
    start = _said(int(found["hour"]), _half(found, "early") or half, int(parts.get("minute") or 0))
    end = _said(int(found["other"]), half, int(parts.get("minutes") or 0))
    if start and end and half in {"pm", "day", "evening"} and not _half(found, "early") and start > end:
        start = _said(int(found["hour"]), "am")
    return (None, (start, end, False)) if start and end and start < end else None


def _hour_to_clock(found: re.Match[str], _now: datetime) -> Value | None:
    """Read "from 3 to 4 pm": the first hour is in the same half of the day, unless that would be later."""
    end = _clock(found["clock"])
    starts = [time(hour) for hour in (int(found["hour"]) % 24, (int(found["hour"]) + NOON) % 24) if time(hour) < end]
    return (None, (max(starts), end, False)) if starts else None


def _clock_to_hour(found: re.Match[str], _now: datetime) -> Value | None:
    """Read "с 10:30 до 12", "from 3 pm to 4": the end is the first such hour after the start."""
    start, minute = _clock(found["clock"]), int(found["minutes"] or 0)
    said = _said(int(found["other"]), _half(found), minute)
    later = [said.replace(hour=hour) for hour in (said.hour % NOON, said.hour % NOON + NOON)] if said else []
    ends = [end for end in ([said] if said and _half(found) else later) if end > start]
    return (None, (start, min(ends), False)) if ends else None


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


_AT = rf"(?:{words('в', 'во', 'на', 'к', 'at', 'for', 'from', 'с', 'со', 'by', 'около', 'about', 'around')})"
_AMPM = (
    rf"(?P<half>{signed('A:(?:am|pm)')}|{words('in')}{words('the')}{signed('P:[a-z]+')}"
    rf"|(?:{words('at')})?{signed('P:[a-z]+')})"
)
_H = rf"(?:{signed('U:hour')}|{signed('U:clock')})"
_ORD = r"N:(?P<hour>\d+)(?P<ordinal>o) "
_TIMES_TO = rf"(?:{words('до', 'to', 'till', 'until', 'and', 'по')}|- )"

TIMES: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (re.compile(rf"(?:{_AT}|{FROM})?C:(\S+) {_TIMES_TO}C:(\S+) "), _clocks),
    (
        re.compile(
            rf"(?:{FROM})N:(?P<hour>\d+) (?:N:(?P<minute>[0-5]\d) )?(?P<early>{signed('A:(?:am|pm)')})?{_TIMES_TO}"
            rf"N:(?P<other>\d+) (?:N:(?P<minutes>[0-5]\d) )?(?:{_H})?{_AMPM}?"
        ),
        _hours,
    ),
    (
        re.compile(
            rf"(?<=d )N:(?P<hour>\d+) (?:{words('до', 'to', 'till', 'until')}|- )N:(?P<other>\d+) (?:{_H})?{_AMPM}?"
        ),
        _hours,
    ),
    (
        re.compile(
            rf"{words('в', 'at')}N:(?P<hour>\d+) (?:{words('до', 'till', 'until')}|- )"
            rf"N:(?P<other>\d+) (?:{_H})?{_AMPM}?"
        ),
        _hours,
    ),
    (re.compile(r"(?<=d )N:(?P<hour>\d+)-(?P<other>\d+) (?!\S*(?:U:|A:|P:)|w:in|w:at)"), _hours),
    (
        re.compile(
            rf"(?:{_AT}|{FROM})?C:(?P<clock>\S+) {_TIMES_TO}N:(?P<other>\d+) (?:N:(?P<minutes>[0-5]\d) )?"
            rf"(?:{_H})?{_AMPM}?"
        ),
        _clock_to_hour,
    ),
    (re.compile(rf"(?:{FROM})?N:(?P<hour>\d+) {_TIMES_TO}C:(?P<clock>\S+) "), _hour_to_clock),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+)-(?P<other>\d+) (?=\S*(?:U:|A:|P:)|w:in|w:at)(?:{_H})?{_AMPM}?"), _hours),
    (re.compile(rf"(?:{_AT})?C:(?P<clock>\S+) (?:{_H})?{_AMPM}?"), _one_clock),
    (re.compile(rf"(?:{_AT})?{signed(r'T:(?P<fixed>[0-9:]+)')}"), _fixed),
    (re.compile(rf"(?:{_AT})?(?P<halfhour>{signed('K:half')}){signed('K:past')}N:(?P<hour>\d+) {_AMPM}?"), _past),
    (re.compile(rf"(?:{_AT})?(?:{words('a')})?{signed('K:quarter')}{signed('K:past')}N:(?P<hour>\d+) {_AMPM}?"), _past),
    (
        re.compile(
            rf"(?:{_AT})?(?:{words('a')})?{signed('K:quarter')}(?P<before>{words('to', 'till')})"
            rf"N:(?P<hour>\d+) {_AMPM}?"
        ),
        _past,
    ),
    (re.compile(rf"(?:{_AT})?N:(?P<minutes>5|10|15|20|25) {signed('K:past')}N:(?P<hour>\d+) {_AMPM}?"), _past),
    (re.compile(rf"(?:{_AT})?N:(?P<minutes>5|10|15|20|25) (?P<before>{words('to')})N:(?P<hour>\d+) {_AMPM}?"), _past),
    (
        re.compile(
            rf"(?:{_AT})?(?P<before>{signed('K:less')})(?:{signed('K:quarter')}|N:(?P<minutes>\d+) (?:"
            rf"{signed('U:minute')})?)N:(?P<hour>\d+) (?:{_H})?{_AMPM}?"
        ),
        _past,
    ),
    (re.compile(rf"(?:{_AT})?(?:(?P<halfhour>{signed('K:half')})|{signed('K:quarter')}){_ORD}{_AMPM}?"), _past),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+) (?:{_H})?N:(?P<minute>\d\d) {signed('U:minute')}{_AMPM}?"), _hour),
    (
        re.compile(rf"{_AT}{signed('U:hour')}{_AMPM}?"),
        lambda found, _now: (None, (_said(1, _half(found)) or time(13), None, False)),
    ),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+) (?:{_H})?{_AMPM}"), _hour),
    (re.compile(rf"(?:{_AT})?N:(?P<hour>\d+) {_H}(?!\S*K:ago)"), _hour),
    (re.compile(rf"(?:{_AT}|{words('the')})N:(?P<hour>\d+) N:(?P<minute>15|30|45) {_AMPM}?"), _hour),
    (re.compile(rf"{_AT}N:(?P<hour>\d+) (?:{words('ровно', 'sharp')})?"), _hour),
    (re.compile(rf"(?:{words('in', 'this', 'на', 'the')})*{signed('P:(?P<part>[a-z]+)')}"), _part),
)

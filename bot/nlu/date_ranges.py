"""Stretches of days whose ends are said apart, and days of a week: "from Nov 24 to Nov 26", "Monday of next week".

The patterns read the same signs as those of `calendar_patterns`, and are tried before them. Data.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from typing import Final

from bot.nlu.date_tags import FROM, TO, UNITS, Found, Value, dated, iso, signed, weekday_of, words

_OF: Final = rf"(?:{words('the', 'of', 'in', 'on', 'на', 'в', 'во')})*"
_RELATED: Final = signed(r"R:(?:this|next|last)")
_WEEK: Final = rf"(?:{_RELATED}{signed('U:week')}|{words('the', 'эту', 'этой')}?{signed('U:week')})"
_END: Final = (
    rf"(?:{words('the')})?(?:{words('end', 'конец', 'конца', 'концу', 'rest')})(?:{words('of')})?(?:{words('the')})?"
    rf"(?:{_RELATED})?{signed('U:(?:week|month|day|year)')}"
)
_ATOM: Final = (
    rf"(?:{_END}|{signed('D:-?[0-9]')}(?:{signed('U:day')})?|(?:{_RELATED})?{signed('W:[0-9]')}"
    rf"(?:{_OF}{_RELATED}{signed('U:week')})?|I:\S+ |(?:{words('the')})?N:\d+o? (?:{words('of')})?{signed('M:[0-9]+')}|"
    rf"{signed('M:[0-9]+')}(?:{words('the')})?N:\d+o? |(?:{words('the')})?N:\d+o )"
)
_SINCE: Final = words("since", "с", "со", "начиная_с", "from")
_UNTIL: Final = words("до", "по", "till", "until", "through", "thru", "by", "to")


def _atom(signs: str, now: datetime) -> date | None:  # noqa: PLR0911 - a table of kinds
    """Read one end of a stretch."""
    today = now.date()
    relation = next(iter(re.findall(r"R:(this|next|last)", signs)), None)
    if re.search(r"w:(?:end|конец|конца|концу|rest)", signs):
        return _end_of(signs, relation, today)
    if found := re.search(r"D:(-?\d)", signs):
        return today + timedelta(days=int(found[1]))
    if found := re.search(r"W:(\d)", signs):
        return weekday_of(relation, int(found[1]), now)
    if found := re.search(r"I:(\S+)", signs):
        return iso(found[1], now)
    month, number = re.search(r"M:(\d+)", signs), re.search(r"N:(\d+)", signs)
    if number is None:
        return None
    if month is not None:
        return dated(None, int(month[1]), int(number[1]), now)
    return _in_month(int(number[1]), today)


def _in_month(number: int, today: date) -> date | None:
    """Give the day of this number that comes next."""
    for months in (0, 1):
        first = (today.replace(day=1) + timedelta(days=32 * months)).replace(day=1)
        last = calendar.monthrange(first.year, first.month)[1]
        if number <= last and first.replace(day=number) >= today:
            return first.replace(day=number)
    return None


def _end_of(signs: str, relation: str | None, today: date) -> date | None:
    step = {"next": 1, "last": -1}.get(relation or "", 0)
    if "U:week" in signs:
        return today + timedelta(days=6 - today.weekday() + 7 * step)
    if "U:month" in signs:
        first = (today.replace(day=15) + timedelta(days=30 * step)).replace(day=1)
        return first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return today if "U:day" in signs and not step else None


def _between(found: re.Match[str], now: datetime) -> Value | None:
    """Read two ends; a number without a month takes that of the other, a weekday is the first after the start."""
    one, two = found["one"], found["two"]
    if re.fullmatch(r"(?:w:the\S* )?N:\d+o? ", one) and (month := re.search(r"\S*M:\d+\S* ", two)):
        one += month[0]
    if re.search(r"M:\d", one) and re.fullmatch(r"(?:w:the\S* )?N:\d+o? ", two):
        two += (re.search(r"\S*M:\d+\S* ", one) or [""])[0]
    first, last = _atom(one, now), _atom(two, now)
    if first and last and last < first and "W:" in two and "R:" not in two:
        last += timedelta(weeks=1)
    if first and last and last < first and "M:" in two and "I:" not in two:
        last = last.replace(year=last.year + 1) if (last.month, last.day) != (2, 29) else None
    return ((first, last), None) if first and last and first <= last else None


def _numbers(found: re.Match[str], now: datetime) -> Value | None:
    """Read "с 24 по 26": days, as no hour is that late."""
    first, last = int(found["day"]), int(found["other"])
    start = _in_month(first, now.date())
    if start is None or not first < last or (last <= 24 and not found["marked"]):  # noqa: PLR2004 - the hours of a day
        return None
    try:
        return (start, start.replace(day=last)), None
    except ValueError:
        return None


def _until(found: re.Match[str], now: datetime) -> Value | None:
    last = _atom(found["two"], now)
    return ((now.date(), last), None) if last and last >= now.date() else None


def _since(found: re.Match[str], now: datetime) -> Value | None:
    first = _atom(found["one"], now)
    if first and "W:" in found["one"] and first > now.date():
        first -= timedelta(weeks=1)
    return ((first, now.date()), None) if first and first <= now.date() else None


def _rest(found: re.Match[str], now: datetime) -> Value | None:
    last = _end_of(found[0], None, now.date())
    return ((now.date(), last), None) if last else None


def _of_week(found: re.Match[str], now: datetime) -> Value:
    relation = re.search(r"R:(this|next|last)", found[0])
    day = weekday_of(relation[1] if relation else "this", int(found["weekday"]), now)
    return (day, day), None


def _later(found: re.Match[str], now: datetime) -> Value | None:
    """Read "a week from Monday", "через неделю в понедельник" as that many weeks after the day."""
    day = _atom(found["one"], now)
    count = int(found["count"] or 1) * UNITS[found["unit"]]
    later = day + timedelta(days=count) if day else None
    return ((later, later), None) if later else None


def _after(_found: re.Match[str], now: datetime) -> Value:
    return (now.date() + timedelta(days=1), now.date() + timedelta(days=2)), None


def _last_days(found: re.Match[str], now: datetime) -> Value | None:
    count = int(found["count"] or 1) * UNITS[found["unit"]]
    return ((now.date() - timedelta(days=count - 1), now.date()), None) if count > 1 else None


def _coming_week(_found: re.Match[str], now: datetime) -> Value:
    return (now.date(), now.date() + timedelta(days=6)), None


_ON: Final = rf"(?:{words('on', 'в', 'во', 'на', 'for', 'за', 'by', 'к')})?"
SPANS: Final[tuple[tuple[re.Pattern[str], Found], ...]] = (
    (
        re.compile(
            rf"(?:{words('a', 'one')}|N:(?P<count>\d+) ){signed('U:(?P<unit>week|day)')}{words('from', 'after')}"
            rf"(?P<one>{_ATOM})"
        ),
        _later,
    ),
    (re.compile(rf"(?:{FROM})?(?P<one>{_ATOM}){TO}(?P<two>{_END}|{_ATOM})(?!{signed('U:(?:hour|minute)')})"), _between),
    (
        re.compile(
            rf"(?:{words('с', 'со')})N:(?P<day>\d+)(?P<marked>o?) (?:{words('по', 'до')})N:(?P<other>\d+)o? "
            rf"(?:{signed('U:date')})?(?!\S*(?:M:|U:|A:|P:))"
        ),
        _numbers,
    ),
    (
        re.compile(
            rf"{words('from', 'between')}(?:{words('the')})N:(?P<day>\d+)(?P<marked>o) {TO}(?:{words('the')})?"
            rf"N:(?P<other>\d+)o (?!\S*(?:M:|U:|A:|P:)|w:of)"
        ),
        _numbers,
    ),
    (re.compile(rf"(?:{_UNTIL})(?P<two>{_END})"), _until),
    (re.compile(rf"(?:{words('from', 'с')}{words('now', 'сейчас')})(?:{_UNTIL})(?P<two>{_ATOM})"), _until),
    (re.compile(rf"{words('since')}(?P<one>{_ATOM})"), _since),
    (
        re.compile(
            rf"(?:{words('for', 'in', 'on', 'на')})?(?:{words('the')})?{words('rest', 'остаток')}(?:{words('of')})?"
            rf"(?:{words('the')})?(?:{signed('R:this')})?{signed('U:(?:week|month|day)')}"
        ),
        _rest,
    ),
    (
        re.compile(rf"{_ON}{signed('W:(?P<weekday>[0-9])')}{_OF}{_RELATED}{signed('U:week')}"),
        _of_week,
    ),
    (
        re.compile(rf"{_ON}{_RELATED}{signed('U:week')}(?:x )?{_OF}{signed('W:(?P<weekday>[0-9])')}"),
        _of_week,
    ),
    (
        re.compile(
            rf"(?:{words('for')})?{signed('D:1')}{words('and')}(?:{words('the')})?{words('day')}{words('after')}"
        ),
        _after,
    ),
    (
        re.compile(
            rf"{words('за', 'в')}{words('последние', 'последних', 'последнюю')}(?:N:(?P<count>\d+) )?"
            rf"{signed('U:(?P<unit>week|day)')}"
        ),
        _last_days,
    ),
    (re.compile(rf"{words('на', 'за')}{words('ближайшую')}{signed('U:week')}"), _coming_week),
)
"""Stretches, and days of a named week, the longer before the shorter."""

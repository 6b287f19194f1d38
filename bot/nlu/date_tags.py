"""The line of signs that days and times are read from: how patterns match it, and what the plainest of them mean."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Final, TypeAlias

Span: TypeAlias = tuple[date, date]
Hours: TypeAlias = tuple[time, time | None, bool]
Value: TypeAlias = tuple[Span | None, Hours | None]
Found: TypeAlias = Callable[[re.Match[str], datetime], Value | None]

UNITS: Final = {"day": 1, "week": 7}


def signed(sign: str) -> str:
    """Match a sign of the list; a unit has several signs, separated by commas."""
    return rf"(?:[^\s]*,)?{sign}(?:,[^\s]*)? "


def words(*several: str) -> str:
    """Match one of these words."""
    return rf"w:(?:{'|'.join(several)})(?:,[^\s]*)? "


FROM: Final = words("с", "со", "from", "between", "от")
TO: Final = rf"(?:{words('по', 'до', 'to', 'till', 'until', 'through', 'thru', 'and', 'и')}|- )"


def dated(year: int | None, month: int, day: int, now: datetime) -> date | None:
    """Make a day; without a year it is the one nearest to now."""
    years = [year] if year else [now.year - 1, now.year, now.year + 1]
    days: list[date] = []
    for one in years:
        try:
            days.append(date(one, month, day))
        except ValueError:
            continue
    return min(days, key=lambda one: abs((one - now.date()).days), default=None)


def iso(text: str, now: datetime) -> date | None:
    """Make a day of `YYYY-MM-DD`, or of `MM-DD`."""
    *year, month, day = (int(part) for part in text.split("-"))
    return dated(year[0] if year else None, month, day, now)


def weekday_of(relation: str | None, number: int, now: datetime) -> date:
    """Give a day of this, the next or the last week; without a relation the one that comes next, today included."""
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    if relation in {"this", "next", "last"}:
        return monday + timedelta(days=number + {"this": 0, "next": 7, "last": -7}[relation])
    return today + timedelta(days=(number - today.weekday()) % 7)

"""How long something takes: "for an hour and a half", "на полтора часа". Read before the times, over the same signs.

"На час" and "на 2 часа" may be times as well: they are lengths only beside a time, and not after one that something
is moved from.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from bot.nlu.date_tags import signed, words

MINUTES: Final = 60
MOST_HOURS: Final = 12
_FOR: Final = words("for", "lasting", "takes", "на", "длительностью", "продолжительностью", "длиной")
_SURE: Final = words("for", "lasting", "takes", "длительностью", "продолжительностью", "длиной")
_HOUR: Final = signed("U:hour")
_MINUTE: Final = signed("U:minute")
_AND_HALF: Final = rf"(?P<half>{words('and')}{words('a')}{signed('K:half')}|{words('с', 'со')}{signed('K:half')})"
_ONE: Final = rf"(?:{words('an', 'a')}|N:1 )"
_MORE: Final = rf"(?:{_AND_HALF}|(?:{words('and', 'и')})?N:(?P<minutes>\d+) {_MINUTE})"

SURELY: Final = (
    re.compile(rf"{_FOR}(?:{signed('U:halfhour')}|{signed('K:half')}(?:{words('an', 'a')})?{_HOUR})(?P<thirty>)"),
    re.compile(rf"{_FOR}(?:L:(?P<part>\d+)[.,]5 |{signed('L:1')}(?P<one>)){_HOUR}"),
    re.compile(rf"{_FOR}N:(?P<hours>\d+) {words('and')}{words('a')}{signed('K:half')}{_HOUR}(?P<later>)"),
    re.compile(rf"{_FOR}(?:{_ONE}|N:(?P<hours>\d+) )?{_HOUR}{_MORE}"),
    re.compile(rf"{_FOR}N:(?P<minutes>\d+) {_MINUTE}"),
    re.compile(rf"{_SURE}(?:{_ONE}|N:(?P<hours>\d+) )?{_HOUR}"),
)
BESIDE_A_TIME: Final = re.compile(rf"{words('на')}(?:N:(?P<hours>\d) )?{_HOUR}")
LEFT: Final = re.compile(rf"{words('с', 'со', 'from')}(?:N:\d+ |C:\S+ )$")
"""A time that a booking is moved from: what follows is where it goes."""
TIME: Final = re.compile(
    rf"C:\S|{signed('T:[0-9]')}|{words('в', 'во', 'с', 'со', 'к', 'at', 'from')}N:\d+ |"
    rf"N:\d+ {signed('[AP]:[a-z]+')}|{signed('K:(?:half|quarter)')}"
)


def lasting(found: re.Match[str]) -> timedelta | None:
    """Give the length that a pattern found."""
    parts = found.groupdict()
    if "thirty" in parts:
        return timedelta(minutes=30)
    minutes = int(parts.get("minutes") or 0)
    hours = int(parts.get("hours") or parts.get("part") or 0)
    if "later" in parts or parts.get("half") or "part" in parts:
        minutes += 30
    whole = parts.get("hours") is None and parts.get("part") is None and ("hours" in parts or "one" in parts)
    hours = hours or int(whole)
    return timedelta(hours=hours, minutes=minutes) if 0 < hours * MINUTES + minutes <= MOST_HOURS * MINUTES else None

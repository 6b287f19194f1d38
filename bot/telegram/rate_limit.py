"""Rate limit: a token bucket per person, so that nobody uses up the portal's limit for all."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

A_MINUTE: Final = 20
AT_ONCE: Final = 20
"""A minute's worth may come in one go: a list that is pasted line by line is no abuse."""
MOST_REMEMBERED: Final = 10_000


class RateDecision(Enum):
    """What the rate limit decides about a message."""

    FINE = auto()
    TELL = auto()
    """It is one too many, and the person was not told yet."""
    SILENT = auto()
    """It is one too many, and the person knows."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    told: bool = False


class RateLimiter:
    """Token buckets of everybody who wrote recently."""

    def __init__(self, clock: Callable[[], float], *, a_minute: float = A_MINUTE, at_once: int = AT_ONCE) -> None:
        """Take a clock in seconds, and how many messages a person has in a minute and at once."""
        self._clock = clock
        self._refill = a_minute / 60
        self._size = at_once
        self._buckets: OrderedDict[int, _Bucket] = OrderedDict()

    def take(self, person: int) -> RateDecision:
        """Count a message and decide whether it is answered."""
        now = self._clock()
        bucket = self._buckets.setdefault(person, _Bucket(self._size, now))
        self._buckets.move_to_end(person)
        while len(self._buckets) > MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.left = min(self._size, bucket.left + (now - bucket.at) * self._refill)
        bucket.at = now
        if bucket.left >= 1:
            bucket.left -= 1
            bucket.told = False
            return RateDecision.FINE
        verdict = RateDecision.SILENT if bucket.told else RateDecision.TELL
        bucket.told = True
        return verdict

    def wait_s(self, person: int) -> int:
        """Return the seconds until somebody may send a message again."""
        bucket = self._buckets.get(person)
        return 1 if bucket is None else max(1, math.ceil((1 - bucket.left) / self._refill))

"""The portal's limit on each method's execution time, and until when a method over it is blocked. Pure.

Source: https://apidocs.bitrix24.com/limits.html: the budget is by method and by webhook or application, over ten
minutes; `operating` is what is used, `operating_reset_at` when some of it comes free.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

CODE: Final = "OPERATION_TIME_LIMIT"
SHORT_BLOCK_S: Final = 10
"""A shorter block is waited out; of a longer one the caller is told at once."""
MAX_BLOCK_S: Final = 600
DEFAULT_BLOCK_S: Final = 60
"""How long a method is left alone when the portal does not say until when it is blocked."""
NEARLY_USED_S: Final = 400
"""Of 480 seconds, or 420 on a portal of one's own."""


@dataclass(frozen=True, slots=True)
class Timing:
    """A method's execution time as reported by a response; `reset_at` is Unix time."""

    operating: float
    reset_at: float | None


def parse_timing(time: object) -> Timing | None:
    """Parse the `time` object of a response or of a batch command."""
    if not isinstance(time, Mapping):
        return None
    fields = cast("Mapping[str, Any]", time)
    operating = _number(fields.get("operating"))
    return None if operating is None else Timing(operating, _number(fields.get("operating_reset_at")))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


class MethodTimeLimits:
    """Tracks which methods are blocked, and until when."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Keep a clock that returns Unix time."""
        self._now = now
        self._until: Final = dict[str, float]()
        self._reported: Final = dict[str, float | None]()

    def block(self, rest: str, reset_at: float | None) -> float:
        """Record that a method is blocked; return the seconds to wait."""
        now = self._now()
        wait = DEFAULT_BLOCK_S if reset_at is None else max(1.0, min(MAX_BLOCK_S, reset_at - now))
        self._until[rest.lower()] = now + wait
        return wait

    def blocked_until(self, rest: str) -> float | None:
        """Return until when a method is blocked, in Unix time, or None."""
        until = self._until.get(rest.lower())
        if until is None or until <= self._now():
            self._until.pop(rest.lower(), None)
            return None
        return until

    def wait_s(self, rest: str) -> float:
        """Return how many seconds a method is still blocked."""
        until = self.blocked_until(rest)
        return 0.0 if until is None else until - self._now()

    def nearly_used(self, rest: str, times: Timing | None) -> bool:
        """Return True, once per period, when a method has nearly used up its time limit."""
        if times is None or times.operating < NEARLY_USED_S or self._reported.get(rest, 0) == times.reset_at:
            return False
        self._reported[rest] = times.reset_at
        return True

"""The portal's limits: requests a second, and seconds of work a method.

Source: https://apidocs.bitrix24.com/limits.html
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import Final

MINUTE: Final = 60
WINDOW: Final = 10 * MINUTE


class LeakyBucket:
    """A bucket that every request fills by one and that leaks steadily; a request that does not fit is refused."""

    def __init__(self, leak_per_second: float, size: float) -> None:
        self._leak = leak_per_second
        self._size = size
        self.clear()

    def clear(self) -> None:
        """Forget all requests."""
        self._level = 0.0
        self._seen: float | None = None

    def admit(self, now: float) -> bool:
        """Let a request in if there is room for it."""
        passed = 0.0 if self._seen is None else max(0.0, now - self._seen)
        self._seen = now
        self._level = max(0.0, self._level - passed * self._leak)
        if self._level + 1 > self._size:
            return False
        self._level += 1
        return True


class MethodTimeMeter:
    """Seconds of work of each method and caller, in ten buckets of a minute."""

    def __init__(self, budget: float | None) -> None:
        self._budget = budget
        self._spent: dict[Hashable, dict[int, float]] = defaultdict(dict)

    def clear(self) -> None:
        """Forget all work."""
        self._spent.clear()

    def spend(self, key: Hashable, now: float, seconds: float) -> None:
        """Count work of a call."""
        buckets = self._buckets(key, now)
        minute = int(now) // MINUTE
        buckets[minute] = buckets.get(minute, 0.0) + seconds

    def spent(self, key: Hashable, now: float) -> float:
        """Return the work of the last ten minutes."""
        return sum(self._buckets(key, now).values())

    def exhausted(self, key: Hashable, now: float) -> bool:
        """Return whether the budget is spent."""
        return self._budget is not None and self.spent(key, now) >= self._budget

    def reset_at(self, key: Hashable, now: float) -> int:
        """Return the Unix time at which the budget has room again, or else its oldest bucket falls out."""
        left = self.spent(key, now)
        at = int(now) + WINDOW
        for minute, seconds in sorted(self._buckets(key, now).items()):
            left -= seconds
            at = minute * MINUTE + WINDOW
            if self._budget is None or left < self._budget:
                break
        return at

    def _buckets(self, key: Hashable, now: float) -> dict[int, float]:
        oldest = (int(now) - WINDOW) // MINUTE
        self._spent[key] = {minute: seconds for minute, seconds in self._spent[key].items() if minute > oldest}
        return self._spent[key]

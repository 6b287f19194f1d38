"""A cache of lookups for each person: the next question is mostly about the same day or client."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Final

from linkdesk.model.outcome import ReadResult

TIME_TO_LIVE: Final = timedelta(seconds=60)
MAX_ENTRIES: Final = 500
"""Maximum number of cached results."""


class LookupCache:
    """Results by request and person, for a minute; any write clears them all."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Take a function that returns the current time."""
        self._now = now
        self._found: Final = OrderedDict[Hashable, tuple[datetime, ReadResult]]()
        self._writes = 0

    @property
    def writes(self) -> int:
        """How often the cache was cleared: results of reads that began before the last time are not stored."""
        return self._writes

    def get(self, key: Hashable) -> ReadResult | None:
        """Return a result that has not expired, or None."""
        kept = self._found.get(key)
        return kept[1] if kept is not None and self._now() < kept[0] else None

    def put(self, key: Hashable, found: ReadResult, writes: int) -> None:
        """Store a result; `writes` is the count when its read began."""
        if writes != self._writes:
            return
        self._found[key] = (self._now() + TIME_TO_LIVE, found)
        self._found.move_to_end(key)
        while len(self._found) > MAX_ENTRIES:
            self._found.popitem(last=False)

    def clear(self) -> None:
        """Clear the cache, because something is being changed or was."""
        self._writes += 1
        self._found.clear()

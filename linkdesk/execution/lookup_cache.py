"""What was looked up a moment ago, kept for each person: the next question is mostly about the same day or client."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Final

from linkdesk.model.outcome import ReadResult

TIME_TO_LIVE: Final = timedelta(seconds=60)
MAX_ENTRIES: Final = 500
"""Answers kept in all."""


class LookupCache:
    """Answers by question and person, for a minute; a write of anybody's drops them all."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """Take a clock."""
        self._now = now
        self._found: Final = OrderedDict[Hashable, tuple[datetime, ReadResult]]()
        self._writes = 0

    @property
    def writes(self) -> int:
        """How often everything was dropped: what was asked for before the last time is not kept."""
        return self._writes

    def get(self, key: Hashable) -> ReadResult | None:
        """Give an answer that is not too old."""
        kept = self._found.get(key)
        return kept[1] if kept is not None and self._now() < kept[0] else None

    def keep(self, key: Hashable, found: ReadResult, writes: int) -> None:
        """Keep an answer; `writes` is how many there had been when it was asked for."""
        if writes != self._writes:
            return
        self._found[key] = (self._now() + TIME_TO_LIVE, found)
        self._found.move_to_end(key)
        while len(self._found) > MAX_ENTRIES:
            self._found.popitem(last=False)

    def forget(self) -> None:
        """Drop everything: something is being changed, or was."""
        self._writes += 1
        self._found.clear()

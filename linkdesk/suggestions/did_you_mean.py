"""Rank candidates for an id that does not exist. Pure.

Ids that differ by a common typing error come first, then records that are likely for other reasons. Only records that
were just read are offered, and no booking that is long over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain
from typing import Final

from linkdesk.model.record_label import RecordLabel
from linkdesk.suggestions.record_labels import LabelledRecord
from tool_specs.declaration.crm_ref import MAX_ID

MAX_CANDIDATES: Final = 3
MAX_TYPOS: Final = 5
"""Maximum number of possible typing errors that are read."""
LONG_OVER: Final = timedelta(days=30)

OTHER_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "booking": ("activity", "waitlist"),
    "waitlist": ("booking",),
    "activity": ("deal",),
    "deal": ("activity",),
    "contact": ("company", "activity"),
    "company": ("contact", "activity"),
    "lead": ("deal", "activity"),
}
"""Types whose ids are easily confused, as they are shown next to each other."""


def typos(number: int) -> list[int]:
    """Return the ids of which this one may be a typing error: digits swapped, one too many, one doubled."""
    digits = str(number)
    found: Iterator[str] = chain(
        (digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)),
        (digits[:at] + digits[at + 1 :] for at in range(len(digits))),
        (digits[: at + 1] + digits[at:] for at in range(len(digits))),
    )
    return _ids(found, number)[:MAX_TYPOS]


def neighbours(number: int) -> list[int]:
    """Return the ids before and after."""
    return _ids((str(number - 1), str(number + 1)), number)


def _ids(texts: Iterable[str], number: int) -> list[int]:
    numbers = (int(text) for text in texts if text and not text.startswith("0"))
    return list(dict.fromkeys(one for one in numbers if one != number and 1 <= one <= MAX_ID))


def rank_candidates(ranked: Iterable[LabelledRecord], now: float) -> tuple[RecordLabel, ...]:
    """Return the first few candidates in the given order, each once and none that is long over."""
    found: dict[tuple[str, int], RecordLabel] = {}
    for seen in ranked:
        over = seen.end is not None and seen.end < now - LONG_OVER.total_seconds()
        if not over:
            found.setdefault((seen.known.type, seen.known.id), seen.known)
    return tuple(found.values())[:MAX_CANDIDATES]


def nearest_in_time(seen: Sequence[LabelledRecord], now: float) -> list[LabelledRecord]:
    """Sort by distance from the current time."""
    return sorted(seen, key=lambda one: abs((one.start or 0) - now))

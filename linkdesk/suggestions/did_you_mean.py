"""What may have been meant by a number that does not exist; pure.

A number that is mistyped in one of the usual ways comes first, then what is near at hand for other reasons. Nothing is
offered that was not just read, and no booking that is long over.
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
"""How many mistyped numbers are looked at."""
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
"""What else the number of a kind is taken for: what stands beside it on the screen."""


def typos(number: int) -> list[int]:
    """Give the numbers that this one may be a slip of: digits swapped, one too many, one doubled."""
    digits = str(number)
    found: Iterator[str] = chain(
        (digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(len(digits) - 1)),
        (digits[:at] + digits[at + 1 :] for at in range(len(digits))),
        (digits[: at + 1] + digits[at:] for at in range(len(digits))),
    )
    return _ids(found, number)[:MAX_TYPOS]


def neighbours(number: int) -> list[int]:
    """Give the numbers before and after."""
    return _ids((str(number - 1), str(number + 1)), number)


def _ids(texts: Iterable[str], number: int) -> list[int]:
    numbers = (int(text) for text in texts if text and not text.startswith("0"))
    return list(dict.fromkeys(one for one in numbers if one != number and 1 <= one <= MAX_ID))


def rank_candidates(ranked: Iterable[LabelledRecord], now: float) -> tuple[RecordLabel, ...]:
    """Choose the few to offer, in the order given: each once, and none that is long over."""
    found: dict[tuple[str, int], RecordLabel] = {}
    for seen in ranked:
        over = seen.end is not None and seen.end < now - LONG_OVER.total_seconds()
        if not over:
            found.setdefault((seen.known.type, seen.known.id), seen.known)
    return tuple(found.values())[:MAX_CANDIDATES]


def soonest(seen: Sequence[LabelledRecord], now: float) -> list[LabelledRecord]:
    """Put what is nearest to this moment first."""
    return sorted(seen, key=lambda one: abs((one.start or 0) - now))

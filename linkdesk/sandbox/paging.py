"""Pages of lists: fifty records, by an offset that is rounded down to whole pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tool_specs.declaration.wire import Json

PAGE: Final = 50
UNCOUNTED: Final = -1


@dataclass(frozen=True, slots=True)
class Page:
    """A result with what stands beside it at the top of the answer."""

    result: Json
    total: int | None = None
    next: int | None = None

    def extra_keys(self) -> dict[str, Json]:
        """Return the keys that are there."""
        return {key: value for key, value in (("next", self.next), ("total", self.total)) if value is not None}


def uncounted_page(rows: Sequence[Json], key: str, start: int) -> Page:
    """Return a page as the booking module does: the total is always 0, and that there is more is never said."""
    first = max(start, 0) // PAGE * PAGE
    return Page({key: list(rows[first : first + PAGE])}, total=0)


def counted_page(rows: Sequence[Json], key: str | None, start: int) -> Page:
    """Return a page as the CRM does: counted, with where the next one starts; a start of -1 spares the counting."""
    first = max(start, 0) // PAGE * PAGE
    page = list(rows[first : first + PAGE])
    result: Json = page if key is None else {key: page}
    if start == UNCOUNTED:
        return Page(result)
    return Page(result, total=len(rows), next=first + PAGE if first + PAGE < len(rows) else None)

"""One entry of the error catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tool_specs.declaration.localized import Localized


class Who(StrEnum):
    """Who can fix the problem."""

    YOU = "you"
    ADMIN = "admin"
    BITRIX24 = "bitrix24"
    LINKDESK = "linkdesk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What happened, why (if known), and what to do now, in both languages.

    Placeholders have the names of the method's arguments (`{booking_id}`, `{links}`) and are filled with their
    readable form when the error is rendered.
    """

    code: str
    """Our name of the error in snake_case, a stable identifier for scripts."""
    what: Localized
    why: Localized | None = None
    next: Localized
    """The next step for a person."""
    call: str | None = None
    """The next step for a model, in English, if it differs from that for a person."""
    who: Who = Who.YOU
    retryable: bool = False
    """Whether the same request may be sent again later."""

    def texts(self) -> tuple[Localized, ...]:
        """Return every text of the entry."""
        return tuple(text for text in (self.what, self.why, self.next) if text is not None)

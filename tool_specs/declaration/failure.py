"""What a refusal means: one entry of the error catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tool_specs.declaration.localized import Localized


class Who(StrEnum):
    """Who can put it right."""

    YOU = "you"
    ADMIN = "admin"
    BITRIX24 = "bitrix24"
    LINKDESK = "linkdesk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What happened, why if that is known, and what to do now, in both languages.

    The texts may hold placeholders named like the method's arguments (`{booking_id}`, `{links}`);
    they are filled with the arguments' spoken form when the error is shown.
    """

    code: str
    """Our own name of it, snake_case; scripts may rely on it."""
    what: Localized
    why: Localized | None = None
    next: Localized
    """The next step for a person."""
    call: str | None = None
    """The next step for a model, in English, where it differs from the person's."""
    who: Who = Who.YOU
    retryable: bool = False
    """Whether the same request may simply be sent again later."""

    def texts(self) -> tuple[Localized, ...]:
        """Give every bilingual text of the entry."""
        return tuple(text for text in (self.what, self.why, self.next) if text is not None)

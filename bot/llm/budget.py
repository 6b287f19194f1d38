"""Daily limits of the model: calls per person, calls and tokens in total."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from linkdesk.config.llm import LlmLimits

REST_S: Final = 60
"""For how long a model that failed is left alone: nobody waits for it with every message."""


@dataclass(slots=True)
class Budget:
    """The day's use of the model, kept in memory."""

    limits: LlmLimits
    day: date | None = None
    calls: Counter[str] = field(default_factory=Counter[str])
    tokens: int = 0
    rests_until: datetime | None = None

    def take(self, who: str, now: datetime, tokens: int) -> str | None:
        """Reserve a call before it is made, so that concurrent calls count; return the limit that is reached, if any.

        Args:
            who: the employee.
            now: the time in the business's zone, whose days count.
            tokens: how many it will cost at the most, as far as can be told.
        """
        if self.day != now.date():
            self.day, self.tokens = now.date(), 0
            self.calls.clear()
        if self.rests_until is not None and now < self.rests_until:
            return "rest"
        if self.calls[who] >= self.limits.person:
            return "person"
        if self.calls.total() >= self.limits.all:
            return "all"
        if self.tokens + tokens > self.limits.tokens:
            return "tokens"
        self.calls[who] += 1
        self.tokens += tokens
        return None

    def settle(self, now: datetime, *, taken: int, cost: int) -> None:
        """Replace a call's reservation by its actual cost."""
        if self.day == now.date():
            self.tokens += cost - taken

    def rest(self, now: datetime) -> None:
        """Pause the use of the model."""
        self.rests_until = now + timedelta(seconds=REST_S)

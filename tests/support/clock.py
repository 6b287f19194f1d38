"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime

from tests.support.sandbox_env import NOW


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now

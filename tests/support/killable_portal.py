"""A portal client that stops as if its process were killed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from linkdesk.errors.base import PortalError
from linkdesk.portal.batch_refs import StepResults, Steps
from linkdesk.portal.client import Portal
from tool_specs.declaration.method import Method


class ProcessKilled(BaseException):
    """Raised in place of the death of the process."""


@dataclass
class KillablePortal:
    """A portal client that dies after a number of calls; calls in progress never return."""

    portal: Portal
    left: int | None = None
    meddling: Callable[[], None] | None = None
    """A change made by somebody else,"""
    meddles_in: int = 0
    """after this many calls."""

    async def __call__(self, method: Method[Any], /) -> Any:  # noqa: ANN401 - the portal's own
        self._live()
        self._meddle()
        answer = await self.portal(method)
        self._live()
        return answer

    async def batch(self, methods: Sequence[Method[Any]], /) -> list[Any | PortalError]:
        self._live()
        self._meddle()
        answers = await self.portal.batch(methods)
        self._live()
        return answers

    async def run_steps(self, steps: Steps, /) -> StepResults:
        self._live()
        self._meddle()
        answers = await self.portal.run_steps(steps)
        self._live()
        return answers

    def _meddle(self) -> None:
        if self.meddling is not None and self.meddles_in == 0:
            self.meddling()
            self.meddling = None
        self.meddles_in -= 1

    def _live(self) -> None:
        # Called before and after each call: a kill may come between the portal's change and our reading its answer.
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise ProcessKilled

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
    """The process is gone: nothing of ours runs any more."""


@dataclass
class KillablePortal:
    """A way to the portal that ends after so many calls; nothing that was in progress there comes back."""

    portal: Portal
    left: int | None = None
    meddling: Callable[[], None] | None = None
    """What somebody else does,"""
    meddles_in: int = 0
    """before the call that comes after so many."""

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
        # Asked before a call and after it: a kill may come between what the portal did and our learning of it.
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise ProcessKilled

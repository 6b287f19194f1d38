"""The context of one request: the portal, the permissions, the approved plan, and the locks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from linkdesk.audit.recorder import Recorder
from linkdesk.auth.policy import Policy
from linkdesk.errors.base import PortalError
from linkdesk.model.outcome import AnyPlan, Outcome, RecordTarget, Target
from linkdesk.plans.service import Approvals
from linkdesk.portal.batch_refs import StepResults, Steps
from tool_specs.declaration.method import Method

Answer = TypeVar("Answer")


class PortalApi(Protocol):
    """Calls the portal's methods: `linkdesk.portal.client.Portal`, or a wrapper of it."""

    async def __call__(self, method: Method[Answer], /) -> Answer:
        """Call one method and return its result, typed by the method."""
        ...

    async def batch(self, methods: Sequence[Method[Any]], /) -> list[Any | PortalError]:
        """Call several reads in one request; a result may be the error of that one call."""
        ...

    async def run_steps(self, steps: Steps, /) -> StepResults:
        """Run calls that refer to each other's results, in one request."""
        ...


Progress: TypeAlias = Callable[[int, int | None, str], Awaitable[None]]
"""Is called with what is done, the total if it is known, and a text for a model."""


async def no_progress(done: int, total: int | None, words: str) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What a handler needs to carry out one request."""

    portal: PortalApi
    policy: Policy
    zone: str
    """IANA name of the business's time zone."""
    now: Callable[[], datetime]
    agreed: AnyPlan | None
    lock: Callable[[Target | RecordTarget], AbstractAsyncContextManager[None]]
    """Holds the lock of a target: one writer at a time."""
    recorder: Recorder
    """Records writes in the audit log."""
    approvals: Approvals
    """The plans that wait for approval."""
    dry_run: Callable[[Method[Any]], Awaitable[Outcome]]
    """Carries out a request up to its plan, without writing anything."""
    progress: Progress = no_progress
    """Is called with the progress of a long request."""
    is_part: bool = False
    """Whether the plan is part of a larger one, which is shown without each booking's client."""

    @property
    def today(self) -> date:
        """The current date in the business's time zone."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()

    def needs_approval(self, plan: AnyPlan) -> bool:
        """Return whether the plan still needs a person's approval."""
        return self.policy.needs_approval(destroys=plan.destroys) and not plan.covered_by(self.agreed)

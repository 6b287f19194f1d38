"""What doing a request needs: the portal, what is allowed, what a person agreed to, and the turn at a target."""

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
    """What calls the portal's methods: `linkdesk.portal.client.Portal`, or what stands before it."""

    async def __call__(self, method: Method[Answer], /) -> Answer:
        """Call one method and give its answer, typed by the method."""
        ...

    async def batch(self, methods: Sequence[Method[Any]], /) -> list[Any | PortalError]:
        """Call several reads in one request; an answer may be the error that this one call met."""
        ...

    async def run_steps(self, steps: Steps, /) -> StepResults:
        """Do calls that refer to one another's answers, in one request."""
        ...


Progress: TypeAlias = Callable[[int, int | None, str], Awaitable[None]]
"""Is told how much is done, of how much where that is known, and in words for a model."""


async def no_progress(done: int, total: int | None, words: str) -> None:
    """Tell nobody how far a request is."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """One request's surroundings."""

    portal: PortalApi
    policy: Policy
    zone: str
    """IANA name of the business's time zone."""
    now: Callable[[], datetime]
    agreed: AnyPlan | None
    lock: Callable[[Target | RecordTarget], AbstractAsyncContextManager[None]]
    """Gives the lock of a target: one writer at a time."""
    recorder: Recorder
    """Puts what is sent on record."""
    approvals: Approvals
    """The plans that wait."""
    dry_run: Callable[[Method[Any]], Awaitable[Outcome]]
    """Thinks a request through up to its plan, and sends nothing that changes anything."""
    progress: Progress = no_progress
    """Is told how far a long piece of work is."""
    is_part: bool = False
    """Whether the plan is a part of a larger one: a person reads its numbers then, not who each booking is for."""

    @property
    def today(self) -> date:
        """The day it is in the business's zone."""
        return self.now().astimezone(ZoneInfo(self.zone)).date()

    def needs_approval(self, plan: AnyPlan) -> bool:
        """Tell whether the plan has to wait for a person, who did not agree to it yet."""
        return self.policy.needs_approval(destroys=plan.destroys) and not plan.covered_by(self.agreed)

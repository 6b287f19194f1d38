"""Run the parts of a plan: the start of each is stored before it is sent, and its outcome afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol, TypeAlias

import structlog

from linkdesk.audit.log import ID_LENGTH, Change, ChangeState
from linkdesk.auth.policy import Actor
from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.incident import report_incident
from linkdesk.model.outcome import AnyPlan, Done, Outcome, RecordDone, Waiting
from linkdesk.plans.model import UNFINISHED_STEPS, Plans, PlanState, PlanStep, StepState, StoredPlan
from tool_specs.declaration.failure import Who
from tool_specs.declaration.method import Method

log = structlog.stdlib.get_logger()

MAX_CONCURRENT: Final = 25
"""How many targets of a plan are processed concurrently, so that their reads share requests."""
MAX_INTERACTIVE_PARTS: Final = 5
"""A plan with more parts runs at bulk priority, behind interactive requests."""

StepOutcome: TypeAlias = Outcome | Trouble
OnStepDone: TypeAlias = Callable[[int, StepOutcome], Awaitable[None]]
"""Is called with the index and outcome of every finished part."""


class DoRequest(Protocol):
    """Carries out a request: `Desk.do`."""

    async def __call__(self, method: Method[Any], actor: Actor, /, *, agreed: AnyPlan | None = None) -> Outcome:
        """Carry out a request."""
        ...


FindChanges: TypeAlias = Callable[[str], Awaitable[Sequence[Change]]]
"""Returns the audited changes requested under a key, oldest first, after recovering open ones."""


async def no_changes(_key: str) -> Sequence[Change]:
    """Return no changes."""
    return ()


class PlanRun:
    """One run through the parts of a plan."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a run needs, made in one place
        self,
        plan: StoredPlan,
        actor: Actor,
        does: DoRequest,
        plans: Plans,
        begun: FindChanges,
        on_step: OnStepDone | None,
    ) -> None:
        self._plan = plan
        self._actor = actor
        self._does = does
        self._plans = plans
        self._begun = begun
        self._on_step = on_step
        self._steps = list(plan.steps)
        self._stop = False
        self._failing = False

    async def run(self) -> bool:
        """Carry out the remaining parts; return whether the run was stopped before the end."""
        for place in self._plan.remaining:
            if self._steps[place].state is StepState.BEGUN and self._plan.plans[place].asked.creates:
                # A record that may have been created is not created twice; one that certainly was not is created now.
                known = await step_from_audit_log(self._begun, self._plan, place) or PlanStep(StepState.UNKNOWN)
                self._steps[place] = PlanStep() if known.state is StepState.NOT_TRIED else known
        line = asyncio.Semaphore(MAX_CONCURRENT)
        async with asyncio.TaskGroup() as group:
            for places in self._by_target():
                group.create_task(self._in_order(places, line))
        return self._stop

    def final_steps(self) -> tuple[PlanStep, ...]:
        """Return the parts at the end of the run; those that did not start were not tried."""
        return tuple(PlanStep(StepState.NOT_TRIED) if step.state in UNFINISHED_STEPS else step for step in self._steps)

    def abandoned_steps(self) -> tuple[PlanStep, ...]:
        """Return the parts when the caller is gone: the outcome of those that started is unknown."""
        begun = [PlanStep(StepState.UNKNOWN) if step.state is StepState.BEGUN else step for step in self._steps]
        return tuple(PlanStep(StepState.NOT_TRIED) if step.state is StepState.TO_DO else step for step in begun)

    def _by_target(self) -> list[list[int]]:
        """Return the indexes of the remaining parts, grouped by target and in order."""
        groups: dict[tuple[str, int | None, int], list[int]] = {}
        for place, step in enumerate(self._steps):
            if step.state in UNFINISHED_STEPS:
                target = self._plan.plans[place].target
                # Each record that is still to be created is a target of its own.
                groups.setdefault((target.type, target.id, place if target.id is None else 0), []).append(place)
        return list(groups.values())

    async def _in_order(self, places: Sequence[int], line: asyncio.Semaphore) -> None:
        async with line:
            for number, place in enumerate(places):
                # A request to stop should not leave a record half done: a target that was started is finished.
                stopped = self._failing or (self._stop and number == 0)
                if stopped or not await self._start_step(place, begun=number > 0):
                    return
                came = await self._run_step(place)
                self._steps[place] = step_from_outcome(came)
                await self._report(place, came)
                if isinstance(came, Trouble):
                    # An error that is not the caller's fault would fail the other parts, too.
                    if came.failure.who is not Who.YOU:
                        self._stop = self._failing = True
                    return

    async def _report(self, place: int, came: StepOutcome) -> None:
        """Call the listener; its failure does not stop the run."""
        try:
            if self._on_step is not None:
                await self._on_step(place, came)
        except Exception as fault:  # noqa: BLE001 - the others' results have to be kept all the same
            log.warning("plan.not_heard", plan=self._plan.id, error=type(fault).__name__)

    async def _start_step(self, place: int, *, begun: bool) -> bool:
        """Store that a part starts, before anything of it is sent; return whether to go on.

        Args:
            place: the index of the part.
            begun: whether another part with the same target was carried out.
        """
        before, self._steps[place] = self._steps[place], PlanStep(StepState.BEGUN)
        try:
            state = await self._plans.save_progress(self._plan, self._steps)
        except Trouble as trouble:
            # A part whose start cannot be stored is not started; the outcomes of the others are reported.
            log.error("plan.not_noted", plan=self._plan.id, error=trouble.failure.code)  # noqa: TRY400 - the same
            state = None
        self._stop = self._stop or state is PlanState.STOPPING
        if state is PlanState.RUNNING or (begun and state is PlanState.STOPPING):
            return True
        self._steps[place] = before
        self._stop = True
        return False

    async def _run_step(self, place: int) -> StepOutcome:
        plan = self._plan.plans[place]
        actor = replace(self._actor, request_key=step_key(self._plan, place))
        try:
            return await self._does(plan.asked, actor, agreed=plan)
        except Trouble as trouble:
            return trouble
        except Exception as fault:  # noqa: BLE001 - the others' results have to be told all the same
            return report_incident("plan.failed", fault, Changed.UNKNOWN)


def step_key(plan: StoredPlan, place: int) -> str:
    """Return the request key of a part in the audit log, which names the chat of the approval.

    It does not name the approving update: the same update, redelivered after a crash, continues the run.
    """
    return f"{plan.place or 'plan'}:{plan.id}:{place}"


def plan_id_of(request_key: str | None) -> str | None:
    """Return the id of the plan that a change belongs to by its request key; None where it belongs to none."""
    match (request_key or "").rsplit(":", 2):
        case [_, plan_id, place] if len(plan_id) == ID_LENGTH and place.isdigit():
            return plan_id
        case _:
            return None


async def step_from_audit_log(begun: FindChanges, plan: StoredPlan, place: int) -> PlanStep | None:
    """Return the state of a part by the audit log; None where that does not show it."""
    try:
        changes = await begun(step_key(plan, place))
    except Trouble as trouble:
        log.warning("plan.record_not_read", plan=plan.id, error=trouble.failure.code)
        return None
    match changes:
        case [*_, Change(state=ChangeState.DONE) as change]:
            return PlanStep(StepState.DONE, change.id, also=change.also)
        case [*_, Change(state=ChangeState.NOT_DONE | ChangeState.REFUSED)]:
            return PlanStep(StepState.NOT_TRIED)
        case _:
            return None


def step_from_outcome(came: StepOutcome) -> PlanStep:
    """Return the state of a part for its outcome."""
    match came:
        case Trouble():
            state = StepState.UNKNOWN if came.changed is Changed.UNKNOWN else StepState.REFUSED
            return PlanStep(state, code=came.failure.code, said=came.what)
        case Waiting():
            return PlanStep(StepState.MOVED_ON)
        case Done() | RecordDone():
            state = StepState.DONE if came.changed else StepState.ALREADY_SO
            return PlanStep(state, came.change_id, also=came.also if came.changed else ())
        case _:
            return PlanStep(StepState.DONE)

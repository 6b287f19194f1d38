"""One way through the parts of a plan: each is noted before it is begun, and what came of it is known at the end."""

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
"""How many targets of a plan are worked on side by side: their reads share requests."""
MAX_INTERACTIVE_PARTS: Final = 5
"""A plan with more parts is bulk work, which lets people go first."""

StepOutcome: TypeAlias = Outcome | Trouble
OnStepDone: TypeAlias = Callable[[int, StepOutcome], Awaitable[None]]
"""Told of every part once it is known what came of it: its place, and that."""


class DoRequest(Protocol):
    """The desk's own way to do a request."""

    async def __call__(self, method: Method[Any], actor: Actor, /, *, agreed: AnyPlan | None = None) -> Outcome:
        """Do what was asked."""
        ...


FindChanges: TypeAlias = Callable[[str], Awaitable[Sequence[Change]]]
"""Gives the changes on record that were asked for under a key, oldest first, what was left open cleared up."""


async def no_changes(_key: str) -> Sequence[Change]:
    """Know of no change."""
    return ()


class PlanRun:
    """One way through the parts of a plan."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a run needs, made in one place
        self,
        plan: StoredPlan,
        actor: Actor,
        does: DoRequest,
        plans: Plans,
        begun: FindChanges,
        heard: OnStepDone | None,
    ) -> None:
        self._plan = plan
        self._actor = actor
        self._does = does
        self._plans = plans
        self._begun = begun
        self._heard = heard
        self._steps = list(plan.steps)
        self._stop = False
        self._failing = False

    async def through(self) -> bool:
        """Do what is left; tell whether it was stopped before the end."""
        for place in self._plan.left:
            if self._steps[place].state is StepState.BEGUN and self._plan.plans[place].asked.creates:
                # A record that may have been made is not made a second time; one that surely was not is made now.
                known = await step_from_audit_log(self._begun, self._plan, place) or PlanStep(StepState.UNKNOWN)
                self._steps[place] = PlanStep() if known.state is StepState.NOT_TRIED else known
        line = asyncio.Semaphore(MAX_CONCURRENT)
        async with asyncio.TaskGroup() as group:
            for places in self._by_target():
                group.create_task(self._in_order(places, line))
        return self._stop

    def ended(self) -> tuple[PlanStep, ...]:
        """Give the parts as they are at the end; what was not begun was not tried."""
        return tuple(PlanStep(StepState.NOT_TRIED) if step.state in UNFINISHED_STEPS else step for step in self._steps)

    def given_up(self) -> tuple[PlanStep, ...]:
        """Give the parts as they are when the caller went away: of what was begun it is not known what came of it."""
        begun = [PlanStep(StepState.UNKNOWN) if step.state is StepState.BEGUN else step for step in self._steps]
        return tuple(PlanStep(StepState.NOT_TRIED) if step.state is StepState.TO_DO else step for step in begun)

    def _by_target(self) -> list[list[int]]:
        """Give the places of what is left, those about one target together and in their order."""
        groups: dict[tuple[str, int | None, int], list[int]] = {}
        for place, step in enumerate(self._steps):
            if step.state in UNFINISHED_STEPS:
                target = self._plan.plans[place].target
                # What is still to be made is a target of its own.
                groups.setdefault((target.type, target.id, place if target.id is None else 0), []).append(place)
        return list(groups.values())

    async def _in_order(self, places: Sequence[int], line: asyncio.Semaphore) -> None:
        async with line:
            for number, place in enumerate(places):
                # Who says to stop does not want a record left half way: a target that was begun is finished.
                stopped = self._failing or (self._stop and number == 0)
                if stopped or not await self._began(place, begun=number > 0):
                    return
                came = await self._one(place)
                self._steps[place] = step_from_outcome(came)
                await self._tell(place, came)
                if isinstance(came, Trouble):
                    # What fails for everybody fails for the others too.
                    if came.failure.who is not Who.YOU:
                        self._stop = self._failing = True
                    return

    async def _tell(self, place: int, came: StepOutcome) -> None:
        """Tell whoever wants to hear of it; one that cannot hear any more keeps nothing from being done."""
        try:
            if self._heard is not None:
                await self._heard(place, came)
        except Exception as fault:  # noqa: BLE001 - the others' results have to be kept all the same
            log.warning("plan.not_heard", plan=self._plan.id, error=type(fault).__name__)

    async def _began(self, place: int, *, begun: bool) -> bool:
        """Note that a part is begun, before anything of it is sent; tell whether to go on.

        Args:
            place: the part's.
            begun: whether another part about the same target was carried out.
        """
        before, self._steps[place] = self._steps[place], PlanStep(StepState.BEGUN)
        try:
            state = await self._plans.note(self._plan, self._steps)
        except Trouble as trouble:
            # What cannot be noted is not begun; what the others did is told.
            log.error("plan.not_noted", plan=self._plan.id, error=trouble.failure.code)  # noqa: TRY400 - the same
            state = None
        self._stop = self._stop or state is PlanState.STOPPING
        if state is PlanState.RUNNING or (begun and state is PlanState.STOPPING):
            return True
        self._steps[place] = before
        self._stop = True
        return False

    async def _one(self, place: int) -> StepOutcome:
        plan = self._plan.plans[place]
        actor = replace(self._actor, request_key=step_key(self._plan, place))
        try:
            return await self._does(plan.asked, actor, agreed=plan)
        except Trouble as trouble:
            return trouble
        except Exception as fault:  # noqa: BLE001 - the others' results have to be told all the same
            return report_incident("plan.failed", fault, Changed.UNKNOWN)


def step_key(plan: StoredPlan, place: int) -> str:
    """Name a part of a plan in the record, by where it was agreed to.

    Not by the update that agreed: the same one, delivered again after a crash, goes on with what is left.
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
    """Tell what came of a part by the record; None where that does not tell."""
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
    """Say how far a part is by what came of it."""
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

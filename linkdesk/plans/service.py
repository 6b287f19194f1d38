"""Asking a person and doing what they agreed to: a plan is decided by one person and carried out once.

What is carried out goes through the desk again, which reads anew what is there: an agreement covers no more than the
person was shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import structlog

from linkdesk.auth.policy import Actor, Face
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.model.outcome import AnyPlan, SkippedPart
from linkdesk.plans.model import (
    BEING_ASKED,
    IN_PROGRESS,
    LIFETIME,
    SETTLED,
    Plans,
    PlanState,
    PlanStep,
    StepState,
    StoredPlan,
    new_plan_id,
)
from linkdesk.plans.runner import (
    MAX_INTERACTIVE_PARTS,
    DoRequest,
    FindChanges,
    OnStepDone,
    PlanRun,
    no_changes,
    step_from_audit_log,
)
from linkdesk.portal.throttle import bulk
from linkdesk.runtime.processes import WORKER, is_dead
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Language, Localized

log = structlog.stdlib.get_logger()

MAX_STEP_TIME: Final = timedelta(seconds=60)
"""What a part may take; a plan that runs for longer than all of its parts may was left behind."""
MIN_RUN_TIME: Final = timedelta(minutes=15)

_TELEGRAM: Final = f"{Face.TELEGRAM.value}:"
_IN_PRIVATE: Final = Localized(en="in your private chat with the bot", ru="в вашем личном чате с ботом")
_IN_A_GROUP: Final = Localized(en="in the group where it was asked", ru="в группе, где он задан")
_IN_A_CLIENT: Final = Localized(en="in the program of the assistant", ru="в программе ассистента")
_IN_A_TERMINAL: Final = Localized(en="in the terminal", ru="в терминале")

SameEmployee: TypeAlias = Callable[[str, str], Awaitable[bool]]
"""Tells whether two keys are one employee's."""


async def never_same_employee(_one: str, _other: str) -> bool:
    """Take every key for an employee of its own."""
    return False


class Approvals:
    """The plans that wait at one desk."""

    def __init__(
        self,
        plans: Plans,
        does: DoRequest,
        now: Callable[[], datetime],
        same: SameEmployee = never_same_employee,
        begun: FindChanges = no_changes,
    ) -> None:
        """Take what keeps the plans, does a request, is a clock, knows employees by another key, knows the record."""
        self._same = same
        self._begun = begun
        self._plans = plans
        self._does = does
        self._now = now
        self._settling: Final = set[asyncio.Task[StoredPlan]]()

    async def keep(  # noqa: PLR0913 - what there is to say of a question
        self,
        plans: Sequence[AnyPlan],
        actor: Actor,
        *,
        place: str = "",
        language: Language = "en",
        lifetime: timedelta = LIFETIME,
        state: PlanState = PlanState.WAITING,
        unfit: Sequence[SkippedPart] = (),
        also: Sequence[Localized] = (),
    ) -> StoredPlan:
        """Let plans wait for the person's decision, as one.

        Raises:
            Trouble: they cannot be kept.
        """
        now = self._now()
        plan = StoredPlan(
            id=new_plan_id(),
            who=actor.who,
            name=actor.name,
            role=actor.role,
            face=actor.face,
            client=actor.client,
            place=place,
            language=language,
            plans=tuple(plans),
            steps=tuple(PlanStep() for _ in plans),
            made=now,
            until=now + lifetime,
            state=state,
            unfit=tuple(unfit),
            also=tuple(also),
        )
        await self._plans.keep(plan)
        return plan

    async def waiting_at(self, actor: Actor, place: str) -> StoredPlan | None:
        """Look at what waits for the person there; where its time is over the state says so."""
        plan = await self._plans.at(actor.who, place)
        return None if plan is None else replace(plan, state=plan.state_at(self._now()))

    async def open_of(self, actor: Actor, limit: int = 20) -> list[StoredPlan]:
        """Give the person's plans that are not settled and whose time is not over, newest first."""
        found = await self._plans.of(actor.who, limit)
        return [plan for plan in found if plan.state_at(self._now()) is not PlanState.EXPIRED]

    async def find(self, plan_id: str, actor: Actor) -> StoredPlan:
        """Find a plan of this person; of one whose time is over the state says so.

        Raises:
            Trouble: there is none, or it is somebody else's.
        """
        plan = await self._plans.find(plan_id)
        if plan is None:
            raise Trouble(plan_errors.NO_SUCH_PLAN)
        if plan.who != actor.who and not await self._is_theirs(plan, actor):
            raise Trouble(plan_errors.NOT_YOUR_PLAN)
        return replace(plan, state=plan.state_at(self._now()))

    async def as_known(self, plan: StoredPlan) -> StoredPlan:
        """Give a plan with what the record tells by now of its parts whose outcome was not known."""
        if all(step.state is not StepState.UNKNOWN for step in plan.steps):
            return plan
        known = [
            await step_from_audit_log(self._begun, plan, place) or step if step.state is StepState.UNKNOWN else step
            for place, step in enumerate(plan.steps)
        ]
        return replace(plan, steps=tuple(known))

    async def decide(self, plan_id: str, actor: Actor, *, agreed: bool) -> StoredPlan:
        """Say yes or no to a plan, as the person it belongs to, and in the chat where it was asked.

        Raises:
            Trouble: it is not theirs, was asked elsewhere, is too late, or was decided before; nothing was changed.
        """
        plan = await self.find(plan_id, actor)
        _check_place(plan, actor)
        if plan.state is not PlanState.WAITING:
            # The same press again after a crash: what is left of it is done, and nothing twice.
            if agreed and (plan.state is PlanState.APPROVED or self._left_behind(plan)):
                return plan
            raise Trouble(_why_settled(plan))
        to = PlanState.APPROVED if agreed else PlanState.REJECTED
        moved = await self._plans.move(plan, to, by=actor.name)
        if moved is None:
            raise Trouble(plan_errors.SETTLED)
        log.info("plan.decided", plan=plan.id, agreed=agreed, by=actor.name, face=actor.face, client=plan.client)
        return moved

    async def cancel(self, plan_id: str, actor: Actor) -> StoredPlan:
        """Take a plan back, or let one that is being carried out stop after what is begun.

        Raises:
            Trouble: it is not theirs, waits elsewhere, or is settled.
        """
        plan = await self.find(plan_id, actor)
        if plan.state is PlanState.WAITING:
            _check_place(plan, actor)
        if plan.state in SETTLED or plan.state is PlanState.EXPIRED:
            raise Trouble(_why_settled(plan))
        to = PlanState.STOPPING if plan.state in IN_PROGRESS else PlanState.CANCELLED
        if self._left_behind(plan):
            to = PlanState.STOPPED
        moved = plan if plan.state is to else await self._plans.move(plan, to)
        if moved is None:
            raise Trouble(plan_errors.SETTLED)
        return moved

    async def shown(self, plan_id: str, message: int) -> None:
        """Remember the message that asks."""
        await self._plans.shown(plan_id, message)

    async def unasked(self, limit: int = 20) -> list[StoredPlan]:
        """Give assistants' plans that wait for somebody to be asked, oldest first; those that others ask about not."""
        found = await self._plans.unasked(self._now(), limit)
        return [plan for plan in found if plan.message is None or (plan.worker is not None and is_dead(plan.worker))]

    async def take_up(self, plan: StoredPlan, language: Language) -> StoredPlan | None:
        """Begin to ask about a plan, in a language; None where somebody else does, or it waits no more."""
        asking = replace(plan, worker=WORKER, message=BEING_ASKED, language=language)
        taken = await self._plans.take_up(plan, worker=WORKER, message=BEING_ASKED, language=language)
        return asking if taken else None

    async def put_down(self, plan: StoredPlan) -> None:
        """Leave it to another to ask about a plan that was taken up."""
        await self._plans.take_up(plan, worker=None, message=None, language=plan.language)

    async def drop(self, plan: StoredPlan) -> None:
        """Let a question go that need not be answered any more."""
        # Its time may be over, which is no state of the store's.
        await self._plans.move(replace(plan, state=PlanState.WAITING), PlanState.CANCELLED)

    async def carry_out(self, plan: StoredPlan, actor: Actor, *, heard: OnStepDone | None = None) -> StoredPlan:
        """Do what a person agreed to, once, with the rights they have now; different targets go side by side.

        Raises:
            Trouble: nobody agreed to it yet, it is too late, or it is being done or was done already.
        """
        claimed = await self._claimed(plan)
        doer = replace(claimed.actor, role=actor.role, toolsets=actor.toolsets)
        run = PlanRun(claimed, doer, self._does, self._plans, self._begun, heard)
        try:
            with bulk() if len(claimed.plans) > MAX_INTERACTIVE_PARTS else nullcontext():
                stopped = await run.through()
        except asyncio.CancelledError:
            # What was sent is read back in the background, and is on record. Whoever cancels may do so again and again.
            settling = asyncio.create_task(self._settle(claimed, run.given_up(), stopped=True))
            self._settling.add(settling)
            settling.add_done_callback(self._settling.discard)
            await asyncio.shield(settling)
            raise
        return await self._settle(claimed, run.ended(), stopped=stopped)

    async def finish(self) -> None:
        """Wait until plans whose callers went away are noted as they are."""
        while self._settling:
            await asyncio.wait(self._settling)

    async def _settle(self, plan: StoredPlan, steps: tuple[PlanStep, ...], *, stopped: bool) -> StoredPlan:
        """Keep what came of the parts. It is told even where it cannot be kept: it is on record all the same."""
        to = PlanState.STOPPED if stopped else PlanState.DONE
        try:
            state = await self._plans.note(plan, steps)
            if state is not None:
                await self._plans.move(replace(plan, state=state), to)
        except Trouble as trouble:
            log.error("plan.not_settled", plan=plan.id, error=trouble.failure.code)  # noqa: TRY400 - no trace is wanted
        return replace(plan, steps=steps, state=to)

    async def _claimed(self, plan: StoredPlan) -> StoredPlan:
        now = self._now()
        if plan.state_at(now) is not PlanState.APPROVED and not self._left_behind(plan):
            plan = replace(plan, state=plan.state_at(now))
            raise Trouble(plan_errors.NOT_APPROVED if plan.state is PlanState.WAITING else _why_settled(plan))
        until = now + max(MIN_RUN_TIME, MAX_STEP_TIME * len(plan.plans))
        # Each run is told apart, so that one that was taken for dead notices that another goes on in its place.
        claimed = await self._plans.move(plan, PlanState.RUNNING, worker=f"{WORKER}:{new_plan_id()}", until=until)
        if claimed is None:
            raise Trouble(plan_errors.SETTLED)
        return claimed

    async def _is_theirs(self, plan: StoredPlan, actor: Actor) -> bool:
        """Tell whether somebody in Telegram is the employee whom an assistant works for under another key."""
        if plan.face is not Face.MCP or actor.face is not Face.TELEGRAM:
            return False
        return await self._same(plan.who, actor.who)

    def _left_behind(self, plan: StoredPlan) -> bool:
        """Tell whether the process that carried a plan out is gone."""
        if plan.state not in IN_PROGRESS or plan.worker is None:
            return False
        return self._now() >= plan.until or (not plan.worker.startswith(WORKER) and is_dead(plan.worker))


_WHY: Final = {
    PlanState.EXPIRED: plan_errors.EXPIRED,
    PlanState.RUNNING: plan_errors.RUNNING,
    PlanState.STOPPING: plan_errors.RUNNING,
}


def _why_settled(plan: StoredPlan) -> Failure:
    return _WHY.get(plan.state, plan_errors.SETTLED)


def _check_place(plan: StoredPlan, actor: Actor) -> None:
    """Let a person answer where they were asked.

    Raises:
        Trouble: the question waits in another place.
    """
    # A terminal is within an assistant's reach: who answers there need not be the person.
    by_itself = plan.face is Face.MCP and actor.face is Face.CHAT
    # What an assistant asks is brought to the person alone, and not answered before others.
    in_public = plan.face is Face.MCP and _is_group(actor.place)
    if by_itself or in_public or (plan.place and actor.place and plan.place != actor.place):
        raise Trouble(plan_errors.ASKED_ELSEWHERE, {"where": _place_name(plan)})


def _is_group(place: str) -> bool:
    """Tell a group of Telegram by its number, which is below zero."""
    return place.startswith(f"{_TELEGRAM}-")


def _place_name(plan: StoredPlan) -> Localized:
    if plan.place.startswith(f"{Face.CHAT.value}:"):
        return _IN_A_TERMINAL
    if plan.place.startswith(f"{Face.MCP.value}:"):
        return _IN_A_CLIENT
    return _IN_A_GROUP if _is_group(plan.place) else _IN_PRIVATE

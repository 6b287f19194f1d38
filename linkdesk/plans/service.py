"""Approval of plans: a plan is decided by one person and applied once.

Approved requests go through the desk again, which reads the current state: an approval covers no more than the person
was shown.
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
"""Maximum time of a part; a plan that runs longer than all of its parts may is abandoned."""
MIN_RUN_TIME: Final = timedelta(minutes=15)

_TELEGRAM: Final = f"{Face.TELEGRAM.value}:"
_IN_PRIVATE: Final = Localized(en="in your private chat with the bot", ru="в вашем личном чате с ботом")
_IN_A_GROUP: Final = Localized(en="in the group where it was asked", ru="в группе, где он задан")
_IN_A_CLIENT: Final = Localized(en="in the program of the assistant", ru="в программе ассистента")
_IN_A_TERMINAL: Final = Localized(en="in the terminal", ru="в терминале")

SameEmployee: TypeAlias = Callable[[str, str], Awaitable[bool]]
"""Returns whether two keys belong to the same employee."""


async def never_same_employee(_one: str, _other: str) -> bool:
    """Treat every key as a different employee."""
    return False


class Approvals:
    """The plans of one desk that wait for approval."""

    def __init__(
        self,
        plans: Plans,
        does: DoRequest,
        now: Callable[[], datetime],
        same: SameEmployee = never_same_employee,
        begun: FindChanges = no_changes,
    ) -> None:
        """Take the store, `Desk.do`, the clock, the comparison of employees' keys, and the audit log's lookup."""
        self._same = same
        self._begun = begun
        self._plans = plans
        self._does = does
        self._now = now
        self._settling: Final = set[asyncio.Task[StoredPlan]]()

    async def save(  # noqa: PLR0913 - what there is to say of a question
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
        """Store plans as one, to wait for the person's decision.

        Raises:
            Trouble: they cannot be stored.
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
        await self._plans.save(plan)
        return plan

    async def waiting_at(self, actor: Actor, place: str) -> StoredPlan | None:
        """Return the plan that waits for the person in a chat, with its state at this time; None if there is none."""
        plan = await self._plans.waiting_in(actor.who, place)
        return None if plan is None else replace(plan, state=plan.state_at(self._now()))

    async def open_of(self, actor: Actor, limit: int = 20) -> list[StoredPlan]:
        """Return the person's plans that are neither settled nor expired, newest first."""
        found = await self._plans.open_of(actor.who, limit)
        return [plan for plan in found if plan.state_at(self._now()) is not PlanState.EXPIRED]

    async def find(self, plan_id: str, actor: Actor) -> StoredPlan:
        """Return a plan of this person, with its state at this time.

        Raises:
            Trouble: there is none, or it belongs to somebody else.
        """
        plan = await self._plans.find(plan_id)
        if plan is None:
            raise Trouble(plan_errors.NO_SUCH_PLAN)
        if plan.who != actor.who and not await self._is_theirs(plan, actor):
            raise Trouble(plan_errors.NOT_YOUR_PLAN)
        return replace(plan, state=plan.state_at(self._now()))

    async def with_known_outcomes(self, plan: StoredPlan) -> StoredPlan:
        """Return a plan, with unknown outcomes of its parts updated from the audit log."""
        if all(step.state is not StepState.UNKNOWN for step in plan.steps):
            return plan
        known = [
            await step_from_audit_log(self._begun, plan, place) or step if step.state is StepState.UNKNOWN else step
            for place, step in enumerate(plan.steps)
        ]
        return replace(plan, steps=tuple(known))

    async def decide(self, plan_id: str, actor: Actor, *, agreed: bool) -> StoredPlan:
        """Approve or reject a plan, as the person it belongs to and in the chat where they were asked.

        Raises:
            Trouble: it is not theirs, was asked elsewhere, is expired, or was decided before; nothing was changed.
        """
        plan = await self.find(plan_id, actor)
        _check_place(plan, actor)
        if plan.state is not PlanState.WAITING:
            # The same press, redelivered after a crash, continues the run and repeats nothing.
            if agreed and (plan.state is PlanState.APPROVED or self._left_behind(plan)):
                return plan
            raise Trouble(_settled_failure(plan))
        to = PlanState.APPROVED if agreed else PlanState.REJECTED
        moved = await self._plans.change_state(plan, to, by=actor.name)
        if moved is None:
            raise Trouble(plan_errors.SETTLED)
        log.info("plan.decided", plan=plan.id, agreed=agreed, by=actor.name, face=actor.face, client=plan.client)
        return moved

    async def cancel(self, plan_id: str, actor: Actor) -> StoredPlan:
        """Cancel a plan, or let a running one stop after the parts that started.

        Raises:
            Trouble: it is not theirs, waits elsewhere, or is settled.
        """
        plan = await self.find(plan_id, actor)
        if plan.state is PlanState.WAITING:
            _check_place(plan, actor)
        if plan.state in SETTLED or plan.state is PlanState.EXPIRED:
            raise Trouble(_settled_failure(plan))
        to = PlanState.STOPPING if plan.state in IN_PROGRESS else PlanState.CANCELLED
        if self._left_behind(plan):
            to = PlanState.STOPPED
        moved = plan if plan.state is to else await self._plans.change_state(plan, to)
        if moved is None:
            raise Trouble(plan_errors.SETTLED)
        return moved

    async def set_message(self, plan_id: str, message: int) -> None:
        """Store the id of the message with the question."""
        await self._plans.set_message(plan_id, message)

    async def without_question(self, limit: int = 20) -> list[StoredPlan]:
        """Return the waiting plans of assistants without a question, except those another process claimed."""
        found = await self._plans.without_question(self._now(), limit)
        return [plan for plan in found if plan.message is None or (plan.worker is not None and is_dead(plan.worker))]

    async def claim_question(self, plan: StoredPlan, language: Language) -> StoredPlan | None:
        """Claim the sending of a plan's question; return None if another process did, or it no longer waits."""
        asking = replace(plan, worker=WORKER, message=BEING_ASKED, language=language)
        taken = await self._plans.claim_question(plan, worker=WORKER, message=BEING_ASKED, language=language)
        return asking if taken else None

    async def release_question(self, plan: StoredPlan) -> None:
        """Release the claim on a plan's question."""
        await self._plans.claim_question(plan, worker=None, message=None, language=plan.language)

    async def withdraw(self, plan: StoredPlan) -> None:
        """Cancel a plan whose question need not be answered any more."""
        # It may have expired, which is no stored state.
        await self._plans.change_state(replace(plan, state=PlanState.WAITING), PlanState.CANCELLED)

    async def carry_out(self, plan: StoredPlan, actor: Actor, *, on_step: OnStepDone | None = None) -> StoredPlan:
        """Apply an approved plan once, with the person's current rights, and different targets concurrently.

        Raises:
            Trouble: it is not approved, is expired, or is being applied or was applied already.
        """
        claimed = await self._claimed(plan)
        doer = replace(claimed.actor, role=actor.role, toolsets=actor.toolsets)
        run = PlanRun(claimed, doer, self._does, self._plans, self._begun, on_step)
        try:
            with bulk() if len(claimed.plans) > MAX_INTERACTIVE_PARTS else nullcontext():
                stopped = await run.run()
        except asyncio.CancelledError:
            # What was sent is read back in the background and audited, even if the caller is cancelled again.
            settling = asyncio.create_task(self._settle(claimed, run.abandoned_steps(), stopped=True))
            self._settling.add(settling)
            settling.add_done_callback(self._settling.discard)
            await asyncio.shield(settling)
            raise
        return await self._settle(claimed, run.final_steps(), stopped=stopped)

    async def finish(self) -> None:
        """Wait until the outcomes of plans whose callers are gone are stored."""
        while self._settling:
            await asyncio.wait(self._settling)

    async def _settle(self, plan: StoredPlan, steps: tuple[PlanStep, ...], *, stopped: bool) -> StoredPlan:
        """Store the outcome. It is returned even if it cannot be stored: the audit log has it all the same."""
        to = PlanState.STOPPED if stopped else PlanState.DONE
        try:
            state = await self._plans.save_progress(plan, steps)
            if state is not None:
                await self._plans.change_state(replace(plan, state=state), to)
        except Trouble as trouble:
            log.error("plan.not_settled", plan=plan.id, error=trouble.failure.code)  # noqa: TRY400 - no trace is wanted
        return replace(plan, steps=steps, state=to)

    async def _claimed(self, plan: StoredPlan) -> StoredPlan:
        now = self._now()
        if plan.state_at(now) is not PlanState.APPROVED and not self._left_behind(plan):
            plan = replace(plan, state=plan.state_at(now))
            raise Trouble(plan_errors.NOT_APPROVED if plan.state is PlanState.WAITING else _settled_failure(plan))
        until = now + max(MIN_RUN_TIME, MAX_STEP_TIME * len(plan.plans))
        # Each run has its own name, so that one that was taken for dead notices its replacement.
        claimed = await self._plans.change_state(
            plan, PlanState.RUNNING, worker=f"{WORKER}:{new_plan_id()}", until=until
        )
        if claimed is None:
            raise Trouble(plan_errors.SETTLED)
        return claimed

    async def _is_theirs(self, plan: StoredPlan, actor: Actor) -> bool:
        """Return whether a person in Telegram is the employee for whom an assistant works under another key."""
        if plan.face is not Face.MCP or actor.face is not Face.TELEGRAM:
            return False
        return await self._same(plan.who, actor.who)

    def _left_behind(self, plan: StoredPlan) -> bool:
        """Return whether the process that applied a plan is dead."""
        if plan.state not in IN_PROGRESS or plan.worker is None:
            return False
        return self._now() >= plan.until or (not plan.worker.startswith(WORKER) and is_dead(plan.worker))


_SETTLED_FAILURES: Final = {
    PlanState.EXPIRED: plan_errors.EXPIRED,
    PlanState.RUNNING: plan_errors.RUNNING,
    PlanState.STOPPING: plan_errors.RUNNING,
}


def _settled_failure(plan: StoredPlan) -> Failure:
    return _SETTLED_FAILURES.get(plan.state, plan_errors.SETTLED)


def _check_place(plan: StoredPlan, actor: Actor) -> None:
    """Check that a person answers where they were asked.

    Raises:
        Trouble: the question waits in another place.
    """
    # An assistant can use a terminal, so an answer there need not be the person's.
    by_itself = plan.face is Face.MCP and actor.face is Face.CHAT
    # An assistant's question is sent to the person in private, and not answered in a group.
    in_public = plan.face is Face.MCP and _is_group(actor.place)
    if by_itself or in_public or (plan.place and actor.place and plan.place != actor.place):
        raise Trouble(plan_errors.ASKED_ELSEWHERE, {"where": _place_name(plan)})


def _is_group(place: str) -> bool:
    """Return whether a place is a Telegram group, whose id is negative."""
    return place.startswith(f"{_TELEGRAM}-")


def _place_name(plan: StoredPlan) -> Localized:
    if plan.place.startswith(f"{Face.CHAT.value}:"):
        return _IN_A_TERMINAL
    if plan.place.startswith(f"{Face.MCP.value}:"):
        return _IN_A_CLIENT
    return _IN_A_GROUP if _is_group(plan.place) else _IN_PRIVATE

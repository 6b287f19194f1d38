"""Plans that wait for approval: stored until a person decides, and applied once.

A plan is claimed by an atomic change of its state: whoever comes second finds it changed.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from linkdesk.audit.log import ID_ALPHABET, ID_LENGTH
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.model.outcome import AnyPlan, SkippedPart
from tool_specs.declaration.localized import Language, Localized

LIFETIME: Final = timedelta(minutes=10)
"""How long a question in a chat can be answered."""
REMOTE_LIFETIME: Final = timedelta(hours=1)
"""How long an assistant's plan waits for a person elsewhere."""
RETENTION: Final = timedelta(days=7)
"""How long a settled plan is kept."""
MAX_IN_MEMORY: Final = 10_000
BEING_ASKED: Final = 0
"""Instead of a message id: the plan's `worker` is about to ask the person."""


class PlanState(StrEnum):
    """The state of a plan."""

    WAITING = "waiting"
    APPROVED = "approved"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Nobody decided in time. Never stored: it follows from the time."""


SETTLED: Final = frozenset({PlanState.DONE, PlanState.STOPPED, PlanState.REJECTED, PlanState.CANCELLED})
IN_PROGRESS: Final = frozenset({PlanState.RUNNING, PlanState.STOPPING})


class StepState(StrEnum):
    """The state of one part of a plan."""

    TO_DO = "to_do"
    BEGUN = "begun"
    DONE = "done"
    ALREADY_SO = "already_so"
    MOVED_ON = "moved_on"
    """The target changed since the person approved."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_TRIED = "not_tried"


UNFINISHED_STEPS: Final = frozenset({StepState.TO_DO, StepState.BEGUN})
"""The states of parts that have still to be carried out."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """The progress of one part of a plan; `said` describes an error."""

    state: StepState = StepState.TO_DO
    change_id: str | None = None
    code: str | None = None
    said: Localized | None = None
    also: tuple[Localized, ...] = ()
    """Remarks on what else the portal changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """A stored plan: who decides, what it does, and its state."""

    id: str
    who: str
    """The key of the employee who decides, as in the stored tokens."""
    name: str
    role: Role
    face: Face
    client: str | None = None
    """The name of the assistant's client program."""
    place: str = ""
    """The chat with the question; empty where it may be answered anywhere."""
    message: int | None = None
    """The id of the message with the question, if it has one; `BEING_ASKED` while it is being sent."""
    language: Language = "en"
    plans: tuple[AnyPlan, ...]
    steps: tuple[PlanStep, ...]
    made: datetime
    until: datetime
    state: PlanState = PlanState.WAITING
    decided_by: str | None = None
    worker: str | None = None
    """The process that applies it."""
    unfit: tuple[SkippedPart, ...] = ()
    """Requested parts that are skipped."""
    also: tuple[Localized, ...] = ()
    """Remarks on the whole plan."""

    @property
    def actor(self) -> Actor:
        """The person with whose rights it is applied."""
        return Actor(self.name, self.face, self.role, self.who, self.client)

    @property
    def remaining(self) -> tuple[int, ...]:
        """The indexes of the parts that have still to be carried out."""
        return tuple(place for place, step in enumerate(self.steps) if step.state in UNFINISHED_STEPS)

    @property
    def is_unasked(self) -> bool:
        """Whether this is a waiting plan of an assistant, for which no message was sent yet."""
        is_open = self.state is PlanState.WAITING and self.face is Face.MCP and not self.place
        return is_open and self.message in {None, BEING_ASKED}

    def state_at(self, now: datetime) -> PlanState:
        """Return the state at a time, by which the plan may have expired."""
        late = self.state in {PlanState.WAITING, PlanState.APPROVED} and now >= self.until
        return PlanState.EXPIRED if late else self.state


class Plans(Protocol):
    """Stores the plans of one portal."""

    async def save(self, plan: StoredPlan, /) -> None:
        """Store a plan, replacing one that waits for the same person in the same chat.

        Raises:
            Trouble: it cannot be stored, so nobody can be asked.
        """
        ...

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Return a plan by its id, or None."""
        ...

    async def waiting_in(self, who: str, place: str, /) -> StoredPlan | None:
        """Return the plan that waits for a person in a chat, expired or not; None if there is none."""
        ...

    async def open_of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Return a person's plans that are not settled, newest first."""
        ...

    async def change_state(
        self,
        plan: StoredPlan,
        to: PlanState,
        /,
        *,
        by: str | None = None,
        worker: str | None = None,
        until: datetime | None = None,
    ) -> StoredPlan | None:
        """Change the state of a plan if its state and worker are as read before; else return None.

        Raises:
            Trouble: it cannot be stored.
        """
        ...

    async def save_progress(self, plan: StoredPlan, steps: Sequence[PlanStep], /) -> PlanState | None:
        """Store the progress of the parts, and return the plan's state, which may ask to stop.

        Returns None and stores nothing if another worker has taken over the plan.
        """
        ...

    async def set_message(self, plan_id: str, message: int, /) -> None:
        """Store the id of the message with the question."""
        ...

    async def without_question(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Return the waiting plans of assistants for which no message was sent yet, oldest first."""
        ...

    async def claim_question(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Claim the sending of a plan's question, or release the claim; return False if another process was first."""
        ...


class MemoryPlans:
    """Plans in memory; the oldest make room for new ones."""

    def __init__(self) -> None:
        """Start empty."""
        self._plans: OrderedDict[str, StoredPlan] = OrderedDict()

    async def save(self, plan: StoredPlan, /) -> None:
        """Store a plan, replacing one that waits for the same person in the same chat."""
        before = await self.waiting_in(plan.who, plan.place) if plan.place else None
        if before is not None:
            self._plans[before.id] = replace(before, state=PlanState.CANCELLED)
        self._plans[plan.id] = plan
        while len(self._plans) > MAX_IN_MEMORY:
            self._plans.popitem(last=False)

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Return a plan by its id, or None."""
        return self._plans.get(plan_id)

    async def waiting_in(self, who: str, place: str, /) -> StoredPlan | None:
        """Return the plan that waits for a person in a chat, or None."""
        return next(iter(self._found(who, {PlanState.WAITING}, place)), None)

    async def open_of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Return a person's plans that are not settled, newest first."""
        return self._found(who, frozenset(PlanState) - SETTLED)[:limit]

    async def change_state(
        self,
        plan: StoredPlan,
        to: PlanState,
        /,
        *,
        by: str | None = None,
        worker: str | None = None,
        until: datetime | None = None,
    ) -> StoredPlan | None:
        """Change the state of a plan if its state and worker are as read before."""
        there = self._plans.get(plan.id)
        if there is None or (there.state, there.worker) != (plan.state, plan.worker):
            return None
        moved = replace(
            there,
            state=to,
            decided_by=by or there.decided_by,
            worker=worker or there.worker,
            until=until or there.until,
        )
        self._plans[plan.id] = moved
        return moved

    async def save_progress(self, plan: StoredPlan, steps: Sequence[PlanStep], /) -> PlanState | None:
        """Store the progress of the parts."""
        there = self._plans.get(plan.id)
        if there is None or there.worker != plan.worker:
            return None
        self._plans[plan.id] = replace(there, steps=tuple(steps))
        return there.state

    async def set_message(self, plan_id: str, message: int, /) -> None:
        """Store the id of the message with the question."""
        if plan_id in self._plans:
            self._plans[plan_id] = replace(self._plans[plan_id], message=message)

    async def without_question(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Return the waiting plans of assistants for which no message was sent yet."""
        return [plan for plan in self._plans.values() if plan.is_unasked and plan.until > now][:limit]

    async def claim_question(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Claim the sending of a plan's question, or release the claim."""
        there = self._plans.get(plan.id)
        seen = (PlanState.WAITING, plan.worker, plan.message)
        if there is None or (there.state, there.worker, there.message) != seen:
            return False
        self._plans[plan.id] = replace(there, worker=worker, message=message, language=language)
        return True

    def _found(self, who: str, states: Collection[PlanState], place: str | None = None) -> list[StoredPlan]:
        return [
            plan
            for plan in reversed(self._plans.values())
            if plan.who == who and plan.state in states and place in {None, plan.place}
        ]


def new_plan_id() -> str:
    """Return a new id that is short enough to type and hard to guess."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))

"""Plans that wait: what somebody wants done, kept until one person decides, and carried out once.

A plan is claimed by moving it from one state to the next in one step of the store: whoever comes second finds it moved.
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
"""How long a question in a chat waits."""
REMOTE_LIFETIME: Final = timedelta(hours=1)
"""How long a plan of an assistant waits for a person elsewhere."""
RETENTION: Final = timedelta(days=7)
"""How long a plan that is settled can still be looked at."""
MAX_IN_MEMORY: Final = 10_000
BEING_ASKED: Final = 0
"""In place of a message's number: the plan's `worker` is about to ask the person."""


class PlanState(StrEnum):
    """Where a plan is on its way."""

    WAITING = "waiting"
    APPROVED = "approved"
    RUNNING = "running"
    STOPPING = "stopping"
    DONE = "done"
    STOPPED = "stopped"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Nobody decided in time. Never kept: a plan that waits is this once its time is over."""


SETTLED: Final = frozenset({PlanState.DONE, PlanState.STOPPED, PlanState.REJECTED, PlanState.CANCELLED})
IN_PROGRESS: Final = frozenset({PlanState.RUNNING, PlanState.STOPPING})


class StepState(StrEnum):
    """What came of one part of a plan."""

    TO_DO = "to_do"
    BEGUN = "begun"
    DONE = "done"
    ALREADY_SO = "already_so"
    MOVED_ON = "moved_on"
    """What is there now is not what the person agreed to change."""
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOT_TRIED = "not_tried"


UNFINISHED_STEPS: Final = frozenset({StepState.TO_DO, StepState.BEGUN})
"""What has still to be done."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """How far one part of a plan is; `said` tells what went wrong."""

    state: StepState = StepState.TO_DO
    change_id: str | None = None
    code: str | None = None
    said: Localized | None = None
    also: tuple[Localized, ...] = ()
    """What the portal changed beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """A plan that waits or waited: whose it is, what it does, and how far it is."""

    id: str
    who: str
    """The employee who decides, as their tokens are kept."""
    name: str
    role: Role
    face: Face
    client: str | None = None
    """The program that asked for it: an assistant's."""
    place: str = ""
    """The chat where the question stands; empty where it may be answered wherever the person is."""
    message: int | None = None
    """The number of the message that asks, where that has one; `BEING_ASKED` while it is on its way."""
    language: Language = "en"
    plans: tuple[AnyPlan, ...]
    steps: tuple[PlanStep, ...]
    made: datetime
    until: datetime
    state: PlanState = PlanState.WAITING
    decided_by: str | None = None
    worker: str | None = None
    """The process that carries it out."""
    unfit: tuple[SkippedPart, ...] = ()
    """What was asked for as well and will not be done."""
    also: tuple[Localized, ...] = ()
    """What else there is to say of the whole."""

    @property
    def actor(self) -> Actor:
        """The person whose rights it is carried out with."""
        return Actor(self.name, self.face, self.role, self.who, self.client)

    @property
    def left(self) -> tuple[int, ...]:
        """The places of the parts that have still to be done."""
        return tuple(place for place, step in enumerate(self.steps) if step.state in UNFINISHED_STEPS)

    @property
    def is_unasked(self) -> bool:
        """Tell whether an assistant's plan waits that may be answered anywhere, and no message asks about it yet."""
        is_open = self.state is PlanState.WAITING and self.face is Face.MCP and not self.place
        return is_open and self.message in {None, BEING_ASKED}

    def state_at(self, now: datetime) -> PlanState:
        """Tell the state, in which one whose time is over has expired."""
        late = self.state in {PlanState.WAITING, PlanState.APPROVED} and now >= self.until
        return PlanState.EXPIRED if late else self.state


class Plans(Protocol):
    """Keeps the plans of one portal."""

    async def keep(self, plan: StoredPlan, /) -> None:
        """Keep a plan, in place of what waited for the same person at the same place.

        Raises:
            Trouble: it cannot be kept, so nobody can be asked.
        """
        ...

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Find a plan by its id."""
        ...

    async def at(self, who: str, place: str, /) -> StoredPlan | None:
        """Find what waits for a person at a place, its time over or not."""
        ...

    async def of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Give a person's plans that are not settled, newest first."""
        ...

    async def move(
        self,
        plan: StoredPlan,
        to: PlanState,
        /,
        *,
        by: str | None = None,
        worker: str | None = None,
        until: datetime | None = None,
    ) -> StoredPlan | None:
        """Move a plan from the state it was seen in, by the worker it was seen with; None where somebody else did.

        Raises:
            Trouble: the store does not take it.
        """
        ...

    async def note(self, plan: StoredPlan, steps: Sequence[PlanStep], /) -> PlanState | None:
        """Keep how far the parts are, and tell the state: whoever carries it out learns that it is to stop.

        None, and nothing is kept, where another worker carries the plan out by now.
        """
        ...

    async def shown(self, plan_id: str, message: int, /) -> None:
        """Remember the message that asks."""
        ...

    async def unasked(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Give assistants' plans that wait and no message asks about yet, those about to be asked too, oldest first."""
        ...

    async def take_up(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Let one process ask about a plan that waits, or give that up; False if another came between."""
        ...


class MemoryPlans:
    """Plans that are gone with the process; the oldest make room."""

    def __init__(self) -> None:
        """Begin with none."""
        self._plans: OrderedDict[str, StoredPlan] = OrderedDict()

    async def keep(self, plan: StoredPlan, /) -> None:
        """Keep a plan, in place of what waited for the same person at the same place."""
        before = await self.at(plan.who, plan.place) if plan.place else None
        if before is not None:
            self._plans[before.id] = replace(before, state=PlanState.CANCELLED)
        self._plans[plan.id] = plan
        while len(self._plans) > MAX_IN_MEMORY:
            self._plans.popitem(last=False)

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Find a plan by its id."""
        return self._plans.get(plan_id)

    async def at(self, who: str, place: str, /) -> StoredPlan | None:
        """Find what waits for a person at a place."""
        return next(iter(self._found(who, {PlanState.WAITING}, place)), None)

    async def of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Give a person's plans that are not settled, newest first."""
        return self._found(who, frozenset(PlanState) - SETTLED)[:limit]

    async def move(
        self,
        plan: StoredPlan,
        to: PlanState,
        /,
        *,
        by: str | None = None,
        worker: str | None = None,
        until: datetime | None = None,
    ) -> StoredPlan | None:
        """Move a plan from the state it was seen in, by the worker it was seen with."""
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

    async def note(self, plan: StoredPlan, steps: Sequence[PlanStep], /) -> PlanState | None:
        """Keep how far the parts are."""
        there = self._plans.get(plan.id)
        if there is None or there.worker != plan.worker:
            return None
        self._plans[plan.id] = replace(there, steps=tuple(steps))
        return there.state

    async def shown(self, plan_id: str, message: int, /) -> None:
        """Remember the message that asks."""
        if plan_id in self._plans:
            self._plans[plan_id] = replace(self._plans[plan_id], message=message)

    async def unasked(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Give assistants' plans that wait and no message asks about yet."""
        return [plan for plan in self._plans.values() if plan.is_unasked and plan.until > now][:limit]

    async def take_up(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Let one process ask about a plan that waits, or give that up."""
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
    """Make an id that is short enough to be typed and cannot be guessed."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))

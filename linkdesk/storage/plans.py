"""The plans of one portal in the database."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import structlog
from pydantic import ValidationError
from sqlalchemy import RowMapping, delete, insert, or_, select, update

from linkdesk.auth.policy import Face, Role
from linkdesk.plans.codec import EXTRAS, extras_as_json, extras_from_json, plan_as_json, plan_from_json
from linkdesk.plans.model import (
    BEING_ASKED,
    IN_PROGRESS,
    RETENTION,
    SETTLED,
    PlanState,
    PlanStep,
    StepState,
    StoredPlan,
)
from linkdesk.storage.database import Database
from linkdesk.storage.tables import PlanRow
from linkdesk.storage.url import DatabaseAddress
from tool_specs.declaration.localized import Language, Localized

log = structlog.stdlib.get_logger()

_TABLE = PlanRow.__table__


class StoredPlans:
    """The plans of one portal, in the database."""

    def __init__(self, store: Database, origin: str) -> None:
        """Take the database and the portal's origin."""
        self._store = store
        self._origin = origin

    async def save(self, plan: StoredPlan, /) -> None:
        """Store a plan, replacing one that waits for the same person in the same chat.

        Raises:
            Trouble: it cannot be stored, so nobody can be asked.
        """
        async with self._store.transaction(flushed=False) as session:
            # Old settled plans are purged, as they hold names of clients.
            await session.execute(
                delete(PlanRow).where(
                    PlanRow.origin == self._origin,
                    PlanRow.until < plan.made - RETENTION,
                    PlanRow.state.not_in(sorted(IN_PROGRESS)),
                )
            )
            if plan.place:
                await session.execute(
                    update(PlanRow)
                    .where(
                        PlanRow.origin == self._origin,
                        PlanRow.who == plan.who,
                        PlanRow.place == plan.place,
                        PlanRow.state == PlanState.WAITING.value,
                    )
                    .values(state=PlanState.CANCELLED.value)
                )
            await session.execute(insert(PlanRow).values(origin=self._origin, **_values(plan)))

    async def find(self, plan_id: str, /) -> StoredPlan | None:
        """Return a plan by its id, or None."""
        return next(iter(await self._found(1, PlanRow.id == plan_id)), None)

    async def waiting_in(self, who: str, place: str, /) -> StoredPlan | None:
        """Return the plan that waits for a person in a chat, expired or not; None if there is none."""
        waiting = PlanRow.state == PlanState.WAITING.value
        return next(iter(await self._found(1, PlanRow.who == who, PlanRow.place == place, waiting)), None)

    async def open_of(self, who: str, limit: int, /) -> list[StoredPlan]:
        """Return a person's plans that are not settled, newest first."""
        return await self._found(limit, PlanRow.who == who, PlanRow.state.not_in(sorted(SETTLED)))

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
        seen = (PlanRow.state == plan.state.value, PlanRow.worker.is_not_distinct_from(plan.worker))
        values: dict[str, Any] = {"state": to.value}
        values |= {"decided_by": by} if by else {}
        values |= {"worker": worker} if worker else {}
        values |= {"until": until} if until else {}
        moving = update(PlanRow).where(PlanRow.origin == self._origin, PlanRow.id == plan.id, *seen)
        async with self._store.transaction(flushed=False) as session:
            moved = await session.execute(moving.values(values).returning(PlanRow.id))
            if moved.first() is None:
                return None
        return await self.find(plan.id)

    async def save_progress(self, plan: StoredPlan, steps: Sequence[PlanStep], /) -> PlanState | None:
        """Store the progress of the parts, and return the plan's state."""
        ours = PlanRow.worker.is_not_distinct_from(plan.worker)
        noting = update(PlanRow).where(PlanRow.origin == self._origin, PlanRow.id == plan.id, ours)
        async with self._store.transaction(flushed=False) as session:
            noted = await session.execute(
                noting.values(steps=[_step_as_json(step) for step in steps]).returning(PlanRow.state)
            )
            row = noted.first()
        return None if row is None else PlanState(row[0])

    async def set_message(self, plan_id: str, message: int, /) -> None:
        """Store the id of the message with the question."""
        shown = update(PlanRow).where(PlanRow.origin == self._origin, PlanRow.id == plan_id).values(message=message)
        async with self._store.transaction(flushed=False) as session:
            await session.execute(shown)

    async def without_question(self, now: datetime, limit: int, /) -> list[StoredPlan]:
        """Return the waiting plans of assistants without a message yet; an index finds those not expired."""
        waiting = (PlanRow.until > now, PlanRow.state == PlanState.WAITING.value, PlanRow.face == Face.MCP.value)
        nobody = or_(PlanRow.message.is_(None), PlanRow.message == BEING_ASKED)
        return await self._found(limit, *waiting, PlanRow.place == "", nobody, oldest_first=True)

    async def claim_question(
        self, plan: StoredPlan, /, *, worker: str | None, message: int | None, language: Language
    ) -> bool:
        """Claim the sending of a plan's question, or release the claim."""
        seen = (
            PlanRow.state == PlanState.WAITING.value,
            PlanRow.worker.is_not_distinct_from(plan.worker),
            PlanRow.message.is_not_distinct_from(plan.message),
        )
        taking = update(PlanRow).where(PlanRow.origin == self._origin, PlanRow.id == plan.id, *seen)
        values = {"worker": worker, "message": message, "language": language}
        async with self._store.transaction(flushed=False) as session:
            taken = await session.execute(taking.values(values).returning(PlanRow.id))
            return taken.first() is not None

    async def _found(
        self,
        limit: int,
        *where: Any,  # noqa: ANN401 - SQLAlchemy's conditions
        oldest_first: bool = False,
    ) -> list[StoredPlan]:
        query = select(*_TABLE.columns).where(PlanRow.origin == self._origin, *where)
        order = PlanRow.number if oldest_first else PlanRow.number.desc()
        async with self._store.read_session() as session:
            rows = (await session.execute(query.order_by(order).limit(limit))).mappings().all()
        return [plan for row in rows if (plan := _plan(row)) is not None]


@asynccontextmanager
async def open_stored_plans(address: DatabaseAddress, origin: str) -> AsyncGenerator[StoredPlans]:
    """Open the database with the plans.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Database.open(address) as store:
        yield StoredPlans(store, origin)


def _values(plan: StoredPlan) -> dict[str, Any]:
    return {
        "id": plan.id,
        "who": plan.who[:200],
        "name": plan.name[:200],
        "role": plan.role.value,
        "face": plan.face.value,
        "client": plan.client and plan.client[:200],
        "place": plan.place,
        "message": plan.message,
        "language": plan.language,
        "plans": [*(plan_as_json(one) for one in plan.plans), *extras_as_json(plan.unfit, plan.also)],
        "steps": [_step_as_json(step) for step in plan.steps],
        "made": plan.made,
        "until": plan.until,
        "state": plan.state.value,
        "decided_by": plan.decided_by,
        "worker": plan.worker,
    }


def _plan(row: RowMapping) -> StoredPlan | None:
    """Build a plan from a row; None for one that another version stored differently."""
    values: dict[str, Any] = {str(name): value for name, value in row.items() if name not in {"number", "origin"}}
    try:
        values["unfit"], values["also"] = extras_from_json(row["plans"])
        values["plans"] = tuple(plan_from_json(form) for form in row["plans"] if EXTRAS not in form)
    except (ValidationError, KeyError, TypeError):
        log.warning("plans.not_readable", plan=values["id"])
        return None
    values["steps"] = tuple(_step_from_json(form) for form in values["steps"])
    values |= {"role": Role(row["role"]), "face": Face(row["face"]), "state": PlanState(row["state"])}
    return StoredPlan(**values)


def _step_as_json(step: PlanStep) -> dict[str, Any]:
    said = None if step.said is None else step.said.as_json()
    also = [one.as_json() for one in step.also]
    return {"state": step.state.value, "change_id": step.change_id, "code": step.code, "said": said, "also": also}


def _step_from_json(form: Mapping[str, Any]) -> PlanStep:
    said = None if form["said"] is None else Localized.from_json(form["said"])
    also = tuple(Localized.from_json(one) for one in form.get("also", ()))
    return PlanStep(StepState(form["state"]), form["change_id"], form["code"], said, also)

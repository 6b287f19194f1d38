"""Putting one request's writes on record: begun before the first is sent, closed with what was found out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import structlog

from linkdesk.audit.log import AuditLog, Change, ChangeState, new_change_id, storable_state
from linkdesk.auth.policy import Actor
from linkdesk.errors.base import Changed, Trouble
from linkdesk.model.outcome import Plan, RecordPlan
from linkdesk.runtime.processes import WORKER
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method

log = structlog.stdlib.get_logger()

_STATES: Final[Mapping[Changed, ChangeState]] = {
    Changed.NO: ChangeState.REFUSED,
    Changed.YES: ChangeState.DONE,
    Changed.PARTLY: ChangeState.PARTLY,
    Changed.UNKNOWN: ChangeState.UNKNOWN,
}


@dataclass(slots=True)
class AuditEntry:
    """A write that is on record; whoever carries it out notes here what was seen."""

    id: str
    target_id: int | None
    after: Any = None
    also: tuple[Localized, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Puts the writes of one request on record."""

    record: AuditLog
    actor: Actor
    request: Method[Any]
    now: Callable[[], datetime]
    undoes: Change | None = None
    """The change that the request undoes."""

    @asynccontextmanager
    async def writing(
        self,
        plan: Plan | RecordPlan,
        before: Any,  # noqa: ANN401 - JSON
        planned: Any,  # noqa: ANN401 - JSON
        *,
        known: tuple[int, ...] | None = None,
    ) -> AsyncGenerator[AuditEntry]:
        """Begin a row before the block sends anything, and close it with what came of it.

        A block that ends with anything but a `Trouble` leaves the row open: it is not known what came of it.

        Args:
            plan: what is carried out.
            before: what is there.
            planned: what will be there.
            known: where a record is made, the ids of those like it that are there.

        Raises:
            Trouble: the row cannot be kept; then nothing is sent.
        """
        change = Change(
            id=new_change_id(),
            who=self.actor.who[:200],
            name=self.actor.name[:200],
            face=self.actor.face,
            tool=self.request.name(),
            arguments=storable_state(self.request.model_dump(mode="json", by_alias=True, exclude_none=True)) or {},
            target_type=plan.target.type,
            target_id=plan.target.id,
            kind=plan.kind if isinstance(plan, Plan) else "record",
            before=storable_state(before),
            planned=storable_state(planned),
            known=known,
            destroys=plan.destroys or (self.undoes is not None and self.undoes.destroys),
            undoes=None if self.undoes is None else self.undoes.id,
            worker=WORKER,
            started=self.now(),
            request_key=self.actor.request_key,
        )
        await self.record.begin(change)
        entry = AuditEntry(change.id, change.target_id)
        try:
            yield entry
        except Trouble as trouble:
            await self._close(change, entry, _STATES[trouble.changed])
            raise
        await self._close(change, entry, ChangeState.DONE)

    async def _close(self, change: Change, entry: AuditEntry, state: ChangeState) -> None:
        closed = replace(
            change,
            state=state,
            target_id=entry.target_id,
            after=storable_state(entry.after),
            also=entry.also,
            finished=self.now(),
        )
        try:
            await self.record.close(closed)
        except Trouble as trouble:
            # The write itself is done and told; the open row is cleared up by a look at the portal later.
            log.error("record.not_closed", change=change.id, error=trouble.failure.code)  # noqa: TRY400 - no trace is wanted

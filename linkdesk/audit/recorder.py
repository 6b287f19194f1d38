"""Recording the writes of one request: each row is opened before sending and closed with the outcome."""

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
    """An open row of the audit log, in which the writer notes what was read back."""

    id: str
    target_id: int | None
    after: Any = None
    also: tuple[Localized, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records the writes of one request."""

    record: AuditLog
    actor: Actor
    request: Method[Any]
    now: Callable[[], datetime]
    undoes: Change | None = None
    """The change that the request undoes, if it is an undo."""

    @asynccontextmanager
    async def writing(
        self,
        plan: Plan | RecordPlan,
        before: Any,  # noqa: ANN401 - JSON
        planned: Any,  # noqa: ANN401 - JSON
        *,
        known: tuple[int, ...] | None = None,
    ) -> AsyncGenerator[AuditEntry]:
        """Open a row before the block sends anything, and close it with the outcome.

        A block that raises anything but `Trouble` leaves the row open, as the outcome is unknown.

        Args:
            plan: the plan that is applied.
            before: the current state.
            planned: the state to be reached.
            known: when a record is created, the ids of similar existing records.

        Raises:
            Trouble: the row cannot be stored; then nothing is sent.
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
            # The write itself succeeded; recovery closes the row later by reading the portal.
            log.error("record.not_closed", change=change.id, error=trouble.failure.code)  # noqa: TRY400 - no trace is wanted

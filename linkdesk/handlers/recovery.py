"""Recover changes that a process left open: what the portal holds shows their outcome. Nothing is sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import structlog

from linkdesk.audit.log import OPEN_STATES, AuditLog, Change, ChangeState
from linkdesk.auth.policy import Actor
from linkdesk.errors.base import PortalError, Refused, Trouble
from linkdesk.execution.apply_list import as_wire
from linkdesk.execution.apply_record import view_as_json
from linkdesk.execution.context import PortalApi
from linkdesk.execution.created_records import NOT_FOUND_CODES, CreatedRecordFinder
from linkdesk.execution.list_plan import items_of, reading_of, refs_of
from linkdesk.handlers.changes import CREATING_TOOLS
from linkdesk.handlers.undo_records import UNDOABLE
from linkdesk.model.outcome import RecordType
from linkdesk.portal.client import DEADLINE_S
from linkdesk.runtime.processes import is_dead
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import ListItem

log = structlog.stdlib.get_logger()

MAX_WRITE_TIME: Final = timedelta(minutes=15)
"""A row that is open for longer is abandoned, whatever machine its process ran on."""
RETRY_INTERVAL: Final = timedelta(minutes=1)
MAX_CALL_TIME: Final = timedelta(seconds=DEADLINE_S)
"""How long a call may take to be sent and carried out."""
MAX_RIVALS: Final = 500
"""How many of the latest changes are checked for claiming a new record."""

PortalOf = Callable[[Actor], Awaitable[PortalApi]]


async def recover_open_changes(record: AuditLog, portal_of: PortalOf, now: datetime) -> None:
    """Read the portal for each row that a process left open, and close it with the outcome.

    Raises:
        Trouble: the record cannot be read.
    """
    for change in await record.unfinished():
        if not _is_abandoned(change, now):
            continue
        try:
            portal = await portal_of(Actor(change.name, change.face, employee=change.who))
            closed = await (
                _find_created(record, portal, change) if _creates(change) else _read_outcome(record, portal, change)
            )
        except (PortalError, Trouble) as error:
            log.info("record.not_cleared_up", change=change.id, error=type(error).__name__)
            closed = replace(change, state=ChangeState.UNKNOWN, after=None)
        if closed.state is not ChangeState.DONE and now < _settles_at(change):
            # The portal may still be carrying out the last call: what is not there yet may appear.
            closed = replace(closed, state=ChangeState.UNKNOWN, after=None)
        await record.close(replace(closed, finished=now))
        log.info("record.cleared_up", change=change.id, state=closed.state.value)


def _is_abandoned(change: Change, now: datetime) -> bool:
    """Return whether no process works on an open row any more."""
    if change.state is ChangeState.UNKNOWN:
        # Earlier attempts could not determine the outcome; the portal may show it by now.
        return now - (change.finished or change.started) >= RETRY_INTERVAL
    gone = is_dead(change.worker)
    return gone or now - change.started >= MAX_WRITE_TIME


def _settles_at(change: Change) -> datetime:
    """Return the time after which no call of a change can be in progress: its calls are sent one by one."""
    calls = 1
    if change.kind == "bindings":
        was, planned = (refs_of(items_of(change, state)) for state in (change.before, change.planned))
        calls = len(set(was) ^ set(planned))
    return change.started + MAX_CALL_TIME * (calls + 1)


def _creates(change: Change) -> bool:
    return change.tool in CREATING_TOOLS and change.target_id is None


def _request(change: Change) -> Method[Any]:
    """Return the request of a change that creates a record, with its planned times."""
    request = CREATING_TOOLS[change.tool].model_validate(change.arguments)
    planned = cast("dict[str, Any]", change.planned or {})
    times: dict[str, Any] = {
        name: datetime.fromisoformat(planned[name]) for name in ("date_from", "date_to") if name in planned
    }
    return request.model_copy(update=times)


async def _find_created(record: AuditLog, portal: PortalApi, change: Change) -> Change:
    """Find the record that was to be created.

    Raises:
        PortalError: the portal cannot be read, or what is there is ambiguous.
    """
    if change.known is None or change.planned is None:
        return replace(change, state=ChangeState.UNKNOWN)
    others = [one for one in await record.latest(MAX_RIVALS) if one.tool in CREATING_TOOLS and one.id != change.id]
    claimed = [one.target_id for one in others if one.target_type == change.target_type and one.target_id is not None]
    rivals = [_request(one) for one in others if one.state in OPEN_STATES and _creates(one) and one.tool == change.tool]
    day = change.started.astimezone(UTC).date()
    known = (*change.known, *claimed)
    number = await CreatedRecordFinder(_request(change), known, day, change.planned, tuple(rivals)).find(portal)
    if number is None:
        return replace(change, state=ChangeState.NOT_DONE)
    made = view_as_json(await UNDOABLE[cast("RecordType", change.target_type)].read(portal, number))
    return replace(change, state=ChangeState.DONE, target_id=number, after=made)


async def _next_change(record: AuditLog, change: Change) -> Change | None:
    """Return the next change of the same target, whose state before is the state that this one left."""
    about = (change.target_type, change.target_id, change.kind)
    newest = await record.latest(MAX_RIVALS)
    its_place = next((place for place, one in enumerate(newest) if one.id == change.id), 0)
    later = newest[:its_place]
    same = [one for one in later if (one.target_type, one.target_id, one.kind) == about and one.before is not None]
    return same[-1] if same else None


async def _read_outcome(record: AuditLog, portal: PortalApi, change: Change) -> Change:
    """Read the target of a change, and return the outcome of the change.

    Raises:
        PortalError: it cannot be read.
    """
    if (later := await _next_change(record, change)) is not None:
        # The current state may be the effect of the later change.
        if change.kind == "record":
            return replace(change, state=_compare(change, later.before), after=later.before)
        was, planned, found = (refs_of(items_of(change, one)) for one in (change.before, change.planned, later.before))
        return replace(change, state=_how_much_applied(was, planned, found), after=later.before)
    if change.kind != "record":
        return await _list_outcome(portal, change)
    kept = UNDOABLE[cast("RecordType", change.target_type)]
    if change.target_id is None or change.before is None:
        return replace(change, state=ChangeState.UNKNOWN)
    try:
        after = view_as_json(await kept.read(portal, change.target_id))
    except Refused as error:
        if error.may_have_applied or change.planned is not None or error.code not in NOT_FOUND_CODES:
            raise
        return replace(change, state=ChangeState.DONE)
    return replace(change, state=_compare(change, after), after=after)


def _compare(change: Change, after: dict[str, Any] | None) -> ChangeState:
    """Compare a record with its states before and as planned."""
    if change.planned is None:
        return ChangeState.NOT_DONE
    names = [name for name, value in change.planned.items() if value != change.before.get(name)]
    there = [name for name in names if (after or {}).get(name) == change.planned[name]]
    if len(there) == len(names):
        return ChangeState.DONE
    untouched = all((after or {}).get(name) == change.before.get(name) for name in names)
    return ChangeState.NOT_DONE if untouched else ChangeState.UNKNOWN


async def _list_outcome(portal: PortalApi, change: Change) -> Change:
    field = {"booking": "booking_id", "waitlist": "waitlist_id"}.get(change.target_type, "activity_id")
    items = cast("list[ListItem]", await portal(reading_of(change).model_validate({field: change.target_id})))
    was, planned = (refs_of(items_of(change, state)) for state in (change.before, change.planned))
    return replace(change, state=_how_much_applied(was, planned, refs_of(items)), after=as_wire(items))


def _how_much_applied(was: tuple[CrmRef, ...], planned: tuple[CrmRef, ...], now: tuple[CrmRef, ...]) -> ChangeState:
    """Return how much of a change was applied, ignoring what others did to the list meanwhile."""
    there = [ref in now for ref in planned if ref not in was] + [ref not in now for ref in was if ref not in planned]
    if all(there):
        return ChangeState.DONE
    return ChangeState.PARTLY if any(there) else ChangeState.NOT_DONE

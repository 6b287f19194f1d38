"""Clearing up what a process left open: what the portal holds tells what came of a write. Nothing is sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast

import structlog

from linkdesk.access import Actor
from linkdesk.applying import wired
from linkdesk.doing.changes import items_of, reading_of
from linkdesk.doing.restoring import KEPT, MAKING
from linkdesk.errors import PortalError, Refused, Trouble
from linkdesk.linked_lists import refs_of
from linkdesk.outcome import RecordType
from linkdesk.record import Change, Record, State
from linkdesk.records import shown_as
from linkdesk.work import Calls
from linkdesk.workers import is_dead
from tool_specs.crm_ref import CrmRef
from tool_specs.wire import ListItem

log = structlog.stdlib.get_logger()

LONGEST_WRITE: Final = timedelta(minutes=15)
"""A row that is open for longer was left behind, wherever its process ran."""
BETWEEN_LOOKS: Final = timedelta(minutes=1)

PortalOf = Callable[[Actor], Awaitable[Calls]]


async def clear_up(record: Record, portal_of: PortalOf, now: datetime) -> None:
    """Look at the portal for each row that a process left open, and close it with what is there.

    Raises:
        Trouble: the record cannot be read.
    """
    for change in await record.unfinished():
        if not _left_behind(change, now):
            continue
        try:
            state, after = await _seen(await portal_of(Actor(change.name, change.face, employee=change.who)), change)
        except (PortalError, Trouble) as error:
            log.info("record.not_cleared_up", change=change.id, error=type(error).__name__)
            state, after = State.UNKNOWN, None
        await record.close(replace(change, state=state, after=after, finished=now))
        log.info("record.cleared_up", change=change.id, state=state.value)


def _left_behind(change: Change, now: datetime) -> bool:
    """Tell whether nobody works on an open row any more."""
    if change.state is State.UNKNOWN:
        # Looked at once already; what cannot be told from the portal stays unknown.
        looked = change.finished or change.started
        return change.tool not in MAKING and now - looked >= BETWEEN_LOOKS
    gone = is_dead(change.worker)
    return gone or now - change.started >= LONGEST_WRITE


async def _seen(portal: Calls, change: Change) -> tuple[State, Any]:
    """Read what the change was about, and tell what came of it.

    Raises:
        PortalError: it cannot be read.
    """
    if change.kind != "record":
        return await _seen_list(portal, change)
    kept = KEPT[cast("RecordType", change.target_type)]
    if change.target_id is None or change.before is None:
        return State.UNKNOWN, None
    try:
        after = shown_as(await kept.read(portal, change.target_id))
    except Refused as error:
        if error.may_have_applied or change.planned is not None or error.code not in GONE:
            raise
        return State.DONE, None
    return _compared(change, after), after


GONE: Final = frozenset({"1009", "1013", "1021", "1040"})
"""Codes by which the portal says that a record does not exist."""


def _compared(change: Change, after: dict[str, Any] | None) -> State:
    """Compare a record with what was there before and with what was meant to be."""
    if change.planned is None:
        return State.NOT_DONE
    names = [name for name, value in change.planned.items() if value != change.before.get(name)]
    there = [name for name in names if (after or {}).get(name) == change.planned[name]]
    if len(there) == len(names):
        return State.DONE
    untouched = all((after or {}).get(name) == change.before.get(name) for name in names)
    return State.NOT_DONE if untouched else State.UNKNOWN


async def _seen_list(portal: Calls, change: Change) -> tuple[State, Any]:
    field = {"booking": "booking_id", "waitlist": "waitlist_id"}.get(change.target_type, "activity_id")
    items = cast("list[ListItem]", await portal(reading_of(change).model_validate({field: change.target_id})))
    was, planned = (refs_of(items_of(change, state)) for state in (change.before, change.planned))
    return _how_much(was, planned, refs_of(items)), wired(items)


def _how_much(was: tuple[CrmRef, ...], planned: tuple[CrmRef, ...], now: tuple[CrmRef, ...]) -> State:
    """Tell how much of a change is there, whatever others did to the list meanwhile."""
    there = [ref in now for ref in planned if ref not in was] + [ref not in now for ref in was if ref not in planned]
    if all(there):
        return State.DONE
    return State.PARTLY if any(there) else State.NOT_DONE

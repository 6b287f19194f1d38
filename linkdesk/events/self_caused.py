"""Find the events that a chat has caused itself, by the audit log, so that it is not notified of them. Pure.

Only what the record explains as a whole is left out: where somebody else changed the booking too, all of it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from linkdesk.audit.log import Change, ChangeState
from linkdesk.events.model import BookingEvent, BookingState, EventKind
from linkdesk.execution.list_plan import items_of, refs_of

MATCH_WINDOW: Final = timedelta(minutes=10)
"""How long before it was noticed a change may have begun."""
CHANGES_SEARCHED: Final = 100
"""How many of the latest changes are looked through."""
_HAPPENED: Final = frozenset({ChangeState.BEGUN, ChangeState.DONE, ChangeState.PARTLY, ChangeState.UNKNOWN})


def self_caused_events(
    events: Sequence[BookingEvent], changes: Sequence[Change], asked_in: tuple[str, ...]
) -> frozenset[int]:
    """Return the numbers of the events that a chat caused.

    Args:
        events: what happened.
        changes: what was changed through Linkdesk, newest first.
        asked_in: what the keys of requests begin with that came from this chat, or were agreed to in it.
    """
    ours = [one for one in changes if (one.request_key or "").startswith(asked_in) and one.state in _HAPPENED]
    return frozenset(
        one.number for one in events if _explained(one, [change for change in ours if _could_match(change, one)])
    )


def _could_match(change: Change, event: BookingEvent) -> bool:
    lately = timedelta(0) <= event.noticed - change.started <= MATCH_WINDOW
    return lately and change.target_type == "booking" and change.target_id == event.booking_id


def _explained(event: BookingEvent, changes: Sequence[Change]) -> bool:
    before, after = event.before, event.after
    records = [change for change in changes if change.kind == "record"]
    if event.kind is EventKind.CREATED:
        return any(change.before is None for change in records)
    if after is None:
        return any(change.left is None for change in records)
    if before is None or not changes:
        return False
    if not _lists_explained(before, after, changes):
        return False
    return _own_fields(before) == _own_fields(after) or any(
        _fields_after(change.left) == _own_fields(after) for change in records
    )


def _lists_explained(before: BookingState, after: BookingState, changes: Sequence[Change]) -> bool:
    """Return whether the changes account for the deals and clients that are there now."""
    deals = [change for change in changes if change.kind == "links" and _items(change) == set(after.deals)]
    clients = [change for change in changes if change.kind == "clients" and _items(change) == set(after.clients)]
    # The portal fills in a deal's contact as a client and the reverse, which the change tells of.
    if set(before.deals) != set(after.deals) and not (deals or any(change.also for change in clients)):
        return False
    return set(before.clients) == set(after.clients) or bool(clients) or any(change.also for change in deals)


def _items(change: Change) -> set[Any]:
    return set(refs_of(items_of(change, change.left)))


def _own_fields(seen: BookingState) -> tuple[object, ...]:
    return seen.name or None, seen.date_from, seen.date_to, frozenset(seen.resource_ids)


def _fields_after(state: Any) -> tuple[object, ...] | None:  # noqa: ANN401 - JSON
    """Return a booking's fields as the audit log holds them, or None."""
    if not isinstance(state, dict):
        return None
    kept = cast("dict[str, Any]", state)
    try:
        times = [datetime.fromisoformat(kept[name]) for name in ("date_from", "date_to")]
        rooms = frozenset(one["id"] for one in kept["resources"])
    except (KeyError, TypeError, ValueError):
        return None
    return kept.get("name") or None, *times, rooms

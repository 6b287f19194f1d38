"""The event store: events, the last snapshot, webhook hints and bindings, and the lease of the polling process."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from linkdesk.events.diff import SnapshotDiff
from linkdesk.events.model import BookingEvent, BookingState, EventLog

RETENTION: Final = timedelta(days=7)
"""How long events are kept; an older snapshot is not compared with."""
LEASE: Final = timedelta(seconds=90)
"""How long a polling lease lasts; the process that polls renews it."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A portal's bookings at the last poll."""

    looked: datetime
    """When the last whole look was."""
    highest: int
    """The highest number of a booking that was known then."""
    cursor: int
    """The number of the booking whose clients and deals were read last, of those that are read in turn."""
    bookings: Mapping[int, BookingState] = field(default_factory=dict[int, BookingState])


@dataclass(frozen=True, slots=True)
class CompletedPoll:
    """When a full poll was made, and its cursors."""

    at: datetime
    highest: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Hint:
    """A webhook's notice that a booking changed, not yet fetched."""

    number: int
    """Its own, by which it is crossed out."""
    booking_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventBinding:
    """The handler that the portal sends events to. Only hashes are stored, so that a leak gives no access."""

    secret_hash: str
    """Of the secret in the handler's address."""
    who: str
    """The employee with whose rights it was bound."""
    member_id: str | None = None
    """The portal's own id; None until it is known."""
    token_hash: str | None = field(default=None, repr=False)
    """Of the application's token, which every event brings; None until the first one came."""


@dataclass(frozen=True, slots=True)
class PollerStatus:
    """The state of polling and webhooks, for administrators."""

    last_poll: datetime | None
    binding: EventBinding | None
    refused: str | None
    """The code with which the portal refused to bind the events last; None where it did not."""


class EventStore(EventLog, Protocol):
    """Stores the events of one portal; every method raises `Trouble` if the database does not answer."""

    async def acquire_lease(self, now: datetime, /) -> bool:
        """Acquire or renew the polling lease; return False if another process holds it."""
        ...

    async def release_lease(self) -> None:
        """Release the polling lease."""
        ...

    async def snapshot(self) -> Snapshot | None:
        """Return the last snapshot, or None."""
        ...

    async def save(
        self, noticed: SnapshotDiff, /, *, now: datetime, looked: CompletedPoll | None, done: Collection[int]
    ) -> bool:
        """Store a diff and delete handled hints, in one transaction.

        Args:
            noticed: what happened, and what is to be remembered.
            now: when it was noticed.
            looked: what to remember of a whole look; None where only some bookings were looked at.
            done: numbers of the hints that were dealt with.

        Returns:
            Whether it was kept: not where another process looks by now.
        """
        ...

    async def clear(self) -> None:
        """Delete the snapshot and the hints; the events stay."""
        ...

    async def add_hint(self, booking_id: int, at: datetime, /) -> None:
        """Store a hint durably; hints older than a week are dropped."""
        ...

    async def hints(self, limit: int, /) -> Sequence[Hint]:
        """Return the pending hints, oldest first."""
        ...

    async def status(self) -> PollerStatus:
        """Return the state of polling and webhooks."""
        ...

    async def save_binding(self, secret_hash: str, who: str, /) -> EventBinding:
        """Store the bound handler in place of the previous one; the application token is learned again."""
        ...

    async def pin_sender(self, secret_hash: str, member_id: str, token_hash: str, /) -> EventBinding | None:
        """Pin the sender of a handler's events on first use; return the binding in force.

        None where that handler is not bound any more.
        """
        ...

    async def delete_binding(self) -> None:
        """Delete the binding."""
        ...

    async def record_refusal(self, code: str | None, /) -> None:
        """Store the code with which the portal refused to bind events, or None."""
        ...


class MemoryEventStore:
    """An event store in memory."""

    def __init__(self, member_id: str | None = None) -> None:
        """Start empty; `member_id` is the portal's own id, if known."""
        self._events: list[BookingEvent] = []
        self._last = 0
        self._looked: CompletedPoll | None = None
        self._seen: dict[int, BookingState] = {}
        self._hints: dict[int, Hint] = {}
        self._arrived: dict[int, datetime] = {}
        self._last_hint = 0
        self._member_id = member_id
        self._bound: EventBinding | None = None
        self._refused: str | None = None

    async def latest(self) -> int:
        """Return the number of the newest event."""
        return self._last

    async def after(self, number: int, limit: int, /) -> Sequence[BookingEvent]:
        """Return the events after a number, oldest first."""
        return [event for event in self._events if event.number > number][:limit]

    async def acquire_lease(self, _now: datetime, /) -> bool:
        """Return True: there is no other process."""
        return True

    async def release_lease(self) -> None:
        """Do nothing: there is no other process."""

    async def snapshot(self) -> Snapshot | None:
        """Return the last snapshot."""
        looked = self._looked
        return None if looked is None else Snapshot(looked.at, looked.highest, looked.cursor, dict(self._seen))

    async def save(
        self, noticed: SnapshotDiff, /, *, now: datetime, looked: CompletedPoll | None, done: Collection[int]
    ) -> bool:
        """Store a diff and delete handled hints."""
        self._events = [event for event in self._events if event.noticed > now - RETENTION]
        for one in noticed.changes:
            self._last += 1
            self._events.append(BookingEvent(self._last, one.kind, one.before, one.after, now))
        self._seen.update(noticed.updated)
        for number in noticed.removed:
            self._seen.pop(number, None)
        for number in done:
            self._hints.pop(number, None)
        self._looked = looked or self._looked
        return True

    async def clear(self) -> None:
        """Delete the snapshot and the hints."""
        self._looked = None
        self._seen.clear()
        self._hints.clear()

    async def add_hint(self, booking_id: int, at: datetime, /) -> None:
        """Store a hint; hints older than a week are dropped."""
        self._arrived = {number: when for number, when in self._arrived.items() if when >= at - RETENTION}
        self._hints = {number: one for number, one in self._hints.items() if number in self._arrived}
        self._last_hint += 1
        self._hints[self._last_hint] = Hint(self._last_hint, booking_id)
        self._arrived[self._last_hint] = at

    async def hints(self, limit: int, /) -> Sequence[Hint]:
        """Return the pending hints, oldest first."""
        return list(self._hints.values())[:limit]

    async def status(self) -> PollerStatus:
        """Return the state of polling and webhooks."""
        return PollerStatus(None if self._looked is None else self._looked.at, self._bound, self._refused)

    async def save_binding(self, secret_hash: str, who: str, /) -> EventBinding:
        """Store the bound handler."""
        self._bound = EventBinding(secret_hash=secret_hash, who=who, member_id=self._member_id)
        return self._bound

    async def pin_sender(self, secret_hash: str, member_id: str, token_hash: str, /) -> EventBinding | None:
        """Pin the sender of a handler's events on first use."""
        bound = self._bound
        if bound is None or bound.secret_hash != secret_hash:
            return None
        known = {"member_id": bound.member_id or member_id, "token_hash": bound.token_hash or token_hash}
        self._bound = replace(bound, **known)
        return self._bound

    async def delete_binding(self) -> None:
        """Delete the binding."""
        self._bound = None

    async def record_refusal(self, code: str | None, /) -> None:
        """Store the code with which the portal refused to bind events."""
        self._refused = code

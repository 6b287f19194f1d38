"""The event store in the database: the booking events of one portal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from linkdesk.events.diff import SnapshotDiff
from linkdesk.events.model import BookingEvent, BookingState, EventKind
from linkdesk.events.store import LEASE, RETENTION, CompletedPoll, EventBinding, Hint, PollerStatus, Snapshot
from linkdesk.runtime.processes import WORKER, is_dead
from linkdesk.storage.database import Database
from linkdesk.storage.tables import EventRow, HintRow, PollerRow, PortalRow, SnapshotRow
from linkdesk.storage.url import DatabaseAddress
from tool_specs.declaration.crm_ref import CrmRef

_NO_SYNC: Final = {"synchronize_session": False}


class StoredEvents:
    """The booking events of one portal, in the database."""

    def __init__(self, store: Database, origin: str, *, worker: str = WORKER) -> None:
        """Take the database, the portal's origin, and the name of this process."""
        self._store = store
        self._origin = origin
        self._worker = worker

    async def latest(self) -> int:
        """Return the number of the latest event; 0 if there is none."""
        async with self._store.read_session() as session:
            query = select(PollerRow.last_number).where(PollerRow.origin == self._origin)
            return await session.scalar(query) or 0

    async def after(self, number: int, limit: int, /) -> Sequence[BookingEvent]:
        """Return the events after a number, oldest first."""
        query = (
            select(EventRow.number, EventRow.kind, EventRow.before, EventRow.after, EventRow.noticed)
            .where(EventRow.origin == self._origin, EventRow.number > number)
            .order_by(EventRow.number)
            .limit(limit)
        )
        async with self._store.read_session() as session:
            rows = (await session.execute(query)).all()
        return [
            BookingEvent(own, EventKind(kind), _read_or_none(before), _read_or_none(after), noticed)
            for own, kind, before, after, noticed in rows
        ]

    async def acquire_lease(self, now: datetime, /) -> bool:
        """Acquire or renew the lease for polling; return False if another process holds it."""
        async with self._store.transaction(flushed=False) as session:
            await self._row(session)
            query = select(PollerRow.lease_by, PollerRow.lease_until).where(PollerRow.origin == self._origin)
            by, until = (await session.execute(query.with_for_update())).one()
            held = by is not None and by != self._worker and until is not None and until > now and not is_dead(by)
            if not held:
                await session.execute(self._watch().values(lease_by=self._worker, lease_until=now + LEASE))
        return not held

    async def release_lease(self) -> None:
        """Release the lease for polling."""
        async with self._store.transaction(flushed=False) as session:
            mine = self._watch().where(PollerRow.lease_by == self._worker)
            await session.execute(mine.values(lease_by=None, lease_until=None))

    async def snapshot(self) -> Snapshot | None:
        """Return the last snapshot; None before the first poll."""
        query = select(PollerRow.looked, PollerRow.highest, PollerRow.cursor)
        rows = select(SnapshotRow.booking_id, SnapshotRow.seen).where(SnapshotRow.origin == self._origin)
        async with self._store.read_session() as session:
            found = (await session.execute(query.where(PollerRow.origin == self._origin))).one_or_none()
            if found is None or found.looked is None:
                return None
            seen = {number: _booking_from_json(form) for number, form in (await session.execute(rows)).all()}
        return Snapshot(found.looked, found.highest, found.cursor, seen)

    async def save(
        self, noticed: SnapshotDiff, /, *, now: datetime, looked: CompletedPoll | None, done: Collection[int]
    ) -> bool:
        """Store the events and delete the hints in one transaction, unless another process polls by now."""
        own = (SnapshotRow.origin == self._origin,)
        changed = [*noticed.updated, *noticed.removed]
        async with self._store.transaction() as session:
            count = len(noticed.changes)
            values: dict[str, Any] = {"last_number": PollerRow.last_number + count}
            if looked is not None:
                values |= {"looked": looked.at, "highest": looked.highest, "cursor": looked.cursor}
            mine = self._watch().where(PollerRow.lease_by == self._worker).values(**values)
            last = (await session.execute(mine.returning(PollerRow.last_number))).scalar_one_or_none()
            if last is None:
                return False
            for part in _chunks(changed):
                await session.execute(delete(SnapshotRow).where(*own, SnapshotRow.booking_id.in_(part)))
            if noticed.updated:
                rows = [
                    {"origin": self._origin, "booking_id": number, "seen": booking_as_json(booking)}
                    for number, booking in noticed.updated.items()
                ]
                await session.execute(insert(SnapshotRow), rows)
            if noticed.changes:
                news = [
                    {
                        "origin": self._origin,
                        "number": number,
                        "kind": one.kind.value,
                        "before": None if one.before is None else booking_as_json(one.before),
                        "after": None if one.after is None else booking_as_json(one.after),
                        "noticed": now,
                    }
                    for number, one in enumerate(noticed.changes, last - count + 1)
                ]
                await session.execute(insert(EventRow), news)
            for part in _chunks(sorted(done)):
                await session.execute(delete(HintRow).where(HintRow.number.in_(part)))
            if looked is not None:
                old = (EventRow.origin == self._origin, EventRow.noticed < now - RETENTION)
                await session.execute(delete(EventRow).where(*old))
        return True

    async def clear(self) -> None:
        """Delete the snapshot and the hints, and keep the events."""
        async with self._store.transaction(flushed=False) as session:
            await session.execute(self._watch().values(looked=None, highest=0, cursor=0))
            await session.execute(delete(SnapshotRow).where(SnapshotRow.origin == self._origin))
            await session.execute(delete(HintRow).where(HintRow.origin == self._origin))

    async def add_hint(self, booking_id: int, at: datetime, /) -> None:
        """Store a hint that a booking changed, durably; delete hints older than a week."""
        row = {"origin": self._origin, "booking_id": booking_id, "arrived": at}
        async with self._store.transaction() as session:
            old = (HintRow.origin == self._origin, HintRow.arrived < at - RETENTION)
            await session.execute(delete(HintRow).where(*old))
            await session.execute(insert(HintRow).values(**row))

    async def hints(self, limit: int, /) -> Sequence[Hint]:
        """Return the open hints, oldest first."""
        query = (
            select(HintRow.number, HintRow.booking_id)
            .where(HintRow.origin == self._origin)
            .order_by(HintRow.number)
            .limit(limit)
        )
        async with self._store.read_session() as session:
            return [Hint(number, booking_id) for number, booking_id in (await session.execute(query)).all()]

    async def status(self) -> PollerStatus:
        """Return the state of the poller."""
        async with self._store.read_session() as session:
            row = await session.get(PollerRow, self._origin)
        return PollerStatus(None, None, None) if row is None else PollerStatus(row.looked, _bound(row), row.refused)

    async def save_binding(self, secret_hash: str, who: str, /) -> EventBinding:
        """Store the bound handler, replacing the previous one and its application token."""
        async with self._store.transaction() as session:
            await self._row(session)
            member_id = await session.scalar(select(PortalRow.member_id).where(PortalRow.origin == self._origin))
            fresh = {"secret_hash": secret_hash, "bound_by": who, "member_id": member_id, "token_hash": None}
            await session.execute(self._watch().values(**fresh))
        return EventBinding(secret_hash=secret_hash, who=who, member_id=member_id)

    async def pin_sender(self, secret_hash: str, member_id: str, token_hash: str, /) -> EventBinding | None:
        """Store the sender of a handler's events, if none is known yet; return the stored binding."""
        known = {
            "member_id": func.coalesce(PollerRow.member_id, member_id),
            "token_hash": func.coalesce(PollerRow.token_hash, token_hash),
        }
        async with self._store.transaction() as session:
            await session.execute(self._watch().where(PollerRow.secret_hash == secret_hash).values(**known))
            row = await session.get(PollerRow, self._origin)
        bound = None if row is None else _bound(row)
        return bound if bound is not None and bound.secret_hash == secret_hash else None

    async def delete_binding(self) -> None:
        """Delete the handler."""
        async with self._store.transaction() as session:
            nothing = {"secret_hash": None, "bound_by": None, "member_id": None, "token_hash": None, "refused": None}
            await session.execute(self._watch().values(**nothing))

    async def record_refusal(self, code: str | None, /) -> None:
        """Store the code with which the portal refused the binding, or None."""
        async with self._store.transaction(flushed=False) as session:
            await session.execute(self._watch().values(refused=code))

    def _watch(self) -> Any:  # noqa: ANN401 - SQLAlchemy's statement
        return update(PollerRow).where(PollerRow.origin == self._origin).execution_options(**_NO_SYNC)

    async def _row(self, session: AsyncSession) -> None:
        """Insert the row of this portal, if it does not exist."""
        make = postgresql.insert if self._store.kind == "postgresql" else sqlite.insert
        fresh = {"origin": self._origin, "highest": 0, "cursor": 0, "last_number": 0}
        await session.execute(make(PollerRow).values(**fresh).on_conflict_do_nothing())


def _bound(row: PollerRow) -> EventBinding | None:
    if row.secret_hash is None or row.bound_by is None:
        return None
    return EventBinding(
        secret_hash=row.secret_hash, who=row.bound_by, member_id=row.member_id, token_hash=row.token_hash
    )


def _chunks(numbers: Sequence[int]) -> list[Sequence[int]]:
    """Split a list into parts that fit one statement."""
    return [numbers[start : start + 500] for start in range(0, len(numbers), 500)]


def booking_as_json(booking: BookingState) -> dict[str, Any]:
    """Return a booking as JSON."""
    return {
        "id": booking.booking_id,
        "name": booking.name,
        "from": _moment(booking.date_from),
        "to": _moment(booking.date_to),
        "resources": list(booking.resource_ids),
        "clients": [_ref(ref) for ref in booking.clients],
        "deals": [_ref(ref) for ref in booking.deals],
    }


def _read_or_none(form: Mapping[str, Any] | None) -> BookingState | None:
    return None if form is None else _booking_from_json(form)


def _booking_from_json(form: Mapping[str, Any]) -> BookingState:
    """Build a booking from JSON."""
    return BookingState(
        booking_id=form["id"],
        name=form["name"],
        date_from=_when(form["from"]),
        date_to=_when(form["to"]),
        resource_ids=tuple(form["resources"]),
        clients=tuple(CrmRef(type=kind, id=number) for kind, number in form["clients"]),
        deals=tuple(CrmRef(type=kind, id=number) for kind, number in form["deals"]),
    )


def _ref(ref: CrmRef) -> list[str | int]:
    return [ref.type, ref.id]


def _moment(moment: datetime) -> list[str | None]:
    """Return a time as JSON, with the name of its zone if it has one."""
    return [moment.isoformat(), getattr(moment.tzinfo, "key", None)]


def _when(form: Sequence[str | None]) -> datetime:
    text, zone = form
    moment = datetime.fromisoformat(cast("str", text))
    try:
        return moment if zone is None else moment.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):  # another machine wrote it, which knows more zones
        return moment


@asynccontextmanager
async def open_stored_events(address: DatabaseAddress, origin: str) -> AsyncGenerator[StoredEvents]:
    """Open the database with the events of one portal.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Database.open(address) as store:
        yield StoredEvents(store, origin)

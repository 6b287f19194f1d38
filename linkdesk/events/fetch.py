"""Fetch the portal's bookings in few requests, as bulk work; what could not be read is reported as unknown.

No request returns bookings together with their clients and deals: the list is read page by page, and clients and deals
take two calls per booking, fifty calls in a batch. New and changed bookings are read completely at once; of the others
a fixed number per poll, in rotation, so that a poll costs about the same however many bookings there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from linkdesk.errors.base import PortalError, Refused, UnreadableResponse
from linkdesk.events.diff import NO_BOOKINGS, PollResult
from linkdesk.events.model import BookingState
from linkdesk.events.store import CompletedPoll, Snapshot
from linkdesk.execution.context import PortalApi
from linkdesk.handlers.bookings import read_lists
from linkdesk.portal.throttle import bulk
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.listing import PAGE_SIZE
from tool_specs.methods.booking import Booking, GetBooking, ListBookings

REREAD_PER_POLL: Final = 150
"""For how many unchanged bookings clients and deals are read again per poll: six batches."""
PAGES_AT_ONCE: Final = 10
MAX_PAGES: Final = 400
"""No real portal has more pages; a server that keeps answering must not keep us reading forever."""
LIST_LOOKBACK: Final = timedelta(days=1)
"""How far back the list starts: a booking in progress began before now."""
NOT_FOUND: Final = "1021"

Refs = Mapping[int, tuple[CrmRef, ...] | None]


async def fetch_all(portal: PortalApi, snapshot: Snapshot | None, now: datetime) -> tuple[PollResult, CompletedPoll]:
    """Fetch every booking that is not over; one that is missing in the list is fetched by its id.

    Raises:
        PortalError: the poll could not be completed; nothing is known then.
    """
    seen = snapshot.bookings if snapshot else NO_BOOKINGS
    with bulk():
        rows = {row.id: row for row in await _list_all(portal, now, len(seen))}
        missing = [number for number, booking in seen.items() if number not in rows and booking.date_to > now]
        asked, gone, unclear = await _get_by_id(portal, missing)
        rows = {number: row for number, row in rows.items() if _ends(row) > now or number in seen} | asked
        cursor, known = (snapshot.cursor, snapshot.highest) if snapshot else (0, 0)
        fresh, turn = _to_read(rows, seen, cursor)
        there, unread = await _assemble(portal, rows, seen, {*fresh, *turn})
    # A new booking that could not be read has to count as new at the next poll.
    highest = min([max([known, *rows]), *(number - 1 for number in unread if number > known and number not in seen)])
    return PollResult(there, gone, {*unclear, *unread}), CompletedPoll(now, highest, turn[-1] if turn else cursor)


async def fetch_bookings(portal: PortalApi, numbers: Iterable[int], seen: Mapping[int, BookingState]) -> PollResult:
    """Fetch some bookings by their ids.

    Raises:
        PortalError: a whole request failed.
    """
    with bulk():
        rows, gone, unclear = await _get_by_id(portal, sorted(set(numbers)))
        there, unread = await _assemble(portal, rows, seen, rows)
    return PollResult(there, gone, {*unclear, *unread})


async def _list_all(portal: PortalApi, now: datetime, expected: int) -> list[Booking]:
    """Read all pages: as many at once as there were last time, then on until one is not full.

    Raises:
        PortalError: one of them could not be read.
    """
    method = ListBookings.model_construct(date_from=now - LIST_LOOKBACK)
    found: list[Booking] = []
    page, ahead = 0, expected // PAGE_SIZE + 1
    while page < MAX_PAGES:
        some = range(page, page + min(ahead, PAGES_AT_ONCE))
        for answer in await portal.batch([method.starting_at(number * PAGE_SIZE) for number in some]):
            if isinstance(answer, PortalError):
                raise answer
            rows: list[Booking] = answer
            found += rows
            if len(rows) < PAGE_SIZE:
                return found
        page, ahead = some.stop, max(1, ahead - len(some))
    raise UnreadableResponse(ListBookings.rest, status=200)


async def _get_by_id(portal: PortalApi, numbers: Sequence[int]) -> tuple[dict[int, Booking], set[int], set[int]]:
    """Fetch bookings by id; return those found, those gone, and those that could not be read."""
    there: dict[int, Booking] = {}
    gone: set[int] = set()
    unclear: set[int] = set()
    calls = [GetBooking.model_construct(booking_id=number) for number in numbers]
    for number, answer in zip(numbers, await portal.batch(calls) if calls else [], strict=True):
        if isinstance(answer, Booking):
            there[number] = answer
        elif isinstance(answer, Refused) and str(answer.code) == NOT_FOUND:
            gone.add(number)
        else:
            unclear.add(number)
    return there, gone, unclear


async def _assemble(
    portal: PortalApi, rows: Mapping[int, Booking], seen: Mapping[int, BookingState], reading: Iterable[int]
) -> tuple[dict[int, BookingState], set[int]]:
    """Assemble bookings, reading clients and deals of some; also return the ids for which these are unknown."""
    wanted = [rows[number] for number in sorted(reading)]
    deals: Refs
    clients: Refs
    deals, clients = await read_lists(portal, wanted, links=True, clients=True) if wanted else ({}, {})
    there: dict[int, BookingState] = {}
    unread: set[int] = set()
    for number, row in rows.items():
        before = seen.get(number)
        # Fields that were not read, or could not be, keep their previous values.
        its_deals = _or(deals.get(number), before.deals if before else None)
        its_clients = _or(clients.get(number), before.clients if before else None)
        if its_deals is None or its_clients is None:
            unread.add(number)
        else:
            there[number] = _seen(row, its_clients, tuple(ref for ref in its_deals if ref.type == "deal"))
    return there, unread


def _or(read: tuple[CrmRef, ...] | None, before: tuple[CrmRef, ...] | None) -> tuple[CrmRef, ...] | None:
    return before if read is None else read


def _seen(row: Booking, clients: tuple[CrmRef, ...], deals: tuple[CrmRef, ...]) -> BookingState:
    return BookingState(
        booking_id=row.id,
        name=row.name or None,
        date_from=row.period.start.local,
        date_to=row.period.end.local,
        resource_ids=tuple(row.resource_ids),
        clients=clients,
        deals=deals,
    )


def _ends(row: Booking) -> datetime:
    return row.period.end.local


def _differs(row: Booking, seen: BookingState) -> bool:
    """Return whether a listed row differs from the snapshot; if so, its clients and deals are read at once."""
    now: tuple[Any, ...] = (row.name or None, row.period.start.timestamp, row.period.end.timestamp)
    then = (seen.name, seen.date_from.timestamp(), seen.date_to.timestamp())
    return now != then or set(row.resource_ids) != set(seen.resource_ids)


def _to_read(rows: Mapping[int, Booking], seen: Mapping[int, BookingState], cursor: int) -> tuple[list[int], list[int]]:
    """Choose the bookings to read with clients and deals: new and changed ones, and some of the others in turn."""
    fresh = [number for number, row in rows.items() if number not in seen or _differs(row, seen[number])]
    return fresh, _next_in_rotation([number for number in rows if number not in set(fresh)], cursor)


def _next_in_rotation(numbers: Sequence[int], cursor: int) -> list[int]:
    """Return the ids after the one read last, wrapping around."""
    ordered = sorted(numbers)
    after = [number for number in ordered if number > cursor]
    return (after + ordered[: len(ordered) - len(after)])[:REREAD_PER_POLL]

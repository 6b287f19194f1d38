"""Find bookings by day, client or deal, and show them with names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.execution.pagination import decode_cursor, encode_cursor, read_page, read_rows
from linkdesk.execution.snapshot import check_exists
from linkdesk.handlers.names import format_datetime, named_refs, refs_from_batch, resource_names
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import BookingsView, BookingView, NamedRef
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import days_of, ends_at, starts_at
from tool_specs.methods.booking import Booking, GetBooking, ListBookings
from tool_specs.methods.booking_clients import ListBookingClients
from tool_specs.methods.booking_links import ListBookingLinks

DAYS_BACK: Final = 30
DAYS_AHEAD: Final = 90
"""The default period in which the bookings of a deal are searched."""
AT_ONCE: Final = 50
"""The number of bookings read between two progress reports: one batch of the portal."""
MAX_SCANNED: Final = 1000
"""Maximum number of bookings read to find those of a deal: each is a command of a batch."""


async def get_booking(context: RequestContext, method: GetBooking) -> ReadResult:
    """Show a booking with its resources, deals and clients."""
    return ReadResult(asked=method, shown=await read_booking(context.portal, method.booking_id))


async def read_booking(portal: PortalApi, booking_id: int) -> BookingView:
    """Read a booking with its lists.

    Raises:
        PortalError: it cannot be read.
    """
    booking, links, clients = await portal.batch(
        [
            GetBooking(booking_id=booking_id),
            ListBookingLinks(booking_id=booking_id),
            ListBookingClients(booking_id=booking_id),
        ],
    )
    if isinstance(booking, PortalError):
        raise booking
    (shown,) = await booking_view(
        portal, [booking], {booking_id: refs_from_batch(links)}, {booking_id: refs_from_batch(clients)}
    )
    return shown


async def list_bookings(context: RequestContext, method: ListBookings) -> ReadResult:
    """List the bookings of a period, a client or a deal; by default those of today."""
    if method.days is not None:
        first, last = days_of(method.days, context.today)
        ends = {"date_from": starts_at(first, context.zone), "date_to": ends_at(last, context.zone)}
        method = method.model_copy(update={"days": None, **ends})
    if method.deal is not None:
        return await _bookings_of_deal(context, method)
    if method.date_from is None and method.date_to is None and method.client is None:
        method = method.model_copy(update=days_around(context, 0, 0))
    page = await read_page(context.portal, method, limit=method.limit, cursor=method.cursor)
    if method.client is not None and not page.rows:
        await check_exists(context.portal, method.client)
    links, clients = await read_lists(context.portal, page.rows, links=method.with_links, clients=method.with_clients)
    shown = await booking_view(context.portal, page.rows, links, clients)
    return ReadResult(asked=method, shown=BookingsView(bookings=shown, cursor=page.cursor, **_period(method)))


async def _bookings_of_deal(context: RequestContext, method: ListBookings) -> ReadResult:
    """Return the bookings of a period that are linked to a deal, for which the portal has no filter."""
    if method.date_from is None and method.date_to is None:
        method = method.model_copy(update=days_around(context, DAYS_BACK, DAYS_AHEAD))
    rows = await read_rows(context.portal, method, enough=MAX_SCANNED + 1, progress=context.progress)
    scanned = rows[:MAX_SCANNED]
    links: Refs = {}
    for start in range(0, len(scanned), AT_ONCE):
        some_links, _ = await read_lists(context.portal, scanned[start : start + AT_ONCE], links=True, clients=False)
        links |= some_links
        # The count continues from that of the rows, as progress has to increase with every report.
        done, total = len(rows) + len(links), len(rows) + len(scanned)
        await context.progress(done, total, f"Links of {len(links)} of {len(scanned)} bookings looked through")
    found = [row for row in scanned if method.deal in (links[row.id] or ())]
    unread = sum(links[row.id] is None for row in scanned)
    if not found and not unread and method.deal is not None:
        await check_exists(context.portal, method.deal)
    offset = decode_cursor(method.cursor, method)
    some = found[offset : offset + method.limit]
    _, clients = await read_lists(context.portal, some, links=False, clients=method.with_clients)
    shown = BookingsView(
        bookings=await booking_view(context.portal, some, links if method.with_links else {}, clients),
        scanned=_scan_for_deal(len(scanned) - unread, len(found), unread, complete=len(rows) <= MAX_SCANNED),
        cursor=encode_cursor(offset + method.limit, method) if len(found) > offset + method.limit else None,
        **_period(method),
    )
    return ReadResult(asked=method, shown=shown)


def _scan_for_deal(looked: int, found: int, unread: int, *, complete: bool) -> str:
    said = f"Bookings of this period looked through: {looked}; with the deal: {found}."
    if unread:
        said = f"{said} Links that could not be read: {unread}."
    return said if complete else f"{said} There are more bookings: narrow the period."


def days_around(context: RequestContext, back: int, ahead: int) -> dict[str, Any]:
    """Return the bounds of a period around today, as arguments of a list of bookings."""
    first, last = context.today - timedelta(days=back), context.today + timedelta(days=ahead)
    return {"date_from": starts_at(first, context.zone), "date_to": ends_at(last, context.zone)}


def _period(method: ListBookings) -> dict[str, Any]:
    ends = {"date_from": method.date_from, "date_to": method.date_to}
    return {name: value.isoformat() for name, value in ends.items() if value is not None}


Refs = dict[int, tuple[CrmRef, ...] | None]


async def read_lists(portal: PortalApi, rows: Sequence[Booking], *, links: bool, clients: bool) -> tuple[Any, Any]:
    """Read the links and clients of bookings, as asked for, in as few requests as possible."""
    calls: list[Method[Any]] = [ListBookingLinks(booking_id=row.id) for row in rows if links]
    calls += [ListBookingClients(booking_id=row.id) for row in rows if clients]
    answers = [refs_from_batch(answer) for answer in (await portal.batch(calls) if calls else [])]
    ids = [row.id for row in rows]
    first = dict(zip(ids, answers, strict=False)) if links else {}
    second = dict(zip(ids, answers[len(ids) if links else 0 :], strict=False)) if clients else {}
    return first, second


async def booking_view(portal: PortalApi, rows: Sequence[Booking], links: Refs, clients: Refs) -> list[BookingView]:
    """Build the views of bookings, with the names of their resources and of the deals and clients that were read."""
    refs = [ref for part in (links, clients) for found in part.values() for ref in found or ()]
    # Calls that are awaited together are sent in one request.
    resources, named = await asyncio.gather(
        resource_names(portal, [number for row in rows for number in row.resource_ids]), named_refs(portal, refs)
    )

    def shown_refs(part: Refs, booking_id: int) -> list[NamedRef] | None:
        found = part.get(booking_id)
        return None if found is None else [named[ref] for ref in found]

    return [
        BookingView(
            id=row.id,
            name=row.name or None,
            description=row.description or None,
            date_from=format_datetime(row.period.start.local),
            date_to=format_datetime(row.period.end.local),
            timezone=row.period.start.timezone,
            resources=[resources[number] for number in row.resource_ids],
            links=shown_refs(links, row.id),
            clients=shown_refs(clients, row.id),
        )
        for row in rows
    ]

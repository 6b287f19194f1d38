"""Find the bookings and waitlist entries that a CRM item is linked to."""

from __future__ import annotations

from typing import Any, Final

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import RequestContext
from linkdesk.execution.pagination import read_rows
from linkdesk.handlers.bookings import (
    AT_ONCE,
    DAYS_AHEAD,
    DAYS_BACK,
    MAX_SCANNED,
    Refs,
    booking_view,
    days_around,
    read_lists,
)
from linkdesk.handlers.names import refs_from_batch
from linkdesk.handlers.waitlist import entry_view
from linkdesk.model.views import BookingView, WaitlistEntryView
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.waitlist import ListWaitlistEntries
from tool_specs.methods.waitlist_clients import ListWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks

CLIENTS: Final = ("contact", "company")
LINKED: Final = ("deal", *CLIENTS)
"""The types of items that bookings and waitlist entries can hold."""
MAX_SHOWN: Final = 20
MAX_ENTRIES: Final = 200


async def bookings_of(context: RequestContext, ref: CrmRef) -> list[BookingView] | None:
    """Find the bookings of the last and next weeks that hold an item.

    Returns:
        The bookings of a deal with their clients, or of a client with their deals; None where they cannot be read.
    """
    method = ListBookings(client=ref) if ref.type in CLIENTS else ListBookings()
    try:
        rows = await read_rows(
            context.portal,
            method.model_copy(update=days_around(context, DAYS_BACK, DAYS_AHEAD)),
            enough=MAX_SHOWN if ref.type in CLIENTS else MAX_SCANNED,
        )
        if ref.type in CLIENTS:
            links, _ = await read_lists(context.portal, rows[:MAX_SHOWN], links=True, clients=False)
            return await booking_view(context.portal, rows[:MAX_SHOWN], links, {})
        held: Refs = {}
        for start in range(0, len(rows), AT_ONCE):
            some, _ = await read_lists(context.portal, rows[start : start + AT_ONCE], links=True, clients=False)
            held |= some
        shown = [row for row in rows if ref in (held[row.id] or ())][:MAX_SHOWN]
        _, clients = await read_lists(context.portal, shown, links=False, clients=True)
        return await booking_view(context.portal, shown, {}, clients)
    except PortalError:
        return None


async def entries_of(context: RequestContext, ref: CrmRef) -> list[WaitlistEntryView] | None:
    """Find the waitlist entries that hold an item; None where they cannot be read."""
    holds = ListWaitlistClients if ref.type in CLIENTS else ListWaitlistLinks
    try:
        rows = await read_rows(context.portal, ListWaitlistEntries(), enough=MAX_ENTRIES)
        calls: list[Method[Any]] = [holds(waitlist_id=row.id) for row in rows]
        answers = [refs_from_batch(answer) for answer in (await context.portal.batch(calls) if calls else [])]
        held = [row for row, refs in zip(rows, answers, strict=True) if ref in (refs or ())][:MAX_SHOWN]
        return await entry_view(context.portal, held, [None] * len(held), [None] * len(held))
    except PortalError:
        return None

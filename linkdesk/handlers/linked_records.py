"""Where a CRM item is linked: the bookings and the waitlist entries that hold it."""

from __future__ import annotations

from typing import Any, Final

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import Work
from linkdesk.execution.pagination import rows_of
from linkdesk.handlers.bookings import AT_ONCE, DAYS_AHEAD, DAYS_BACK, MOST_SCANNED, Refs, beside, days_around, show
from linkdesk.handlers.names import refs_read
from linkdesk.handlers.waitlist import show as show_entries
from linkdesk.model.views import ShownBooking, ShownEntry
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.waitlist import ListWaitlistEntries
from tool_specs.methods.waitlist_clients import ListWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks

CLIENTS: Final = ("contact", "company")
LINKED: Final = ("deal", *CLIENTS)
"""The types of items that bookings and waitlist entries hold."""
MOST_SHOWN: Final = 20
MOST_ENTRIES: Final = 200


async def bookings_of(work: Work, ref: CrmRef) -> list[ShownBooking] | None:
    """Find the bookings of the last and the next weeks that hold an item, with what else they are about.

    Returns:
        The bookings of a deal with their clients, those of a client with their deals; None where they cannot be read.
    """
    method = ListBookings(client=ref) if ref.type in CLIENTS else ListBookings()
    try:
        rows = await rows_of(
            work.portal,
            method.model_copy(update=days_around(work, DAYS_BACK, DAYS_AHEAD)),
            enough=MOST_SHOWN if ref.type in CLIENTS else MOST_SCANNED,
        )
        if ref.type in CLIENTS:
            links, _ = await beside(work.portal, rows[:MOST_SHOWN], links=True, clients=False)
            return await show(work.portal, rows[:MOST_SHOWN], links, {})
        held: Refs = {}
        for start in range(0, len(rows), AT_ONCE):
            some, _ = await beside(work.portal, rows[start : start + AT_ONCE], links=True, clients=False)
            held |= some
        shown = [row for row in rows if ref in (held[row.id] or ())][:MOST_SHOWN]
        _, clients = await beside(work.portal, shown, links=False, clients=True)
        return await show(work.portal, shown, {}, clients)
    except PortalError:
        return None


async def entries_of(work: Work, ref: CrmRef) -> list[ShownEntry] | None:
    """Find the waitlist entries that hold an item; None where they cannot be read."""
    holds = ListWaitlistClients if ref.type in CLIENTS else ListWaitlistLinks
    try:
        rows = await rows_of(work.portal, ListWaitlistEntries(), enough=MOST_ENTRIES)
        calls: list[Method[Any]] = [holds(waitlist_id=row.id) for row in rows]
        answers = [refs_read(answer) for answer in (await work.portal.batch(calls) if calls else [])]
        held = [row for row, refs in zip(rows, answers, strict=True) if ref in (refs or ())][:MOST_SHOWN]
        return await show_entries(work.portal, held, [None] * len(held), [None] * len(held))
    except PortalError:
        return None

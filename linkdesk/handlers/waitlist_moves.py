"""Move a booking to the waitlist. The booking is deleted, so this needs approval."""

from __future__ import annotations

from linkdesk.execution.apply_record import create_record
from linkdesk.execution.context import RequestContext
from linkdesk.handlers.bookings import read_booking
from linkdesk.handlers.waitlist import read_entry
from linkdesk.model.outcome import Outcome, RecordPlan, RecordTarget
from linkdesk.model.views import WaitlistEntryView
from tool_specs.declaration.localized import Localized
from tool_specs.methods.waitlist import CreateWaitlistEntryFromBooking


async def create_entry_from_booking(context: RequestContext, method: CreateWaitlistEntryFromBooking) -> Outcome:
    """Move a booking to the waitlist with its deals, clients and note."""
    booking = await read_booking(context.portal, method.booking_id)
    plan = RecordPlan(
        asked=method,
        target=RecordTarget("waitlist", None),
        before=booking,
        after=WaitlistEntryView(links=booking.links, clients=booking.clients),
        destroys=True,
        also=(
            Localized(
                en=f"Booking {method.booking_id} is removed from the calendar.",
                ru=f"Бронирование {method.booking_id} убирается из календаря.",
            ),
        ),
    )
    return await create_record(context, plan, method, lambda number: read_entry(context.portal, number))

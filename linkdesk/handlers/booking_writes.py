"""Create, change and delete bookings, and create bookings from waitlist entries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linkdesk.execution.apply_record import create_record, none_if_missing, write_record
from linkdesk.execution.availability import check_resources
from linkdesk.execution.context import RequestContext
from linkdesk.handlers.bookings import read_booking
from linkdesk.handlers.names import format_datetime
from linkdesk.handlers.waitlist import read_entry
from linkdesk.model.outcome import Outcome, RecordPlan, RecordTarget
from linkdesk.model.views import BookingView, Named
from linkdesk.suggestions.conflicts import RequestedTime, naming_conflicts
from tool_specs.declaration.localized import Localized
from tool_specs.methods.booking import AddBooking, CreateBookingFromWaitlist, DeleteBooking, UpdateBooking

NOT_FOUND_CODE = "1021"


async def add_booking(context: RequestContext, method: AddBooking) -> Outcome:
    """Create a booking, after checking its resources and their working hours."""
    resources = await check_resources(context.portal, method.resource_ids, (method.date_from, method.date_to))
    plan = RecordPlan(
        asked=method,
        target=RecordTarget("booking", None),
        before=None,
        after=_planned_booking(method, resources),
    )
    async with naming_conflicts(context, RequestedTime(method.resource_ids, method.date_from, method.date_to)):
        return await create_record(context, plan, method, lambda number: read_booking(context.portal, number))


async def create_booking_from_waitlist(context: RequestContext, method: CreateBookingFromWaitlist) -> Outcome:
    """Create a booking from a waitlist entry; the entry is deleted, so this needs approval."""
    entry = await read_entry(context.portal, method.waitlist_id)
    resources = await check_resources(context.portal, method.resource_ids, (method.date_from, method.date_to))
    new = _planned_booking(method, resources).model_copy(update={"links": entry.links, "clients": entry.clients})
    plan = RecordPlan(
        asked=method,
        target=RecordTarget("booking", None),
        before=entry,
        after=new,
        destroys=True,
        also=(
            Localized(
                en=f"Waitlist entry {method.waitlist_id} is removed from the waitlist.",
                ru=f"Запись {method.waitlist_id} убирается из листа ожидания.",
            ),
        ),
    )
    async with naming_conflicts(context, RequestedTime(method.resource_ids, method.date_from, method.date_to)):
        return await create_record(context, plan, method, lambda number: read_booking(context.portal, number))


async def update_booking(context: RequestContext, method: UpdateBooking) -> Outcome:
    """Change a booking, after checking the resources and their working hours if its time or resources change."""
    target = RecordTarget("booking", method.booking_id)
    async with context.lock(target):
        before = await read_booking(context.portal, method.booking_id)
        changes: dict[str, Any] = {
            name: getattr(method, f"{name}_") or None
            for name in ("name", "description")
            if f"{name}_" in method.model_fields_set
        }
        period = _period(method)
        ids = method.resource_ids or [resource.id for resource in before.resources]
        if period is not None:
            changes |= {
                "date_from": format_datetime(period[0]),
                "date_to": format_datetime(period[1]),
                "timezone": str(period[0].tzinfo),
            }
        if period is not None or method.resource_ids is not None:
            resources = await check_resources(context.portal, ids, period or _times(before))
            changes |= {"resources": resources} if method.resource_ids is not None else {}
        plan = RecordPlan(asked=method, target=target, before=before, after=before.model_copy(update=changes))
        async with naming_conflicts(context, RequestedTime(ids, *(period or _times(before)), method.booking_id)):
            return await write_record(context, plan, method, lambda: read_booking(context.portal, method.booking_id))


async def delete_booking(context: RequestContext, method: DeleteBooking) -> Outcome:
    """Delete a booking after approval, for which its contents are shown."""
    target = RecordTarget("booking", method.booking_id)
    async with context.lock(target):
        before = await read_booking(context.portal, method.booking_id)
        plan = RecordPlan(asked=method, target=target, before=before, after=None, destroys=True)
        return await write_record(
            context,
            plan,
            method,
            lambda: none_if_missing(read_booking(context.portal, method.booking_id), NOT_FOUND_CODE),
        )


def _planned_booking(method: AddBooking | CreateBookingFromWaitlist, resources: list[Named]) -> BookingView:
    return BookingView(
        name=method.name_ or None,
        description=method.description_ or None,
        date_from=format_datetime(method.date_from),
        date_to=format_datetime(method.date_to),
        timezone=str(method.date_from.tzinfo),
        resources=resources,
        links=[],
        clients=[],
    )


def _period(method: UpdateBooking) -> tuple[datetime, datetime] | None:
    return None if method.date_from is None or method.date_to is None else (method.date_from, method.date_to)


def _times(booking: BookingView) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(booking.date_from), datetime.fromisoformat(booking.date_to)

"""The schedule of a day: who works when and what is booked, usually read in three requests."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import RequestContext
from linkdesk.execution.pagination import read_rows
from linkdesk.handlers.bookings import booking_view, read_lists
from linkdesk.handlers.names import format_datetime
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import DayScheduleView, Named, PeriodView, ResourceDayView
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import days_of, ends_at, starts_at
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.resource import ListResources, Resource
from tool_specs.methods.resource_slots import WEEK, ListResourceSlots, ResourceSlot
from tool_specs.recipes.day_schedule import GetDaySchedule

MAX_RESOURCES: Final = 50
MAX_BOOKINGS: Final = 100


async def get_day_schedule(context: RequestContext, method: GetDaySchedule) -> ReadResult:
    """Show a day: the resources with their working hours, and the bookings with deals and clients."""
    day = days_of(method.day, context.today)[0] if isinstance(method.day, str) else method.day or context.today
    ends = {"date_from": starts_at(day, context.zone), "date_to": ends_at(day, context.zone)}
    resources, rows = await asyncio.gather(
        read_rows(context.portal, ListResources(), enough=MAX_RESOURCES + 1),
        read_rows(context.portal, ListBookings().model_copy(update=ends), enough=MAX_BOOKINGS + 1),
    )
    some, shown = resources[:MAX_RESOURCES], rows[:MAX_BOOKINGS]
    calls: list[Method[Any]] = [ListResourceSlots.model_construct(resource_id=one.id) for one in some]
    hours, (links, clients) = await asyncio.gather(
        context.portal.batch(calls) if calls else _nothing(),
        read_lists(context.portal, shown, links=True, clients=True),
    )
    return ReadResult(
        asked=method,
        shown=DayScheduleView(
            day=day.isoformat(),
            timezone=context.zone,
            resources=[_resource_day(one, slots, day, context.zone) for one, slots in zip(some, hours, strict=True)],
            bookings=await booking_view(context.portal, shown, links, clients),
            more=len(resources) > MAX_RESOURCES or len(rows) > MAX_BOOKINGS,
        ),
    )


async def _nothing() -> list[Any]:
    return []


def _resource_day(
    resource: Resource, slots: Sequence[ResourceSlot] | PortalError, day: date, zone: str
) -> ResourceDayView:
    found = () if isinstance(slots, PortalError) else slots
    periods = [period for slot in found if (period := _hours_on(slot, day, zone)) is not None]
    return ResourceDayView(resource=Named(id=resource.id, name=resource.name or None), hours=periods)


def _hours_on(slot: ResourceSlot, day: date, zone: str) -> PeriodView | None:
    """Return the bounds of working hours on a day, in the business's time zone; None where they are on other days."""
    try:
        there = ZoneInfo(slot.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    if WEEK[day.weekday()] not in slot.weekdays:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=there)
    ends = (midnight + timedelta(minutes=minutes) for minutes in (slot.start, slot.end))
    start, end = (format_datetime(end.astimezone(ZoneInfo(zone))) for end in ends)
    return PeriodView(date_from=start, date_to=end)

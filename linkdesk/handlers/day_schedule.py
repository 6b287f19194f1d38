"""The schedule of a day: who works when, and what is booked, in three requests for a day that is not crowded."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import Work
from linkdesk.execution.pagination import rows_of
from linkdesk.handlers.bookings import beside, show
from linkdesk.handlers.names import iso
from linkdesk.model.outcome import Found
from linkdesk.model.views import Named, ShownDay, ShownLane, ShownPeriod
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import days_of, ends_at, starts_at
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.resource import ListResources, Resource
from tool_specs.methods.resource_slots import WEEK, ListResourceSlots, ResourceSlot
from tool_specs.recipes.day_schedule import GetDaySchedule

MOST_RESOURCES: Final = 50
MOST_BOOKINGS: Final = 100


async def get_day_schedule(work: Work, method: GetDaySchedule) -> Found:
    """Show a day: its resources, when they work, and its bookings with deals and clients."""
    day = days_of(method.day, work.today)[0] if isinstance(method.day, str) else method.day or work.today
    ends = {"date_from": starts_at(day, work.zone), "date_to": ends_at(day, work.zone)}
    resources, rows = await asyncio.gather(
        rows_of(work.portal, ListResources(), enough=MOST_RESOURCES + 1),
        rows_of(work.portal, ListBookings().model_copy(update=ends), enough=MOST_BOOKINGS + 1),
    )
    some, shown = resources[:MOST_RESOURCES], rows[:MOST_BOOKINGS]
    calls: list[Method[Any]] = [ListResourceSlots.model_construct(resource_id=one.id) for one in some]
    hours, (links, clients) = await asyncio.gather(
        work.portal.batch(calls) if calls else _nothing(),
        beside(work.portal, shown, links=True, clients=True),
    )
    return Found(
        asked=method,
        shown=ShownDay(
            day=day.isoformat(),
            timezone=work.zone,
            resources=[_lane(one, slots, day, work.zone) for one, slots in zip(some, hours, strict=True)],
            bookings=await show(work.portal, shown, links, clients),
            more=len(resources) > MOST_RESOURCES or len(rows) > MOST_BOOKINGS,
        ),
    )


async def _nothing() -> list[Any]:
    return []


def _lane(resource: Resource, slots: Sequence[ResourceSlot] | PortalError, day: date, zone: str) -> ShownLane:
    found = () if isinstance(slots, PortalError) else slots
    periods = [period for slot in found if (period := _open_on(slot, day, zone)) is not None]
    return ShownLane(resource=Named(id=resource.id, name=resource.name or None), hours=periods)


def _open_on(slot: ResourceSlot, day: date, zone: str) -> ShownPeriod | None:
    """Give when a stretch of working hours is on a day, by the business's clock; None where it is not."""
    try:
        there = ZoneInfo(slot.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    if WEEK[day.weekday()] not in slot.weekdays:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=there)
    ends = (midnight + timedelta(minutes=minutes) for minutes in (slot.start, slot.end))
    start, end = (iso(end.astimezone(ZoneInfo(zone))) for end in ends)
    return ShownPeriod(date_from=start, date_to=end)

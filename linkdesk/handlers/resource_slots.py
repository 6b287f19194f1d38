"""Working hours of resources: the portal replaces a schedule as a whole, so what would be lost is shown first."""

from __future__ import annotations

from collections.abc import Sequence

from linkdesk.errors.base import PortalError
from linkdesk.execution.apply_record import write_record
from linkdesk.execution.availability import format_minutes
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.model.outcome import Outcome, ReadResult, RecordPlan, RecordTarget
from linkdesk.model.views import Named, ResourceScheduleView, WorkingHoursView
from tool_specs.methods.resource import GetResource, Resource
from tool_specs.methods.resource_slots import (
    ListResourceSlots,
    ResourceSlot,
    SetResourceSlots,
    Slot,
    UnsetResourceSlots,
)


async def list_slots(context: RequestContext, method: ListResourceSlots) -> ReadResult:
    """Show the schedule of a resource."""
    return ReadResult(asked=method, shown=await read_schedule(context.portal, method.resource_id))


async def read_schedule(portal: PortalApi, resource_id: int) -> ResourceScheduleView:
    """Read the schedule of a resource, and its name.

    Raises:
        PortalError: it cannot be read.
    """
    slots, resource = await portal.batch(
        [ListResourceSlots(resource_id=resource_id), GetResource(resource_id=resource_id)],
    )
    if isinstance(slots, PortalError):
        raise slots
    name = resource.name if isinstance(resource, Resource) else None
    return ResourceScheduleView(resource=Named(id=resource_id, name=name), slots=_schedule_view(slots))


async def set_slots(context: RequestContext, method: SetResourceSlots) -> Outcome:
    """Set the schedule of a resource; this needs approval where it would lose hours."""
    target = RecordTarget("resource_slots", method.resource_id)
    async with context.lock(target):
        before = await read_schedule(context.portal, method.resource_id)
        after = before.model_copy(update={"slots": _schedule_view(method.slots)})
        lost = [hours for hours in before.slots if hours not in after.slots]
        plan = RecordPlan(asked=method, target=target, before=before, after=after, destroys=bool(lost))
        return await write_record(context, plan, method, lambda: read_schedule(context.portal, method.resource_id))


async def unset_slots(context: RequestContext, method: UnsetResourceSlots) -> Outcome:
    """Clear the schedule of a resource after approval."""
    target = RecordTarget("resource_slots", method.resource_id)
    async with context.lock(target):
        before = await read_schedule(context.portal, method.resource_id)
        after = before.model_copy(update={"slots": []})
        plan = RecordPlan(asked=method, target=target, before=before, after=after, destroys=True)
        return await write_record(context, plan, method, lambda: read_schedule(context.portal, method.resource_id))


def _schedule_view(slots: Sequence[ResourceSlot | Slot]) -> list[WorkingHoursView]:
    return [
        WorkingHoursView(
            start=format_minutes(slot.start),
            end=format_minutes(slot.end),
            weekdays=list(slot.weekdays),
            slot_minutes=slot.slot_minutes,
            timezone=slot.timezone or "",
        )
        for slot in slots
    ]

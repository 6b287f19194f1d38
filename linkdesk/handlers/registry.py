"""The handler of each request, and the view it returns.

A read that is missing here is passed through as one call; a write that is missing fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from linkdesk.execution.context import RequestContext
from linkdesk.execution.list_plan import LINKED_LISTS
from linkdesk.handlers import (
    bindings,
    booking_writes,
    bookings,
    bulk,
    changes,
    crm,
    day_schedule,
    linked_lists,
    passthrough,
    plans,
    resource_slots,
    resource_types,
    resources,
    undo,
    waitlist,
    waitlist_moves,
    whoami,
)
from linkdesk.model import views
from linkdesk.model.outcome import Outcome
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.activity import FindActivities, GetActivity
from tool_specs.methods.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)
from tool_specs.methods.booking import (
    AddBooking,
    CreateBookingFromWaitlist,
    DeleteBooking,
    GetBooking,
    ListBookings,
    UpdateBooking,
)
from tool_specs.methods.client_type import ListClientTypes
from tool_specs.methods.crm_item import FindCrmItems, GetCrmItem
from tool_specs.methods.crm_type import ListCrmTypes
from tool_specs.methods.resource import AddResource, DeleteResource, GetResource, ListResources, UpdateResource
from tool_specs.methods.resource_slots import ListResourceSlots, SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import (
    AddResourceType,
    DeleteResourceType,
    GetResourceType,
    ListResourceTypes,
    UpdateResourceType,
)
from tool_specs.methods.waitlist import (
    AddWaitlistEntry,
    CreateWaitlistEntryFromBooking,
    DeleteWaitlistEntry,
    GetWaitlistEntry,
    ListWaitlistEntries,
    UpdateWaitlistEntry,
)
from tool_specs.recipes.bulk import LinkBookings, MoveDealLinks
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, GetPlan, ListChanges, UndoChange, Whoami
from tool_specs.recipes.day_schedule import GetDaySchedule


@dataclass(frozen=True, slots=True)
class Handler:
    """The coroutine that carries out a request; `shows` is the view in its `ReadResult`."""

    do: Callable[[RequestContext, Any], Coroutine[Any, Any, Outcome]]
    shows: type[BaseModel] | None = None


HANDLERS: Final[Mapping[type[Method[Any]], Handler]] = {
    **{one.reads: Handler(linked_lists.list_items) for one in LINKED_LISTS},
    **{one.sets: Handler(linked_lists.change_items) for one in LINKED_LISTS},
    **{one.unsets: Handler(linked_lists.change_items) for one in LINKED_LISTS},
    ListActivityBindings: Handler(bindings.list_bindings),
    AddActivityBinding: Handler(bindings.change_bindings),
    DeleteActivityBinding: Handler(bindings.change_bindings),
    MoveActivityBinding: Handler(bindings.change_bindings),
    ListBookings: Handler(bookings.list_bookings, views.BookingsView),
    GetBooking: Handler(bookings.get_booking, views.BookingView),
    AddBooking: Handler(booking_writes.add_booking),
    UpdateBooking: Handler(booking_writes.update_booking),
    DeleteBooking: Handler(booking_writes.delete_booking),
    CreateBookingFromWaitlist: Handler(booking_writes.create_booking_from_waitlist),
    ListWaitlistEntries: Handler(waitlist.list_entries, views.WaitlistEntriesView),
    GetWaitlistEntry: Handler(waitlist.get_entry, views.WaitlistEntryView),
    AddWaitlistEntry: Handler(waitlist.add_entry),
    UpdateWaitlistEntry: Handler(waitlist.update_entry),
    DeleteWaitlistEntry: Handler(waitlist.delete_entry),
    CreateWaitlistEntryFromBooking: Handler(waitlist_moves.create_entry_from_booking),
    ListResources: Handler(resources.list_resources, views.ResourcesView),
    GetResource: Handler(resources.get_resource, views.ResourceView),
    AddResource: Handler(resources.add_resource),
    UpdateResource: Handler(resources.update_resource),
    DeleteResource: Handler(resources.delete_resource),
    ListResourceSlots: Handler(resource_slots.list_slots, views.ResourceScheduleView),
    SetResourceSlots: Handler(resource_slots.set_slots),
    UnsetResourceSlots: Handler(resource_slots.unset_slots),
    ListResourceTypes: Handler(resource_types.list_types, views.ResourceTypesView),
    GetResourceType: Handler(resource_types.get_type, views.ResourceTypeView),
    AddResourceType: Handler(resource_types.add_type),
    UpdateResourceType: Handler(resource_types.update_type),
    DeleteResourceType: Handler(resource_types.delete_type),
    ListClientTypes: Handler(resource_types.list_client_types, views.ClientTypesView),
    FindCrmItems: Handler(crm.find_items, views.CrmItemsView),
    GetCrmItem: Handler(crm.get_item, views.CrmItemView),
    FindActivities: Handler(crm.find_activities, views.ActivitiesView),
    GetActivity: Handler(crm.get_activity, views.ActivityView),
    ListCrmTypes: Handler(crm.list_types, views.CrmTypesView),
    ListChanges: Handler(changes.list_changes, views.ChangesView),
    GetPlan: Handler(plans.get_plan, views.PlanView),
    ApplyPlan: Handler(plans.apply_plan, views.PlanView),
    CancelPlan: Handler(plans.cancel_plan, views.PlanView),
    LinkBookings: Handler(bulk.link_bookings, views.PlanView),
    MoveDealLinks: Handler(bulk.move_deal_links, views.PlanView),
    UndoChange: Handler(undo.undo_change),
    GetDaySchedule: Handler(day_schedule.get_day_schedule, views.DayScheduleView),
    Whoami: Handler(whoami.whoami, views.WhoamiView),
}

_PASSTHROUGH: Final = Handler(passthrough.read)


def handler_of(method: type[Method[Any]]) -> Handler:
    """Return the handler of a request.

    Raises:
        KeyError: it is a write without a handler.
    """
    return _PASSTHROUGH if method not in HANDLERS and method.effect is Effect.READ else HANDLERS[method]

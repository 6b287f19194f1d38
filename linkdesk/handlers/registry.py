"""How each request is done and what it shows.

A read that is missing here is done plainly, by its one call; a write that is missing fails a test.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from linkdesk.execution.context import Work
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
    plans,
    resource_slots,
    resource_types,
    resources,
    waitlist,
    waitlist_moves,
    whoami,
)
from linkdesk.handlers import (
    passthrough as plainly,
)
from linkdesk.handlers import (
    undo as undoing,
)
from linkdesk.model import views as shown
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
class Way:
    """The coroutine that does a request; `shows` is what a `Found` of it holds."""

    do: Callable[[Work, Any], Coroutine[Any, Any, Outcome]]
    shows: type[BaseModel] | None = None


WAYS: Final[Mapping[type[Method[Any]], Way]] = {
    **{one.reads: Way(linked_lists.list_items) for one in LINKED_LISTS},
    **{one.sets: Way(linked_lists.change_items) for one in LINKED_LISTS},
    **{one.unsets: Way(linked_lists.change_items) for one in LINKED_LISTS},
    ListActivityBindings: Way(bindings.list_bindings),
    AddActivityBinding: Way(bindings.change_bindings),
    DeleteActivityBinding: Way(bindings.change_bindings),
    MoveActivityBinding: Way(bindings.change_bindings),
    ListBookings: Way(bookings.list_bookings, shown.ShownBookings),
    GetBooking: Way(bookings.get_booking, shown.ShownBooking),
    AddBooking: Way(booking_writes.add_booking),
    UpdateBooking: Way(booking_writes.update_booking),
    DeleteBooking: Way(booking_writes.delete_booking),
    CreateBookingFromWaitlist: Way(booking_writes.create_booking_from_waitlist),
    ListWaitlistEntries: Way(waitlist.list_entries, shown.ShownEntries),
    GetWaitlistEntry: Way(waitlist.get_entry, shown.ShownEntry),
    AddWaitlistEntry: Way(waitlist.add_entry),
    UpdateWaitlistEntry: Way(waitlist.update_entry),
    DeleteWaitlistEntry: Way(waitlist.delete_entry),
    CreateWaitlistEntryFromBooking: Way(waitlist_moves.create_entry_from_booking),
    ListResources: Way(resources.list_resources, shown.ShownResources),
    GetResource: Way(resources.get_resource, shown.ShownResource),
    AddResource: Way(resources.add_resource),
    UpdateResource: Way(resources.update_resource),
    DeleteResource: Way(resources.delete_resource),
    ListResourceSlots: Way(resource_slots.list_slots, shown.ShownSchedule),
    SetResourceSlots: Way(resource_slots.set_slots),
    UnsetResourceSlots: Way(resource_slots.unset_slots),
    ListResourceTypes: Way(resource_types.list_types, shown.ShownTypes),
    GetResourceType: Way(resource_types.get_type, shown.ShownType),
    AddResourceType: Way(resource_types.add_type),
    UpdateResourceType: Way(resource_types.update_type),
    DeleteResourceType: Way(resource_types.delete_type),
    ListClientTypes: Way(resource_types.list_client_types, shown.ShownClientTypes),
    FindCrmItems: Way(crm.find_items, shown.ShownItems),
    GetCrmItem: Way(crm.get_item, shown.ShownItem),
    FindActivities: Way(crm.find_activities, shown.ShownActivities),
    GetActivity: Way(crm.get_activity, shown.ShownActivity),
    ListCrmTypes: Way(crm.list_types, shown.ShownCrmTypes),
    ListChanges: Way(changes.list_changes, shown.ShownChanges),
    GetPlan: Way(plans.get_plan, shown.ShownPlan),
    ApplyPlan: Way(plans.apply_plan, shown.ShownPlan),
    CancelPlan: Way(plans.cancel_plan, shown.ShownPlan),
    LinkBookings: Way(bulk.link_bookings, shown.ShownPlan),
    MoveDealLinks: Way(bulk.move_deal_links, shown.ShownPlan),
    UndoChange: Way(undoing.undo_change),
    GetDaySchedule: Way(day_schedule.get_day_schedule, shown.ShownDay),
    Whoami: Way(whoami.whoami, shown.ShownMe),
}

_PLAINLY: Final = Way(plainly.read)


def way_of(method: type[Method[Any]]) -> Way:
    """Find how a request is done.

    Raises:
        KeyError: it is a write that nobody wrote a way for.
    """
    return _PLAINLY if method not in WAYS and method.effect is Effect.READ else WAYS[method]

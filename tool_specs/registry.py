"""The explicit lists of all methods and recipes, in reading order."""

from __future__ import annotations

from typing import Any, Final

from tool_specs.declaration.method import Method
from tool_specs.methods.activity import FindActivities, GetActivity
from tool_specs.methods.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)
from tool_specs.methods.basic import GetMethod, ListScopes, ServerTime
from tool_specs.methods.booking import (
    AddBooking,
    CreateBookingFromWaitlist,
    DeleteBooking,
    GetBooking,
    ListBookings,
    UpdateBooking,
)
from tool_specs.methods.booking_clients import ListBookingClients, SetBookingClients, UnsetBookingClients
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.client_type import ListClientTypes
from tool_specs.methods.crm_item import FindCrmItems, GetCrmItem
from tool_specs.methods.crm_type import ListCrmTypes, ListOwnerTypes
from tool_specs.methods.duplicate import FindDuplicates
from tool_specs.methods.event import BindEvent, ListEventHandlers, UnbindEvent
from tool_specs.methods.resource import AddResource, DeleteResource, GetResource, ListResources, UpdateResource
from tool_specs.methods.resource_slots import ListResourceSlots, SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import (
    AddResourceType,
    DeleteResourceType,
    GetResourceType,
    ListResourceTypes,
    UpdateResourceType,
)
from tool_specs.methods.user import CurrentUser, GetUsers, Profile
from tool_specs.methods.waitlist import (
    AddWaitlistEntry,
    CreateWaitlistEntryFromBooking,
    DeleteWaitlistEntry,
    GetWaitlistEntry,
    ListWaitlistEntries,
    UpdateWaitlistEntry,
)
from tool_specs.methods.waitlist_clients import ListWaitlistClients, SetWaitlistClients, UnsetWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks, SetWaitlistLinks, UnsetWaitlistLinks
from tool_specs.recipes.bulk import LinkBookings, MoveDealLinks
from tool_specs.recipes.changes_and_plans import ApplyPlan, CancelPlan, GetPlan, ListChanges, Recipe, UndoChange, Whoami
from tool_specs.recipes.day_schedule import GetDaySchedule

METHODS: Final[tuple[type[Method[Any]], ...]] = (
    # links of bookings and waitlist entries to deals
    ListBookingLinks,
    SetBookingLinks,
    UnsetBookingLinks,
    ListWaitlistLinks,
    SetWaitlistLinks,
    UnsetWaitlistLinks,
    # their clients
    ListBookingClients,
    SetBookingClients,
    UnsetBookingClients,
    ListWaitlistClients,
    SetWaitlistClients,
    UnsetWaitlistClients,
    # activities and the CRM items they are bound to
    ListActivityBindings,
    AddActivityBinding,
    DeleteActivityBinding,
    MoveActivityBinding,
    # bookings
    ListBookings,
    GetBooking,
    AddBooking,
    UpdateBooking,
    DeleteBooking,
    CreateBookingFromWaitlist,
    # the waitlist
    ListWaitlistEntries,
    GetWaitlistEntry,
    AddWaitlistEntry,
    UpdateWaitlistEntry,
    DeleteWaitlistEntry,
    CreateWaitlistEntryFromBooking,
    # resources, their working hours and types
    ListResources,
    GetResource,
    AddResource,
    UpdateResource,
    DeleteResource,
    ListResourceSlots,
    SetResourceSlots,
    UnsetResourceSlots,
    ListResourceTypes,
    GetResourceType,
    AddResourceType,
    UpdateResourceType,
    DeleteResourceType,
    ListClientTypes,
    # CRM lookups
    FindCrmItems,
    GetCrmItem,
    FindActivities,
    GetActivity,
    ListCrmTypes,
    # for internal use
    FindDuplicates,
    ListOwnerTypes,
    CurrentUser,
    GetUsers,
    Profile,
    ListScopes,
    ServerTime,
    GetMethod,
    BindEvent,
    UnbindEvent,
    ListEventHandlers,
)
"""Every declared method, in reading order; a test fails if a class is missing."""

RECIPES: Final[tuple[type[Recipe], ...]] = (
    Whoami,
    GetDaySchedule,
    ListChanges,
    UndoChange,
    GetPlan,
    ApplyPlan,
    CancelPlan,
    LinkBookings,
    MoveDealLinks,
)
"""The tools that make more than one call."""

TOOLS: Final[tuple[type[Method[Any]], ...]] = (*(method for method in METHODS if method.toolset is not None), *RECIPES)
"""Everything that people and models can call, in reading order."""

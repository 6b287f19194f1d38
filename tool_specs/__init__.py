"""What each REST method is: one class a method, and the list of them all."""

from __future__ import annotations

from typing import Any, Final

from tool_specs.activity import GetActivity
from tool_specs.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)
from tool_specs.booking import GetBooking
from tool_specs.booking_clients import ListBookingClients, SetBookingClients, UnsetBookingClients
from tool_specs.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks
from tool_specs.crm_item import GetCrmItem
from tool_specs.method import Method
from tool_specs.waitlist import GetWaitlistEntry
from tool_specs.waitlist_clients import ListWaitlistClients, SetWaitlistClients, UnsetWaitlistClients
from tool_specs.waitlist_links import ListWaitlistLinks, SetWaitlistLinks, UnsetWaitlistLinks

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
    # lookups
    GetBooking,
    GetWaitlistEntry,
    GetCrmItem,
    GetActivity,
)
"""Every method we know, in reading order; a test fails when a class is left off."""

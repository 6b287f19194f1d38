"""Types of clients that bookings can have: `booking.v1.clienttype.list`."""

from __future__ import annotations

from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.list_items import ClientType
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.failures.booking import BOOKING_TOOL_OFF


class ListClientTypes(Method[list[ClientType]]):
    """List the kinds of clients a booking can have; one that was never used may be missing."""

    rest = "booking.v1.clienttype.list"
    page = "booking/booking-v1-clienttype-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Localized(en="List kinds of clients", ru="Показать виды клиентов")
    intents = (Intent(Act.SHOW, "client_type", many=True),)
    fails = {"0": BOOKING_TOOL_OFF}
    answer_key = "clientType"

"""Kinds of clients that bookings know: `booking.v1.clienttype.list`."""

from __future__ import annotations

from tool_specs.list_items import ClientType
from tool_specs.method import Effect, Method, Toolset
from tool_specs.said import Said
from tool_specs.speech import Act, Sense
from tool_specs.vendor_errors import BOOKING_TOOL_OFF


class ListClientTypes(Method[list[ClientType]]):
    """List the kinds of clients a booking can have; one that was never used may be missing."""

    rest = "booking.v1.clienttype.list"
    page = "booking/booking-v1-clienttype-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.RESOURCES
    title = Said(en="List kinds of clients", ru="Показать виды клиентов")
    senses = (Sense(Act.SHOW, "client_type", many=True),)
    fails = {"0": BOOKING_TOOL_OFF}
    answer_key = "clientType"

"""Clients of a booking: `booking.v1.booking.client.*`.

On the portal `set` replaces the whole list and does not check that the client exists; `unset` clears it.
"""

from __future__ import annotations

from tool_specs.declaration.arguments import (
    BookingId,
    Clients,
    ClientsToSet,
    Mode,
    SetListMethod,
    SetMode,
    UnsetListMethod,
)
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.list_items import ClientItem
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.failures.booking import BOOKING_CODES, BOOKING_NOT_UPDATED, CLIENT_TYPE_UNKNOWN


class ListBookingClients(Method[list[ClientItem]]):
    """List the clients (contacts and companies) of a booking."""

    rest = "booking.v1.booking.client.list"
    page = "booking/booking/client/booking-v1-booking-client-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.LINKS
    title = Localized(en="List a booking's clients", ru="Показать клиентов бронирования")
    slash = Localized(en="clients booking {booking_id}", ru="клиенты бронь {booking_id}")
    intents = (Intent(Act.SHOW, "booking", "client"),)
    fails = BOOKING_CODES
    answer_key = "bookingClient"

    booking_id: BookingId


class SetBookingClients(SetListMethod):
    """Add clients to a booking. Keeps the clients it has, unless mode is replace. Clients must exist."""

    rest = "booking.v1.booking.client.set"
    page = "booking/booking/client/booking-v1-booking-client-set.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.LINKS
    title = Localized(en="Add clients to a booking", ru="Добавить клиентов в бронирование")
    slash = Localized(
        en="client booking {booking_id} contact {clients}",
        ru="клиент бронь {booking_id} контакт {clients}",
    )
    intents = (Intent(Act.JOIN, "booking", "client"), Intent(Act.REPLACE, "booking", "client"))
    fails = {**BOOKING_CODES, "1025": CLIENT_TYPE_UNKNOWN, "1019": BOOKING_NOT_UPDATED}
    list_field = "clients"

    booking_id: BookingId
    clients: ClientsToSet
    mode: SetMode = Mode.ADD


class UnsetBookingClients(UnsetListMethod):
    """Remove clients from a booking: those named in clients, or every client with all: true."""

    rest = "booking.v1.booking.client.unset"
    page = "booking/booking/client/booking-v1-booking-client-unset.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.LINKS
    title = Localized(en="Remove clients from a booking", ru="Убрать клиентов из бронирования")
    slash = Localized(
        en="unclient booking {booking_id} contact {clients}",
        ru="убрать бронь {booking_id} контакт {clients}",
    )
    intents = (Intent(Act.PART, "booking", "client"),)
    fails = {**BOOKING_CODES, "1019": BOOKING_NOT_UPDATED}
    list_field = "clients"

    booking_id: BookingId
    clients: Clients | None = None

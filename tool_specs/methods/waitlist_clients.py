"""Clients of a waitlist entry: `booking.v1.waitlist.client.*`.

On the portal `set` replaces the whole list and does not check that the client exists; `unset` clears it.
"""

from __future__ import annotations

from tool_specs.declaration.arguments import (
    Clients,
    ClientsToSet,
    Mode,
    SetListMethod,
    SetMode,
    UnsetListMethod,
    WaitlistId,
)
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.list_items import ClientItem
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.failures.booking import CLIENT_TYPE_UNKNOWN, WAITLIST_CODES, WAITLIST_ENTRY_NOT_UPDATED


class ListWaitlistClients(Method[list[ClientItem]]):
    """List the clients (contacts and companies) of a waitlist entry."""

    rest = "booking.v1.waitlist.client.list"
    page = "booking/waitlist/client/booking-v1-waitlist-client-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.LINKS
    title = Localized(en="List a waitlist entry's clients", ru="Показать клиентов записи листа ожидания")
    slash = Localized(en="clients waitlist {waitlist_id}", ru="клиенты ожидание {waitlist_id}")
    intents = (Intent(Act.SHOW, "waitlist", "client"),)
    fails = WAITLIST_CODES
    answer_key = "waitListClient"

    waitlist_id: WaitlistId


class SetWaitlistClients(SetListMethod):
    """Add clients to a waitlist entry. Keeps the clients it has, unless mode is replace. Clients must exist."""

    rest = "booking.v1.waitlist.client.set"
    page = "booking/waitlist/client/booking-v1-waitlist-client-set.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.LINKS
    title = Localized(en="Add clients to a waitlist entry", ru="Добавить клиентов в запись листа ожидания")
    slash = Localized(
        en="client waitlist {waitlist_id} contact {clients}",
        ru="клиент ожидание {waitlist_id} контакт {clients}",
    )
    intents = (Intent(Act.JOIN, "waitlist", "client"), Intent(Act.REPLACE, "waitlist", "client"))
    fails = {**WAITLIST_CODES, "1025": CLIENT_TYPE_UNKNOWN, "1035": WAITLIST_ENTRY_NOT_UPDATED}
    list_field = "clients"

    waitlist_id: WaitlistId
    clients: ClientsToSet
    mode: SetMode = Mode.ADD


class UnsetWaitlistClients(UnsetListMethod):
    """Remove clients from a waitlist entry: those named in clients, or every client with all: true."""

    rest = "booking.v1.waitlist.client.unset"
    page = "booking/waitlist/client/booking-v1-waitlist-client-unset.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.LINKS
    title = Localized(en="Remove clients from a waitlist entry", ru="Убрать клиентов из записи листа ожидания")
    slash = Localized(
        en="unclient waitlist {waitlist_id} contact {clients}",
        ru="убрать ожидание {waitlist_id} контакт {clients}",
    )
    intents = (Intent(Act.PART, "waitlist", "client"),)
    fails = {**WAITLIST_CODES, "1035": WAITLIST_ENTRY_NOT_UPDATED}
    list_field = "clients"

    waitlist_id: WaitlistId
    clients: Clients | None = None

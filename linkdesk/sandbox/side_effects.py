"""What the portal changes of its own accord when links or clients change.

Source: behaviour notes of `externalData.set` and `client.set`; which of it is guessed, the package's docstring says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from linkdesk.sandbox.store import (
    CLIENT_CODES,
    DEAL,
    Activity,
    Binding,
    Client,
    CrmItem,
    Link,
    Owner,
    Store,
)

PROVIDER: Final = "CRM_BOOKING"
KINDS: Final = {code: kind for kind, code in CLIENT_CODES.items()}
SMART: Final = re.compile(r"DYNAMIC_([0-9]{1,6})")
ITEM_ID: Final = re.compile(r"[0-9]{1,18}")


def put_links(store: Store, owner: Owner, links: Sequence[Link]) -> None:
    """Replace the links; clients come from the deals, or new deals get them."""
    before = set(_deal_ids(owner.links))
    owner.links = list(links)
    if not owner.clients:
        _clients_from_deals(store, owner)
    else:
        _deals_from_clients(store, owner, [number for number in _deal_ids(links) if number not in before])
    refresh_activity(store, owner)


def put_clients(store: Store, owner: Owner, clients: Sequence[Client]) -> None:
    """Replace the clients; linked deals get them, or an empty list takes those of the deals."""
    were_there = bool(owner.clients)
    owner.clients = list(clients)
    if not clients:
        _clients_from_deals(store, owner)
    elif not were_there:
        _deals_from_clients(store, owner, _deal_ids(owner.links))
    refresh_activity(store, owner)


def clear_clients(store: Store, owner: Owner) -> None:
    """Take all clients off; the deals' ones come back with the next change of links."""
    owner.clients = []
    refresh_activity(store, owner)


def _deal_ids(links: Iterable[Link]) -> list[int]:
    return [
        int(link.value)
        for link in links
        if (link.module_id, link.entity_type_id) == ("crm", "DEAL") and ITEM_ID.fullmatch(link.value)
    ]


def _deals(store: Store, ids: Iterable[int]) -> list[CrmItem]:
    return [deal for number in ids if (deal := store.item(DEAL, number)) is not None]


def _clients_from_deals(store: Store, owner: Owner) -> None:
    for deal in _deals(store, _deal_ids(owner.links))[:1]:
        owner.clients = [Client(module="crm", code="CONTACT", id=contact) for contact in deal.contact_ids]
        if deal.company_id:
            owner.clients.append(Client(module="crm", code="COMPANY", id=deal.company_id))
    for client in owner.clients:
        if (client.module, client.code) not in store.client_types:
            store.client_types.append((client.module, client.code))


def _deals_from_clients(store: Store, owner: Owner, ids: Iterable[int]) -> None:
    contacts = [client.id for client in owner.clients if (client.module, client.code) == ("crm", "CONTACT")]
    companies = [client.id for client in owner.clients if (client.module, client.code) == ("crm", "COMPANY")]
    for deal in _deals(store, ids):
        if not deal.contact_ids:
            deal.contact_ids = list(contacts)
        if not deal.company_id and companies:
            deal.company_id = companies[0]


def refresh_activity(store: Store, owner: Owner) -> None:
    """Bind the owner's CRM activity to its deals and clients, and to nothing else."""
    bindings = [binding for binding in _bindings(owner) if store.item(binding.entity_type_id, binding.entity_id)]
    if not bindings:
        drop_activity(store, owner)
        return
    known = _activity(store, owner)
    if known is None:
        known = Activity(
            id=store.new_id("activity"),
            subject=f"Бронирование {owner.id}" if owner.activity_type == "BOOKING" else f"Лист ожидания {owner.id}",
            provider=PROVIDER,
            provider_type=owner.activity_type,
            belongs_to=owner.id,
        )
        store.activities[known.id] = known
    known.bindings = bindings


def drop_activity(store: Store, owner: Owner) -> None:
    """Delete the owner's CRM activity."""
    known = _activity(store, owner)
    if known is not None:
        del store.activities[known.id]


def _activity(store: Store, owner: Owner) -> Activity | None:
    mine = (PROVIDER, owner.activity_type, owner.id)
    return next(
        (
            known
            for known in store.activities.values()
            if (known.provider, known.provider_type, known.belongs_to) == mine
        ),
        None,
    )


def _bindings(owner: Owner) -> list[Binding]:
    found = [Binding(entity_type_id=DEAL, entity_id=number) for number in _deal_ids(owner.links)]
    for link in owner.links:
        smart = SMART.fullmatch(link.entity_type_id)
        if link.module_id == "crm" and smart and ITEM_ID.fullmatch(link.value):
            found.append(Binding(entity_type_id=int(smart[1]), entity_id=int(link.value)))
    found.extend(
        Binding(entity_type_id=KINDS[client.code], entity_id=client.id)
        for client in sorted(owner.clients, key=lambda client: client.code != "CONTACT")
        if client.module == "crm" and client.code in KINDS
    )
    return list(dict.fromkeys(found))

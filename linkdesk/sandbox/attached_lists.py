"""The lists a booking or a waitlist entry has: external data and clients, each with `list`, `set` and `unset`.

`set` replaces the whole list, `unset` clears it. Whether a deal or a contact exists is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.collections_of_booking import BOOKINGS, WAITLIST, Collection
from linkdesk.sandbox.refusal import Refusal
from linkdesk.sandbox.side_effects import clear_clients, put_clients, put_links
from linkdesk.sandbox.store import Booking, Client, Link, Owner, Store, WaitlistEntry
from tool_specs.wire import Json

T = TypeVar("T")
LONGEST_TEXT: Final = 255
Owners = Collection[Booking] | Collection[WaitlistEntry]


@dataclass(frozen=True)  # slots break subscripted generics on Python 3.11
class AttachedList(Generic[T]):
    """One kind of list: its names on the wire, and how it is read and replaced."""

    name: str
    parameter: str
    answer_keys: tuple[str, str]
    """Of bookings, of waitlist entries."""
    read: Callable[[Owner], list[dict[str, Json]]]
    make: Callable[[Owners, Store, Sequence[dict[str, Json]]], list[T]]
    put: Callable[[Store, Owner, Sequence[T]], None]
    clear: Callable[[Store, Owner], None]


def _links(owners: Owners, _store: Store, given: Sequence[dict[str, Json]]) -> list[Link]:
    for text in (text for item in given for text in item.values()):
        if not 0 < len(text) <= LONGEST_TEXT:
            raise Refusal(owners.not_updated, f"Mysql query error: (1406) Data too long or empty ({len(text)})")
    return [Link.model_validate(item) for item in given]


def _clients(_owners: Owners, store: Store, given: Sequence[dict[str, Json]]) -> list[Client]:
    clients = [Client(id=item["id"], module=item["type"]["module"], code=item["type"]["code"]) for item in given]
    if any((client.module, client.code) not in store.client_types for client in clients):
        raise Refusal("1025", "Client type not found")
    return clients


LINKS: Final = AttachedList[Link](
    name="externalData",
    parameter="externalData",
    answer_keys=("externalData", "externalData"),
    read=lambda owner: [link.shown() for link in owner.links],
    make=_links,
    put=put_links,
    clear=lambda store, owner: put_links(store, owner, []),
)
CLIENTS: Final = AttachedList[Client](
    name="client",
    parameter="clients",
    answer_keys=("bookingClient", "waitListClient"),
    read=lambda owner: [client.shown() for client in owner.clients],
    make=_clients,
    put=put_clients,
    clear=clear_clients,
)


def list_items(owners: Owners, items: AttachedList[T], call: Call) -> Json:
    """Answer `list`."""
    owner = owners.find(call, owners.reference)
    return {items.answer_keys[0 if owners is BOOKINGS else 1]: items.read(owner)}


def set_items(owners: Owners, items: AttachedList[T], call: Call) -> Json:
    """Answer `set`."""
    owner = owners.find(call, owners.reference)
    items.put(call.store, owner, items.make(owners, call.store, call.params[items.parameter]))
    return True


def unset_items(owners: Owners, items: AttachedList[T], call: Call) -> Json:
    """Answer `unset`."""
    items.clear(call.store, owners.find(call, owners.reference))
    return True


def _verbs(owners: Owners, items: AttachedList[T]) -> Iterator[tuple[str, Handler]]:
    prefix = f"{owners.prefix}.{items.name}"
    yield f"{prefix}.list", partial(list_items, owners, items)
    yield f"{prefix}.set", partial(set_items, owners, items)
    yield f"{prefix}.unset", partial(unset_items, owners, items)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Name the methods that are a verb over an attached list."""
    for owners in (BOOKINGS, WAITLIST):
        yield from _verbs(owners, LINKS)
        yield from _verbs(owners, CLIENTS)

"""The lists a record has: external data and clients, working hours; each with `list`, `set` and `unset`.

`set` replaces the whole list, `unset` clears it. Whether a deal or a contact exists is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar
from zoneinfo import available_timezones

from linkdesk.sandbox.bookings import BOOKINGS
from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.collection import Collection
from linkdesk.sandbox.resources import RESOURCES
from linkdesk.sandbox.rest_error import RestError
from linkdesk.sandbox.side_effects import clear_clients, put_clients, put_links
from linkdesk.sandbox.store import Client, Link, Owner, Record, Resource, Slots, Store
from linkdesk.sandbox.waitlist import WAITLIST
from tool_specs.declaration.wire import Json

R = TypeVar("R", bound=Record)
OwnerT = TypeVar("OwnerT", bound=Owner)
T = TypeVar("T")
MAX_TEXT_LENGTH: Final = 255
MINUTES_PER_DAY: Final = 1440
WEEK: Final = frozenset({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})


@dataclass(frozen=True)  # slots break subscripted generics on Python 3.11
class AttachedList(Generic[R, T]):
    """One kind of list: whose it is, its names on the wire, and how it is read and replaced."""

    of: Collection[R]
    name: str
    parameter: str
    answer_key: str
    read: Callable[[R], list[dict[str, Json]]]
    make: Callable[[Store, Sequence[dict[str, Json]]], list[T]]
    put: Callable[[Store, R, Sequence[T]], None]
    clear: Callable[[Store, R], None]


def list_items(items: AttachedList[R, T], call: Call) -> Json:
    """Answer `list`."""
    return {items.answer_key: items.read(items.of.find(call, items.of.reference))}


def set_items(items: AttachedList[R, T], call: Call) -> Json:
    """Answer `set`."""
    record = items.of.find(call, items.of.reference)
    items.put(call.store, record, items.make(call.store, call.params[items.parameter]))
    items.of.changed(call, record)
    return True


def unset_items(items: AttachedList[R, T], call: Call) -> Json:
    """Answer `unset`."""
    record = items.of.find(call, items.of.reference)
    items.clear(call.store, record)
    items.of.changed(call, record)
    return True


def _links(owners: Collection[R], _store: Store, given: Sequence[dict[str, Json]]) -> list[Link]:
    for text in (text for item in given for text in item.values()):
        if not 0 < len(text) <= MAX_TEXT_LENGTH:
            raise RestError(owners.codes.not_updated, f"Mysql query error: (1406) Data too long or empty ({len(text)})")
    return [Link.model_validate(item) for item in given]


def _clients(store: Store, given: Sequence[dict[str, Json]]) -> list[Client]:
    clients = [Client(id=item["id"], module=item["type"]["module"], code=item["type"]["code"]) for item in given]
    if any((client.module, client.code) not in store.client_types for client in clients):
        raise RestError("1025", "Client type not found")
    return clients


def _slots(store: Store, given: Sequence[dict[str, Json]]) -> list[Slots]:
    for slot in given:
        in_a_day = 0 <= slot["from"] <= slot["to"] <= MINUTES_PER_DAY and slot["slotSize"] > 0
        if not in_a_day or not WEEK.issuperset(map(str, slot["weekDays"])):
            raise RestError(RESOURCES.codes.not_updated, "Invalid slot range")
        if slot["timezone"] not in available_timezones():
            raise RestError(RESOURCES.codes.not_updated, f"Unknown or bad timezone ({slot['timezone']})")
    return [Slots.model_validate({**slot, "id": store.new_id("slots")}) for slot in given]


def _put_slots(_store: Store, resource: Resource, slots: Sequence[Slots]) -> None:
    resource.slots = list(slots)


def _links_of(owners: Collection[OwnerT]) -> AttachedList[OwnerT, Link]:
    return AttachedList(
        of=owners,
        name="externalData",
        parameter="externalData",
        answer_key="externalData",
        read=lambda owner: [link.as_json() for link in owner.links],
        make=partial(_links, owners),
        put=put_links,
        clear=lambda store, owner: put_links(store, owner, []),
    )


def _clients_of(owners: Collection[OwnerT], answer_key: str) -> AttachedList[OwnerT, Client]:
    return AttachedList(
        of=owners,
        name="client",
        parameter="clients",
        answer_key=answer_key,
        read=lambda owner: [client.as_json() for client in owner.clients],
        make=_clients,
        put=put_clients,
        clear=clear_clients,
    )


SLOTS: Final = AttachedList[Resource, Slots](
    of=RESOURCES,
    name="slots",
    parameter="slots",
    answer_key="slots",
    read=lambda resource: [slots.as_json() for slots in resource.slots],
    make=_slots,
    put=_put_slots,
    clear=lambda store, resource: _put_slots(store, resource, []),
)


def _verbs(items: AttachedList[R, T]) -> Iterator[tuple[str, Handler]]:
    prefix = f"{items.of.prefix}.{items.name}"
    yield f"{prefix}.list", partial(list_items, items)
    yield f"{prefix}.set", partial(set_items, items)
    yield f"{prefix}.unset", partial(unset_items, items)


def list_client_types(call: Call) -> Json:
    """Answer `clienttype.list`: those that some booking had a client of."""
    return {"clientType": [{"code": code, "module": module} for module, code in sorted(call.store.client_types)]}


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods that are a verb over an attached list, and the one that tells what clients can be."""
    yield from _verbs(_links_of(BOOKINGS))
    yield from _verbs(_clients_of(BOOKINGS, "bookingClient"))
    yield from _verbs(_links_of(WAITLIST))
    yield from _verbs(_clients_of(WAITLIST, "waitListClient"))
    yield from _verbs(SLOTS)
    yield "booking.v1.clienttype.list", list_client_types

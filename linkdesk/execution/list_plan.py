"""The four lists that hold CRM items: links and clients, of bookings and of waitlist entries.

The portal replaces or clears each list as a whole. Here a request to add or remove single items becomes a plan: the
list now, the list as it will be, and the one call that replaces it. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from linkdesk.audit.log import Change
from linkdesk.errors.translate import join_refs
from linkdesk.model.outcome import ListKind, Plan, Target, TargetType
from tool_specs.declaration.arguments import Mode, SetListMethod, UnsetListMethod
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import ListItem
from tool_specs.methods.activity_binding import ListActivityBindings
from tool_specs.methods.booking_clients import ListBookingClients, SetBookingClients, UnsetBookingClients
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.waitlist_clients import ListWaitlistClients, SetWaitlistClients, UnsetWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks, SetWaitlistLinks, UnsetWaitlistLinks


@dataclass(frozen=True, slots=True)
class LinkedList:
    """One list of the portal and its three methods; `holds` are the CRM types that we add and remove."""

    owner: TargetType
    owner_field: str
    kind: ListKind
    holds: frozenset[str]
    reads: type[Method[Any]]
    sets: type[SetListMethod]
    unsets: type[UnsetListMethod]

    def target(self, method: Method[Any]) -> Target:
        """Return the booking or waitlist entry that a request is about."""
        return Target(self.owner, getattr(method, self.owner_field))

    def reading(self, target: Target) -> Method[Sequence[ListItem]]:
        """Return the call that reads the list."""
        # The target was validated with the request: validating it again would take longer than the rest of the plan.
        return self.reads.model_construct(None, **{self.owner_field: target.id})

    def clearing(self, target: Target) -> UnsetListMethod:
        """Return the call that clears the list."""
        return self.unsets.model_validate({self.owner_field: target.id, "all": True})

    def replacing(self, target: Target, items: Sequence[ListItem]) -> Method[bool]:
        """Return the call that replaces the list with these items."""
        if not items:
            return self.clearing(target)
        # Built without validation: the list may hold items that callers may not name.
        fields: dict[str, Any] = {self.owner_field: target.id, self.sets.list_field: []}
        return self.sets.model_construct(None, **fields).with_items(items)


_DEALS: Final = frozenset({"deal"})
CLIENT_TYPES: Final = frozenset({"contact", "company"})

BOOKING_LINKS: Final = LinkedList(
    "booking", "booking_id", "links", _DEALS, ListBookingLinks, SetBookingLinks, UnsetBookingLinks
)
BOOKING_CLIENTS: Final = LinkedList(
    "booking", "booking_id", "clients", CLIENT_TYPES, ListBookingClients, SetBookingClients, UnsetBookingClients
)
WAITLIST_LINKS: Final = LinkedList(
    "waitlist", "waitlist_id", "links", _DEALS, ListWaitlistLinks, SetWaitlistLinks, UnsetWaitlistLinks
)
WAITLIST_CLIENTS: Final = LinkedList(
    "waitlist", "waitlist_id", "clients", CLIENT_TYPES, ListWaitlistClients, SetWaitlistClients, UnsetWaitlistClients
)
LINKED_LISTS: Final = (BOOKING_LINKS, BOOKING_CLIENTS, WAITLIST_LINKS, WAITLIST_CLIENTS)

SIBLING_LIST: Final = {
    BOOKING_LINKS: BOOKING_CLIENTS,
    BOOKING_CLIENTS: BOOKING_LINKS,
    WAITLIST_LINKS: WAITLIST_CLIENTS,
    WAITLIST_CLIENTS: WAITLIST_LINKS,
}
"""The other list of the same owner, which the portal may change by itself along with this one."""


def list_of(method: Method[Any]) -> LinkedList | None:
    """Return the list that a request is about, or None."""
    return next((one for one in LINKED_LISTS if type(method) in (one.reads, one.sets, one.unsets)), None)


def refs_of(items: Sequence[ListItem]) -> tuple[CrmRef, ...]:
    """Return the CRM items among the items of a list, in order."""
    return tuple(item.crm for item in items if item.crm is not None)


def items_of(change: Change, state: Any) -> list[ListItem]:  # noqa: ANN401 - JSON
    """Parse the items of a list as the audit log stores them."""
    return list(cast("list[ListItem]", reading_of(change).read_answer(state or [])))


def reading_of(change: Change) -> type[Method[Any]]:
    """Return the method that reads the list that was changed."""
    found = (one.reads for one in LINKED_LISTS if (one.owner, one.kind) == (change.target_type, change.kind))
    return next(found, ListActivityBindings)


def plan_of(one: LinkedList, method: SetListMethod | UnsetListMethod, items: Sequence[ListItem]) -> Plan:
    """Plan a change of a list; `items` are its current items."""
    wanted = (
        _after_setting(one, method, items)
        if isinstance(method, SetListMethod)
        else _after_unsetting(one, method, items)
    )
    target = one.target(method)
    named = set(method.refs)
    before, after = refs_of(items), refs_of(wanted)
    unnamed = [ref for ref in before if ref not in after and ref not in named]
    return Plan(
        asked=method,
        target=target,
        kind=one.kind,
        before=before,
        after=after,
        steps=() if list(wanted) == list(items) else (one.replacing(target, wanted),),
        named=tuple(method.refs),
        destroys=bool(unnamed),
        also=_not_there(method, before),
        whole=tuple(wanted),
    )


def _after_setting(one: LinkedList, method: SetListMethod, items: Sequence[ListItem]) -> list[ListItem]:
    there = refs_of(items)
    joining = [one.sets.item(ref) for ref in method.refs if ref not in there]
    if method.mode is Mode.ADD:
        return [*items, *joining]
    return [item for item in items if not _is_ours(one, item) or item.crm in method.refs] + joining


def _after_unsetting(one: LinkedList, method: UnsetListMethod, items: Sequence[ListItem]) -> list[ListItem]:
    if method.all:
        return [item for item in items if not _is_ours(one, item)]
    return [item for item in items if item.crm not in method.refs]


def _is_ours(one: LinkedList, item: ListItem) -> bool:
    """Return whether we may remove an item; the internal calendar link is not ours."""
    return item.crm is not None and item.crm.type in one.holds


def _not_there(method: SetListMethod | UnsetListMethod, before: tuple[CrmRef, ...]) -> tuple[Localized, ...]:
    """Return a remark on items to remove that are not in the list, where others are."""
    if isinstance(method, SetListMethod):
        return ()
    missing = [ref for ref in method.refs if ref not in before]
    if not missing or len(missing) == len(method.refs):
        return ()
    said = join_refs(tuple(missing))
    return (Localized(en=f"Was not there: {said.en}.", ru=f"Этого там не было: {said.ru}."),)

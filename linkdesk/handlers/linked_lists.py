"""List and change the links and clients of bookings and waitlist entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from linkdesk.execution.apply_list import VerifyReads, apply_list_plan
from linkdesk.execution.context import RequestContext
from linkdesk.execution.list_plan import CLIENT_TYPES, SIBLING_LIST, LinkedList, list_of, plan_of, refs_of
from linkdesk.execution.snapshot import ListSnapshot, check_added, read_names, take_snapshot
from linkdesk.model.outcome import Done, Listing, ListKind, Outcome, Target, Waiting
from tool_specs.declaration.arguments import SetListMethod, UnsetListMethod
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.crm_item import GetCrmItem


async def list_items(context: RequestContext, method: Method[Any]) -> Listing:
    """Show a list with the names of its items."""
    one = _list_of(method)
    target = one.target(method)
    seen = await take_snapshot(context.portal, target, one.reading(target), zone=context.zone)
    items = refs_of(seen.items)
    about = replace(seen.about, names=await read_names(context.portal, items))
    return Listing(target=target, kind=one.kind, items=items, about=about)


async def change_items(context: RequestContext, method: SetListMethod | UnsetListMethod) -> Outcome:
    """Add, remove or replace items of a list, and keep the others."""
    one = _list_of(method)
    target = one.target(method)
    reads = VerifyReads(one.reading(target), SIBLING_LIST[one].reading(target), SIBLING_LIST[one].kind)
    async with context.lock(target):
        seen = await take_snapshot(
            context.portal,
            target,
            reads.reading,
            beside=reads.beside,
            refs=method.refs,
            zone=context.zone,
        )
        plan = replace(plan_of(one, method, seen.items), about=seen.about)
        if not plan.steps:
            return Done(plan=plan, changed=False, after=plan.before, also=plan.also)
        plan = replace(plan, also=(*plan.also, *check_added(plan, seen)))
        needs_approval = context.needs_approval(plan)
        if plan.destroys or needs_approval:
            # A person who approves should read the names of what is removed and kept, and whose booking it is.
            clients = clients_of(one.kind, seen) if needs_approval and not context.is_part else ()
            shown = (*plan.removed, *(plan.before if clients else ()), *clients)
            names = {**seen.about.names, **await read_names(context.portal, shown)}
            plan = replace(plan, about=replace(plan.about, names=names, clients=clients))
        if needs_approval:
            return Waiting(plan=plan)
        return await apply_list_plan(context, plan, await _read_deals(context, one, seen), reads)


def clients_of(kind: ListKind, seen: ListSnapshot) -> tuple[CrmRef, ...]:
    """Return the clients of the booking or waitlist entry."""
    items = seen.items if kind == "clients" else seen.beside or ()
    return tuple(ref for ref in refs_of(items) if ref.type in CLIENT_TYPES)


async def _read_deals(context: RequestContext, one: LinkedList, seen: ListSnapshot) -> ListSnapshot:
    """Read the linked deals before clients change, as the portal may fill in their contact or company."""
    deals = [ref for ref in refs_of(seen.beside or ()) if ref.type == "deal"] if one.kind == "clients" else []
    if not deals:
        return seen
    found = await context.portal.batch([GetCrmItem.model_construct(item=ref) for ref in deals])
    return replace(seen, looked={**seen.looked, **dict(zip(deals, found, strict=True))})


def target_of(method: Method[Any]) -> Target:
    """Return the booking or waitlist entry that a request about a list is about."""
    return _list_of(method).target(method)


def _list_of(method: Method[Any]) -> LinkedList:
    one = list_of(method)
    if one is None:
        message = f"{type(method).__name__} is about no linked list"
        raise TypeError(message)
    return one

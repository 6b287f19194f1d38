"""Listing and changing the links and clients of bookings and waitlist entries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from linkdesk.applying import Again, carry_out
from linkdesk.linked_lists import BESIDE, LinkedList, list_of, plan_of, refs_of
from linkdesk.outcome import Done, Listing, Outcome, Target, Waiting
from linkdesk.survey import Survey, check_added, names_for, survey
from linkdesk.work import Work
from tool_specs.arguments import SetsList, UnsetsList
from tool_specs.crm_item import GetCrmItem
from tool_specs.method import Method


async def list_items(work: Work, method: Method[Any]) -> Listing:
    """Read a list and name its items."""
    one = _list_of(method)
    target = one.target(method)
    seen = await survey(work.portal, target, one.reading(target), zone=work.zone)
    items = refs_of(seen.items)
    about = replace(seen.about, names=await names_for(work.portal, items))
    return Listing(target=target, kind=one.kind, items=items, about=about)


async def change_items(work: Work, method: SetsList | UnsetsList) -> Outcome:
    """Add, remove or replace items of a list, keeping what was not named."""
    one = _list_of(method)
    target = one.target(method)
    again = Again(one.reading(target), BESIDE[one].reading(target), BESIDE[one].kind)
    async with work.turn(target):
        seen = await survey(work.portal, target, again.reading, beside=again.beside, refs=method.refs, zone=work.zone)
        plan = replace(plan_of(one, method, seen.items), about=seen.about)
        if not plan.steps:
            return Done(plan=plan, changed=False, after=plan.before, also=plan.also)
        plan = replace(plan, also=(*plan.also, *check_added(plan, seen)))
        if plan.destroys:
            # A person who is asked should read by name what will go.
            names = {**seen.about.names, **await names_for(work.portal, plan.removed)}
            plan = replace(plan, about=replace(plan.about, names=names))
        if work.asks(plan):
            return Waiting(plan=plan)
        return await carry_out(work, plan, await _with_deals(work, one, seen), again)


async def _with_deals(work: Work, one: LinkedList, seen: Survey) -> Survey:
    """Look at the linked deals before clients change: the portal may fill in their contact or company."""
    deals = [ref for ref in refs_of(seen.beside or ()) if ref.type == "deal"] if one.kind == "clients" else []
    if not deals:
        return seen
    found = await work.portal.batch([GetCrmItem.model_construct(item=ref) for ref in deals])
    return replace(seen, looked={**seen.looked, **dict(zip(deals, found, strict=True))})


def target_of(method: Method[Any]) -> Target:
    """Name the booking or the waitlist entry that a request about a list is about."""
    return _list_of(method).target(method)


def _list_of(method: Method[Any]) -> LinkedList:
    one = list_of(method)
    if one is None:
        message = f"{type(method).__name__} is about no linked list"
        raise TypeError(message)
    return one

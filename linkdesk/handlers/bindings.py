"""List and change the bindings of activities."""

from __future__ import annotations

from dataclasses import replace

from linkdesk.execution.apply_list import VerifyReads, apply_list_plan
from linkdesk.execution.binding_plan import BindingChange, plan_of, target_of
from linkdesk.execution.context import RequestContext
from linkdesk.execution.list_plan import refs_of
from linkdesk.execution.snapshot import check_added, read_names, take_snapshot
from linkdesk.model.outcome import Done, Listing, Outcome, Waiting
from tool_specs.methods.activity_binding import ListActivityBindings


async def list_bindings(context: RequestContext, method: ListActivityBindings) -> Listing:
    """List the bindings of an activity with the names of the items."""
    target = target_of(method)
    items = refs_of((await take_snapshot(context.portal, target, method)).items)
    listing = Listing(target=target, kind="bindings", items=items)
    return replace(listing, about=replace(listing.about, names=await read_names(context.portal, items)))


async def change_bindings(context: RequestContext, method: BindingChange) -> Outcome:
    """Add, delete or move one binding."""
    target = target_of(method)
    verify_reads = VerifyReads(ListActivityBindings(activity_id=method.activity_id))
    async with context.lock(target):
        seen = await take_snapshot(context.portal, target, verify_reads.reading, refs=[method.target])
        plan = replace(plan_of(method, refs_of(seen.items)), about=seen.about)
        if not plan.steps:
            return Done(plan=plan, changed=False, after=plan.before, also=plan.also)
        plan = replace(plan, also=(*plan.also, *check_added(plan, seen)))
        if context.needs_approval(plan):
            return Waiting(plan=plan)
        return await apply_list_plan(context, plan, seen, verify_reads)

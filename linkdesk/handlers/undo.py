"""Undo changes: restore the state before a change, as far as nobody changed it since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, cast

from linkdesk.audit.log import Change, ChangeState
from linkdesk.auth.policy import Role
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.translate import join_refs
from linkdesk.execution.apply_list import VerifyReads, apply_list_plan, as_wire
from linkdesk.execution.context import RequestContext
from linkdesk.execution.list_plan import LINKED_LISTS, SIBLING_LIST, LinkedList, items_of, refs_of
from linkdesk.execution.snapshot import ListSnapshot, check_added, read_names, take_snapshot
from linkdesk.handlers.bulk import do_many
from linkdesk.handlers.changes import can_be_undone, undone_ids
from linkdesk.handlers.linked_lists import clients_of
from linkdesk.handlers.undo_records import undo_record
from linkdesk.model.outcome import (
    AnyPlan,
    Done,
    ListKind,
    Outcome,
    Plan,
    RecordTarget,
    RecordType,
    Target,
    TargetType,
    Waiting,
)
from linkdesk.plans.model import StoredPlan
from linkdesk.plans.runner import plan_id_of
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.wire import ListItem
from tool_specs.methods.activity_binding import AddActivityBinding, DeleteActivityBinding, ListActivityBindings
from tool_specs.recipes.changes_and_plans import UndoChange

MAX_SEARCHED: Final = 50
"""How many of a person's latest changes are searched for one that can be undone."""

CHANGED_SINCE: Final = Localized(
    en="Changed again since: the change left {left}, before this undo there was {now}. Only its own part is undone.",
    ru="С тех пор состав изменился: после изменения было {left}, перед отменой {now}. Отменяется только своя часть.",
)
_NOTHING: Final = Localized(en="nothing", ru="ничего")


async def undo_change(context: RequestContext, method: UndoChange) -> Outcome:
    """Undo a change, or every part of a plan that was applied, if the person may.

    Raises:
        Trouble: it cannot be undone; the error says why.
    """
    change = await _change_to_undo(context, method)
    plan = await _plan_of(context, method, change)
    if plan is not None:
        return await _undo_plan_parts(context, plan)
    if change is None:
        raise Trouble(own_errors.NO_SUCH_CHANGE)
    context.policy.check_type(change.target_type, context.recorder.actor)
    request = UndoChange(change_id=change.id)
    context = replace(context, recorder=replace(context.recorder, undoes=change, request=request))
    if change.kind == "record":
        return await undo_record(context, request, change)
    if not can_be_undone(change):
        raise Trouble(own_errors.CANNOT_UNDO)
    target = Target(cast("TargetType", change.target_type), change.target_id or 0)
    async with context.lock(target):
        return await _undo_list(context, request, change, target)


async def _plan_of(context: RequestContext, method: UndoChange, change: Change | None) -> StoredPlan | None:
    """Return the plan of several parts to undo: the one with the given id, or that of the last change."""
    plan_id = method.change_id
    if change is not None:
        plan_id = None if method.change_id else plan_id_of(change.request_key)
    if plan_id is None:
        return None
    try:
        plan = await context.approvals.find(plan_id, context.recorder.actor)
    except Trouble:
        return None
    return plan if change is None or len(plan.plans) > 1 else None


async def _undo_plan_parts(context: RequestContext, plan: StoredPlan) -> Outcome:
    """Undo the parts of a plan as one plan, the last part first; a part that cannot be undone is named with its reason.

    Raises:
        Trouble: nothing of it was applied, or all of it is undone already.
    """
    record = context.recorder.record
    done = [await record.get(step.change_id) for step in plan.steps if step.change_id is not None]
    changes = [change for change in done if change is not None]
    gone = await undone_ids(record, changes)
    parts = [
        (_target_of(change), UndoChange(change_id=change.id))
        for change in reversed(changes)
        if change.id not in gone and change.state in {ChangeState.DONE, ChangeState.PARTLY}
    ]
    if not parts:
        raise Trouble(own_errors.NOTHING_TO_UNDO)
    chained = _chained(changes)

    def reviewed(part: AnyPlan) -> AnyPlan:
        # Only later parts of this plan changed the list, and they are undone before this one.
        if isinstance(part, Plan) and part.destroys and cast("UndoChange", part.asked).change_id in chained:
            return replace(part, destroys=False, also=part.also[1:])
        return part

    return await do_many(context, UndoChange(change_id=plan.id), parts, reviewed=reviewed)


def _chained(changes: Sequence[Change]) -> set[str]:
    """Return the changes of a list that were directly followed by another of these changes."""
    lists = [change for change in changes if change.kind != "record"]
    return {
        first.id
        for place, first in enumerate(lists)
        for then in lists[place + 1 :]
        if _list_of(first) == _list_of(then) and first.left == then.before
    }


def _list_of(change: Change) -> tuple[str, int | None, str]:
    return change.target_type, change.target_id, change.kind


def _target_of(change: Change) -> Target | RecordTarget:
    if change.kind == "record":
        return RecordTarget(cast("RecordType", change.target_type), change.target_id)
    return Target(cast("TargetType", change.target_type), change.target_id or 0)


async def _change_to_undo(context: RequestContext, method: UndoChange) -> Change | None:
    """Return the change to undo, after checking that this person may; None where the id is no change's.

    Raises:
        Trouble: there is none to undo, it is somebody else's, or its outcome is unknown.
    """
    actor, record = context.recorder.actor, context.recorder.record
    if method.change_id is None:
        changes = await record.latest(MAX_SEARCHED, who=actor.who)
        gone = await undone_ids(record, changes)
        own = [one for one in changes if one.undoes is None and one.id not in gone]
        change = next((one for one in own if one.state in {ChangeState.DONE, ChangeState.PARTLY}), None)
        if change is None:
            raise Trouble(own_errors.NOTHING_TO_UNDO)
        return change
    change = await record.get(method.change_id)
    if change is None:
        return None
    if change.who != actor.who and actor.role is not Role.ADMIN:
        raise Trouble(own_errors.NOT_YOUR_CHANGE)
    if change.state in {ChangeState.BEGUN, ChangeState.UNKNOWN}:
        raise Trouble(own_errors.CHANGE_UNCLEAR)
    if change.state not in {ChangeState.DONE, ChangeState.PARTLY}:
        raise Trouble(own_errors.NOTHING_TO_UNDO)
    return change


async def _undo_list(context: RequestContext, request: UndoChange, change: Change, target: Target) -> Outcome:
    was, left = items_of(change, change.before), items_of(change, change.left)
    one = next((one for one in LINKED_LISTS if (one.owner, one.kind) == (target.type, change.kind)), None)
    beside = None if one is None else SIBLING_LIST[one].reading(target)
    reading = ListActivityBindings(activity_id=target.id) if one is None else one.reading(target)
    reads = VerifyReads(reading, beside, None if one is None else SIBLING_LIST[one].kind)
    back = [ref for ref in refs_of(was) if ref not in refs_of(left)]
    seen = await take_snapshot(context.portal, target, reading, beside=beside, refs=back, zone=context.zone)
    plan = _undo_plan(request, change, target, one, seen)
    if not plan.steps:
        return Done(plan=plan, changed=False, after=plan.before)
    plan = replace(plan, also=(*plan.also, *check_added(plan, seen)))
    if context.needs_approval(plan):
        clients = () if one is None else clients_of(one.kind, seen)
        names = {**plan.about.names, **await read_names(context.portal, (*plan.removed, *plan.before, *clients))}
        return Waiting(plan=replace(plan, about=replace(plan.about, names=names, clients=clients)))
    return await apply_list_plan(context, plan, seen, reads)


def _undo_plan(request: UndoChange, change: Change, target: Target, one: LinkedList | None, seen: ListSnapshot) -> Plan:
    """Plan the restoration of a list: exactly as it was, or only this change's part where others changed it since."""
    was, left = items_of(change, change.before), items_of(change, change.left)
    exact = _same(seen.items, left, ordered=one is not None)
    wanted = was if exact else _revert(seen.items, was, left)
    before, after = refs_of(seen.items), refs_of(wanted)
    changed = not _same(seen.items, wanted, ordered=one is not None)
    again_removes = change.undoes is not None and change.destroys and bool(set(before) - set(after))
    back = [ref for ref in refs_of(was) if ref not in refs_of(left)]
    return Plan(
        asked=request,
        target=target,
        kind=cast("ListKind", change.kind),
        before=before,
        after=after,
        steps=_steps(one, target, seen.items, wanted) if changed else (),
        named=tuple(back or [ref for ref in refs_of(left) if ref not in refs_of(was)]),
        destroys=changed and (not exact or again_removes),
        also=() if exact or not changed else (_changed_since(left, seen.items),),
        about=seen.about,
        whole=tuple(wanted),
    )


def _same(some: Sequence[ListItem], others: Sequence[ListItem], *, ordered: bool) -> bool:
    """Return whether two lists are identical; the order of bindings does not matter."""
    if ordered:
        return as_wire(some) == as_wire(others)
    return set(refs_of(some)) == set(refs_of(others))


def _revert(now: Sequence[ListItem], was: Sequence[ListItem], left: Sequence[ListItem]) -> list[ListItem]:
    """Revert what a change did, and keep what others did since."""
    came = [item for item in left if item not in was]
    went = [item for item in was if item not in left and item not in now]
    return [*(item for item in now if item not in came), *went]


def _steps(
    one: LinkedList | None, target: Target, now: Sequence[ListItem], wanted: Sequence[ListItem]
) -> tuple[Method[bool], ...]:
    if one is not None:
        return (one.replacing(target, wanted),)
    there, after = refs_of(now), refs_of(wanted)
    # Bindings are added first, since the last one of an activity cannot be deleted.
    return (
        *(AddActivityBinding(activity_id=target.id, target=ref) for ref in after if ref not in there),
        *(DeleteActivityBinding(activity_id=target.id, target=ref) for ref in there if ref not in after),
    )


def _changed_since(left: Sequence[ListItem], now: Sequence[ListItem]) -> Localized:
    return CHANGED_SINCE.format_map({"left": _render_items(left), "now": _render_items(now)})


def _render_items(items: Sequence[ListItem]) -> Localized:
    return join_refs(refs_of(items)) if refs_of(items) else _NOTHING

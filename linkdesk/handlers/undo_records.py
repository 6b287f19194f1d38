"""Undo changes of whole records: restore the changed fields, or delete the record that was created."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from linkdesk.audit.log import Change
from linkdesk.auth.policy import Confirm
from linkdesk.errors.argument_labels import argument_label
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.execution.apply_record import view_as_json
from linkdesk.execution.context import PortalApi, RequestContext
from linkdesk.handlers import booking_writes, resource_slots, resource_types, resources, waitlist
from linkdesk.handlers.bookings import read_booking
from linkdesk.handlers.changes import can_be_undone, differing_fields
from linkdesk.model.outcome import Outcome, RecordDone, RecordPlan, RecordTarget, RecordType, Waiting
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import DeleteBooking, UpdateBooking
from tool_specs.methods.resource import DeleteResource, UpdateResource
from tool_specs.methods.resource_slots import SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import DeleteResourceType, UpdateResourceType
from tool_specs.methods.waitlist import DeleteWaitlistEntry, UpdateWaitlistEntry
from tool_specs.recipes.changes_and_plans import UndoChange

HandlerFunction = Callable[[RequestContext, Any], Coroutine[Any, Any, Outcome]]
RecordState = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UndoableRecord:
    """How one type of record is read, restored and deleted."""

    number: str
    """The argument with the record's id."""
    read: Callable[[PortalApi, int], Coroutine[Any, Any, BaseModel]]
    restores: Callable[[RecordState, RecordState], tuple[type[Method[Any]], dict[str, Any]]]
    """Builds the request that restores the changed fields to the old state."""
    update: HandlerFunction
    delete: tuple[type[Method[Any]], HandlerFunction] | None


def _restore_booking(before: RecordState, changed: RecordState) -> tuple[type[Method[Any]], dict[str, Any]]:
    given: dict[str, Any] = {name: before[name] or "" for name in ("name", "description") if name in changed}
    if changed.keys() & {"date_from", "date_to", "timezone"}:
        zone = ZoneInfo(before["timezone"])
        ends = {name: datetime.fromisoformat(before[name]).astimezone(zone) for name in ("date_from", "date_to")}
        given |= ends
    if "resources" in changed:
        given["resource_ids"] = [resource["id"] for resource in before["resources"]]
    return UpdateBooking, given


def _restore_entry(before: RecordState, _changed: RecordState) -> tuple[type[Method[Any]], dict[str, Any]]:
    return UpdateWaitlistEntry, {"note": before["note"] or ""}


def _restore_resource(before: RecordState, changed: RecordState) -> tuple[type[Method[Any]], dict[str, Any]]:
    given: dict[str, Any] = {name: before[name] or "" for name in ("name", "description") if name in changed}
    given |= {"is_main": before["is_main"]} if "is_main" in changed else {}
    given |= {"type_id": before["type"]["id"]} if "type" in changed else {}
    return UpdateResource, {**given, **_settings(changed)}


def _restore_type(before: RecordState, changed: RecordState) -> tuple[type[Method[Any]], dict[str, Any]]:
    given = {name: before[name] for name in ("name", "code") if name in changed}
    return UpdateResourceType, {**given, **_settings(changed)}


def _settings(changed: RecordState) -> dict[str, Any]:
    was, now = cast("list[dict[str, Any] | None]", changed.get("settings", [None, None]))
    return {name: value for name, value in (was or {}).items() if value != (now or {}).get(name)}


def _restore_schedule(before: RecordState, _changed: RecordState) -> tuple[type[Method[Any]], dict[str, Any]]:
    slots = [
        {
            "from": hours["start"],
            "to": hours["end"],
            "weekdays": hours["weekdays"],
            "slot_minutes": hours["slot_minutes"],
            **({"timezone": hours["timezone"]} if hours["timezone"] else {}),
        }
        for hours in before["slots"]
    ]
    return (SetResourceSlots, {"slots": slots}) if slots else (UnsetResourceSlots, {"all": True})


async def _set_or_clear(context: RequestContext, method: SetResourceSlots | UnsetResourceSlots) -> Outcome:
    if isinstance(method, SetResourceSlots):
        return await resource_slots.set_slots(context, method)
    return await resource_slots.unset_slots(context, method)


UNDOABLE: Final[Mapping[RecordType, UndoableRecord]] = {
    "booking": UndoableRecord(
        "booking_id",
        read_booking,
        _restore_booking,
        booking_writes.update_booking,
        (DeleteBooking, booking_writes.delete_booking),
    ),
    "waitlist": UndoableRecord(
        "waitlist_id",
        waitlist.read_entry,
        _restore_entry,
        waitlist.update_entry,
        (DeleteWaitlistEntry, waitlist.delete_entry),
    ),
    "resource": UndoableRecord(
        "resource_id",
        resources.read_resource,
        _restore_resource,
        resources.update_resource,
        (DeleteResource, resources.delete_resource),
    ),
    "resource_type": UndoableRecord(
        "type_id",
        resource_types.read_type,
        _restore_type,
        resource_types.update_type,
        (DeleteResourceType, resource_types.delete_type),
    ),
    "resource_slots": UndoableRecord(
        "resource_id", resource_slots.read_schedule, _restore_schedule, _set_or_clear, None
    ),
}


DEPENDENT_FIELDS: Final = (frozenset({"date_from", "date_to", "timezone"}),)
"""Groups of fields that are restored together: if one of them changed again, none is restored."""
NOT_RESTORED: Final = Localized(
    en="Changed again since, and left as it is: {fields}. Only the rest is undone.",
    ru="С тех пор снова изменилось и остаётся как есть: {fields}. Отменяется только остальное.",
)


async def undo_record(context: RequestContext, request: UndoChange, change: Change) -> Outcome:
    """Restore the changed fields of a record, or delete the created record, after approval.

    Raises:
        Trouble: it cannot be undone, or the fields changed again since.
    """
    kept, target = UNDOABLE[cast("RecordType", change.target_type)], change.target_id
    if target is None or not can_be_undone(change):
        raise Trouble(own_errors.CANNOT_UNDO)
    if change.before is None:
        if kept.delete is None:
            raise Trouble(own_errors.CANNOT_UNDO)
        deletes, doing = kept.delete
        return await _as_undo(context, request, deletes.model_validate({kept.number: target}), doing)
    changed = differing_fields(change.before, change.left)
    about = RecordTarget(cast("RecordType", change.target_type), target)
    async with context.lock(about):
        now = await kept.read(context.portal, target)
        state = view_as_json(now) or {}
        if all(state.get(name) == was for name, (was, _) in changed.items()):
            plan = RecordPlan(asked=request, target=about, before=now, after=now)
            return RecordDone(plan=plan, changed=False, target=about, after=now)
        moved = _changed_since(changed, state)
        possible = {name: one for name, one in changed.items() if name not in moved and state.get(name) != one[0]}
        fields = join_with_commas([argument_label(name) for name in changed if name in moved])
        if not possible:
            raise Trouble(own_errors.CHANGED_SINCE, {"fields": fields, "target": about.said})
        method = _restoring_request(kept, target, change.before, possible)
        context = replace(context, lock=_no_lock)
        if not moved:
            return await _as_undo(context, request, method, kept.update)
        return await _undo_in_part(context, request, method, kept.update, NOT_RESTORED.format_map({"fields": fields}))


def _changed_since(changed: RecordState, state: RecordState) -> set[str]:
    """Return the fields that changed again since, and those that depend on them."""
    moved = {name for name, (was, left) in changed.items() if state.get(name) not in (was, left)}
    return moved | {name for group in DEPENDENT_FIELDS if moved & group for name in group & changed.keys()}


async def _undo_in_part(
    context: RequestContext, request: UndoChange, method: Method[Any], doing: HandlerFunction, remark: Localized
) -> Outcome:
    """Undo the part that is still possible; this needs approval, unless nothing ever does."""
    policy = context.policy
    asking = policy if policy.confirm is Confirm.NEVER else replace(policy, confirm=Confirm.WRITES)
    outcome = await _as_undo(replace(context, policy=asking), request, method, doing)
    match outcome:
        case Waiting(plan=RecordPlan() as plan):
            return Waiting(plan=replace(plan, destroys=True, also=(*plan.also, remark)))
        case RecordDone(also=also):
            return replace(outcome, also=(*also, remark))
        case _:
            return outcome


def _restoring_request(kept: UndoableRecord, target: int, before: RecordState, changed: RecordState) -> Method[Any]:
    """Build the request that restores the old values.

    Raises:
        Trouble: the old values are no valid arguments.
    """
    updates, given = kept.restores(before, changed)
    try:
        return updates.model_validate({kept.number: target, **given})
    except ValidationError:
        raise Trouble(own_errors.CANNOT_UNDO) from None


async def _as_undo(
    context: RequestContext, request: UndoChange, method: Method[Any], doing: HandlerFunction
) -> Outcome:
    """Carry out a request as part of an undo: a plan that waits or was approved is that of the undo."""
    agreed = context.agreed
    if isinstance(agreed, RecordPlan) and agreed.asked == request:
        context = replace(context, agreed=replace(agreed, asked=method))
    outcome = await doing(context, method)
    if isinstance(outcome, Waiting):
        return Waiting(plan=replace(outcome.plan, asked=request))
    return outcome


@asynccontextmanager
async def _no_lock(_target: object) -> AsyncGenerator[None]:
    """Replace a lock that is held already."""
    yield

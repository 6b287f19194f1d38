"""Undoing changes of whole records: the changed fields get their old values, what was made is deleted."""

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
from linkdesk.execution.apply_record import shown_as
from linkdesk.execution.context import Calls, Work
from linkdesk.handlers import booking_writes, resource_slots, resource_types, resources, waitlist
from linkdesk.handlers.bookings import read_booking
from linkdesk.handlers.changes import can_be_undone, differing
from linkdesk.model.outcome import Outcome, RecordDone, RecordPlan, RecordTarget, RecordType, Waiting
from tool_specs.declaration.localized import Localized, joined
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import DeleteBooking, UpdateBooking
from tool_specs.methods.resource import DeleteResource, UpdateResource
from tool_specs.methods.resource_slots import SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import DeleteResourceType, UpdateResourceType
from tool_specs.methods.waitlist import DeleteWaitlistEntry, UpdateWaitlistEntry
from tool_specs.recipes.changes_and_plans import UndoChange

Doing = Callable[[Work, Any], Coroutine[Any, Any, Outcome]]
State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """How one kind of record is read, put back and deleted."""

    number: str
    """The argument that names the record."""
    read: Callable[[Calls, int], Coroutine[Any, Any, BaseModel]]
    restores: Callable[[State, State], tuple[type[Method[Any]], dict[str, Any]]]
    """From the old state and the fields that changed to the request that puts them back."""
    update: Doing
    delete: tuple[type[Method[Any]], Doing] | None


def _of_booking(before: State, changed: State) -> tuple[type[Method[Any]], dict[str, Any]]:
    given: dict[str, Any] = {name: before[name] or "" for name in ("name", "description") if name in changed}
    if changed.keys() & {"date_from", "date_to", "timezone"}:
        zone = ZoneInfo(before["timezone"])
        ends = {name: datetime.fromisoformat(before[name]).astimezone(zone) for name in ("date_from", "date_to")}
        given |= ends
    if "resources" in changed:
        given["resource_ids"] = [resource["id"] for resource in before["resources"]]
    return UpdateBooking, given


def _of_entry(before: State, _changed: State) -> tuple[type[Method[Any]], dict[str, Any]]:
    return UpdateWaitlistEntry, {"note": before["note"] or ""}


def _of_resource(before: State, changed: State) -> tuple[type[Method[Any]], dict[str, Any]]:
    given: dict[str, Any] = {name: before[name] or "" for name in ("name", "description") if name in changed}
    given |= {"is_main": before["is_main"]} if "is_main" in changed else {}
    given |= {"type_id": before["type"]["id"]} if "type" in changed else {}
    return UpdateResource, {**given, **_settings(changed)}


def _of_type(before: State, changed: State) -> tuple[type[Method[Any]], dict[str, Any]]:
    given = {name: before[name] for name in ("name", "code") if name in changed}
    return UpdateResourceType, {**given, **_settings(changed)}


def _settings(changed: State) -> dict[str, Any]:
    was, now = cast("list[dict[str, Any] | None]", changed.get("settings", [None, None]))
    return {name: value for name, value in (was or {}).items() if value != (now or {}).get(name)}


def _of_schedule(before: State, _changed: State) -> tuple[type[Method[Any]], dict[str, Any]]:
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


async def _set_or_clear(work: Work, method: SetResourceSlots | UnsetResourceSlots) -> Outcome:
    if isinstance(method, SetResourceSlots):
        return await resource_slots.set_slots(work, method)
    return await resource_slots.unset_slots(work, method)


KEPT: Final[Mapping[RecordType, Kept]] = {
    "booking": Kept(
        "booking_id",
        read_booking,
        _of_booking,
        booking_writes.update_booking,
        (DeleteBooking, booking_writes.delete_booking),
    ),
    "waitlist": Kept(
        "waitlist_id",
        waitlist.read_entry,
        _of_entry,
        waitlist.update_entry,
        (DeleteWaitlistEntry, waitlist.delete_entry),
    ),
    "resource": Kept(
        "resource_id",
        resources.read_resource,
        _of_resource,
        resources.update_resource,
        (DeleteResource, resources.delete_resource),
    ),
    "resource_type": Kept(
        "type_id",
        resource_types.read_type,
        _of_type,
        resource_types.update_type,
        (DeleteResourceType, resource_types.delete_type),
    ),
    "resource_slots": Kept("resource_id", resource_slots.read_schedule, _of_schedule, _set_or_clear, None),
}


TOGETHER: Final = (frozenset({"date_from", "date_to", "timezone"}),)
"""Fields that make sense only together: where one of them changed again, none is put back."""
LEFT_ALONE: Final = Localized(
    en="Changed again since, and left as it is: {fields}. Only the rest is undone.",
    ru="С тех пор снова изменилось и остаётся как есть: {fields}. Отменяется только остальное.",
)


async def undo_record(work: Work, request: UndoChange, change: Change) -> Outcome:
    """Put the changed fields of a record back, or delete what was made, once a person agrees.

    Raises:
        Trouble: it cannot be undone, or the fields changed again since.
    """
    kept, target = KEPT[cast("RecordType", change.target_type)], change.target_id
    if target is None or not can_be_undone(change):
        raise Trouble(own_errors.CANNOT_UNDO)
    if change.before is None:
        if kept.delete is None:
            raise Trouble(own_errors.CANNOT_UNDO)
        deletes, doing = kept.delete
        return await _as_undoing(work, request, deletes.model_validate({kept.number: target}), doing)
    changed = differing(change.before, change.left)
    about = RecordTarget(cast("RecordType", change.target_type), target)
    async with work.turn(about):
        now = await kept.read(work.portal, target)
        state = shown_as(now) or {}
        if all(state.get(name) == was for name, (was, _) in changed.items()):
            plan = RecordPlan(asked=request, target=about, before=now, after=now)
            return RecordDone(plan=plan, changed=False, target=about, after=now)
        moved = _moved_on(changed, state)
        possible = {name: one for name, one in changed.items() if name not in moved and state.get(name) != one[0]}
        fields = joined([argument_label(name) for name in changed if name in moved])
        if not possible:
            raise Trouble(own_errors.CHANGED_SINCE, {"fields": fields, "target": about.said})
        method = _restoring(kept, target, change.before, possible)
        work = replace(work, turn=_held)
        if not moved:
            return await _as_undoing(work, request, method, kept.update)
        return await _in_part(work, request, method, kept.update, LEFT_ALONE.having({"fields": fields}))


def _moved_on(changed: State, state: State) -> set[str]:
    """Name the changed fields that hold something else by now, and those that make sense only with them."""
    moved = {name for name, (was, left) in changed.items() if state.get(name) not in (was, left)}
    return moved | {name for group in TOGETHER if moved & group for name in group & changed.keys()}


async def _in_part(work: Work, request: UndoChange, method: Method[Any], doing: Doing, remark: Localized) -> Outcome:
    """Offer the part of an undo that is still possible: a person decides, unless nothing at all is asked here."""
    policy = work.policy
    asking = policy if policy.confirm is Confirm.NEVER else replace(policy, confirm=Confirm.WRITES)
    outcome = await _as_undoing(replace(work, policy=asking), request, method, doing)
    match outcome:
        case Waiting(plan=RecordPlan() as plan):
            return Waiting(plan=replace(plan, destroys=True, also=(*plan.also, remark)))
        case RecordDone(also=also):
            return replace(outcome, also=(*also, remark))
        case _:
            return outcome


def _restoring(kept: Kept, target: int, before: State, changed: State) -> Method[Any]:
    """Make the request that puts the old values back.

    Raises:
        Trouble: the old values are none that could be asked for.
    """
    updates, given = kept.restores(before, changed)
    try:
        return updates.model_validate({kept.number: target, **given})
    except ValidationError:
        raise Trouble(own_errors.CANNOT_UNDO) from None


async def _as_undoing(work: Work, request: UndoChange, method: Method[Any], doing: Doing) -> Outcome:
    """Do another request in the name of this one: what waits for a person is the undoing, and so is what was agreed."""
    agreed = work.agreed
    if isinstance(agreed, RecordPlan) and agreed.asked == request:
        work = replace(work, agreed=replace(agreed, asked=method))
    outcome = await doing(work, method)
    if isinstance(outcome, Waiting):
        return Waiting(plan=replace(outcome.plan, asked=request))
    return outcome


@asynccontextmanager
async def _held(_target: object) -> AsyncGenerator[None]:
    """Stand for a turn that is held already."""
    yield

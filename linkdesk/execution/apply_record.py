"""Apply a plan for a whole record: send, read back, compare, and report what really happened.

As with links, nothing is sent twice: where a response was lost, a read decides.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC
from typing import Any, TypeVar

from pydantic import BaseModel

from linkdesk.audit.recorder import AuditEntry
from linkdesk.errors.base import Changed, PortalError, Refused, ResponseLost, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.translate import argument_facts, translate
from linkdesk.execution.context import RequestContext
from linkdesk.execution.created_records import CreatedRecordFinder, similar_record_ids
from linkdesk.execution.plan_labels import NOT_CHECKED, RESPONSE_LOST, SAVED_DIFFERENTLY, errors_labelled
from linkdesk.model.outcome import Outcome, RecordDone, RecordPlan, Waiting
from tool_specs.declaration.localized import Localized, same_in_both
from tool_specs.declaration.method import Method

RecordT = TypeVar("RecordT", bound=BaseModel)
ReadRecord = Callable[[], Awaitable[BaseModel | None]]
"""Reads the record; None where it does not exist."""


async def none_if_missing(reading: Awaitable[RecordT], *codes: str) -> RecordT | None:
    """Await the read of a record; return None where the portal answers one of these codes for a missing record."""
    try:
        return await reading
    except Refused as error:
        if error.code in codes:
            return None
        raise


async def write_record(context: RequestContext, plan: RecordPlan, send: Method[Any], read: ReadRecord) -> Outcome:
    """Change or delete a record, unless the plan needs approval first.

    Raises:
        Trouble: the portal refused, or the change was not applied; the error says what is there now.
    """
    if plan.before == plan.after:
        return RecordDone(plan=plan, changed=False, target=plan.target, after=plan.after, also=plan.also)
    if context.needs_approval(plan):
        return Waiting(plan=plan)
    writing = context.recorder.writing(plan, view_as_json(plan.before), view_as_json(plan.after))
    async with errors_labelled(plan, context.zone), writing as entry:
        done = await _write(context, plan, send, read, entry)
        entry.also = done.also
    return replace(done, change_id=entry.id)


def view_as_json(record: BaseModel | None) -> dict[str, Any] | None:
    """Return a record's view as JSON."""
    return None if record is None else record.model_dump(mode="json")


async def _write(
    context: RequestContext, plan: RecordPlan, send: Method[Any], read: ReadRecord, entry: AuditEntry
) -> RecordDone:
    failed = await _send(context, plan, send)
    try:
        seen = await read()
    except PortalError as error:
        if failed is not None:
            raise outcome_unknown(plan) from error
        return RecordDone(plan=plan, changed=True, target=plan.target, after=plan.after, also=(*plan.also, NOT_CHECKED))
    entry.after = view_as_json(seen)
    if seen == plan.before:
        raise _not_there(plan, failed, Changed.NO)
    if seen is not None and plan.after is None:
        raise _not_there(plan, failed, Changed.PARTLY)
    also = (*plan.also, *([RESPONSE_LOST] if failed is not None else []), *_fields_saved_otherwise(plan, seen))
    return RecordDone(plan=plan, changed=True, target=plan.target, after=seen, also=also)


async def create_record(
    context: RequestContext,
    plan: RecordPlan,
    send: Method[int],
    read: Callable[[int], Awaitable[BaseModel]],
) -> Outcome:
    """Create a record, unless the plan needs approval first.

    Args:
        context: the context of the request.
        plan: the record to create.
        send: the call that creates it and answers its id.
        read: reads the new record.

    Raises:
        Trouble: the portal refused, or it is unknown whether the record was created.
    """
    if context.needs_approval(plan):
        return Waiting(plan=plan)
    # If the response is lost or this process dies, the record is found among those that are new since.
    day = context.now().astimezone(UTC).date()
    known = await similar_record_ids(context.portal, send, day)
    planned = view_as_json(plan.after)
    finder = CreatedRecordFinder(send, known, day, planned or {})
    writing = context.recorder.writing(plan, view_as_json(plan.before), planned, known=known)
    async with errors_labelled(plan, context.zone), writing as entry:
        done = await _create(context, plan, send, read, finder)
        entry.target_id, entry.after, entry.also = done.target.id, view_as_json(done.after), done.also
    return replace(done, change_id=entry.id)


async def _create(
    context: RequestContext,
    plan: RecordPlan,
    send: Method[int],
    read: Callable[[int], Awaitable[BaseModel]],
    finder: CreatedRecordFinder,
) -> RecordDone:
    also = plan.also
    try:
        number = await context.portal(send)
    except PortalError as error:
        if not error.may_have_applied:
            raise translate(error, plan.asked, changed=Changed.NO) from None
        try:
            there = await finder.find(context.portal)
        except PortalError:
            raise outcome_unknown(plan) from None
        if there is None:
            raise _not_there(plan, error, Changed.NO) from None
        number, also = there, (*also, RESPONSE_LOST)
    target = replace(plan.target, id=number)
    made: BaseModel | None = None
    try:
        made = await read(number)
    except PortalError:
        also = (*also, NOT_CHECKED)
    else:
        also = (*also, *_texts_not_saved(plan, made))
    return RecordDone(plan=plan, changed=True, target=target, after=made or plan.after, also=also)


def _texts_not_saved(plan: RecordPlan, made: BaseModel) -> tuple[Localized, ...]:
    """Return a remark on requested texts that the new record does not have."""
    wanted = {} if plan.after is None else plan.after.model_dump(exclude_none=True)
    there = made.model_dump()
    fields = [
        name for name in ("name", "description", "note", "code") if name in wanted and wanted[name] != there.get(name)
    ]
    return (SAVED_DIFFERENTLY.format_map({"fields": ", ".join(fields)}),) if fields else ()


async def _send(context: RequestContext, plan: RecordPlan, send: Method[Any]) -> PortalError | None:
    try:
        await context.portal(send)
    except PortalError as error:
        if not error.may_have_applied:
            raise translate(error, plan.asked, changed=Changed.NO) from None
        return error
    return None


def outcome_unknown(plan: RecordPlan) -> Trouble:
    """Build the error for a write whose outcome is unknown."""
    return Trouble(own_errors.OUTCOME_UNKNOWN, argument_facts(plan.asked), changed=Changed.UNKNOWN)


def _not_there(plan: RecordPlan, failed: PortalError | None, changed: Changed) -> Trouble:
    if failed is None:
        fields = same_in_both(", ".join(_differing(plan.before, plan.after)) or "-")
        return Trouble(own_errors.NOT_SAVED, {"items": fields, "target": plan.target.said}, changed=changed)
    if isinstance(failed, ResponseLost):
        return Trouble(own_errors.LOST_READ, argument_facts(plan.asked), changed=changed)
    return translate(failed, plan.asked, changed=changed)


def _fields_saved_otherwise(plan: RecordPlan, seen: BaseModel | None) -> tuple[Localized, ...]:
    """Return a remark on the fields that were saved differently."""
    fields = [] if seen is None else _differing(plan.after, seen)
    return (SAVED_DIFFERENTLY.format_map({"fields": ", ".join(fields)}),) if fields else ()


def _differing(one: BaseModel | None, other: BaseModel | None) -> list[str]:
    was = {} if one is None else one.model_dump()
    now = {} if other is None else other.model_dump()
    return [name for name in (now or was) if was.get(name) != now.get(name)]

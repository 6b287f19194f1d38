"""Show the audit log: who changed what, and whether it was undone."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from linkdesk.audit.log import AuditLog, Change, ChangeState, undone_changes
from linkdesk.auth.allowlist import record_type
from linkdesk.auth.policy import Actor, Role
from linkdesk.execution.context import RequestContext
from linkdesk.execution.list_plan import items_of, refs_of
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import ChangesView, ChangeView, NamedRef, TargetView
from tool_specs import TOOLS
from tool_specs.recipes.changes_and_plans import ListChanges, UndoChange

CREATING_TOOLS: Final = {tool.name(): tool for tool in TOOLS if tool.creates}
"""The tools that create a record."""


async def list_changes(context: RequestContext, method: ListChanges) -> ReadResult:
    """List the latest changes."""
    actor, record = context.recorder.actor, context.recorder.record
    allowed = context.policy.allow_list_of(actor)
    who = actor.who if method.mine else None
    latest = await record.latest(method.limit, who=who)
    changes = [one for one in latest if allowed.disallowed_types([record_type(one.target_type)]) is None]
    undoer = actor if context.policy.may_use(UndoChange, actor) else None
    return ReadResult(
        asked=method, shown=ChangesView(changes=await change_views(record, changes, context.zone, undoer))
    )


async def change_views(
    record: AuditLog, changes: list[Change], zone: str, undoer: Actor | None = None
) -> list[ChangeView]:
    """Build the views of changes, with times in the business's zone; `undoer` is who may be offered to undo them."""
    gone = await undone_ids(record, changes)
    return [
        _change_view(change, zone, undone=change.id in gone).model_copy(
            update={"can_undo": change.id not in gone and undoer is not None and may_undo(change, undoer)}
        )
        for change in changes
    ]


def may_undo(change: Change, actor: Actor) -> bool:
    """Return whether a finished change can be undone, and this person may do so."""
    is_theirs = change.who == actor.who or actor.role is Role.ADMIN
    return is_theirs and change.state in {ChangeState.DONE, ChangeState.PARTLY} and can_be_undone(change)


def can_be_undone(change: Change) -> bool:
    """Return whether the state before a change is known and can be restored; a deleted record cannot."""
    if change.kind != "record":
        return change.before is not None and change.left is not None
    if change.target_id is None:
        return False
    if change.before is None:
        return change.tool in CREATING_TOOLS
    return change.left is not None and change.before.keys() == change.left.keys()


async def undone_ids(record: AuditLog, changes: list[Change]) -> set[str]:
    """Return the ids of the changes that are undone, considering that an undo may be undone, too."""
    undoings: list[Change] = []
    wave = changes
    while wave:
        wave = await record.undos_of([change.id for change in wave])
        undoings += wave
    return undone_changes(changes, undoings)


def _change_view(change: Change, zone: str, *, undone: bool) -> ChangeView:
    listed = change.kind != "record"
    return ChangeView(
        change_id=change.id,
        started=change.started.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"),
        who=change.name,
        face=change.face.value,
        tool=change.tool,
        target=TargetView(type=change.target_type, id=change.target_id),
        state=change.state.value,
        before=_refs(change, change.before) if listed else None,
        after=_refs(change, change.after) if listed and change.after is not None else None,
        fields=None if listed else differing_fields(change.before, change.after),
        also=[said.en for said in change.also] or None,
        undoes=change.undoes,
        undone=undone or None,
    )


def _refs(change: Change, state: Any) -> list[NamedRef]:  # noqa: ANN401 - JSON
    return [NamedRef(type=ref.type, id=ref.id) for ref in refs_of(items_of(change, state))]


def differing_fields(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    """Return the fields in which two states of a record differ, with both values."""
    was, now = before or {}, after or {}
    names = dict.fromkeys([*was, *now])
    return {name: [was.get(name), now.get(name)] for name in names if was.get(name) != now.get(name)}

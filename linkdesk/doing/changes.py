"""The record, shown: who changed what, and whether it is undone."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from linkdesk.allow import record_type
from linkdesk.linked_lists import LINKED_LISTS, refs_of
from linkdesk.outcome import Found
from linkdesk.record import Change, Record, undone
from linkdesk.shown import NamedRef, ShownChange, ShownChanges, ShownTarget
from linkdesk.work import Work
from tool_specs.activity_binding import ListActivityBindings
from tool_specs.method import Method
from tool_specs.recipe import ListChanges
from tool_specs.wire import ListItem


async def list_changes(work: Work, method: ListChanges) -> Found:
    """Show the latest changes."""
    record, allowed = work.recorder.record, work.policy.allowed(work.recorder.actor)
    who = work.recorder.actor.who if method.mine else None
    latest = await record.latest(method.limit, who=who)
    changes = [one for one in latest if allowed.refused_types([record_type(one.target_type)]) is None]
    return Found(asked=method, shown=ShownChanges(changes=await shown_changes(record, changes, work.zone)))


async def shown_changes(record: Record, changes: list[Change], zone: str) -> list[ShownChange]:
    """Show changes, their times in the business's zone."""
    gone = await undone_among(record, changes)
    return [_shown(change, zone, undone=change.id in gone) for change in changes]


async def undone_among(record: Record, changes: list[Change]) -> set[str]:
    """Tell which of these changes are undone: an undoing may be undone too, and so on."""
    undoings: list[Change] = []
    wave = changes
    while wave:
        wave = await record.undoing([change.id for change in wave])
        undoings += wave
    return undone(changes, undoings)


def items_of(change: Change, state: Any) -> list[ListItem]:  # noqa: ANN401 - JSON
    """Read the items of a list as the record keeps them."""
    return list(cast("list[ListItem]", reading_of(change).read_answer(state or [])))


def reading_of(change: Change) -> type[Method[Any]]:
    """Find the method that reads the list a change is about."""
    found = (one.reads for one in LINKED_LISTS if (one.owner, one.kind) == (change.target_type, change.kind))
    return next(found, ListActivityBindings)


def _shown(change: Change, zone: str, *, undone: bool) -> ShownChange:
    listed = change.kind != "record"
    return ShownChange(
        change_id=change.id,
        started=change.started.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds"),
        who=change.name,
        face=change.face.value,
        tool=change.tool,
        target=ShownTarget(type=change.target_type, id=change.target_id),
        state=change.state.value,
        before=_refs(change, change.before) if listed else None,
        after=_refs(change, change.after) if listed and change.after is not None else None,
        fields=None if listed else differing(change.before, change.after),
        also=[said.en for said in change.also] or None,
        undoes=change.undoes,
        undone=undone or None,
    )


def _refs(change: Change, state: Any) -> list[NamedRef]:  # noqa: ANN401 - JSON
    return [NamedRef(type=ref.type, id=ref.id) for ref in refs_of(items_of(change, state))]


def differing(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    """Name the fields in which two states of a record differ, with both values."""
    was, now = before or {}, after or {}
    names = dict.fromkeys([*was, *now])
    return {name: [was.get(name), now.get(name)] for name in names if was.get(name) != now.get(name)}

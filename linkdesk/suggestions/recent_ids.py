"""The ids that an employee used lately, from the audit log."""

from __future__ import annotations

from typing import Final

from linkdesk.audit.log import Change
from linkdesk.audit.recorder import Recorder
from linkdesk.execution.list_plan import items_of, refs_of

MAX_CHANGES: Final = 20
MAX_IDS: Final = 2


async def recent_ids(recorder: Recorder, kind: str) -> list[int]:
    """Return the ids of a type that this employee changed or linked last, latest first.

    Raises:
        Trouble: the audit log cannot be read.
    """
    changes = await recorder.record.latest(MAX_CHANGES, who=recorder.actor.who)
    numbers = [number for change in changes for number in _numbers(change, kind)]
    return list(dict.fromkeys(numbers))[:MAX_IDS]


def _numbers(change: Change, kind: str) -> list[int]:
    if change.target_type == kind:
        return [] if change.target_id is None else [change.target_id]
    if change.kind == "record":
        return []
    refs = [*refs_of(items_of(change, change.left)), *refs_of(items_of(change, change.before))]
    return [ref.id for ref in refs if ref.type == kind]

"""The audit log: one row for each write, opened before anything is sent and closed after it was read back.

A row that was never closed belongs to a process that died half way; what the portal holds shows what came of it.
"""

from __future__ import annotations

import json
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

from linkdesk.auth.policy import Face
from tool_specs.declaration.localized import Localized

ID_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, without letters that look alike."""
ID_LENGTH: Final = 10
MAX_STATE_BYTES: Final = 200_000
"""Maximum size of a stored state; a larger one is left out, and then the change cannot be undone."""
MAX_IN_MEMORY: Final = 1000


class ChangeState(StrEnum):
    """The outcome of a write."""

    BEGUN = "begun"
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


OPEN_STATES: Final = frozenset({ChangeState.BEGUN, ChangeState.UNKNOWN})
"""The states that recovery may still settle by reading the portal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One write: who requested what, the state before, the planned state, and the outcome."""

    id: str
    who: str
    """The employee's key, as in the stored tokens."""
    name: str
    """The employee's display name."""
    face: Face
    tool: str
    arguments: Mapping[str, Any]
    target_type: str
    target_id: int | None
    """None until the record is created."""
    kind: str
    """"links", "clients", "bindings", or "record"."""
    before: Any
    """The exact state before: the items of a list in the portal's own form, or the view of a record."""
    planned: Any
    destroys: bool
    undoes: str | None
    worker: str
    started: datetime
    state: ChangeState = ChangeState.BEGUN
    after: Any = None
    """What was read back; None where it could not be read, or the record was deleted."""
    also: tuple[Localized, ...] = ()
    known: tuple[int, ...] | None = None
    """For a created record: the ids of similar records that existed before."""
    finished: datetime | None = None
    request_key: str | None = None
    """The key of the requesting message, where it may be delivered twice."""

    @property
    def left(self) -> Any:  # noqa: ANN401 - JSON
        """The state that the change left: what was read back, or what was sent where nothing could be read."""
        return self.planned if self.after is None else self.after


class AuditLog(Protocol):
    """The audit log of one portal."""

    async def begin(self, change: Change, /) -> None:
        """Store a change that is about to be sent.

        Raises:
            Trouble: it cannot be stored, so nothing may be sent.
        """
        ...

    async def close(self, change: Change, /) -> None:
        """Store the outcome of a change.

        Raises:
            Trouble: it cannot be stored.
        """
        ...

    async def get(self, change_id: str, /) -> Change | None:
        """Return a change by its id, or None."""
        ...

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Return the latest changes, newest first; of one employee if `who` is given."""
        ...

    async def unfinished(self) -> list[Change]:
        """Return the changes whose outcome is unknown, oldest first."""
        ...

    async def undos_of(self, change_ids: Sequence[str], /) -> list[Change]:
        """Return the changes that undid these."""
        ...

    async def requested_by(self, request_key: str, /) -> list[Change]:
        """Return the changes that one message requested, oldest first."""
        ...


class MemoryAuditLog:
    """An audit log in memory; the oldest rows make room for new ones."""

    def __init__(self) -> None:
        """Start empty."""
        self._changes: OrderedDict[str, Change] = OrderedDict()

    async def begin(self, change: Change, /) -> None:
        """Store a change that is about to be sent."""
        self._changes[change.id] = change
        while len(self._changes) > MAX_IN_MEMORY:
            self._changes.popitem(last=False)

    async def close(self, change: Change, /) -> None:
        """Store the outcome of a change."""
        if change.id in self._changes:
            self._changes[change.id] = change

    async def get(self, change_id: str, /) -> Change | None:
        """Return a change by its id, or None."""
        return self._changes.get(change_id)

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Return the latest changes, newest first."""
        found = [change for change in reversed(self._changes.values()) if who in {None, change.who}]
        return found[:limit]

    async def unfinished(self) -> list[Change]:
        """Return the changes whose outcome is unknown."""
        return [change for change in self._changes.values() if change.state in OPEN_STATES]

    async def undos_of(self, change_ids: Sequence[str], /) -> list[Change]:
        """Return the changes that undid these."""
        return [change for change in self._changes.values() if change.undoes in change_ids]

    async def requested_by(self, request_key: str, /) -> list[Change]:
        """Return the changes that one message requested, oldest first."""
        return [change for change in self._changes.values() if change.request_key == request_key]


def new_change_id() -> str:
    """Return a new id that is short enough to type and hard to guess."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def storable_state(state: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a state, or None where it is too large to be stored."""
    return state if len(json.dumps(state, ensure_ascii=False)) <= MAX_STATE_BYTES else None


def undone_changes(changes: Sequence[Change], undoings: Sequence[Change]) -> set[str]:
    """Return the ids of the changes that are undone: the latest undo was done, and is not undone itself."""
    by_target: dict[str, list[Change]] = {}
    for undoing in undoings:
        if undoing.state is ChangeState.DONE and undoing.undoes is not None:
            by_target.setdefault(undoing.undoes, []).append(undoing)

    def is_undone(change_id: str) -> bool:
        return any(not is_undone(undoing.id) for undoing in by_target.get(change_id, ()))

    return {change.id for change in changes if is_undone(change.id)}

"""The record of what was changed: one row a write, begun before anything is sent and closed after the look back.

A row that was never closed tells that a process ended half way: what the portal holds then says what came of it.
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
"""Crockford's base 32: no two letters that look alike."""
ID_LENGTH: Final = 10
MAX_STATE_BYTES: Final = 200_000
"""Bytes of a state that are kept; a larger one is left out, and then the change cannot be undone."""
MAX_IN_MEMORY: Final = 1000


class ChangeState(StrEnum):
    """What came of a write."""

    BEGUN = "begun"
    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


OPEN_STATES: Final = frozenset({ChangeState.BEGUN, ChangeState.UNKNOWN})
"""What a look at the portal may still clear up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One write: who asked for what, what was there, what was meant to be, and what came of it."""

    id: str
    who: str
    """The employee, as their tokens are kept."""
    name: str
    """What they are called."""
    face: Face
    tool: str
    arguments: Mapping[str, Any]
    target_type: str
    target_id: int | None
    """None as long as the record is still to be made."""
    kind: str
    """Links, clients or bindings; or record."""
    before: Any
    """The state before, to the letter: items of a list in the portal's own form, or a record as it is shown."""
    planned: Any
    destroys: bool
    undoes: str | None
    worker: str
    started: datetime
    state: ChangeState = ChangeState.BEGUN
    after: Any = None
    """What was read back; None where it could not be read, and where a record is gone."""
    also: tuple[Localized, ...] = ()
    known: tuple[int, ...] | None = None
    """Where a record is made: the ids of those like it that were there before."""
    finished: datetime | None = None
    request_key: str | None = None
    """The message that asked for it, where it may be delivered a second time."""

    @property
    def left(self) -> Any:  # noqa: ANN401 - JSON
        """The state that the change left: what was read back, or what was sent where that could not be read."""
        return self.planned if self.after is None else self.after


class AuditLog(Protocol):
    """Keeps the changes of one portal."""

    async def begin(self, change: Change, /) -> None:
        """Keep a change that is about to be sent.

        Raises:
            Trouble: it cannot be kept, so nothing may be sent.
        """
        ...

    async def close(self, change: Change, /) -> None:
        """Keep what came of a change.

        Raises:
            Trouble: it cannot be kept.
        """
        ...

    async def find(self, change_id: str, /) -> Change | None:
        """Find a change by its id."""
        ...

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Give the changes, newest first; those of one employee where one is named."""
        ...

    async def unfinished(self) -> list[Change]:
        """Give the changes of which it is not known what came of them, oldest first."""
        ...

    async def undoing(self, change_ids: Sequence[str], /) -> list[Change]:
        """Give the changes that undid these."""
        ...

    async def requested(self, request_key: str, /) -> list[Change]:
        """Give the changes that one message asked for, oldest first."""
        ...


class MemoryAuditLog:
    """A record that is gone with the process; the oldest rows make room."""

    def __init__(self) -> None:
        """Begin with none."""
        self._changes: OrderedDict[str, Change] = OrderedDict()

    async def begin(self, change: Change, /) -> None:
        """Keep a change that is about to be sent."""
        self._changes[change.id] = change
        while len(self._changes) > MAX_IN_MEMORY:
            self._changes.popitem(last=False)

    async def close(self, change: Change, /) -> None:
        """Keep what came of a change."""
        if change.id in self._changes:
            self._changes[change.id] = change

    async def find(self, change_id: str, /) -> Change | None:
        """Find a change by its id."""
        return self._changes.get(change_id)

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Give the changes, newest first."""
        found = [change for change in reversed(self._changes.values()) if who in {None, change.who}]
        return found[:limit]

    async def unfinished(self) -> list[Change]:
        """Give the changes of which it is not known what came of them."""
        return [change for change in self._changes.values() if change.state in OPEN_STATES]

    async def undoing(self, change_ids: Sequence[str], /) -> list[Change]:
        """Give the changes that undid these."""
        return [change for change in self._changes.values() if change.undoes in change_ids]

    async def requested(self, request_key: str, /) -> list[Change]:
        """Give the changes that one message asked for, oldest first."""
        return [change for change in self._changes.values() if change.request_key == request_key]


def new_change_id() -> str:
    """Make an id that is short enough to be typed and cannot be guessed."""
    return "".join(secrets.choice(ID_ALPHABET) for _ in range(ID_LENGTH))


def storable_state(state: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out a state that is too large to be kept."""
    return state if len(json.dumps(state, ensure_ascii=False)) <= MAX_STATE_BYTES else None


def undone_changes(changes: Sequence[Change], undoings: Sequence[Change]) -> set[str]:
    """Tell which changes are undone now: the latest that undid one was done, and is not undone itself."""
    by_target: dict[str, list[Change]] = {}
    for undoing in undoings:
        if undoing.state is ChangeState.DONE and undoing.undoes is not None:
            by_target.setdefault(undoing.undoes, []).append(undoing)

    def is_undone(change_id: str) -> bool:
        return any(not is_undone(undoing.id) for undoing in by_target.get(change_id, ()))

    return {change.id for change in changes if is_undone(change.id)}

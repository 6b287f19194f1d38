"""The audit log in the database: the changes of one portal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any, Final, cast

from sqlalchemy import Table, bindparam, insert, select, update

from linkdesk.audit.log import OPEN_STATES, Change, ChangeState
from linkdesk.auth.policy import Face
from linkdesk.storage.database import Database
from linkdesk.storage.tables import ChangeRow
from linkdesk.storage.url import DatabaseAddress
from tool_specs.declaration.localized import Localized

_TABLE: Final = cast("Table", ChangeRow.__table__)
_OUTCOME_COLUMNS: Final = ("state", "target_id", "after", "also", "finished")
"""The columns written when a change is closed; the others are known before anything is sent."""
# Statements that are built once are compiled once.
_INSERT: Final = insert(_TABLE)
_UPDATE: Final = (
    update(_TABLE)
    .where(_TABLE.c.origin == bindparam("its_origin"), _TABLE.c.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in _OUTCOME_COLUMNS})
)


class StoredAuditLog:
    """The audit log of one portal, in the database."""

    def __init__(self, store: Database, origin: str) -> None:
        """Take the database and the portal's origin."""
        self._store = store
        self._origin = origin

    async def begin(self, change: Change, /) -> None:
        """Store a change that is about to be sent.

        Raises:
            Trouble: it cannot be stored, so nothing may be sent.
        """
        await self._store.execute(_INSERT, {"origin": self._origin, **_values(change)})

    async def close(self, change: Change, /) -> None:
        """Store the outcome of a change.

        Raises:
            Trouble: it cannot be stored.
        """
        values = _values(change)
        row = {"its_origin": self._origin, "its_id": change.id}
        await self._store.execute(_UPDATE, {**row, **{name: values[name] for name in _OUTCOME_COLUMNS}})

    async def get(self, change_id: str, /) -> Change | None:
        """Return a change by its id, or None."""
        async with self._store.read_session() as session:
            row = await session.scalar(
                select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.id == change_id)
            )
        return None if row is None else _change(row)

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Return the latest changes, newest first; of one employee if `who` is given."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin).order_by(ChangeRow.number.desc()).limit(limit)
        if who is not None:
            query = query.where(ChangeRow.who == who)
        async with self._store.read_session() as session:
            return [_change(row) for row in await session.scalars(query)]

    async def unfinished(self) -> list[Change]:
        """Return the changes whose outcome is unknown, oldest first."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.state.in_(sorted(OPEN_STATES)))
        async with self._store.read_session() as session:
            return [_change(row) for row in await session.scalars(query.order_by(ChangeRow.number))]

    async def undos_of(self, change_ids: Sequence[str], /) -> list[Change]:
        """Return the changes that undid these."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.undoes.in_(change_ids))
        async with self._store.read_session() as session:
            return [_change(row) for row in await session.scalars(query.order_by(ChangeRow.number))]

    async def requested_by(self, request_key: str, /) -> list[Change]:
        """Return the changes that one message requested, oldest first."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.request_key == request_key)
        async with self._store.read_session() as session:
            return [_change(row) for row in await session.scalars(query.order_by(ChangeRow.number))]


@asynccontextmanager
async def open_stored_audit_log(address: DatabaseAddress, origin: str) -> AsyncGenerator[StoredAuditLog]:
    """Open the database with the audit log.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Database.open(address) as store:
        yield StoredAuditLog(store, origin)


def _values(change: Change) -> dict[str, Any]:
    plain = {field.name: getattr(change, field.name) for field in fields(change)}
    return {
        **plain,
        "face": change.face.value,
        "state": change.state.value,
        "known": None if change.known is None else list(change.known),
        "also": [said.as_json() for said in change.also],
    }


def _change(row: ChangeRow) -> Change:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Change)}
    values["also"] = tuple(Localized.from_json(said) for said in row.also)
    values["known"] = None if row.known is None else tuple(row.known)
    values["face"], values["state"] = Face(row.face), ChangeState(row.state)
    return Change(**values)

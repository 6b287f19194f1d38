"""The record in the store: rows of one portal's changes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

from sqlalchemy import select, update

from linkdesk.access import Face
from linkdesk.record import OPEN, Change, State
from linkdesk.store.address import DatabaseAddress
from linkdesk.store.database import Store
from linkdesk.store.tables import ChangeRow
from tool_specs.said import Said

_CLOSING = ("state", "target_id", "after", "also", "finished")
"""What closing a change writes; the rest was known before anything was sent."""


class StoredRecord:
    """The changes of one portal."""

    def __init__(self, store: Store, origin: str) -> None:
        """Take the store, and the portal's origin."""
        self._store = store
        self._origin = origin

    async def begin(self, change: Change, /) -> None:
        """Keep a change that is about to be sent.

        Raises:
            Trouble: it cannot be kept, so nothing may be sent.
        """
        async with self._store.writing(flushed=False) as session:
            session.add(ChangeRow(origin=self._origin, **_values(change)))

    async def close(self, change: Change, /) -> None:
        """Keep what came of a change.

        Raises:
            Trouble: it cannot be kept.
        """
        values = {name: value for name, value in _values(change).items() if name in _CLOSING}
        closing = update(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.id == change.id).values(values)
        async with self._store.writing(flushed=False) as session:
            await session.execute(closing.execution_options(synchronize_session=False))

    async def find(self, change_id: str, /) -> Change | None:
        """Find a change by its id."""
        async with self._store.reading() as session:
            row = await session.scalar(
                select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.id == change_id)
            )
        return None if row is None else _change(row)

    async def latest(self, limit: int, /, *, who: str | None = None) -> list[Change]:
        """Give the changes, newest first; those of one employee where one is named."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin).order_by(ChangeRow.number.desc()).limit(limit)
        if who is not None:
            query = query.where(ChangeRow.who == who)
        async with self._store.reading() as session:
            return [_change(row) for row in await session.scalars(query)]

    async def unfinished(self) -> list[Change]:
        """Give the changes of which it is not known what came of them, oldest first."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.state.in_(sorted(OPEN)))
        async with self._store.reading() as session:
            return [_change(row) for row in await session.scalars(query.order_by(ChangeRow.number))]

    async def undoing(self, change_ids: Sequence[str], /) -> list[Change]:
        """Give the changes that undid these."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.undoes.in_(change_ids))
        async with self._store.reading() as session:
            return [_change(row) for row in await session.scalars(query.order_by(ChangeRow.number))]

    async def requested(self, request_key: str, /) -> list[Change]:
        """Give the changes that one message asked for, oldest first."""
        query = select(ChangeRow).where(ChangeRow.origin == self._origin, ChangeRow.request_key == request_key)
        async with self._store.reading() as session:
            return [_change(row) for row in await session.scalars(query.order_by(ChangeRow.number))]


@asynccontextmanager
async def opened_record(address: DatabaseAddress, origin: str) -> AsyncGenerator[StoredRecord]:
    """Open the store with the record in it.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Store.open(address) as store:
        yield StoredRecord(store, origin)


def _values(change: Change) -> dict[str, Any]:
    plain = {field.name: getattr(change, field.name) for field in fields(change)}
    return {
        **plain,
        "face": change.face.value,
        "state": change.state.value,
        "also": [{"en": said.en, "ru": said.ru} for said in change.also],
    }


def _change(row: ChangeRow) -> Change:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(Change)}
    values["also"] = tuple(Said(en=said["en"], ru=said["ru"]) for said in row.also)
    values["face"], values["state"] = Face(row.face), State(row.state)
    return Change(**values)

"""Sign-in attempts: each can be finished once, within ten minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete

from linkdesk.storage.database import Database
from linkdesk.storage.tables import AttemptRow

LIFETIME: Final = timedelta(minutes=10)


def _now() -> datetime:
    return datetime.now(UTC)


class Attempts:
    """The sign-in attempts on one portal."""

    def __init__(self, store: Database, origin: str, *, now: Callable[[], datetime] = _now) -> None:
        """Take the database, the portal's origin, and a clock."""
        self._store = store
        self._origin = origin
        self._now = now

    async def begin(self, state: str, who: str) -> None:
        """Store the employee for this state; purge unfinished attempts."""
        now = self._now()
        async with self._store.transaction() as session:
            await session.execute(delete(AttemptRow).where(AttemptRow.expires_at < now))
            row = AttemptRow(state_hash=_hashed(state), origin=self._origin, who=who, expires_at=now + LIFETIME)
            session.add(row)

    async def take(self, state: str) -> str | None:
        """Return the employee for this state, once; None if it is unknown or expired."""
        taken = delete(AttemptRow).where(AttemptRow.state_hash == _hashed(state), AttemptRow.origin == self._origin)
        async with self._store.transaction() as session:
            found = (await session.execute(taken.returning(AttemptRow.who, AttemptRow.expires_at))).first()
        if found is None:
            return None
        who, expires_at = found
        return who if self._now() < expires_at else None


def _hashed(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()

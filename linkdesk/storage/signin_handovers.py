"""Handovers: sign-ins finished in a browser that wait for a Telegram account; each is taken once, in ten minutes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from linkdesk.accounts.portal_accounts import HANDOVER_PREFIX, Handover
from linkdesk.accounts.staff import hash_code, new_code, now_utc
from linkdesk.storage.database import Database
from linkdesk.storage.tables import HandoverRow

LIFETIME: Final = timedelta(minutes=10)
MAX_NAME_LENGTH: Final = 200


class Handovers:
    """The handovers on one portal."""

    def __init__(self, store: Database, origin: str, *, now: Callable[[], datetime] = now_utc) -> None:
        """Take the database, the portal's origin, and a clock."""
        self._store = store
        self._origin = origin
        self._now = now

    async def store(self, handover: Handover) -> str:
        """Store a handover and return its code; purge those that nobody took."""
        code, now = new_code(HANDOVER_PREFIX), self._now()
        async with self._store.transaction() as session:
            await session.execute(delete(HandoverRow).where(HandoverRow.expires < now))
            session.add(
                HandoverRow(
                    code_hash=hash_code(code),
                    origin=self._origin,
                    holder=handover.holder,
                    person=handover.person[:MAX_NAME_LENGTH],
                    expires=now + LIFETIME,
                ),
            )
        return code

    async def take(self, code: str) -> Handover | None:
        """Return the handover of a code, once; None if it is unknown or expired."""
        taken = delete(HandoverRow).where(HandoverRow.code_hash == hash_code(code), HandoverRow.origin == self._origin)
        async with self._store.transaction() as session:
            found = (
                await session.execute(taken.returning(HandoverRow.holder, HandoverRow.person, HandoverRow.expires))
            ).first()
        if found is None:
            return None
        holder, person, expires = found
        return Handover(holder, person) if self._now() < expires else None

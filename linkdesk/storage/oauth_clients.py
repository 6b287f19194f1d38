"""Registered OAuth clients, encrypted, as some of them have a secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from linkdesk.storage.cipher import Cipher
from linkdesk.storage.database import Database
from linkdesk.storage.tables import ClientRow

UNUSED_LIFETIME: Final = timedelta(days=1)
"""How long a client is kept to which nobody granted access, as anybody may register one."""
MAX_UNUSED: Final = 1000


def _now() -> datetime:
    return datetime.now(UTC)


class OAuthClients:
    """The metadata of registered clients, as one JSON text each."""

    def __init__(self, store: Database, cipher: Cipher, *, now: Callable[[], datetime] = _now) -> None:
        """Take the database, the cipher, and a clock."""
        self._store = store
        self._cipher = cipher
        self._now = now

    async def save(self, client_id: str, registered: str) -> bool:
        """Store a client; return False if too many unused ones are registered."""
        now = self._now()
        unused = ClientRow.used.is_(False)
        async with self._store.transaction() as session:
            await session.execute(delete(ClientRow).where(unused, ClientRow.created_at < now - UNUSED_LIFETIME))
            waiting = await session.scalar(select(func.count()).select_from(ClientRow).where(unused))
            if (waiting or 0) >= MAX_UNUSED:
                return False
            sealed = self._cipher.encrypt(registered)
            session.add(ClientRow(client_id=client_id, sealed=sealed, created_at=now, used=False))
        return True

    async def find(self, client_id: str) -> str | None:
        """Return the metadata of a client, or None.

        Raises:
            Trouble: our key does not decrypt it.
        """
        async with self._store.read_session() as session:
            sealed = await session.scalar(select(ClientRow.sealed).where(ClientRow.client_id == client_id))
        return None if sealed is None else self._cipher.decrypt(sealed)

    async def mark_used(self, client_id: str) -> None:
        """Mark a client as used."""
        async with self._store.transaction() as session:
            await session.execute(update(ClientRow).where(ClientRow.client_id == client_id).values(used=True))

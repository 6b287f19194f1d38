"""API tokens for HTTP: shown once, stored as hashes, and invalid as soon as they are revoked."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select

from linkdesk.auth.api_tokens import PREFIX, TokenOwner
from linkdesk.auth.hashing import hash_secret, new_secret
from linkdesk.auth.policy import Role
from linkdesk.storage.database import Database
from linkdesk.storage.tables import ApiTokenRow


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An API token as it may be listed, without its secret."""

    id: int
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    expired: bool


class ApiTokens:
    """The stored API tokens."""

    def __init__(self, store: Database, *, now: Callable[[], datetime] = _now) -> None:
        """Take the database and a clock."""
        self._store = store
        self._now = now

    async def add(self, name: str, role: Role, days: int | None = None) -> str:
        """Create a token for an employee and return it; only its hash is stored.

        Args:
            name: the employee.
            role: the employee's role.
            days: the lifetime; None until it is revoked.
        """
        token = new_secret(PREFIX)
        now = self._now()
        until = None if days is None else now + timedelta(days=days)
        async with self._store.transaction() as session:
            session.add(
                ApiTokenRow(name=name, role=role, token_hash=hash_secret(token), created_at=now, expires_at=until),
            )
        return token

    async def find(self, token: str) -> TokenOwner | None:
        """Return the owner of a valid token, or None."""
        wanted = hash_secret(token)
        query = select(ApiTokenRow).where(ApiTokenRow.token_hash == wanted, self._good())
        async with self._store.read_session() as session:
            row = await session.scalar(query)
        if row is None or not hmac.compare_digest(row.token_hash, wanted):
            return None
        return TokenOwner(row.name, Role(row.role), row.token_hash)

    async def all(self) -> list[ApiToken]:
        """Return all tokens, oldest first."""
        now = self._now()
        async with self._store.read_session() as session:
            rows = await session.scalars(select(ApiTokenRow).order_by(ApiTokenRow.id))
            return [
                ApiToken(
                    row.id,
                    row.name,
                    Role(row.role),
                    row.created_at,
                    row.expires_at,
                    row.expires_at is not None and row.expires_at <= now,
                )
                for row in rows
            ]

    async def revoke(self, which: str) -> list[str]:
        """Revoke the token with this number, or all tokens of this name; return the owners of those revoked."""
        by_number = which.isascii() and which.isdigit() and len(which) < len(str(2**31))
        wanted: ColumnElement[bool] = ApiTokenRow.id == int(which) if by_number else ApiTokenRow.name == which
        async with self._store.transaction() as session:
            gone = await session.scalars(delete(ApiTokenRow).where(wanted).returning(ApiTokenRow.name))
            return list(gone)

    def _good(self) -> ColumnElement[bool]:
        return or_(ApiTokenRow.expires_at.is_(None), ApiTokenRow.expires_at > self._now())

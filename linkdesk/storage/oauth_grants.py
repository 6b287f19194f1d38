"""Grants of employees to OAuth clients: a pair of tokens each, refreshed together and stored as hashes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, CursorResult, delete, or_, select, update

from linkdesk.auth.hashing import hash_secret, new_secret
from linkdesk.storage.database import Database
from linkdesk.storage.tables import GrantRow, PortalRow, TokenRow

ACCESS_LIFETIME: Final = timedelta(hours=1)
REFRESH_LIFETIME: Final = timedelta(days=60)
ACCESS_PREFIX: Final = "lda_"
REFRESH_PREFIX: Final = "ldr_"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """A pair of tokens as issued."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """Which employee granted access to which client."""

    client_id: str
    employee: str
    name: str
    resource: str
    access_until: datetime
    refresh_until: datetime


class Grants:
    """The grants of one portal's employees."""

    def __init__(self, store: Database, origin: str, *, now: Callable[[], datetime] = _now) -> None:
        """Take the database, the portal's origin, and a clock."""
        self._store = store
        self._origin = origin
        self._now = now

    async def issue(self, code: str, client_id: str, employee: str, name: str, resource: str) -> TokenPair:
        """Store a grant and return its tokens; purge grants that ended."""
        pair, now = _new_pair(), self._now()
        async with self._store.transaction() as session:
            await session.execute(delete(GrantRow).where(GrantRow.refresh_until < now))
            session.add(
                GrantRow(
                    origin=self._origin,
                    client_id=client_id,
                    employee=employee,
                    name=name,
                    resource=resource,
                    code_hash=hash_secret(code),
                    access_hash=hash_secret(pair.access),
                    access_until=now + ACCESS_LIFETIME,
                    refresh_hash=hash_secret(pair.refresh),
                    refresh_until=now + REFRESH_LIFETIME,
                    created_at=now,
                ),
            )
        return pair

    async def by_access_token(self, token: str) -> Grant | None:
        """Return the grant of an access token; None if it expired or the employee's sign-in to the portal ended."""
        return await self._find(GrantRow.access_hash == hash_secret(token), GrantRow.access_until > self._now())

    async def by_refresh_token(self, token: str, client_id: str) -> Grant | None:
        """Return the grant of a refresh token, or None; a refresh token that was used before ends its grant."""
        found = await self._find(GrantRow.refresh_hash == hash_secret(token), GrantRow.refresh_until > self._now())
        if found is None:
            await self._end(GrantRow.used_hash == hash_secret(token), GrantRow.client_id == client_id)
        return found

    async def refresh(self, refresh: str) -> TokenPair | None:
        """Exchange a refresh token for new tokens; it and the old access token become invalid."""
        pair, now = _new_pair(), self._now()
        values = {
            "access_hash": hash_secret(pair.access),
            "access_until": now + ACCESS_LIFETIME,
            "refresh_hash": hash_secret(pair.refresh),
            "refresh_until": now + REFRESH_LIFETIME,
            "used_hash": hash_secret(refresh),
        }
        good = GrantRow.refresh_hash == hash_secret(refresh), GrantRow.refresh_until > now
        change = update(GrantRow).where(GrantRow.origin == self._origin, *good).values(values)
        async with self._store.transaction() as session:
            result = await session.execute(change.execution_options(synchronize_session=False))
        return pair if isinstance(result, CursorResult) and result.rowcount else None

    async def revoke(self, token: str) -> None:
        """Revoke the grant of an access or refresh token."""
        hashed = hash_secret(token)
        await self._end(or_(GrantRow.access_hash == hashed, GrantRow.refresh_hash == hashed))

    async def revoke_by_code(self, code: str, client_id: str) -> None:
        """Revoke the grant of an authorization code that was used twice."""
        await self._end(GrantRow.code_hash == hash_secret(code), GrantRow.client_id == client_id)

    async def _find(self, *conditions: ColumnElement[bool]) -> Grant | None:
        portal = select(PortalRow.id).where(PortalRow.origin == self._origin)
        signed_in = select(TokenRow.id).where(
            TokenRow.who == GrantRow.employee, TokenRow.ended.is_(False), TokenRow.portal_id.in_(portal)
        )
        query = select(GrantRow).where(GrantRow.origin == self._origin, *conditions, signed_in.exists())
        async with self._store.read_session() as session:
            row = await session.scalar(query)
        if row is None:
            return None
        return Grant(row.client_id, row.employee, row.name, row.resource, row.access_until, row.refresh_until)

    async def _end(self, *conditions: ColumnElement[bool]) -> None:
        async with self._store.transaction() as session:
            await session.execute(delete(GrantRow).where(GrantRow.origin == self._origin, *conditions))


def _new_pair() -> TokenPair:
    return TokenPair(access=new_secret(ACCESS_PREFIX), refresh=new_secret(REFRESH_PREFIX))

"""Employees' portal tokens in the database, encrypted, and the lease that lets one process refresh them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, Select, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.application import endpoint_within
from linkdesk.portal.token import StoredToken, TokenGrant
from linkdesk.storage.cipher import WRONG_KEY, Cipher
from linkdesk.storage.database import Database
from linkdesk.storage.tables import PortalRow, TokenRow

LEASE: Final = timedelta(seconds=30)
"""The lease for refreshing: longer than a request to the token endpoint may take."""


def _now() -> datetime:
    return datetime.now(UTC)


class PortalTokens:
    """The portal tokens of one portal's employees."""

    def __init__(self, store: Database, cipher: Cipher, origin: str, *, now: Callable[[], datetime] = _now) -> None:
        """Take the database, the cipher, the portal's origin, and a clock."""
        self._store = store
        self._cipher = cipher
        self._origin = origin
        self._now = now

    async def find(self, who: str) -> StoredToken | None:
        """Return an employee's tokens, or None.

        Raises:
            Trouble: our key does not decrypt them, or the database does not answer.
        """
        query = select(TokenRow, PortalRow).join(PortalRow, TokenRow.portal_id == PortalRow.id)
        async with self._store.read_session() as session:
            found = (await session.execute(query.where(PortalRow.origin == self._origin, TokenRow.who == who))).first()
        if found is None:
            return None
        row, portal = found
        return StoredToken(
            who=row.who,
            user_id=row.user_id,
            member_id=portal.member_id,
            endpoint=portal.client_endpoint,
            access=self._cipher.decrypt(row.access_token),
            refresh=self._cipher.decrypt(row.refresh_token),
            expires_at=row.expires_at,
            version=row.version,
            ended=row.ended,
        )

    async def employees(self) -> list[str]:
        """Return the keys of the employees who are signed in."""
        query = select(TokenRow.who).where(TokenRow.portal_id.in_(self._portal())).order_by(TokenRow.who)
        async with self._store.read_session() as session:
            return list(await session.scalars(query))

    async def same_user_keys(self, who: str) -> list[str]:
        """Return all keys, this one included, under which the same user of the portal is signed in."""
        user = select(TokenRow.user_id).where(*self._of(who), TokenRow.ended.is_(False))
        query = select(TokenRow.who).where(
            TokenRow.portal_id.in_(self._portal()), TokenRow.user_id.in_(user), TokenRow.ended.is_(False)
        )
        async with self._store.read_session() as session:
            return list(await session.scalars(query.order_by(TokenRow.who)))

    async def check_key(self) -> None:
        """Check that our key decrypts what is stored.

        Raises:
            NotConfigured: it does not.
        """
        async with self._store.read_session() as session:
            sealed = await session.scalar(select(TokenRow.refresh_token).where(TokenRow.portal_id.in_(self._portal())))
        if sealed is not None and not self._cipher.can_decrypt(sealed):
            raise NotConfigured(WRONG_KEY)

    async def save(self, who: str, granted: TokenGrant) -> None:
        """Store the tokens of a sign-in, replacing the employee's previous ones.

        Raises:
            Trouble: the tokens are of another portal than the one that was configured.
        """
        async with self._store.transaction() as session:
            portal = await self._portal_of(session, granted)
            row = await session.scalar(select(TokenRow).where(TokenRow.portal_id == portal.id, TokenRow.who == who))
            if row is None:
                row = TokenRow(portal_id=portal.id, who=who, version=0)
                session.add(row)
            row.version += 1
            row.renewing_by = row.renewing_until = None
            for name, value in self._values(granted).items():
                setattr(row, name, value)
            row.user_id = granted.user_id

    async def move(self, holder: str, who: str) -> bool:
        """Move the tokens stored under another key to an employee; return False if there are none."""
        async with self._store.transaction() as session:
            row = await session.scalar(select(TokenRow).where(*self._of(holder)))
            if row is None:
                return False
            before = await session.scalar(select(TokenRow.version).where(*self._of(who)))
            await session.execute(delete(TokenRow).where(*self._of(who)))
            # A concurrent refresh of the employee's previous tokens has to notice the replacement.
            row.version = max(row.version, before or 0) + 1
            row.who, row.renewing_by, row.renewing_until = who, None, None
            return True

    async def delete_unlinked(self, prefix: str, before: datetime) -> None:
        """Delete tokens under keys with this prefix that were not linked since a time."""
        left = (TokenRow.who.startswith(prefix, autoescape=True), TokenRow.updated_at < before)
        async with self._store.transaction() as session:
            await session.execute(delete(TokenRow).where(TokenRow.portal_id.in_(self._portal()), *left))

    async def delete(self, who: str) -> bool:
        """Delete an employee's tokens; return whether there were any."""
        async with self._store.transaction() as session:
            return _changed(await session.execute(delete(TokenRow).where(*self._of(who))))

    async def delete_all(self) -> int:
        """Delete all tokens, even those that no key decrypts; return how many there were."""
        async with self._store.transaction() as session:
            result = await session.execute(delete(TokenRow).where(TokenRow.portal_id.in_(self._portal())))
            return result.rowcount if isinstance(result, CursorResult) else 0

    async def replace(self, who: str, version: int, granted: TokenGrant) -> bool:
        """Replace the tokens of this version and release the lease; return False if they were replaced meanwhile."""
        values = {**self._values(granted), "renewing_by": None, "renewing_until": None, "version": version + 1}
        if granted.user_id is not None:
            values["user_id"] = granted.user_id
        return await self._change(who, TokenRow.version == version, values=values)

    async def mark_invalid(self, who: str, version: int) -> None:
        """Mark the refresh token of this version as invalid."""
        await self._change(who, TokenRow.version == version, values={"ended": True})

    async def lease(self, who: str, version: int, holder: str) -> bool:
        """Acquire the lease for refreshing the tokens of this version; return False if another process holds it."""
        now = self._now()
        free = or_(TokenRow.renewing_until.is_(None), TokenRow.renewing_until < now)
        values = {"renewing_by": holder, "renewing_until": now + LEASE}
        return await self._change(who, TokenRow.version == version, free, values=values)

    async def release(self, who: str, holder: str) -> None:
        """Release the lease."""
        values = {"renewing_by": None, "renewing_until": None}
        await self._change(who, TokenRow.renewing_by == holder, values=values)

    async def _change(self, who: str, *conditions: ColumnElement[bool], values: dict[str, Any]) -> bool:
        async with self._store.transaction() as session:
            change = update(TokenRow).where(*self._of(who), *conditions).values(values)
            return _changed(await session.execute(change.execution_options(synchronize_session=False)))

    def _of(self, who: str) -> tuple[ColumnElement[bool], ...]:
        return TokenRow.who == who, TokenRow.portal_id.in_(self._portal())

    def _portal(self) -> Select[int]:
        return select(PortalRow.id).where(PortalRow.origin == self._origin)

    def _values(self, granted: TokenGrant) -> dict[str, Any]:
        return {
            "access_token": self._cipher.encrypt(granted.access),
            "refresh_token": self._cipher.encrypt(granted.refresh),
            "scope": granted.scope,
            "expires_at": self._now() + timedelta(seconds=granted.expires_in),
            "updated_at": self._now(),
            "ended": False,
        }

    async def _portal_of(self, session: AsyncSession, granted: TokenGrant) -> PortalRow:
        """Return the portal's row, inserting it if needed; a portal whose address changed keeps its employees' tokens.

        Raises:
            Trouble: the tokens are of another portal than the one that was configured.
        """
        endpoint = endpoint_within(self._origin, granted.client_endpoint)
        if endpoint is None:
            raise Trouble(sign_in_errors.OTHER_PORTAL, {"host": granted.client_endpoint})
        here = await session.scalar(select(PortalRow).where(PortalRow.origin == self._origin))
        if here is not None and here.member_id != granted.member_id:
            raise Trouble(sign_in_errors.OTHER_MEMBER)
        known = here or await session.scalar(select(PortalRow).where(PortalRow.member_id == granted.member_id))
        if known is None:
            known = PortalRow(member_id=granted.member_id, created_at=self._now())
            session.add(known)
        known.origin, known.client_endpoint = self._origin, endpoint
        await session.flush()
        return known


def _changed(result: object) -> bool:
    return isinstance(result, CursorResult) and result.rowcount > 0

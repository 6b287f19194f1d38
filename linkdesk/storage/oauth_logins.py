"""Authorization flows in progress: from a client's request over our page and the portal to the authorization code.

Each step can be taken once, within its lifetime, and after the first one by the same browser only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, or_, select, update

from linkdesk.auth.hashing import hash_secret, new_secret
from linkdesk.storage.database import Database
from linkdesk.storage.tables import LoginRow

LIFETIME: Final = timedelta(minutes=10)
CODE_LIFETIME: Final = timedelta(minutes=1)
STATE_PREFIX: Final = "mcp."
"""Prefix of the state given to the portal, which distinguishes these callbacks from those of other sign-ins."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The parameters of a client's authorization request."""

    client_id: str
    redirect_uri: str
    explicit: bool
    code_challenge: str
    state: str | None
    resource: str | None


@dataclass(frozen=True, slots=True)
class Login:
    """An authorization request and its progress."""

    id_hash: str
    wish: AuthorizationRequest
    employee: str | None
    name: str | None
    expires_at: datetime


class Logins:
    """The authorization flows on one portal."""

    def __init__(self, store: Database, origin: str, *, now: Callable[[], datetime] = _now) -> None:
        """Take the database, the portal's origin, and a clock."""
        self._store = store
        self._origin = origin
        self._now = now

    async def begin(self, wish: AuthorizationRequest) -> str:
        """Store a request and return the secret that names it; purge abandoned ones."""
        secret, now = new_secret(), self._now()
        async with self._store.transaction() as session:
            await session.execute(delete(LoginRow).where(LoginRow.expires_at < now))
            session.add(
                LoginRow(
                    id_hash=hash_secret(secret),
                    origin=self._origin,
                    client_id=wish.client_id,
                    redirect_uri=wish.redirect_uri,
                    explicit=wish.explicit,
                    code_challenge=wish.code_challenge,
                    state=wish.state,
                    resource=wish.resource,
                    expires_at=now + LIFETIME,
                ),
            )
        return secret

    async def show(self, secret: str, browser: str) -> Login | None:
        """Return a request to the first browser that opens it; None to others."""
        browser_hash = hash_secret(browser)
        ours = or_(LoginRow.browser_hash.is_(None), LoginRow.browser_hash == browser_hash)
        waiting = LoginRow.portal_state_hash.is_(None), LoginRow.code_hash.is_(None)
        return await self._change(
            LoginRow.id_hash == hash_secret(secret), *waiting, ours, values={"browser_hash": browser_hash}
        )

    async def approve(self, secret: str, browser: str) -> str | None:
        """Mark a request as approved, once; return the state for the portal."""
        state = new_secret(STATE_PREFIX)
        agreed = await self._change(
            *self._shown(secret, browser),
            values={"portal_state_hash": hash_secret(state), "expires_at": self._now() + LIFETIME},
        )
        return None if agreed is None else state

    async def deny(self, secret: str, browser: str) -> Login | None:
        """Delete a request that the person denies."""
        return await self._take(*self._shown(secret, browser))

    async def returned(self, state: str, browser: str) -> Login | None:
        """Return the request with which a browser returns from the portal, once."""
        return await self._change(
            LoginRow.portal_state_hash == hash_secret(state),
            LoginRow.browser_hash == hash_secret(browser),
            LoginRow.code_hash.is_(None),
            # The state is deleted, but not the fact that there was one.
            values={"portal_state_hash": hash_secret(new_secret())},
        )

    async def drop(self, login: Login) -> None:
        """Delete a request."""
        await self._take(LoginRow.id_hash == login.id_hash)

    async def issue_code(self, login: Login, employee: str, name: str) -> str | None:
        """Store who signed in, and return the authorization code; None if the request is gone."""
        code = new_secret()
        values = {"code_hash": hash_secret(code), "employee": employee, "name": name[:200]}
        granted = await self._change(
            LoginRow.id_hash == login.id_hash,
            LoginRow.code_hash.is_(None),
            values={**values, "expires_at": self._now() + CODE_LIFETIME},
        )
        return None if granted is None else code

    async def by_code(self, code: str) -> Login | None:
        """Return the login of an authorization code, or None."""
        query = select(LoginRow).where(*self._open(), LoginRow.code_hash == hash_secret(code))
        async with self._store.read_session() as session:
            row = await session.scalar(query)
        return None if row is None else _login(row)

    async def use_code(self, code: str) -> Login | None:
        """Invalidate an authorization code."""
        return await self._take(LoginRow.code_hash == hash_secret(code))

    def _shown(self, secret: str, browser: str) -> tuple[ColumnElement[bool], ...]:
        return (
            LoginRow.id_hash == hash_secret(secret),
            LoginRow.browser_hash == hash_secret(browser),
            LoginRow.portal_state_hash.is_(None),
            LoginRow.code_hash.is_(None),
        )

    def _open(self) -> tuple[ColumnElement[bool], ...]:
        return LoginRow.origin == self._origin, LoginRow.expires_at > self._now()

    async def _change(self, *conditions: ColumnElement[bool], values: dict[str, Any]) -> Login | None:
        change = update(LoginRow).where(*self._open(), *conditions).values(values).returning(LoginRow)
        async with self._store.transaction() as session:
            row = await session.scalar(change.execution_options(synchronize_session=False))
            return None if row is None else _login(row)

    async def _take(self, *conditions: ColumnElement[bool]) -> Login | None:
        taken = delete(LoginRow).where(*self._open(), *conditions).returning(LoginRow)
        async with self._store.transaction() as session:
            row = await session.scalar(taken.execution_options(synchronize_session=False))
            return None if row is None else _login(row)


def _login(row: LoginRow) -> Login:
    wish = AuthorizationRequest(
        client_id=row.client_id,
        redirect_uri=row.redirect_uri,
        explicit=row.explicit,
        code_challenge=row.code_challenge,
        state=row.state,
        resource=row.resource,
    )
    return Login(row.id_hash, wish, row.employee, row.name, row.expires_at)

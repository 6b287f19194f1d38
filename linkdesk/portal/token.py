"""An employee's tokens: as granted by the token endpoint, and as stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """The tokens granted by the token endpoint."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    """Good for one renewal, within 180 days."""
    expires_in: int
    client_endpoint: str
    member_id: str
    user_id: int | None
    scope: str


@dataclass(frozen=True, slots=True)
class StoredToken:
    """The tokens as they are stored."""

    who: str
    user_id: int | None
    member_id: str
    endpoint: str
    """Where calls go; the method's name follows."""
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    """For people to read: a token is renewed when the portal refuses it, whatever our clock says."""
    version: int
    ended: bool


class TokenStore(Protocol):
    """Where the tokens of one portal's employees are kept: `linkdesk.storage.portal_tokens.PortalTokens`."""

    async def find(self, who: str) -> StoredToken | None:
        """Return an employee's tokens."""
        ...

    async def replace(self, who: str, version: int, granted: TokenGrant) -> bool:
        """Replace the tokens of this version and end the lease; return False if the version has changed."""
        ...

    async def mark_invalid(self, who: str, version: int) -> None:
        """Mark the refresh token of this version as no longer usable."""
        ...

    async def lease(self, who: str, version: int, holder: str) -> bool:
        """Acquire a lease to renew the tokens of this version; return False if another process holds it."""
        ...

    async def release(self, who: str, holder: str) -> None:
        """Release the lease."""
        ...

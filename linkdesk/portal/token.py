"""An employee's tokens: as the token endpoint gives them, and as they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What the token endpoint gave."""

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
    """What is kept of it."""

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
        """Give an employee's tokens."""
        ...

    async def replace(self, who: str, version: int, granted: TokenGrant) -> bool:
        """Keep new tokens in place of those of this version, which ends the lease; False if others came between."""
        ...

    async def mark_invalid(self, who: str, version: int) -> None:
        """Remember that the refresh token of this version is of no use any more."""
        ...

    async def lease(self, who: str, version: int, holder: str) -> bool:
        """Take the right to renew the tokens of this version, for a while; False if another has it."""
        ...

    async def release(self, who: str, holder: str) -> None:
        """Give the right back."""
        ...

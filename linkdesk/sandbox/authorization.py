"""Applications that employees sign in through, and what they were granted: codes, access tokens, refresh tokens.

Source: https://apidocs.bitrix24.com/settings/oauth/index.html
"""

from __future__ import annotations

import secrets
from typing import Final, NamedTuple

from pydantic import BaseModel, Field

from linkdesk.sandbox.call import Access
from linkdesk.sandbox.rest_error import system_error

CODE_LIFETIME_S: Final = 30
ACCESS_TOKEN_LIFETIME_S: Final = 3600
REFRESH_TOKEN_LIFETIME_S: Final = 180 * 24 * 3600


class SandboxApplication(BaseModel):
    """A local application of the portal."""

    client_id: str
    client_secret: str
    redirect: str
    """Where browsers are sent after a sign-in, as the application's settings on the portal name it."""
    scopes: tuple[str, ...]
    token: str = Field(default_factory=lambda: secrets.token_hex(16))
    """Comes with every event, so that the handler knows who sends it: `application_token`."""
    installed: bool = True
    paid: bool = True

    @property
    def denial_code(self) -> str | None:
        """The code that tells why nobody gets in: it was removed from the portal, or its subscription ended."""
        return "NOT_INSTALLED" if not self.installed else "PAYMENT_REQUIRED" if not self.paid else None


class SandboxGrant(BaseModel):
    """What a code or a token stands for."""

    client_id: str
    user_id: int
    origin: str
    """The portal's address at the sign-in."""
    until: float
    """When it ends, in Unix seconds."""


class SandboxTokens(NamedTuple):
    """An access token and the refresh token that comes with it."""

    access: str
    refresh: str


class Authorization(BaseModel):
    """What the authorization server knows of this portal."""

    member_id: str = Field(default_factory=lambda: secrets.token_hex(16))
    applications: dict[str, SandboxApplication] = Field(default_factory=dict[str, SandboxApplication])
    codes: dict[str, SandboxGrant] = Field(default_factory=dict[str, SandboxGrant])
    access: dict[str, SandboxGrant] = Field(default_factory=dict[str, SandboxGrant])
    refresh: dict[str, SandboxGrant] = Field(default_factory=dict[str, SandboxGrant])

    def issue_code(self, client_id: str, user_id: int, origin: str, now: float) -> str:
        """Make the code of a sign-in: good once, for 30 seconds."""
        code = secrets.token_hex(35)
        self.codes[code] = SandboxGrant(
            client_id=client_id, user_id=user_id, origin=origin, until=now + CODE_LIFETIME_S
        )
        return code

    def consume_code(self, code: str, client_id: str, now: float) -> SandboxGrant | None:
        """Use up a code; None if it is none of this application's, was used already or is too old."""
        return _taken(self.codes, code, client_id, now)

    def consume_refresh_token(self, token: str, client_id: str, now: float) -> SandboxGrant | None:
        """Use up a refresh token; None if it is none of this application's, was used already or is too old."""
        return _taken(self.refresh, token, client_id, now)

    def issue_tokens(self, grant: SandboxGrant, now: float) -> SandboxTokens:
        """Make new tokens for what was granted; access tokens given before live on until they expire."""
        self._forget(now)
        tokens = SandboxTokens(secrets.token_hex(35), secrets.token_hex(35))
        self.access[tokens.access] = grant.model_copy(update={"until": now + ACCESS_TOKEN_LIFETIME_S})
        self.refresh[tokens.refresh] = grant.model_copy(update={"until": now + REFRESH_TOKEN_LIFETIME_S})
        return tokens

    def authenticate(self, token: str | None, now: float) -> Access:
        """Return the access that a token grants: its user's rights and its application's scopes.

        Raises:
            Refusal: it lets nobody in, or not any more.
        """
        grant = self.access.get(token or "")
        if grant is None:
            raise system_error("NO_AUTH_FOUND")
        application = self.applications.get(grant.client_id)
        if application is None:
            raise system_error("invalid_token")
        if now >= grant.until:
            raise system_error("expired_token")
        if application.denial_code is not None:
            raise system_error(application.denial_code)
        return Access(grant.user_id, frozenset(application.scopes), application.client_id)

    def _forget(self, now: float) -> None:
        """Drop what ended; an expired access token is known as such for as long as its refresh token lives."""
        for table, kept in ((self.codes, 0), (self.refresh, 0), (self.access, REFRESH_TOKEN_LIFETIME_S)):
            for key in [key for key, grant in table.items() if grant.until + kept <= now]:
                del table[key]


def _taken(table: dict[str, SandboxGrant], key: str, client_id: str, now: float) -> SandboxGrant | None:
    grant = table.get(key)
    if grant is None or grant.client_id != client_id:
        return None
    del table[key]
    return grant if now < grant.until else None

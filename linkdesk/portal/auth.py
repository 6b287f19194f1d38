"""Credentials for a portal: the URL to call a method at, and the parameters that authenticate the caller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.token import StoredToken


class Credentials(Protocol):
    """Authenticate calls with a webhook's address or an employee's token."""

    @property
    def masked(self) -> str:
        """The portal's address and the user, without the secret."""
        ...

    async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
        """Return the URL of a method and the parameters to add to the body; both may contain a secret.

        Raises:
            NoCredentials: this employee has no token that may be used; nothing was sent.
        """
        ...

    async def renew(self, sent: Mapping[str, str], /) -> bool:
        """Renew expired credentials; return whether newer ones than those sent are now available.

        Args:
            sent: the parameters that `authorize` gave for the refused call.

        Raises:
            NoCredentials: the token could not be renewed; it knows why, and what to do.
        """
        ...


class WebhookCredentials:
    """Credentials of an incoming webhook: the secret is part of the URL and never expires by itself."""

    def __init__(self, address: WebhookAddress) -> None:
        """Keep the webhook's address."""
        self._address = address

    @property
    def masked(self) -> str:
        """The webhook's address without the secret."""
        return self._address.masked

    async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
        """Return the URL of a method, which contains the secret."""
        return self._address.url(rest), {}

    async def renew(self, _sent: Mapping[str, str], /) -> bool:
        """Return False: a webhook cannot be renewed."""
        return False

    def __repr__(self) -> str:
        """Show where the portal is, without the secret."""
        return f"WebhookCredentials({self._address.masked})"


class EmployeeTokens(Protocol):
    """Provides employees' tokens and renews them: `linkdesk.portal.token_refresh.TokenManager`."""

    async def get(self, who: str, /) -> StoredToken:
        """Return an employee's tokens.

        Raises:
            NoCredentials: there are none that may be used.
        """
        ...

    async def renew(self, who: str, refused: str, /) -> None:
        """Renew the tokens unless a newer access token than the refused one is already stored.

        Raises:
            NoCredentials: there will be none.
        """
        ...


class TokenCredentials:
    """Credentials of one employee: calls are made with their own rights."""

    def __init__(self, tokens: EmployeeTokens, who: str, origin: str) -> None:
        """Keep the token provider, the employee's key and the portal's origin."""
        self._tokens = tokens
        self._who = who
        self._origin = origin

    @property
    def masked(self) -> str:
        """The portal's address and the employee's key."""
        return f"{self._origin}/rest/ ({self._who})"

    async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
        """Return the URL of a method, and the token for the body.

        Raises:
            NoCredentials: the employee has to sign in.
        """
        token = await self._tokens.get(self._who)
        return f"{token.endpoint}{rest}", {"auth": token.access}

    async def renew(self, sent: Mapping[str, str], /) -> bool:
        """Renew the token, unless another call has already done so.

        Raises:
            NoCredentials: it could not be renewed.
        """
        refused = sent.get("auth")
        if refused is None:
            return False
        await self._tokens.renew(self._who, refused)
        return True

    def __repr__(self) -> str:
        """Show who calls which portal."""
        return f"TokenCredentials({self.masked})"

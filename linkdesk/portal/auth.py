"""The way into a portal: where a method is called, and what proves who calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.token import StoredToken


class Credentials(Protocol):
    """A webhook's address, or an employee's token."""

    @property
    def masked(self) -> str:
        """Where the portal is and whose rights it has, as it may be shown."""
        ...

    async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
        """Give the URL of one method, and the parameters to add to the body; both may hold a secret.

        Raises:
            NoCredentials: this employee has no token that may be used; nothing was sent.
        """
        ...

    async def renew(self, sent: Mapping[str, str], /) -> bool:
        """Tell whether one more try is worth it after `expired_token`: a newer token than the one sent is there now.

        Args:
            sent: the parameters that `authorize` gave for the refused call.

        Raises:
            NoCredentials: the token could not be renewed; it knows why, and what to do.
        """
        ...


class WebhookCredentials:
    """The way in by an incoming webhook, whose secret is part of the address and never expires by itself."""

    def __init__(self, address: WebhookAddress) -> None:
        """Take the webhook's address."""
        self._address = address

    @property
    def masked(self) -> str:
        """Where the portal is, without the secret."""
        return self._address.masked

    async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
        """Give the URL of one method: it holds the secret."""
        return self._address.url(rest), {}

    async def renew(self, _sent: Mapping[str, str], /) -> bool:
        """Say that there is nothing to renew."""
        return False

    def __repr__(self) -> str:
        """Show where the portal is, without the secret."""
        return f"WebhookCredentials({self._address.masked})"


class EmployeeTokens(Protocol):
    """Keeps and renews tokens: `linkdesk.portal.token_refresh.Tokens`."""

    async def get(self, who: str, /) -> StoredToken:
        """Give an employee's tokens.

        Raises:
            NoCredentials: there are none that may be used.
        """
        ...

    async def renew(self, who: str, refused: str, /) -> None:
        """See to it that there is a newer access token than the refused one.

        Raises:
            NoCredentials: there will be none.
        """
        ...


class TokenCredentials:
    """The way in by an employee's own token, with their own rights."""

    def __init__(self, tokens: EmployeeTokens, who: str, origin: str) -> None:
        """Take where tokens are kept, and whose is meant on which portal."""
        self._tokens = tokens
        self._who = who
        self._origin = origin

    @property
    def masked(self) -> str:
        """Where the portal is, and who calls it."""
        return f"{self._origin}/rest/ ({self._who})"

    async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
        """Give the URL of one method, and the token for the body.

        Raises:
            NoCredentials: the employee has to sign in.
        """
        token = await self._tokens.get(self._who)
        return f"{token.endpoint}{rest}", {"auth": token.access}

    async def renew(self, sent: Mapping[str, str], /) -> bool:
        """Renew the token, unless somebody did so meanwhile.

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

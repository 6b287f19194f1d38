"""Choose the credentials of a request: the webhook owner's for all, or each employee's own."""

from __future__ import annotations

from typing import Protocol

from linkdesk.auth.policy import Actor
from linkdesk.errors.base import NoCredentials
from linkdesk.portal.auth import Credentials, EmployeeTokens, TokenCredentials


class CredentialsProvider(Protocol):
    """Provides the credentials for an actor's requests."""

    async def credentials_for(self, actor: Actor, /) -> Credentials:
        """Return the credentials for this person's requests.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        ...


class SharedCredentials:
    """Provides the webhook's credentials for everybody."""

    def __init__(self, credentials: Credentials) -> None:
        """Keep the shared credentials."""
        self._credentials = credentials

    async def credentials_for(self, _actor: Actor, /) -> Credentials:
        """Return the shared credentials."""
        return self._credentials


class EmployeeCredentials:
    """Provides each employee's own credentials."""

    def __init__(self, tokens: EmployeeTokens, origin: str) -> None:
        """Keep the token provider and the portal's origin."""
        self._tokens = tokens
        self._origin = origin

    async def credentials_for(self, actor: Actor, /) -> Credentials:
        """Return the employee's own credentials.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        who = actor.who
        try:
            await self._tokens.get(who)
        except NoCredentials as error:
            raise error.as_trouble() from None
        return TokenCredentials(self._tokens, who, self._origin)

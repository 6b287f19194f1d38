"""Whose rights a request uses: with a webhook everybody's are its owner's, with an application each has their own."""

from __future__ import annotations

from typing import Protocol

from linkdesk.auth.policy import Actor
from linkdesk.errors.base import NoCredentials
from linkdesk.portal.auth import Credentials, EmployeeTokens, TokenCredentials


class CredentialsProvider(Protocol):
    """Knows each employee's way into the portal."""

    async def credentials_for(self, actor: Actor, /) -> Credentials:
        """Give the way in that a request of this person takes.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        ...


class SharedCredentials:
    """Everybody works with the rights of the webhook's owner."""

    def __init__(self, credentials: Credentials) -> None:
        """Take the one way in."""
        self._credentials = credentials

    async def credentials_for(self, _actor: Actor, /) -> Credentials:
        """Give the one way in."""
        return self._credentials


class EmployeeCredentials:
    """Each employee works with their own rights."""

    def __init__(self, tokens: EmployeeTokens, origin: str) -> None:
        """Take where the tokens are kept, and the portal."""
        self._tokens = tokens
        self._origin = origin

    async def credentials_for(self, actor: Actor, /) -> Credentials:
        """Give the employee's own way in.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        who = actor.who
        try:
            await self._tokens.get(who)
        except NoCredentials as error:
            raise error.as_trouble() from None
        return TokenCredentials(self._tokens, who, self._origin)

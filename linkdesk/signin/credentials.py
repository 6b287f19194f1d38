"""Whose rights a request uses: with a webhook everybody's are its owner's, with an application each has their own."""

from __future__ import annotations

from typing import Protocol

from linkdesk.auth.policy import Actor
from linkdesk.errors.base import NoWayIn
from linkdesk.portal.auth import EmployeeTokens, TokenWayIn, WayIn


class Employees(Protocol):
    """Knows each employee's way into the portal."""

    async def way_in_of(self, actor: Actor, /) -> WayIn:
        """Give the way in that a request of this person takes.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        ...


class SameForAll:
    """Everybody works with the rights of the webhook's owner."""

    def __init__(self, way_in: WayIn) -> None:
        """Take the one way in."""
        self._way_in = way_in

    async def way_in_of(self, _actor: Actor, /) -> WayIn:
        """Give the one way in."""
        return self._way_in


class EachTheirOwn:
    """Each employee works with their own rights."""

    def __init__(self, tokens: EmployeeTokens, origin: str) -> None:
        """Take where the tokens are kept, and the portal."""
        self._tokens = tokens
        self._origin = origin

    async def way_in_of(self, actor: Actor, /) -> WayIn:
        """Give the employee's own way in.

        Raises:
            Trouble: they have to sign in first; nothing was sent.
        """
        who = actor.who
        try:
            await self._tokens.of(who)
        except NoWayIn as error:
            raise error.trouble() from None
        return TokenWayIn(self._tokens, who, self._origin)

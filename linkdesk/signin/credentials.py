"""Whose rights a request uses: with a webhook everybody's are its owner's, with an application each has their own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from linkdesk.auth.policy import Actor
from linkdesk.config.settings import Settings
from linkdesk.errors.base import NoWayIn
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.application import Application
from linkdesk.portal.auth import EmployeeTokens, TokenWayIn, WayIn, WebhookWayIn

if TYPE_CHECKING:
    import httpx


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


@asynccontextmanager
async def opened_employees(
    settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncGenerator[Employees]:
    """Open what knows everybody's way in; the store is opened only where employees sign in themselves.

    Raises:
        NotConfigured: the portal, the store, the key or Redis is not set right.
        Trouble: the key does not open the tokens that are stored.
    """
    connection = settings.connection()
    if isinstance(connection, WebhookAddress):
        yield SameForAll(WebhookWayIn(connection))
        return
    async with opened_tokens(settings, connection, transport=transport) as tokens:
        yield EachTheirOwn(tokens, connection.origin)


@asynccontextmanager
async def opened_tokens(
    settings: Settings, application: Application, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncGenerator[EmployeeTokens]:
    """Open the tokens of the application's portal."""
    from linkdesk.portal.oauth import TokenEndpoint
    from linkdesk.portal.token_refresh import Tokens
    from linkdesk.runtime.locks import opened_turns
    from linkdesk.signin.stores import opened_records

    redis = settings.redis.get_secret_value() if settings.redis else None
    async with opened_records(settings, application) as (records, _), opened_turns(redis) as turns:
        endpoint = TokenEndpoint(application, transport=transport)
        tokens = Tokens(application, endpoint, records, turns=turns)
        try:
            yield tokens
        finally:
            await tokens.aclose()
            await endpoint.aclose()

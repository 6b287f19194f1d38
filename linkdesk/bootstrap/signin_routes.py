"""The HTTP routes of signing in from Telegram, wired from settings."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

import httpx
from starlette.routing import BaseRoute, Route

from linkdesk.accounts.portal_accounts import START_PATH
from linkdesk.bootstrap.routes import RouteSettings
from linkdesk.bootstrap.signin import open_signin_store
from linkdesk.portal.application import Application
from linkdesk.portal.oauth import TokenEndpoint
from linkdesk.portal.token_refresh import TokenManager
from linkdesk.signin.callback_page import callback_route
from linkdesk.signin.flow import SignInFlow
from linkdesk.signin.routes import SignInPages


@asynccontextmanager
async def routes(
    context: RouteSettings, *, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncGenerator[Sequence[BaseRoute]]:
    """Yield the routes; none where everybody works with the rights of one webhook.

    Args:
        context: holds the settings.
        transport: replaces the network for requests to the portal and its authorization server.

    Raises:
        NotConfigured: the settings of the portal, the database or the key are wrong.
    """
    connection = None if context.sandbox else context.settings.connection()
    if not isinstance(connection, Application):
        yield ()
        return
    async with open_signin_store(context.settings, connection) as kept:
        endpoint = TokenEndpoint(connection, transport=transport)
        tokens = TokenManager(connection, endpoint, kept.tokens)
        signing_in = SignInFlow(connection, endpoint, kept.tokens, kept.attempts)
        pages = SignInPages(connection, signing_in, kept, tokens, transport)
        try:
            yield [
                Route(START_PATH, pages.start, methods=["GET"]),
                callback_route(signing_in, shown=pages.finish),
            ]
        finally:
            await tokens.aclose()
            await endpoint.aclose()

"""Our server on a port of this machine, for the conformance suite: it has no way to send a token, so one is put in."""

from __future__ import annotations

import asyncio
import sys

from starlette.types import ASGIApp, Receive, Scope, Send

import server.http.app
from linkdesk.auth.api_tokens import parse_api_tokens
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.logging import configure_logging
from linkdesk.config.settings import Settings
from server.http.app import AppContext, open_app
from server.mcp_app import LinkdeskServer, build_server
from tests.conformance.fixtures import put_on
from tests.support.blocking_proxy import serve_on_port

TOKEN = "conformance-token-0123456789"


def with_token(app: ASGIApp) -> ASGIApp:
    """Send the token along with every request, as a host does."""

    async def sent(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["headers"] = [*scope["headers"], (b"authorization", f"Bearer {TOKEN}".encode())]
        await app(scope, receive, send)

    return sent


def with_fixtures(*given: object, **named: object) -> LinkdeskServer:
    built = build_server(*given, **named)  # type: ignore[arg-type]
    put_on(built)
    return built


async def serve(*, fixtures: bool, stateless: bool) -> None:
    """Serve until the input ends; the first line says where."""
    configure_logging(("info",))
    if fixtures:
        # The app's own factory, with more on what it makes.
        vars(server.http.app)["build_server"] = with_fixtures
    settings = Settings(stateless=stateless, http_tokens=parse_api_tokens(f"suite:admin:{TOKEN}"))
    async with open_desk(settings, sandbox=True) as desk:
        around = AppContext(settings, desk, "127.0.0.1", "http://127.0.0.1", sandbox=True)
        async with open_app(around) as app, serve_on_port(with_token(app), lifespan="on") as url:
            print(f"{url.replace('127.0.0.1', 'localhost')}/mcp", flush=True)  # noqa: T201 - the answer of a script
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(fixtures="fixtures" in sys.argv, stateless="stateless" in sys.argv))

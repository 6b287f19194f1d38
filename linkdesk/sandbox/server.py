"""The portal on a socket of this machine."""

from __future__ import annotations

import asyncio
import socket
import ssl

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.faults import ConnectionBroken

LOOPBACK = "127.0.0.1"


class BreakableConnection(H11Protocol):
    """A connection that closes without an answer when the portal says so, instead of answering 500."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Return the app of this connection a way to break it."""
        super().connection_made(transport)
        self.app = _breaking(self.app, transport)


def _breaking(app: ASGIApp, transport: asyncio.Transport) -> ASGIApp:
    async def breaking(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except (ConnectionBroken, asyncio.CancelledError):  # cancelled: the server ends while a slow call waits
            transport.abort()
            while (await receive())["type"] != "http.disconnect":
                pass

    return breaking


def listening_socket(port: int = 0) -> socket.socket:
    """Take a port of the loopback interface, a free one unless told which; callers can connect from now on."""
    taken = socket.create_server((LOOPBACK, port))
    taken.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return taken


def server(sandbox: Sandbox, tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    """Make the server; it keeps no access log, since addresses hold the webhook's secret."""
    config = uvicorn.Config(
        sandbox,
        http=BreakableConnection,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
    )
    config.load()
    config.ssl = tls
    return uvicorn.Server(config)

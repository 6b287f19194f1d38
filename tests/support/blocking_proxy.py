"""A proxy that blocks calls of one REST method until it is opened or the caller gives up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkdesk.sandbox.server import listening_socket


class BlockingProxy:
    """An ASGI app that blocks some calls of another app."""

    def __init__(self, app: ASGIApp, method: str) -> None:
        """Block the calls whose path ends with the method."""
        self._app = app
        self._method = method
        self.reached = asyncio.Event()
        self.given_up = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, after the proxy has been opened if its method is blocked."""
        if scope["type"] != "http" or not scope["path"].endswith(f"/{self._method}"):
            await self._app(scope, receive, send)
            return
        self.reached.set()
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        body += message.get("body", b"")
        # The next message can only be a disconnect: the caller has given up.
        left, opened = asyncio.create_task(_disconnected(receive)), asyncio.create_task(self.open.wait())
        try:
            await asyncio.wait({left, opened}, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.given_up.set()
            raise
        finally:
            left.cancel()
            opened.cancel()
        if not self.open.is_set():
            self.given_up.set()
            return

        async def whole() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, whole, send)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@asynccontextmanager
async def serve_on_port(app: ASGIApp, lifespan: Literal["on", "off"] = "off") -> AsyncGenerator[str]:
    """Serve an app on a loopback port in this event loop; yield its URL."""
    taken = listening_socket()
    config = uvicorn.Config(
        app, http="h11", lifespan=lifespan, access_log=False, log_level="warning", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve([taken]))
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving

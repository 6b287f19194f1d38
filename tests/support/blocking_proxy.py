"""A gate before an app: calls of one REST method wait at it, until it is opened or they are given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkdesk.sandbox.server import listening_socket


class BlockingProxy:
    """An app with a gate before it."""

    def __init__(self, app: ASGIApp, method: str) -> None:
        """Hold the calls whose path ends with the method."""
        self._app = app
        self._method = method
        self.reached = asyncio.Event()
        self.given_up = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, perhaps later."""
        if scope["type"] != "http" or not scope["path"].endswith(f"/{self._method}"):
            await self._app(scope, receive, send)
            return
        self.reached.set()
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        body += message.get("body", b"")
        # What comes next is the end of the connection: whoever called has given up.
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
    """Serve an app on a port of this machine, in this event loop, and give its address."""
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

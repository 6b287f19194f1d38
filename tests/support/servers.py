"""Apps served on loopback sockets in the test's event loop, and the official client over HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import httpx2
import uvicorn
from mcp import Client
from mcp.client.session import ElicitationFnT
from mcp.client.streamable_http import streamable_http_client
from starlette.types import ASGIApp

from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.server import server as sandbox_server
from server.http.app import AppContext, open_app
from tests.support.mcp_client import Era


class Quiet(uvicorn.Server):
    """A uvicorn server that leaves signals to the tests."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def free_socket() -> socket.socket:
    taken = socket.create_server(("127.0.0.1", 0))
    taken.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return taken


def address_of(taken: socket.socket) -> str:
    return f"http://127.0.0.1:{taken.getsockname()[1]}"


@asynccontextmanager
async def serving(app: ASGIApp, taken: socket.socket) -> AsyncGenerator[str]:
    """Serve an app with its lifespan; yield its URL."""
    config = uvicorn.Config(
        app, http="h11", ws="none", lifespan="on", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    async with _running(Quiet(config), taken):
        yield address_of(taken)


@asynccontextmanager
async def serving_sandbox(sandbox: Sandbox, taken: socket.socket) -> AsyncGenerator[str]:
    """Serve a sandbox portal; yield its URL."""
    server = sandbox_server(sandbox)
    server.__class__ = Quiet
    async with _running(server, taken):
        yield address_of(taken)


@asynccontextmanager
async def _running(server: uvicorn.Server, taken: socket.socket) -> AsyncGenerator[None]:
    task = asyncio.create_task(server.serve(sockets=[taken]))
    while not server.started:
        if task.done():
            await task
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def app_of(desk: Desk, settings: Settings, url: str, *, sandbox: bool = True) -> AsyncGenerator[ASGIApp]:
    """Open the app of a desk as `linkdesk serve --http` does."""
    async with open_app(AppContext(settings, desk, host="127.0.0.1", url=url, sandbox=sandbox)) as app:
        yield app


@asynccontextmanager
async def client_with(
    token: str, url: str, era: Era = "auto", person: ElicitationFnT | None = None
) -> AsyncGenerator[Client]:
    """Connect the official client with a bearer token and, optionally, an elicitation callback."""
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=era, elicitation_callback=person) as client,
    ):
        yield client

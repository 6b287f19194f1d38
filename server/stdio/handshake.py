"""Answer `initialize` at once; queue everything else until start-up has finished.

A host waits for the handshake of each of its servers. Loading declarations, the desk and the portal client takes a
third of the start-up time, so they are loaded after the handshake, or with the first request that needs them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Final, Self

from mcp.server import Server
from mcp.server.context import HandlerResult, ServerRequestContext
from mcp.server.request_state import RequestStateBoundary, RequestStateSecurity
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INTERNAL_ERROR,
    CallToolRequestParams,
    CompleteRequestParams,
    GetPromptRequestParams,
    PaginatedRequestParams,
    ReadResourceRequestParams,
)
from pydantic import BaseModel

from linkdesk.errors.base import Changed, NotConfigured
from server.stdio.server import stdio_streams
from server.tools.instructions import INSTRUCTIONS, NAME, TITLE, installed_version

FORWARDED_METHODS: Final[dict[str, type[BaseModel]]] = {
    "tools/list": PaginatedRequestParams,
    "tools/call": CallToolRequestParams,
    "resources/list": PaginatedRequestParams,
    "resources/templates/list": PaginatedRequestParams,
    "resources/read": ReadResourceRequestParams,
    "prompts/list": PaginatedRequestParams,
    "prompts/get": GetPromptRequestParams,
    "completion/complete": CompleteRequestParams,
}
"""The methods that are passed on to the full server; the capabilities follow from them and never vary."""
LOAD_DELAY_S: Final = 0.05
"""Seconds to wait before loading: the handshake response is written by a thread, which loading would delay."""


class DeferredServer:
    """The full MCP server, opened once in the background by a task that also closes it."""

    def __init__(self, open_server: Callable[[], AbstractAsyncContextManager[Server[Any]]]) -> None:
        """Store the function that opens the server."""
        self._open_server = open_server
        self._server: asyncio.Future[Server[Any]] = asyncio.get_running_loop().create_future()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.failed: Callable[[], None] | None = None
        """Called if the server could not be opened."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the server; raise the error that opening it failed with."""
        self._over.set()
        if self._task is None:
            return
        if not self._server.done():
            self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def begin(self, delay: float = 0) -> None:
        """Start opening the server after a delay, unless that has begun."""
        if self._task is None:
            asyncio.get_running_loop().call_later(delay, self._begin)

    async def opened(self) -> Server[Any]:
        """Wait until the server is open.

        Raises:
            NotConfigured: a setting is wrong; other errors of opening are raised as they are.
        """
        self._begin()
        return await asyncio.shield(self._server)

    def _begin(self) -> None:
        if self._task is None and not self._over.is_set():
            self._task = asyncio.create_task(self._hold_open())

    async def _hold_open(self) -> None:
        try:
            async with self._open_server() as server:
                self._server.set_result(server)
                await self._over.wait()
        except Exception as error:
            if not self._server.done():
                self._server.set_exception(error)
                self._server.exception()  # mark as retrieved: the task itself raises it
                if self.failed is not None:
                    self.failed()
            raise


def handshake_server(deferred: DeferredServer) -> Server[Any]:
    """Build the server that answers the handshake and passes other methods on."""
    handshake: Server[Any] = Server(NAME, title=TITLE, version=installed_version(), instructions=INSTRUCTIONS)
    handshake.middleware.append(RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=NAME))
    for method, params in FORWARDED_METHODS.items():
        handshake.add_request_handler(method, params, _forward(deferred, method))
    return handshake


def _forward(deferred: DeferredServer, method: str) -> Callable[[ServerRequestContext[Any, Any], BaseModel], Any]:
    async def forward(context: ServerRequestContext[Any, Any], params: BaseModel) -> HandlerResult:
        try:
            server = await deferred.opened()
        except NotConfigured as error:
            raise MCPError(INTERNAL_ERROR, error.sentence.en) from None
        except Exception as error:  # noqa: BLE001 - the outermost edge: the SDK would send its text to the client
            raise _fault(error) from None
        entry = server.get_request_handler(method)
        if entry is None:
            raise RuntimeError(method)
        return await entry.handler(context, params)

    return forward


def _fault(error: Exception) -> MCPError:
    """Log an unexpected error of opening and build the protocol error with its incident id."""
    from linkdesk.errors.incident import report_incident  # noqa: PLC0415 - the handshake does not need it
    from server.tools.arguments import protocol_error  # noqa: PLC0415 - the same

    return protocol_error(report_incident("server.not_opened", error, Changed.NO))


async def serve_stdio(
    open_server: Callable[[], AbstractAsyncContextManager[Server[Any]]], *, at_once: bool = False
) -> None:
    """Serve one client on standard input and output until it disconnects.

    Args:
        open_server: opens the full server.
        at_once: open it before the first message, so that wrong settings are reported immediately.

    Raises:
        NotConfigured: the server cannot be opened.
    """
    async with DeferredServer(open_server) as deferred:
        if at_once:
            await deferred.opened()
        async with stdio_streams(lambda: deferred.begin(LOAD_DELAY_S)) as (read, write, end):
            deferred.failed = end
            handshake = handshake_server(deferred)
            await handshake.run(read, write, handshake.create_initialization_options())

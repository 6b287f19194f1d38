"""The first answer: who we are is said at once, and whatever else is asked waits until the rest is there.

A host waits for each of its servers to introduce itself. Declarations, the desk and the way to the portal are a third
of the time to start; they are loaded once the introduction is out, or with the first request that needs them.
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
"""What the rest answers. What we offer is told by these alone, and is the same with any settings."""
LOAD_DELAY_S: Final = 0.05
"""How long the rest waits for a client that asks nothing yet: our answer leaves through a thread, and loading would
hold it up."""


class DeferredServer:
    """The server behind the front: opened once, by a task that also closes it."""

    def __init__(self, opening: Callable[[], AbstractAsyncContextManager[Server[Any]]]) -> None:
        """Take what opens it."""
        self._opening = opening
        self._server: asyncio.Future[Server[Any]] = asyncio.get_running_loop().create_future()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.failed: Callable[[], None] | None = None
        """Called where it could not be opened."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it; what went wrong when it was opened is raised now."""
        self._over.set()
        if self._task is None:
            return
        if not self._server.done():
            self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    def begin(self, delay: float = 0) -> None:
        """Open it soon, where nobody has before."""
        if self._task is None:
            asyncio.get_running_loop().call_later(delay, self._begin)

    async def opened(self) -> Server[Any]:
        """Wait until it is open.

        Raises:
            NotConfigured: it could not be opened, as a setting is wrong; what else went wrong is raised as it is.
        """
        self._begin()
        return await asyncio.shield(self._server)

    def _begin(self) -> None:
        if self._task is None and not self._over.is_set():
            self._task = asyncio.create_task(self._held())

    async def _held(self) -> None:
        try:
            async with self._opening() as server:
                self._server.set_result(server)
                await self._over.wait()
        except Exception as error:
            if not self._server.done():
                self._server.set_exception(error)
                self._server.exception()  # told by the task, even if nobody waits
                if self.failed is not None:
                    self.failed()
            raise


def handshake_server(rest: DeferredServer) -> Server[Any]:
    """Make the server that introduces us and passes everything else on."""
    front: Server[Any] = Server(NAME, title=TITLE, version=installed_version(), instructions=INSTRUCTIONS)
    front.middleware.append(RequestStateBoundary(RequestStateSecurity.ephemeral(), default_audience=NAME))
    for method, params in FORWARDED_METHODS.items():
        front.add_request_handler(method, params, _forward(rest, method))
    return front


def _forward(rest: DeferredServer, method: str) -> Callable[[ServerRequestContext[Any, Any], BaseModel], Any]:
    async def passed(context: ServerRequestContext[Any, Any], params: BaseModel) -> HandlerResult:
        try:
            server = await rest.opened()
        except NotConfigured as error:
            raise MCPError(INTERNAL_ERROR, error.sentence.en) from None
        except Exception as error:  # noqa: BLE001 - the outermost edge: the SDK would tell the client its text
            raise _fault(error) from None
        entry = server.get_request_handler(method)
        if entry is None:
            raise RuntimeError(method)
        return await entry.handler(context, params)

    return passed


def _fault(error: Exception) -> MCPError:
    """Say that opening failed by a fault of ours, which the log tells."""
    from linkdesk.errors.incident import report_incident  # noqa: PLC0415 - the introduction needs nothing of it
    from server.tools.arguments import protocol_error  # noqa: PLC0415 - the same

    return protocol_error(report_incident("server.not_opened", error, Changed.NO))


async def serve_stdio(
    opening: Callable[[], AbstractAsyncContextManager[Server[Any]]], *, at_once: bool = False
) -> None:
    """Serve one client on standard input and output until it leaves.

    Args:
        opening: opens what answers everything but the introduction.
        at_once: open it before the first message, as it may turn out that a setting is wrong.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with DeferredServer(opening) as rest:
        if at_once:
            await rest.opened()
        async with stdio_streams(lambda: rest.begin(LOAD_DELAY_S)) as (read, write, end):
            rest.failed = end
            front = handshake_server(rest)
            await front.run(read, write, front.create_initialization_options())

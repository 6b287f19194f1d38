"""The stdio transport: one message a line.

It fixes three problems of the SDK's transport: its reading thread cannot be interrupted by a signal, running calls
are dropped when the input ends, and a line that is not a message gets no answer.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar, cast

import anyio
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import (
    CONNECTION_CLOSED,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    JSONRPCRequest,
    JSONRPCResponse,
)

from server.stdio.lines import StdinReader

if TYPE_CHECKING:
    from mcp.shared._stream_protocols import ReadStream, WriteStream

GRACE_S: Final = 8
"""Seconds that running calls may take after the input has ended; Docker kills after ten."""


@asynccontextmanager
async def stdio_streams(
    answered: Callable[[], None],
) -> AsyncGenerator[tuple[ReadStream[SessionMessage | Exception], WriteStream[SessionMessage], Callable[[], None]]]:
    """Open standard input and output as a connection that ends with the input or on a stop signal.

    Yields the read stream, the write stream, and a function that ends the connection. `answered` is called after
    every message sent.
    """
    lines = StdinReader()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # on Windows
            loop.add_signal_handler(number, lines.end)
    lines.start()
    pending = _PendingRequests()
    # The SDK only iterates over its lines.
    async with stdio_server(stdin=cast("anyio.AsyncFile[str]", lines)) as (read, write):
        out = _OutgoingStream(write, pending, answered)
        yield _IncomingStream(read, out, pending), out, lines.end


class _PendingRequests:
    """The unanswered requests in both directions: the client's, and ours to the client."""

    def __init__(self) -> None:
        self._ids = set[str | int]()
        self._questions = set[str | int]()
        self._idle = asyncio.Event()
        """Set if no request is running, or if one waits for the client's answer."""
        self._idle.set()
        self._until: float | None = None

    def received(self, item: SessionMessage) -> None:
        """Record an incoming message: a request, its cancellation (which gets no answer), or a response."""
        match item.message:
            case JSONRPCRequest(id=number):
                self._ids.add(number)
            case JSONRPCNotification(method="notifications/cancelled", params=dict(params)):
                self._forget(self._ids, params.get("requestId"))
            case JSONRPCResponse() | JSONRPCError():
                self._forget(self._questions, item.message.id)
            case _:
                pass
        self._update_idle()

    def sent(self, item: SessionMessage) -> None:
        """Record an outgoing message: a response, a request, or its cancellation."""
        match item.message:
            case JSONRPCResponse() | JSONRPCError():
                self._forget(self._ids, item.message.id)
            case JSONRPCRequest(id=number):
                self._questions.add(number)
            case JSONRPCNotification(method="notifications/cancelled", params=dict(params)):
                self._forget(self._questions, params.get("requestId"))
            case _:
                pass
        self._update_idle()

    async def drain(self) -> SessionMessage | None:
        """Wait up to `GRACE_S` for running calls after the client has disconnected.

        Returns an error in place of the client's response to one of our requests, or None when nothing is pending.
        """
        self._until = self._until or asyncio.get_running_loop().time() + GRACE_S
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._until):
                await self._idle.wait()
        if not self._questions:
            return None
        number = self._questions.pop()
        self._update_idle()
        gone = ErrorData(code=CONNECTION_CLOSED, message="The client disconnected.")
        return SessionMessage(JSONRPCError(jsonrpc="2.0", id=number, error=gone))

    @staticmethod
    def _forget(numbers: set[str | int], number: Any) -> None:  # noqa: ANN401 - whatever a client sends
        if isinstance(number, str | int):
            numbers.discard(number)

    def _update_idle(self) -> None:
        if self._questions or not self._ids:
            self._idle.set()
        else:
            self._idle.clear()


Stream = TypeVar("Stream", bound="ReadStream[SessionMessage | Exception] | WriteStream[SessionMessage]")


class _StreamWrapper(Generic[Stream]):
    """One direction of the connection, wrapping a stream of the SDK."""

    def __init__(self, inner: Stream) -> None:
        self._inner = inner

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> bool | None:
        await self.aclose()
        return None


class _OutgoingStream(_StreamWrapper["WriteStream[SessionMessage]"]):
    """The outgoing messages."""

    def __init__(
        self, inner: WriteStream[SessionMessage], pending: _PendingRequests, answered: Callable[[], None]
    ) -> None:
        super().__init__(inner)
        self._pending = pending
        self._answered = answered

    async def send(self, item: SessionMessage, /) -> None:
        await self._inner.send(item)
        self._pending.sent(item)
        self._answered()


class _IncomingStream(_StreamWrapper["ReadStream[SessionMessage | Exception]"]):
    """The incoming messages: unreadable lines are answered and skipped; the end waits for running calls."""

    def __init__(
        self, inner: ReadStream[SessionMessage | Exception], out: _OutgoingStream, pending: _PendingRequests
    ) -> None:
        super().__init__(inner)
        self._out = out
        self._pending = pending

    async def receive(self) -> SessionMessage | Exception:
        try:
            while isinstance(item := await self._inner.receive(), Exception):
                await self._out.send(_UNREADABLE)
        except anyio.EndOfStream:
            if (gone := await self._pending.drain()) is None:
                raise
            return gone
        self._pending.received(item)
        return item

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    def __aiter__(self) -> ReadStream[SessionMessage | Exception]:
        return self


_UNREADABLE: Final = SessionMessage(
    JSONRPCError(
        jsonrpc="2.0",
        id=None,
        error=ErrorData(
            code=PARSE_ERROR,
            message="This line is not a JSON-RPC message: it is malformed, nested too deeply or longer than 4 MiB.",
        ),
    ),
)

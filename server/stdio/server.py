"""The protocol on standard input and output: a line is a message.

The SDK reads with a thread that nothing can interrupt, so a signal could only kill it; when the input ends it drops
what it was doing; and it leaves a line that is no message unanswered. Here all three are put right.
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
"""How long calls that run when the input ends may take to finish; Docker kills after ten seconds."""


@asynccontextmanager
async def stdio_streams(
    answered: Callable[[], None],
) -> AsyncGenerator[tuple[ReadStream[SessionMessage | Exception], WriteStream[SessionMessage], Callable[[], None]]]:
    """Open the process's standard streams as a connection; it ends with the input, or on a signal to stop.

    The third value ends it from within; `answered` is called with every message that goes out.
    """
    lines = StdinReader()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # on Windows
            loop.add_signal_handler(number, lines.end)
    lines.start()
    running = _PendingRequests()
    # The SDK only iterates over its lines.
    async with stdio_server(stdin=cast("anyio.AsyncFile[str]", lines)) as (read, write):
        out = _OutgoingStream(write, running, answered)
        yield _IncomingStream(read, out, running), out, lines.end


class _PendingRequests:
    """The requests that have no answer yet: the client's, and our questions to it."""

    def __init__(self) -> None:
        self._ids = set[str | int]()
        self._questions = set[str | int]()
        self._idle = asyncio.Event()
        """Whether nothing runs, or something that waits for the client's word."""
        self._idle.set()
        self._until: float | None = None

    def came(self, item: SessionMessage) -> None:
        """Note what came in: a request, that one is given up, which gets no answer, or an answer to a question."""
        match item.message:
            case JSONRPCRequest(id=number):
                self._ids.add(number)
            case JSONRPCNotification(method="notifications/cancelled", params=dict(params)):
                self._forget(self._ids, params.get("requestId"))
            case JSONRPCResponse() | JSONRPCError():
                self._forget(self._questions, item.message.id)
            case _:
                pass
        self._look()

    def went(self, item: SessionMessage) -> None:
        """Note what went out: an answer, a question, or that one is given up."""
        match item.message:
            case JSONRPCResponse() | JSONRPCError():
                self._forget(self._ids, item.message.id)
            case JSONRPCRequest(id=number):
                self._questions.add(number)
            case JSONRPCNotification(method="notifications/cancelled", params=dict(params)):
                self._forget(self._questions, params.get("requestId"))
            case _:
                pass
        self._look()

    async def left(self) -> SessionMessage | None:
        """Wait, once the client is gone, for what still runs, though not for long.

        Gives what takes the place of the client's answer to a question; None when all is over.
        """
        self._until = self._until or asyncio.get_running_loop().time() + GRACE_S
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._until):
                await self._idle.wait()
        if not self._questions:
            return None
        number = self._questions.pop()
        self._look()
        gone = ErrorData(code=CONNECTION_CLOSED, message="The client left.")
        return SessionMessage(JSONRPCError(jsonrpc="2.0", id=number, error=gone))

    @staticmethod
    def _forget(numbers: set[str | int], number: Any) -> None:  # noqa: ANN401 - whatever a client sends
        if isinstance(number, str | int):
            numbers.discard(number)

    def _look(self) -> None:
        if self._questions or not self._ids:
            self._idle.set()
        else:
            self._idle.clear()


Stream = TypeVar("Stream", bound="ReadStream[SessionMessage | Exception] | WriteStream[SessionMessage]")


class _StreamWrapper(Generic[Stream]):
    """One direction of the connection, closed with the stream of the SDK that it is put around."""

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
    """The messages that go out."""

    def __init__(
        self, inner: WriteStream[SessionMessage], running: _PendingRequests, answered: Callable[[], None]
    ) -> None:
        super().__init__(inner)
        self._running = running
        self._answered = answered

    async def send(self, item: SessionMessage, /) -> None:
        await self._inner.send(item)
        self._running.went(item)
        self._answered()


class _IncomingStream(_StreamWrapper["ReadStream[SessionMessage | Exception]"]):
    """The messages that come in; what is none is answered and left out, and the end waits for what still runs."""

    def __init__(
        self, inner: ReadStream[SessionMessage | Exception], out: _OutgoingStream, running: _PendingRequests
    ) -> None:
        super().__init__(inner)
        self._out = out
        self._running = running

    async def receive(self) -> SessionMessage | Exception:
        try:
            while isinstance(item := await self._inner.receive(), Exception):
                await self._out.send(_UNREADABLE)
        except anyio.EndOfStream:
            if (gone := await self._running.left()) is None:
                raise
            return gone
        self._running.came(item)
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
            message="This line is no JSON-RPC message: it is broken, nested too deeply or longer than 4 MiB.",
        ),
    ),
)

"""A TCP proxy whose connections can be cut and restored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress


class FlakyNetwork:
    """Forwards connections from a port of its own to a server."""

    def __init__(self, host: str, port: int) -> None:
        """Store the address of the server."""
        self._to = host, port
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.pulled = False

    def pull(self) -> None:
        """Cut all connections and refuse new ones."""
        self.pulled = True
        for writer in self._writers:
            writer.transport.abort()

    async def passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection."""
        if self.pulled:
            writer.transport.abort()
            return
        there, on = await asyncio.open_connection(*self._to)
        self._writers |= {writer, on}
        await asyncio.gather(_pump(reader, on), _pump(there, writer))
        self._writers -= {writer, on}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def flaky_connection(host: str, port: int) -> AsyncGenerator[FlakyNetwork]:
    """Open a proxy to a server."""
    cable = FlakyNetwork(host, port)
    server = await asyncio.start_server(cable.passed, "127.0.0.1", 0)
    cable.port = server.sockets[0].getsockname()[1]
    try:
        yield cable
    finally:
        cable.pull()
        server.close()

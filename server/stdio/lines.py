"""The lines of standard input, read so that a signal can end them."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Self

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""Bytes of one message, as many as the SDK takes over HTTP."""
READ_AHEAD_LINES: Final = 64
"""Lines read ahead of the server."""

_STANDARD_INPUT: Final = 0
_CHUNK_BYTES: Final = 65536
_TOO_LONG: Final = "a line that is too long"
"""Stands for such a line: no message, so it is answered as one that cannot be read."""


class StdinReader:
    """The lines of standard input, read by a thread of its own that ends with the process."""

    def __init__(self) -> None:
        """Prepare to read, for the event loop that runs."""
        self._loop = asyncio.get_running_loop()
        self._waiting = asyncio.Queue[str | None]()
        self._room = threading.Semaphore(READ_AHEAD_LINES)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        line = await self._waiting.get()
        if line is None:
            raise StopAsyncIteration
        self._room.release()
        return line

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    def end(self) -> None:
        """End the lines after those that were read."""
        self._waiting.put_nowait(None)

    def _read(self) -> None:
        with suppress(RuntimeError):  # the loop was closed first
            for line in split_lines(_read_chunks()):
                self._room.acquire()
                self._loop.call_soon_threadsafe(self._waiting.put_nowait, line)
            self._loop.call_soon_threadsafe(self.end)


def _read_chunks() -> Iterator[bytes]:
    """Read what there is, past Python's own buffer: a lock on that would hold up the end of the process."""
    with suppress(OSError):
        while piece := os.read(_STANDARD_INPUT, _CHUNK_BYTES):
            yield piece


def split_lines(pieces: Iterator[bytes], longest: int = MAX_LINE_BYTES) -> Iterator[str]:
    """Put pieces together to lines, leaving blank ones out and letting go of those that are too long."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for end in ended:
            line = b"".join([*held, end]).decode(errors="replace")
            if size + len(end) > longest:
                yield _TOO_LONG
            elif line.strip():
                yield line
            held, size = [], 0
        size += len(rest)
        held = held if size <= longest else []
        held.append(rest)
    if (last := b"".join(held).decode(errors="replace")).strip():
        yield last

"""Reading lines of standard input in a way that a signal can interrupt."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Final, Self

MAX_LINE_BYTES: Final = 4 * 1024 * 1024
"""The largest message in bytes, the same as the SDK's limit over HTTP."""
READ_AHEAD_LINES: Final = 64
"""How many lines are read before the server has taken them."""

_STANDARD_INPUT: Final = 0
_CHUNK_BYTES: Final = 65536
_TOO_LONG: Final = "a line that is too long"
"""Takes the place of a line over the limit; it is not JSON, so it is answered with a parse error."""


class StdinReader:
    """Reads standard input in a daemon thread, which ends with the process."""

    def __init__(self) -> None:
        """Bind the reader to the running event loop."""
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
        """Start the reading thread."""
        threading.Thread(target=self._read, name="standard input", daemon=True).start()

    def end(self) -> None:
        """End the iteration after the lines already read."""
        self._waiting.put_nowait(None)

    def _read(self) -> None:
        with suppress(RuntimeError):  # the loop was closed first
            for line in split_lines(_read_chunks()):
                self._room.acquire()
                self._loop.call_soon_threadsafe(self._waiting.put_nowait, line)
            self._loop.call_soon_threadsafe(self.end)


def _read_chunks() -> Iterator[bytes]:
    """Read available bytes from the descriptor; the lock of Python's buffered reader would block interpreter exit."""
    with suppress(OSError):
        while piece := os.read(_STANDARD_INPUT, _CHUNK_BYTES):
            yield piece


def split_lines(pieces: Iterator[bytes], longest: int = MAX_LINE_BYTES) -> Iterator[str]:
    """Join chunks into lines; skip blank lines and replace lines over the limit."""
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

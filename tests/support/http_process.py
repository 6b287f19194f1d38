"""`linkdesk serve --http` as a separate process."""

from __future__ import annotations

import asyncio
import os
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.support.mcp_process import LINKDESK, TIMEOUT_S

_LISTENING = re.compile(r"listening on (http://[^)]+)\)")


@dataclass
class HttpServerProcess:
    """The process, its URL, and its output so far."""

    process: asyncio.subprocess.Process
    url: str = ""
    said: list[str] = field(default_factory=list[str])

    async def listening(self) -> None:
        assert self.process.stderr is not None
        while line := (await self.process.stderr.readline()).decode():
            self.said.append(line)
            if (found := _LISTENING.search(line)) is not None:
                self.url = found[1]
                return
        raise AssertionError("".join(self.said))

    async def ended(self) -> tuple[int, str]:
        """Wait for the process to end; return its exit status and standard error."""
        assert self.process.stderr is not None
        self.said.append((await self.process.stderr.read()).decode())
        return await self.process.wait(), "".join(self.said)


@asynccontextmanager
async def start_http_server(
    *arguments: str, script: str | None = None, **env: str
) -> AsyncGenerator[HttpServerProcess]:
    """Start the server on a free port, or by a script; stop it at the end of the test or after a timeout."""
    command = [LINKDESK, "serve", "--http", "127.0.0.1:0", *arguments] if script is None else ["bash", "-ec", script]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **env}, stderr=PIPE, stdout=PIPE)
    try:
        async with asyncio.timeout(TIMEOUT_S):
            running = HttpServerProcess(process)
            await running.listening()
            yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()

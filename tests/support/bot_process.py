"""`linkdesk bot` as a separate process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.fake_bot_api.server import USER

LINKDESK = Path(sys.executable).parent / "linkdesk"

STAFF = f"{USER}:admin"


@asynccontextmanager
async def start_bot(*options: str, **environment: str) -> AsyncIterator[Process]:
    told = {f"LINKDESK_{name.upper()}": value for name, value in environment.items()}
    command = [str(LINKDESK), "bot", *options]
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE, env={**os.environ, **told})
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def stop_bot(process: Process) -> tuple[int, str]:
    process.send_signal(signal.SIGTERM)
    return await wait_for_end(process)


async def wait_for_end(process: Process) -> tuple[int, str]:
    async with asyncio.timeout(20):
        out, err = await process.communicate()
    return process.returncode or 0, (out + err).decode()

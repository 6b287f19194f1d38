"""Link 500 bookings with `fast-bitrix24` for comparison, over an https socket and in real time as the library requires.

Needs LINKDESK_SDK_PYTHON, the path of an interpreter that has the library.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
from pathlib import Path

import httpx
from starlette.types import Receive, Scope, Send

from benchmarks.five_hundred_links import BOOKINGS, FULL, bookings_in
from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.server import listening_socket, server
from linkdesk.sandbox.tls import loopback_context

SCRIPT = Path(__file__).with_name("with_fast_bitrix24.py")


class Counting(Sandbox):
    """A sandbox that counts requests and refusals."""

    requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request, and answer it."""
        self.requests += scope["type"] == "http"
        await super().__call__(scope, receive, send)


async def compared(python: str) -> str:
    """Link the bookings with the library and return the figures."""
    sandbox = Counting(operating_budget=None, string_codes=True)
    ids = await bookings_in(sandbox)
    async with httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1") as other:
        for _ in range(FULL):
            await other.post(f"{sandbox.webhook_path}profile")
    sandbox.calls.clear()
    sandbox.requests = 0
    with tempfile.TemporaryDirectory() as folder, listening_socket(0) as socket:
        context, authority = loopback_context(Path(folder))
        web = server(sandbox, context)
        serving = asyncio.create_task(web.serve([socket]))
        webhook = f"https://127.0.0.1:{socket.getsockname()[1]}{sandbox.webhook_path}"
        process = await asyncio.create_subprocess_exec(
            python,
            str(SCRIPT),
            webhook,
            env=os.environ | {"SSL_CERT_FILE": str(authority)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        out, _ = await process.communicate(json.dumps(ids).encode())
        web.should_exit = True
        await serving
    refusals = sum(call.status == httpx.codes.SERVICE_UNAVAILABLE for call in sandbox.calls)
    seconds = json.loads(out)["seconds"]
    took = f"{sandbox.requests} requests, {seconds:.1f} s, {refusals} refusals"
    return f"{BOOKINGS} bookings linked by fast-bitrix24: {took}"


def main() -> None:
    """Print the figures if the library is available."""
    python = os.environ.get("LINKDESK_SDK_PYTHON")
    if not python:
        print("fast-bitrix24: set LINKDESK_SDK_PYTHON to an interpreter that has it, to compare")
        return
    print(asyncio.run(compared(python)))


if __name__ == "__main__":
    main()

"""Graceful shutdown: running calls are finished, idle event streams are closed at once."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRACE_S: Final = 8
"""Seconds that running calls may take to finish; Docker kills after ten."""


class ShutdownSignal:
    """Set once, when the process is about to end."""

    def __init__(self) -> None:
        """Create the signal, not yet set."""
        self._event = asyncio.Event()

    def begin(self) -> None:
        """Set the signal: every idle stream ends."""
        self._event.set()

    async def wait(self) -> None:
        """Wait until the signal is set."""
        await self._event.wait()

    def close_streams_on_shutdown(self, app: ASGIApp) -> ASGIApp:
        """Wrap an app so that its GET event streams, which never end by themselves, close on shutdown."""

        async def closing(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] != "GET":
                await app(scope, receive, send)
                return
            await self._serve_until_shutdown(app, scope, receive, send)

        return closing

    async def _serve_until_shutdown(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve until the app finishes or the process shuts down; a started response is completed properly."""
        started = ended = False

        async def watched(message: Message) -> None:
            nonlocal started, ended
            started = started or message["type"] == "http.response.start"
            ended = ended or (message["type"] == "http.response.body" and not message.get("more_body", False))
            await send(message)

        serving = asyncio.ensure_future(_run(app, scope, receive, watched))
        stopping = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            cut_off = not serving.done()
            serving.cancel()
            await asyncio.wait({serving, stopping})
        if cut_off and started and not ended:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not serving.cancelled():
            serving.result()


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)

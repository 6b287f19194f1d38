"""Ending while clients are connected: calls that run are finished, streams that only wait are ended at once."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

GRACE_S: Final = 8
"""How long calls may take to finish; Docker kills after ten seconds."""


class ShutdownSignal:
    """Whether the process is about to end."""

    def __init__(self) -> None:
        """Stay, until told otherwise."""
        self._event = asyncio.Event()

    def begin(self) -> None:
        """End every stream that only waits."""
        self._event.set()

    async def begun(self) -> None:
        """Wait until the process is about to end."""
        await self._event.wait()

    def ending_streams(self, app: ASGIApp) -> ASGIApp:
        """Put around an app that keeps streams open for clients that listen (GET), which would never end themselves."""

        async def ending(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["method"] != "GET":
                await app(scope, receive, send)
                return
            await self._until_leaving(app, scope, receive, send)

        return ending

    async def _until_leaving(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve until the app ends or the process does; what was begun to be answered is ended as it should be."""
        begun = ended = False

        async def watched(message: Message) -> None:
            nonlocal begun, ended
            begun = begun or message["type"] == "http.response.start"
            ended = ended or (message["type"] == "http.response.body" and not message.get("more_body", False))
            await send(message)

        serving = asyncio.ensure_future(_run(app, scope, receive, watched))
        leaving = asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({serving, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            waits = not serving.done()
            serving.cancel()
            await asyncio.wait({serving, leaving})
        if waits and begun and not ended:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif not serving.cancelled():
            serving.result()


async def _run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)

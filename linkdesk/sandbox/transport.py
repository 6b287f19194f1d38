"""The portal without a socket, for httpx."""

from __future__ import annotations

import asyncio

import httpx
from starlette.types import ASGIApp


class InProcessTransport(httpx.AsyncBaseTransport):
    """Calls the app in process, and keeps to the request's read timeout as a socket would."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request.

        Raises:
            httpx.ReadTimeout: the portal took longer than the request allows.
            httpx.ReadError: the portal broke the connection.
        """
        try:
            async with asyncio.timeout(request.extensions.get("timeout", {}).get("read")):
                return await self._inner.handle_async_request(request)
        except TimeoutError as timeout:
            raise httpx.ReadTimeout("the sandbox did not answer in time", request=request) from timeout

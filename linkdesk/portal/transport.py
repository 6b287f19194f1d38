"""The HTTP transport: the only place where bytes go to the portal."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx
import structlog

from linkdesk.errors.base import NotReached, PortalError, Refused, ResponseLost
from linkdesk.portal.decode import MAX_BODY, Reply, decode_response

log = structlog.stdlib.get_logger()

TIMEOUT: Final = httpx.Timeout(connect=5, read=65, write=10, pool=10)
"""Seconds. The cloud ends a request after 60: we wait a little longer, so that it is the one to say so."""

NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""What httpx raises before a byte of the request went out; anything else of its tree may have come after."""


class PortalTransport:
    """Connections to a portal. Redirects are not followed and nothing is retried."""

    def __init__(self, transport: httpx.AsyncBaseTransport | None, now: Callable[[], float] = time.time) -> None:
        """Prepare the connections; none is opened before the first request. The clock tells Unix time."""
        self._now = now
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "Linkdesk"},
        )

    async def post(self, rest: str, url: str, body: Mapping[str, Any]) -> Reply:
        """Send a request and read its answer; the URL and the body may hold a secret.

        Raises:
            PortalError: there is no result.
        """
        try:
            async with self._http.stream("POST", url, json=dict(body)) as response:
                content = await _read_bounded(response)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            lost = _request_error(rest, error)
            log.debug("portal.no_answer", method=rest, error=type(error).__name__)
        else:
            log.debug("portal.answered", method=rest, status=response.status_code, bytes=len(content))
            return self._read(rest, response, content)
        # Raised outside the handler: httpx's error holds the request, whose address holds the secret.
        raise lost

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _read(self, rest: str, response: httpx.Response, content: bytes) -> Reply:
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            return decode_response(rest, response.status_code, headers, content)
        except Refused as error:
            if error.retry_at is not None:
                error.retry_at -= self._clock_offset(headers.get("date"))
            raise

    def _clock_offset(self, date: str | None) -> float:
        """Return how many seconds the portal's clock is ahead of ours, judging by the response."""
        try:
            return 0.0 if date is None else parsedate_to_datetime(date).timestamp() - self._now()
        except (ValueError, OverflowError):
            return 0.0


async def _read_bounded(response: httpx.Response) -> bytes:
    """Read a body, at most one byte more than is ever accepted."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY:
            break
    return bytes(body)


def _request_error(rest: str, error: Exception) -> PortalError:
    if isinstance(error, (*NEVER_SENT, httpx.InvalidURL)):
        return NotReached(rest, trusted=not _is_certificate_error(error))
    return ResponseLost(rest)


def _is_certificate_error(error: BaseException | None) -> bool:
    """Return whether a certificate was not trusted; httpx keeps the original error as the cause."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False

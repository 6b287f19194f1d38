"""The token endpoint: a code becomes tokens, and a refresh token becomes new ones.

Source: https://apidocs.bitrix24.com/settings/oauth/index.html. The client secret goes there and nowhere else.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Final

import httpx
import structlog

from linkdesk.errors.base import NoCredentials
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.application import Application
from linkdesk.portal.oauth_response import parse_grant
from linkdesk.portal.token import TokenGrant
from tool_specs.declaration.failure import Failure

log = structlog.stdlib.get_logger()

DEADLINE_S: Final = 20
"""The whole of one request; a process that renews a token has the right to do so for longer than this."""
TIMEOUT: Final = httpx.Timeout(connect=5, read=15, write=5, pool=5)
MAX_BODY: Final = 256 * 1024


class TokenEndpoint:
    """The vendor's authorization server, for one application. Redirects are not followed and nothing is repeated."""

    def __init__(self, application: Application, *, transport: httpx.AsyncBaseTransport | None = None) -> None:
        """Prepare the connections; none is opened before the first request."""
        self._application = application
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "Linkdesk"},
        )

    async def exchange(self, code: str) -> TokenGrant:
        """Exchange a sign-in code for tokens; a code works once, within 30 seconds.

        Raises:
            NoCredentials: there are none.
        """
        return await self._request("authorization_code", {"code": code})

    async def refresh(self, refresh_token: str) -> TokenGrant:
        """Exchange a refresh token for new tokens; this invalidates it.

        Raises:
            NoCredentials: there are none.
        """
        return await self._request("refresh_token", {"refresh_token": refresh_token})

    async def _request(self, grant: str, what: Mapping[str, str]) -> TokenGrant:
        keys = {
            "grant_type": grant,
            "client_id": self._application.client_id,
            "client_secret": self._application.client_secret.get_secret_value(),
        }
        try:
            async with (
                asyncio.timeout(DEADLINE_S),
                self._http.stream("GET", self._application.token_url, params={**keys, **what}) as response,
            ):
                body = await _read_bounded(response)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, TimeoutError) as error:
            failure = _failure_of(error)
            log.warning("oauth.no_answer", grant=grant, error=type(error).__name__)
        else:
            log.debug("oauth.answered", grant=grant, status=response.status_code, bytes=len(body))
            return parse_grant(response.status_code, body)
        # Raised outside the handler: httpx's error holds the request, whose address holds the secrets.
        raise NoCredentials(failure)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def __repr__(self) -> str:
        """Show where the endpoint is."""
        return f"TokenEndpoint({self._application.token_url})"


async def _read_bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_BODY:
            break
    return bytes(body)


def _failure_of(error: BaseException) -> Failure:
    """Distinguish an untrusted certificate from a server that does not answer."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return sign_in_errors.AUTHORIZATION_NOT_TRUSTED
        cause = cause.__cause__ or cause.__context__
    return sign_in_errors.AUTHORIZATION_NOT_REACHED

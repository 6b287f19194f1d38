"""`await portal(method)`: one call of one REST method, typed by the method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import httpx
import structlog
from aiolimiter import AsyncLimiter
from pydantic import ValidationError

from linkdesk.errors import LostAnswer, NotReached, PortalError, Unreadable
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.batch import MOST_COMMANDS, REST, batch_answers, batch_body
from linkdesk.portal.decipher import LARGEST_BODY, decipher
from linkdesk.portal.rate import Rate
from tool_specs.method import Method

Answer = TypeVar("Answer")
log = structlog.stdlib.get_logger()

TIMEOUT: Final = httpx.Timeout(connect=5, read=65, write=10, pool=10)
"""Seconds. The cloud ends a request after 60: we wait a little longer, so that it is the one to say so."""

NEVER_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""What httpx raises before a byte of the request went out; anything else of its tree may have come after."""


class Portal:
    """A portal behind one webhook. Redirects are not followed and nothing is repeated."""

    def __init__(
        self,
        address: WebhookAddress,
        *,
        rate: Rate | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Prepare the connections; none is opened before the first call. Without a rate, nothing is held back."""
        self._address = address
        self._pace = None if rate is None else AsyncLimiter(rate.bucket, rate.bucket / rate.leak)
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=TIMEOUT,
            follow_redirects=False,
            headers={"Accept": "application/json", "User-Agent": "Linkdesk"},
        )

    async def __call__(self, method: Method[Answer]) -> Answer:
        """Call the method.

        Raises:
            PortalError: there is no result; which of its kinds, says what that means for a write.
        """
        try:
            result = await self._result(method.rest, method.wire())
        except PortalError as error:
            raise error.by(method)  # noqa: B904 - the same error, which now knows the call
        try:
            return type(method).read_answer(result)
        except ValidationError:
            raise Unreadable(method.rest, status=httpx.codes.OK).by(method) from None

    async def batch(self, methods: Sequence[Method[Any]]) -> list[Any | PortalError]:
        """Call several methods in as few requests as may be; an answer may be the error that this one call met.

        Meant for reads: a batch is not atomic, and a lost answer leaves every call of it in doubt.

        Raises:
            PortalError: a request as a whole brought no result.
        """
        if len(methods) == 1:
            return [await self._answer_or_error(methods[0])]
        answers: list[Any | PortalError] = []
        for start in range(0, len(methods), MOST_COMMANDS):
            part = methods[start : start + MOST_COMMANDS]
            answers += batch_answers(part, await self._result(REST, batch_body(part)))
        return answers

    async def _answer_or_error(self, method: Method[Any]) -> Any | PortalError:  # noqa: ANN401 - typed by the method
        try:
            return await self(method)
        except PortalError as error:
            return error

    async def _result(self, rest: str, parameters: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
        if self._pace is not None:
            await self._pace.acquire()
        try:
            async with self._http.stream("POST", self._address.url(rest), json=dict(parameters)) as response:
                body = await _bounded(response)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            lost = _lost(rest, error)
            log.info("portal.no_answer", method=rest, error=type(error).__name__)
        else:
            headers = {name.lower(): value for name, value in response.headers.items()}
            log.debug("portal.answered", method=rest, status=response.status_code, bytes=len(body))
            return decipher(rest, response.status_code, headers, body)
        # Raised outside the handler: httpx's error holds the request, whose address holds the secret.
        raise lost

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        """Give the portal itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show where the portal is, without the secret."""
        return f"Portal({self._address.masked})"


async def _bounded(response: httpx.Response) -> bytes:
    """Read a body, at most one byte more than is ever accepted."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > LARGEST_BODY:
            break
    return bytes(body)


def _lost(rest: str, error: Exception) -> PortalError:
    return NotReached(rest) if isinstance(error, (*NEVER_SENT, httpx.InvalidURL)) else LostAnswer(rest)

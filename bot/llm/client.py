"""HTTP client of the model: one request, with a limited response size and time."""

from __future__ import annotations

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

import httpx

from linkdesk.config.llm import Llm, Provider

LARGEST_ANSWER: Final = 256 * 1024
"""Bytes."""
_TOKENS: Final = "max_tokens"
_NEWER: Final = "max_completion_tokens"
"""What the newest models of OpenAI want in place of `max_tokens`, which all others know."""


class NoAnswerError(Exception):
    """The model gave no answer; the text is a short reason without secrets or the message."""

    def __init__(self, why: str, status: int = 0) -> None:
        """Take the reason, and the HTTP status if there is one."""
        super().__init__(why)
        self.status = status


async def ask(llm: Llm, body: dict[str, Any], transport: httpx.AsyncBaseTransport | None = None) -> object:
    """Send a request and return the answer's JSON. Redirects are not followed: they would forward the API key.

    Raises:
        NoAnswerError: there is none.
    """
    try:
        async with (
            asyncio.timeout(llm.limits.seconds),
            httpx.AsyncClient(transport=transport, timeout=None, follow_redirects=False) as http,  # noqa: S113 - above
        ):
            status, found = await _sent(http, llm, body)
            asks_anew = llm.provider is Provider.OPENAI and status == HTTPStatus.BAD_REQUEST and _wants_newer(found)
            if asks_anew:
                renamed = {(_NEWER if name == _TOKENS else name): value for name, value in body.items()}
                status, found = await _sent(http, llm, renamed)
    except TimeoutError:
        raise NoAnswerError("no answer in time") from None
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise NoAnswerError(type(error).__name__) from None
    if not httpx.codes.is_success(status):
        raise NoAnswerError(f"status {status}", status)
    if found is None:
        raise NoAnswerError("unreadable")
    return found


async def _sent(http: httpx.AsyncClient, llm: Llm, body: dict[str, Any]) -> tuple[int, object]:
    """Send the request and return status and JSON; None for an unreadable body."""
    content = bytearray()
    async with http.stream("POST", llm.answers, json=body, headers=llm.headers()) as response:
        async for part in response.aiter_bytes():
            content += part
            if len(content) > LARGEST_ANSWER:
                raise NoAnswerError("too long")
    try:
        return response.status_code, json.loads(content)
    except (ValueError, RecursionError):
        return response.status_code, None


def _wants_newer(found: object) -> bool:
    match found:
        case {"error": {"param": "max_tokens"}}:
            return True
        case _:
            return False

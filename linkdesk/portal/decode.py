"""Decode the portal's HTTP responses. Pure, so that every response can be tested.

Sources: https://apidocs.bitrix24.com/error-codes.html and what is known of real portals: `error` may be a number, text
or empty, so its presence counts; errors come with HTTP 200 too; pages of HTML and empty bodies come instead of JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from linkdesk.errors.base import PortalMoved, Refused, UnreadableResponse
from linkdesk.portal.time_limits import Timing, parse_timing

MAX_BODY = 32 * 1024 * 1024
"""A larger answer is not read: no method of ours gives one."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A decoded response."""

    result: Any
    times: Timing | None = None


class ResponseTooLarge(UnreadableResponse):
    """The response body exceeds the limit; it is not retried, since the answer would be as large again."""

    outcome = "toolarge"


def decode_response(rest: str, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
    """Decode a response into its `result` and the method's timing.

    Args:
        rest: the method called, for the error.
        status: the HTTP status.
        headers: the headers, names in lower case.
        body: the bytes of the body.

    Raises:
        Refused: the answer names an error code.
        Moved: the answer is a redirect.
        Unreadable: the answer is no REST answer.
    """
    if len(body) > MAX_BODY:
        raise ResponseTooLarge(rest, status=status)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise PortalMoved(rest, status=status, host=_host(headers.get("location", "")))
    answer = _json_object(body)
    if answer is None:
        raise UnreadableResponse(rest, status=status)
    if "error" in answer:
        raise decode_error(rest, status, answer)
    if status >= HTTPStatus.BAD_REQUEST or "result" not in answer:
        raise UnreadableResponse(rest, status=status)
    return Reply(answer["result"], parse_timing(answer.get("time")))


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else None


def decode_error(rest: str, status: int, answer: Mapping[str, Any]) -> Refused:
    """Decode the error of a whole response or of one batch command."""
    error = answer["error"]
    if isinstance(error, Mapping):  # the form of REST 3.0
        error = cast("Mapping[str, Any]", error).get("code", "")
    description = answer.get("error_description")
    code = str(error) if isinstance(error, str | int) and not isinstance(error, bool) else ""
    return Refused(
        rest,
        status=status,
        code=code if CODE.fullmatch(code) else NO_CODE,
        description=description[:MAX_DESCRIPTION] if isinstance(description, str) else "",
        retry_at=_retry_at(answer),
    )


CODE = re.compile(r"[A-Z0-9_.:' -]{0,80}|[A-Za-z_.:' -]{0,80}")
"""What codes are made of: digits only where there are no small letters, or a secret would look like one."""
NO_CODE = "-"
"""Stands for any other text in a code's place, which is not repeated to anyone and means nothing."""
MAX_DESCRIPTION = 2000


def _retry_at(answer: Mapping[str, Any]) -> float | None:
    time = answer.get("time")
    there = cast("Mapping[str, Any]", time) if isinstance(time, Mapping) else answer
    found = there.get("operating_reset_at")
    # NaN and what is too large for a time compare as false.
    if isinstance(found, int | float) and not isinstance(found, bool) and 0 < found < LATEST:
        return float(found)
    return None


LATEST = 1e11
"""Unix time that no portal means: far enough ahead, and no number that Python cannot make a float of."""


def _host(location: str) -> str | None:
    try:
        return urlsplit(location).hostname
    except ValueError:
        return None

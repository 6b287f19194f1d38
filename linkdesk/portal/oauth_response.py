"""Decode the token endpoint's responses. Pure, so that every response can be tested.

Source: https://apidocs.bitrix24.com/settings/oauth/index.html. Errors come with HTTP 200 too, and HTML comes for JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from linkdesk.errors.base import NoCredentials
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.portal.token import TokenGrant

LONGEST_TEXT = 4000
Word = Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=r"^[!-~]+$")]


def _number_or_none(value: object) -> object:
    """Return an id given in digits; anything else is no id."""
    return int(value) if isinstance(value, str | int) and re.fullmatch(r"[0-9]{1,10}", str(value)) else None


class _Answer(BaseModel):
    """The fields of a response; their values are never repeated in an error."""

    model_config = ConfigDict(hide_input_in_errors=True)

    access_token: Word
    refresh_token: Word
    expires_in: int = 3600
    client_endpoint: Word
    member_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]
    user_id: Annotated[int | None, BeforeValidator(_number_or_none)] = None
    scope: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""


def parse_grant(status: int, body: bytes) -> TokenGrant:
    """Decode a successful response into the granted tokens.

    Raises:
        NoCredentials: nothing was, or the answer cannot be read.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        raise NoCredentials(sign_in_errors.AUTHORIZATION_MOVED)
    answer = _json_object(body)
    if answer is not None and "error" in answer:
        raise parse_refusal(answer["error"])
    try:
        read = _Answer.model_validate(answer)
    except ValidationError:
        read = None
    if read is None or status >= HTTPStatus.BAD_REQUEST:
        raise NoCredentials(sign_in_errors.AUTHORIZATION_UNREADABLE)
    return TokenGrant(
        access=read.access_token,
        refresh=read.refresh_token,
        expires_in=max(0, min(read.expires_in, 10**9)),
        client_endpoint=read.client_endpoint,
        member_id=read.member_id,
        user_id=read.user_id,
        scope=read.scope,
    )


def parse_refusal(error: object) -> NoCredentials:
    """Map an error code of the token endpoint to its catalogue entry."""
    code = re.sub(r"[^A-Za-z0-9_-]", "_", str(error) if isinstance(error, str | int) else "")[:64].upper()
    failure = sign_in_errors.TOKEN_ENDPOINT.get(code, sign_in_errors.AUTHORIZATION_REFUSED)
    return NoCredentials(failure, {"vendor_code": code or "-"}, code=code)


def _json_object(body: bytes) -> Mapping[str, Any] | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("Mapping[str, Any]", answer) if isinstance(answer, dict) else None

"""What a request says: the method, the key and the parameters, wherever it puts them.

Source: https://apidocs.bitrix24.com/settings/how-to-call-rest-api/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from starlette.requests import Request

from linkdesk.sandbox.dispatch import RequestCredentials
from linkdesk.sandbox.php_array import from_pairs, from_query
from linkdesk.sandbox.rest_error import system_error
from tool_specs.declaration.wire import Json

WEBHOOK: Final = re.compile(r"/rest/([0-9]{1,18})/([^/]+)/([^/]+?)(?:\.json)?/?")
TOKEN: Final = re.compile(r"/rest/([^/]+?)(?:\.json)?/?")
TOKEN_NAMES: Final = ("auth", "access_token")


@dataclass(frozen=True, slots=True)
class RestRequest:
    """A request in the portal's terms."""

    method: str
    key: RequestCredentials
    params: dict[str, Json]


async def parse_request(request: Request) -> RestRequest:
    """Read a request; an address that names no method asks for one that does not exist.

    Raises:
        Refusal: the body is not UTF-8.
    """
    params = from_query(request.scope["query_string"].decode("latin-1")) | await _body(request)
    token = next((value for name in TOKEN_NAMES if isinstance(value := params.pop(name, None), str)), None)
    path = cast("str", request.scope["path"])
    if match := WEBHOOK.fullmatch(path):
        return RestRequest(match[3], RequestCredentials(match[2], int(match[1])), params)
    match = TOKEN.fullmatch(path)
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if token is None and scheme.lower() == "bearer":
        token = bearer.strip()
    return RestRequest(match[1] if match else "", RequestCredentials(token), params)


async def _body(request: Request) -> dict[str, Json]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        async with request.form() as form:
            return from_pairs((name, value) for name, value in form.multi_items() if isinstance(value, str))
    try:
        text = (await request.body()).decode("utf-8")
    except UnicodeDecodeError:
        raise system_error("WRONG_ENCODING") from None
    return _from_json(text) if kind == "application/json" else from_query(text)


def _from_json(text: str) -> dict[str, Json]:
    """Read a JSON body; what is none, or is no object, says nothing."""
    try:
        given: Json = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return dict(cast("Mapping[str, Json]", given)) if isinstance(given, dict) else {}

"""The token endpoint: a code becomes tokens, and a refresh token becomes new ones.

The real one is another server, which all portals share; it knows no bucket and is not moved with a portal.
Source: https://apidocs.bitrix24.com/settings/oauth/index.html, and answers that third parties printed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from linkdesk.sandbox.authorization import ACCESS_TOKEN_LIFETIME_S, SandboxApplication, SandboxGrant
from linkdesk.sandbox.dispatch import Dispatcher
from linkdesk.sandbox.faults import TOKEN_ENDPOINT, ConnectionBroken, FaultKind, RecordedCall
from linkdesk.sandbox.portal_facts import ALL_SCOPES
from linkdesk.sandbox.rest_error import RestError, system_error
from linkdesk.sandbox.rest_response import NO_BODY, SERVER_ERROR, RestResponse
from tool_specs.declaration.wire import Json

NO_STORE_HEADERS: Final = {"Cache-Control": "no-store"}

REFUSALS: Final[Mapping[str, tuple[int, str]]] = {
    "invalid_request": (400, "Missing or duplicate parameter"),
    "wrong_client": (200, "Wrong client"),
    "invalid_client": (400, "Invalid client"),
    "invalid_grant": (400, "Invalid grant"),
    "invalid_scope": (403, "Invalid scope"),
    "insufficient_scope": (403, "The request requires higher privileges than the application has"),
    "NOT_INSTALLED": (401, "Application not installed"),
    "PAYMENT_REQUIRED": (401, "Payment required"),
    "unsupported_grant_type": (400, "Unsupported grant type"),
}
"""The last one is RFC 6749's: no page of the vendor names a code for it."""

FAULTS_INSTEAD_OF_GRANT: Final[Mapping[FaultKind, str]] = {
    FaultKind.QUERY_LIMIT: "QUERY_LIMIT_EXCEEDED",
    FaultKind.OPERATION_TIME_LIMIT: "OPERATION_TIME_LIMIT",
    FaultKind.EXPIRED_TOKEN: "expired_token",
    FaultKind.NO_RIGHTS: "NOT_INSTALLED",
}
"""Refusals on order. Third parties saw `expired_token` for a code too old, where the pages say `invalid_grant`."""

GRANT_PARAMETERS: Final = {"authorization_code": "code", "refresh_token": "refresh_token"}
"""The parameter that each grant type needs."""


def token_routes(dispatch: Dispatcher) -> list[Route]:
    """Make the route; clients write it with or without the slash at the end."""

    async def token(request: Request) -> Response:
        given = await _parameters(request)
        response = (await _answer(dispatch, given, request)).to_http()
        response.headers.update(NO_STORE_HEADERS)
        return response

    return [Route(f"/oauth/token{slash}", token, methods=["GET", "POST"]) for slash in ("/", "")]


async def _answer(dispatch: Dispatcher, given: list[tuple[str, str]], request: Request) -> RestResponse:
    """Answer, or fail as ordered: some failures come in place of the grant, others after it was made.

    Raises:
        ConnectionBroken: a failure on order wants no answer.
    """
    fault = dispatch.faults.take(TOKEN_ENDPOINT, by_name=True)
    kind = fault.kind if fault else None
    seen = RecordedCall(TOKEN_ENDPOINT, {"grant_type": dict(given).get("grant_type")}, fault=kind)
    dispatch.token_requests.append(seen)
    if kind is FaultKind.RESET_BEFORE:
        raise ConnectionBroken("the connection was broken before anything was done")
    answer = _in_place(kind)
    if answer is None:
        try:
            answer = RestResponse(200, _granted(dispatch, given, request))
            seen.applied = True
        except RestError as refusal:
            answer = _refused(refusal)
    if fault is not None and kind is FaultKind.SLOW:
        await dispatch.sleep(fault.seconds)
    if kind is FaultKind.RESET_AFTER_COMMIT:
        raise ConnectionBroken("the connection was broken after the call was done")
    seen.status = answer.status
    return answer


def _in_place(kind: FaultKind | None) -> RestResponse | None:
    if kind is FaultKind.HTTP_500_HTML:
        return SERVER_ERROR
    if kind is FaultKind.EMPTY_BODY:
        return NO_BODY
    code = None if kind is None else FAULTS_INSTEAD_OF_GRANT.get(kind)
    return None if code is None else _refused(system_error(code))


def _granted(dispatch: Dispatcher, pairs: list[tuple[str, str]], request: Request) -> dict[str, Json]:
    """Return tokens for a code or a refresh token.

    Raises:
        Refusal: there are none.
    """
    given = dict(pairs)
    if len(given) < len(pairs):
        raise _refusal("invalid_request")
    application = _application(dispatch, given)
    name = GRANT_PARAMETERS.get(given["grant_type"])
    if name is None:
        raise _refusal("unsupported_grant_type")
    if not given.get(name):
        raise _refusal("invalid_request")
    _check_scope(application, given.get("scope"))
    now = dispatch.clock().timestamp()
    known = dispatch.authorization
    take = known.consume_code if name == "code" else known.consume_refresh_token
    grant = take(given[name], application.client_id, now)
    if grant is None or grant.user_id not in dispatch.store.users:
        dispatch.changed()
        raise _refusal("invalid_grant")
    return _tokens(dispatch, grant, now, request)


def _application(dispatch: Dispatcher, given: Mapping[str, str]) -> SandboxApplication:
    """Find the application and check its secret.

    Raises:
        Refusal: something is missing, unknown or wrong.
    """
    if not all(given.get(name) for name in ("grant_type", "client_id", "client_secret")):
        raise _refusal("invalid_request")
    application = dispatch.authorization.applications.get(given["client_id"])
    if application is None:
        raise _refusal("wrong_client")
    if not secrets.compare_digest(application.client_secret.encode(), given["client_secret"].encode()):
        raise _refusal("invalid_client")
    if (why := application.denial_code) is not None:
        raise _refusal(why)
    return application


def _check_scope(application: SandboxApplication, scope: str | None) -> None:
    """Check the scopes that a request names; it need not name any, and cannot narrow what it gets.

    Raises:
        Refusal: a scope exists nowhere, or not in the application.
    """
    asked = {name for name in (scope or "").replace(",", " ").split() if name != "app"}
    if asked - ALL_SCOPES - set(application.scopes):
        raise _refusal("invalid_scope")
    if asked - set(application.scopes):
        raise _refusal("insufficient_scope")


def _tokens(dispatch: Dispatcher, grant: SandboxGrant, now: float, request: Request) -> dict[str, Json]:
    tokens = dispatch.authorization.issue_tokens(grant, now)
    dispatch.changed()
    return {
        "access_token": tokens.access,
        "expires": int(now) + ACCESS_TOKEN_LIFETIME_S,
        "expires_in": ACCESS_TOKEN_LIFETIME_S,
        # Not the application's scopes: those are what the method `scope` answers.
        "scope": "app",
        "domain": request.url.netloc,
        "server_endpoint": f"{request.url.scheme}://{request.url.netloc}/rest/",
        "status": "L",
        "client_endpoint": f"{dispatch.origin(grant.origin)}/rest/",
        "member_id": dispatch.authorization.member_id,
        "user_id": grant.user_id,
        "refresh_token": tokens.refresh,
    }


async def _parameters(request: Request) -> list[tuple[str, str]]:
    """Read the query and a form body."""
    body = (await request.body()).decode("utf-8", "replace")
    return [*request.query_params.multi_items(), *parse_qsl(body, keep_blank_values=True)]


def _refusal(code: str) -> RestError:
    status, description = REFUSALS[code]
    return RestError(code, description, status)


def _refused(refusal: RestError) -> RestResponse:
    return RestResponse(refusal.status, refusal.body(integer_codes=False))

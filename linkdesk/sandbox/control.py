"""The sandbox's own routes, for tests and demos on this machine: failures on order, calls seen, start over."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Final

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from linkdesk.sandbox.dispatch import Dispatcher
from linkdesk.sandbox.faults import Fault, FaultKind
from linkdesk.sandbox.rest_response import RestResponse

EXAMPLE: Final = '{"method": "* or a method", "kind": "slow", "times": 1, "seconds": 2}'


def control_routes(dispatch: Dispatcher, start_over: Callable[[], None]) -> list[Route]:
    """Make the routes below `/_sandbox/`."""

    async def faults(request: Request) -> Response:
        if not _is_local(request):
            return _forbidden()
        try:
            fault = Fault.model_validate_json(await request.body())
        except ValidationError as problem:
            return JSONResponse({"error": _sentence(problem)}, status_code=400)
        dispatch.faults.add(fault)
        return JSONResponse({"fault": fault.model_dump(mode="json")})

    async def calls(request: Request) -> Response:
        if not _is_local(request):
            return _forbidden()
        return RestResponse(200, [seen.as_json() for seen in dispatch.calls]).to_http()

    async def reset(request: Request) -> Response:
        if not _is_local(request):
            return _forbidden()
        start_over()
        return JSONResponse({"reset": True})

    return [
        Route("/_sandbox/faults", faults, methods=["POST"]),
        Route("/_sandbox/calls", calls, methods=["GET"]),
        Route("/_sandbox/reset", reset, methods=["POST"]),
    ]


def _is_local(request: Request) -> bool:
    """Return whether a request comes from this machine; in process there may be no address at all."""
    if request.client is None:
        return True
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _forbidden() -> Response:
    return JSONResponse({"error": "The sandbox is steered from its own machine only."}, status_code=403)


def _sentence(problem: ValidationError) -> str:
    first = problem.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the body"
    kinds = ", ".join(FaultKind)
    return f"This is no fault: {where}: {first['msg']}. Send {EXAMPLE}; kinds are {kinds}."

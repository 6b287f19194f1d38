"""Parsing the arguments of a call into a request, and turning our errors into errors of the protocol."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS
from pydantic import ValidationError

from linkdesk.errors.base import Changed, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.incident import report_incident
from linkdesk.errors.render import render_for_model
from linkdesk.errors.validation import collect_problems
from linkdesk.execution.context import Progress, no_progress
from linkdesk.model.outcome import Outcome
from tool_specs.declaration.crm_ref import PORTAL_HOST
from tool_specs.declaration.failure import Who
from tool_specs.declaration.method import Method

Result = TypeVar("Result")


class RequestRunner(Protocol):
    """Carries out a request: the desk, bound to the calling actor."""

    async def __call__(self, request: Method[Any], progress: Progress = no_progress, /) -> Outcome:
        """Carry out a request, reporting its progress."""
        ...


def parse_request(method: type[Method[Any]], arguments: Mapping[str, Any], host: str | None) -> Method[Any]:
    """Validate the arguments of a call as the method declares them.

    Raises:
        Trouble: some are wrong; it lists every problem.
    """
    try:
        return method.model_validate(dict(arguments), context={PORTAL_HOST: host})
    except ValidationError as error:
        raise Trouble(own_errors.BAD_ARGUMENTS, problems=collect_problems(error, method)) from None


async def with_protocol_errors(reading: Callable[[], Awaitable[Result]], **about: str) -> Result:
    """Read a resource or a prompt and raise its errors as errors of the protocol.

    Raises:
        MCPError: it could not be read; message and data are those of a tool's error.
    """
    try:
        return await reading()
    except Trouble as trouble:
        raise protocol_error(trouble, **about) from None
    except MCPError:
        raise
    except Exception as error:  # noqa: BLE001 - the outermost edge: the SDK would answer with a text of its own
        raise protocol_error(report_incident("server.crashed", error, Changed.NO), **about) from None


def protocol_error(trouble: Trouble, **about: str) -> MCPError:
    """Build a protocol error: INVALID_PARAMS for what the caller can correct, INTERNAL_ERROR for anything else."""
    shown = render_for_model(trouble)["error"]
    problems = "; ".join(f"{problem['field']} {problem['problem']}" for problem in shown["problems"])
    said = [shown["what"], f"{problems}." if problems else "", shown["next"]]
    code = INVALID_PARAMS if trouble.failure.who is Who.YOU and not trouble.failure.retryable else INTERNAL_ERROR
    return MCPError(code, " ".join(part for part in said if part), {**about, "error": shown})

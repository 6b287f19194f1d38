"""The log entry of each tool call, and the name of the client program that makes it."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final, cast
from uuid import uuid4

import structlog
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, InputRequiredResult, TextContent

from linkdesk.auth.policy import Actor
from linkdesk.runtime.instrumentation import OperationKind, observed
from linkdesk.text.sanitize import one_line

log = structlog.stdlib.get_logger()

MAX_NAME_LENGTH: Final = 80
INPUT_REQUIRED: Final = "asks"
OK: Final = "ok"
UNKNOWN_TOOL: Final = "unknown"

_client: ContextVar[str | None] = ContextVar("client", default=None)


def client_name(context: Context[Any, Any] | None) -> str | None:
    """Return the name the client gave at the handshake, sanitized; None if it gave none."""
    if context is None:
        return None
    try:
        params = context.session.client_params
    except ValueError:  # outside of a request
        return None
    if params is None:
        return None
    return one_line(params.client_info.name, MAX_NAME_LENGTH) or None


def with_client(actor: Actor) -> Actor:
    """Add the calling program's name to an actor."""
    client = _client.get()
    return actor if client is None else replace(actor, client=client)


async def log_call(
    tool: str,
    actor: Actor,
    client: str | None,
    call: Awaitable[CallToolResult | InputRequiredResult],
    label: str,
) -> CallToolResult | InputRequiredResult:
    """Await a call and log its outcome and duration, but never its arguments or content.

    Args:
        tool: the name that the client sent.
        actor: the caller.
        client: the name of the client program.
        call: the call.
        label: the name for metrics: that of an offered tool or "unknown", so that clients cannot create new series.
    """
    begun = time.perf_counter()
    outcome = "cancelled"
    token = _client.set(client)
    try:
        with (
            structlog.contextvars.bound_contextvars(request_id=uuid4().hex[:12]),
            observed(OperationKind.TOOL, label) as seen,
        ):
            try:
                result = await call
                outcome = outcome_label(result)
            finally:
                seen.outcome = outcome
                log.info(
                    "mcp.call",
                    tool=one_line(tool, MAX_NAME_LENGTH),
                    employee=actor.who,
                    client=client or actor.client,
                    outcome=outcome,
                    ms=round((time.perf_counter() - begun) * 1000, 1),
                )
    finally:
        _client.reset(token)
    return result


def outcome_label(result: CallToolResult | InputRequiredResult) -> str:
    """Return the label of an outcome: "ok", "asks" (input required), or the error code."""
    if isinstance(result, InputRequiredResult):
        return INPUT_REQUIRED
    if not result.is_error:
        return OK
    try:
        (content,) = result.content
        said = cast("dict[str, Any]", json.loads(content.text) if isinstance(content, TextContent) else {})
        return str(said["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return "error"

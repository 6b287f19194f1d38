"""Reads that need one call only: the result is shown as the method declares it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from linkdesk.execution.context import RequestContext
from linkdesk.model.outcome import ReadResult
from linkdesk.model.views import AnswerView
from tool_specs.declaration.method import Method


async def read(context: RequestContext, method: Method[Any]) -> ReadResult:
    """Call the method and show its result."""
    answer = await context.portal(method)
    if isinstance(answer, BaseModel):
        return ReadResult(asked=method, shown=answer)
    return ReadResult(asked=method, shown=AnswerView(answer=TypeAdapter(Any).dump_python(answer, mode="json")))

"""A read that needs nothing beside its one call: the answer is shown as the method declares it."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, TypeAdapter

from linkdesk.execution.context import Work
from linkdesk.model.outcome import Found
from linkdesk.model.views import ShownAnswer
from tool_specs.declaration.method import Method


async def read(work: Work, method: Method[Any]) -> Found:
    """Call the method and show what it answers."""
    answer = await work.portal(method)
    if isinstance(answer, BaseModel):
        return Found(asked=method, shown=answer)
    return Found(asked=method, shown=ShownAnswer(answer=TypeAdapter(Any).dump_python(answer, mode="json")))

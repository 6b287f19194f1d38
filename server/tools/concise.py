"""The `response_format` argument: a concise answer leaves details out of list rows."""

from __future__ import annotations

from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel

from linkdesk.model.views import Detail, View
from linkdesk.text.sanitize import one_line
from tool_specs.declaration.method import Method

DETAILED: Final = "detailed"

Record = TypeVar("Record", bound=View)


def apply_response_format(asked: Method[Any], shown: BaseModel) -> BaseModel:
    """Apply the requested response format; a request without that argument gets everything."""
    concise = getattr(asked, "response_format", DETAILED) != DETAILED
    return _concise(shown) if concise and isinstance(shown, View) else shown


def _concise(shown: Record) -> Record:
    details = type(shown).details()
    shorter = {name: _shorten(getattr(shown, name), details.get(name)) for name in type(shown).model_fields}
    return shown.model_copy(update=shorter)


def _shorten(value: object, detail: Detail | None) -> object:
    if detail is not None:
        return one_line(value, detail.beyond) if isinstance(value, str) and detail.beyond else None
    if isinstance(value, View):
        return _concise(value)
    if isinstance(value, list):
        return [_shorten(item, None) for item in cast("list[object]", value)]
    return value

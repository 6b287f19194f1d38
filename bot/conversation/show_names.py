"""Defaults for reads by people: names of deals and clients, one screenful at a time. Pure."""

from __future__ import annotations

from typing import Any, Final

from tool_specs.declaration.listing import ListMethod
from tool_specs.declaration.method import Effect, Method

SCREENFUL: Final = 10
"""How many rows of a list are shown first; the rest comes when it is wanted."""


def with_names(method: Method[Any]) -> Method[Any]:
    """Return a read with names in its response, unless it says otherwise; models ask for names themselves."""
    if method.effect is not Effect.READ:
        return method
    known = type(method).model_fields
    wanted: dict[str, Any] = {name: True for name in ("with_links", "with_clients") if name in known}
    if isinstance(method, ListMethod) and "cursor" in known:
        wanted["limit"] = SCREENFUL
    return method.model_copy(
        update={name: value for name, value in wanted.items() if name not in method.model_fields_set}
    )

"""What the portal answers when it has created something: its id, bare or in an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, cast

from pydantic import BeforeValidator

from tool_specs.declaration.crm_ref import Id


def _bare(answer: object) -> object:
    """Take the id out of `{"id": 1823}`; the pages show both forms, the server's own code a bare number."""
    return cast("Mapping[str, Any]", answer).get("id") if isinstance(answer, Mapping) else answer


NewId: TypeAlias = Annotated[Id, BeforeValidator(_bare)]

"""The portal's answer to a create call: the new id, bare or in an object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, cast

from pydantic import BeforeValidator

from tool_specs.declaration.crm_ref import Id


def _bare(answer: object) -> object:
    """Unwrap `{"id": 1823}`; the documentation shows both forms, the server's code returns a bare number."""
    return cast("Mapping[str, Any]", answer).get("id") if isinstance(answer, Mapping) else answer


NewId: TypeAlias = Annotated[Id, BeforeValidator(_bare)]

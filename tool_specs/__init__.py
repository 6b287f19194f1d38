"""Declarations of REST methods, one class each, and the lists of them in `tool_specs.registry`.

The lists are imported on first access, so that importing one declaration does not load all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tool_specs.registry import METHODS, RECIPES, TOOLS

__all__ = ["METHODS", "RECIPES", "TOOLS"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type of a module attribute
    """Import the registry on first access to one of its lists."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from tool_specs import registry  # noqa: PLC0415 - the reason why this function exists

    return getattr(registry, name)

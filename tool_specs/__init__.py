"""What each REST method is: one class a method, and the list of them all in `tool_specs.registry`.

The lists are loaded when somebody asks for them: whoever needs one text or one class does not wait for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tool_specs.registry import METHODS, RECIPES, TOOLS

__all__ = ["METHODS", "RECIPES", "TOOLS"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what a module gives by name
    """Give a list, which is loaded now."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from tool_specs import registry  # noqa: PLC0415 - the reason why this function exists

    return getattr(registry, name)

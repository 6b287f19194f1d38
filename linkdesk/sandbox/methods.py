"""Every method the sandbox answers: its code here, its parameters and scope from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkdesk.sandbox import activities, attached_lists, collections_of_booking, crm_items, portal_facts
from linkdesk.sandbox.call import Handler
from tool_specs import METHODS
from tool_specs.method import Effect
from tool_specs.wire import Parameter


@dataclass(frozen=True, slots=True)
class Served:
    """A method as the sandbox serves it; `scope` is None where any caller will do."""

    name: str
    handler: Handler
    parameters: tuple[Parameter, ...] = ()
    scope: str | None = None
    writes: bool = False


def _served(name: str, handler: Handler) -> Served:
    declared = next((method for method in METHODS if method.rest.lower() == name.lower()), None)
    if declared is None:
        return Served(name, handler)
    return Served(name, handler, declared.parameters(), declared.scope or None, declared.effect is not Effect.READ)


SERVED: Final[Mapping[str, Served]] = {
    name.lower(): _served(name, handler)
    for module in (collections_of_booking, attached_lists, activities, crm_items, portal_facts)
    for name, handler in module.handlers()
}
"""By the name in lower case: callers may spell it as they like."""

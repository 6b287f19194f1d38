"""Every method the sandbox answers: its code here, its parameters and scope from the declarations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from linkdesk.sandbox import (
    activities,
    attached_lists,
    bookings,
    crm_items,
    crm_types,
    duplicates,
    events,
    portal_facts,
    resources,
    users,
    waitlist,
)
from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.undeclared import UNCHECKED, all_parameters
from tool_specs import METHODS
from tool_specs.declaration.method import Effect
from tool_specs.declaration.wire import Json, Parameter

BATCH: Final = "batch"
"""The one method that is not among the served: it is made of them."""
SAME_SCOPE: Final[Mapping[str, frozenset[str]]] = {"user": frozenset({"user", "user_basic", "user_brief"})}
"""Scopes that any of several names grants."""


@dataclass(frozen=True, slots=True)
class ServedMethod:
    """A method as the sandbox serves it; `parameters` is None where the method looks at them itself."""

    name: str
    handler: Handler
    parameters: tuple[Parameter, ...] | None = ()
    scope: str | None = None
    """What a caller must be granted; None where any caller will do."""
    writes: bool = False

    def granted_by(self, scopes: frozenset[str]) -> bool:
        """Return whether a caller with these scopes may call it."""
        return self.scope is None or not scopes.isdisjoint(SAME_SCOPE.get(self.scope, {self.scope}))


def find_method(call: Call) -> Json:
    """Answer `method.get`, which knows methods in lower case only."""
    name = call.params.get("name", "")
    if name == BATCH:
        return {"isExisting": True, "isAvailable": True}
    served = SERVED_METHODS.get(name)
    return {
        "isExisting": served is not None,
        "isAvailable": served is not None and served.granted_by(call.access.scopes),
    }


def list_methods(call: Call) -> Json:
    """Answer `methods`: those that the caller may call, or all."""
    every = bool(call.params.get("full"))
    return [name for name, served in SERVED_METHODS.items() if every or served.granted_by(call.access.scopes)]


def _served(name: str, handler: Handler) -> ServedMethod:
    declared = next((method for method in METHODS if method.rest.lower() == name.lower()), None)
    if declared is None:
        return ServedMethod(name, handler, all_parameters(name, ()))
    return ServedMethod(
        name,
        handler,
        None if name in UNCHECKED else all_parameters(name, declared.parameters()),
        declared.scope or None,
        declared.effect is not Effect.READ,
    )


SERVED_METHODS: Final[Mapping[str, ServedMethod]] = {
    **{
        name.lower(): _served(name, handler)
        for module in (
            attached_lists,
            bookings,
            waitlist,
            resources,
            activities,
            crm_items,
            crm_types,
            duplicates,
            users,
            portal_facts,
            events,
        )
        for name, handler in module.handlers()
    },
    "method.get": _served("method.get", find_method),
    "methods": _served("methods", list_methods),
}
"""By the name in lower case: callers may spell it as they like."""

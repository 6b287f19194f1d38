"""What the portal takes beside what the declarations send, or takes less strictly than they say.

The declarations know what we send; other clients send more, and the portal reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from tool_specs.declaration.wire import Kind, Parameter


def _optional(name: str, kind: Kind = "string", *fields: Parameter) -> Parameter:
    return Parameter(name, kind, required=False, fields=fields)


def _fields(*fields: Parameter) -> tuple[Parameter, ...]:
    return (Parameter("fields", "object", fields=fields),)


def _filter(*fields: Parameter) -> tuple[Parameter, ...]:
    return (_optional("filter", "object", *fields),)


_REMINDER: Final = _fields(_optional("templateTypeReminder"))
_EVENT: Final = (_optional("auth_type", "integer"), _optional("event_type"))
_CREATED: Final = _optional("createdWithin", "object", Parameter("from", "string"), Parameter("to", "string"))

ADDITIONAL_PARAMETERS: Final[Mapping[str, tuple[Parameter, ...]]] = {
    # Dates are texts here: the method itself refuses bad ones, with 422.
    "booking.v1.booking.list": _filter(
        _optional("within", "object", Parameter("dateFrom", "string"), Parameter("dateTo", "string")),
        _optional("resourceId", "array"),
        _CREATED,
    ),
    "booking.v1.waitlist.add": _fields(_optional("note")),  # starred on the page, not asked for by the server
    "booking.v1.resource.list": _filter(_optional("isMain"), _optional("name"), _optional("description")),
    "booking.v1.resource.add": _fields(_optional("typeId", "integer"), _optional("templateTypeReminder")),
    "booking.v1.resource.update": _REMINDER,
    "booking.v1.resourceType.list": _filter(_optional("moduleId"), _optional("name"), _optional("code")),
    "booking.v1.resourceType.add": _REMINDER,
    "booking.v1.resourceType.update": _REMINDER,
    "event.bind": (*_EVENT, _optional("auth_connector"), _optional("options", "object")),
    "event.unbind": _EVENT,
    "crm.type.list": (_optional("order", "object"), _optional("filter", "object")),
    "methods": (_optional("full", "boolean"),),
    "scope": (_optional("full", "boolean"),),
}
"""Parts of the same name as a declared one are put into it; how strict they are is said here."""

UNCHECKED: Final = frozenset({"crm.activity.get", "crm.activity.list", "crm.duplicate.findbycomm", "user.get"})
"""Methods of the older kind, which look at their parameters themselves and take their names in either case."""


def all_parameters(method: str, declared: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Return all parameters of a method, the id of what it is about first: in that order they are checked."""
    found = _joined(declared, ADDITIONAL_PARAMETERS.get(method, ()))
    return tuple(sorted(found, key=lambda parameter: parameter.name != "id"))


def _joined(declared: Iterable[Parameter], beside: Iterable[Parameter]) -> list[Parameter]:
    found = {parameter.name: parameter for parameter in declared}
    for parameter in beside:
        known = found.get(parameter.name)
        if known is not None:
            fields = tuple(_joined(known.fields, parameter.fields))
            found[parameter.name] = replace(parameter, fields=fields)
        else:
            found[parameter.name] = parameter
    return list(found.values())

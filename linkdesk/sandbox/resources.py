"""Resources and their types: `booking.v1.resource.*`, `booking.v1.resourceType.*`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.collection import Codes, Collection, crud_methods
from linkdesk.sandbox.rest_error import RestError
from linkdesk.sandbox.store import Resource, ResourceType
from tool_specs.declaration.wire import Json

NO_SUCH_TYPE: Final = "1013"
TEMPLATES: Final[Mapping[str, frozenset[str]]] = {
    "templateTypeReminder": frozenset({"base"}),
    **dict.fromkeys(
        ("templateTypeInfo", "templateTypeConfirmation", "templateTypeFeedback", "templateTypeDelayed"),
        frozenset({"inanimate", "animate"}),
    ),
}


def _messages(given: Mapping[str, Json]) -> dict[str, Json]:
    """Return the fields to store: a flag that is neither Y nor N is dropped without a word, a template is not."""
    for name, allowed in TEMPLATES.items():
        if name in given and given[name] not in allowed:
            raise RestError("422", f"Invalid value of the {name} field")
    return {name: value for name, value in given.items() if not name.startswith("is") or value in {"Y", "N"}}


def _resource(call: Call, given: Mapping[str, Json], known: Resource | None) -> dict[str, Json]:
    fields = _messages(given)
    if known is None and "typeId" not in fields:
        raise RestError("1006", "ResourceType not found")
    if "typeId" in fields and fields["typeId"] not in call.store.resource_types:
        raise RestError(NO_SUCH_TYPE, f"Resource type with id {fields['typeId']} does not exist")
    return fields


def _type(_call: Call, given: Mapping[str, Json], _known: ResourceType | None) -> dict[str, Json]:
    return _messages(given)


def _same(one: str | None, other: Json) -> bool:
    """Compare texts as the database does, which knows no case."""
    return (one or "").casefold() == str(other).casefold()


def _part_of(whole: str, part: Json) -> bool:
    return str(part).casefold() in whole.casefold()


RESOURCES: Final = Collection[Resource](
    prefix="booking.v1.resource",
    answer_key="resource",
    reference="resourceId",
    noun="Resource",
    codes=Codes(not_found="1009", not_created="1006", not_updated="1007", not_deleted="1008", nothing_to_update="1007"),
    record=Resource,
    ids="resource",
    table=lambda store: store.resources,
    fields=_resource,
    filters={
        "searchQuery": lambda _call, resource, text: _part_of(resource.name, text),
        "isMain": lambda _call, resource, flag: resource.is_main == flag,
        "typeId": lambda _call, resource, number: resource.type_id == number,
        "name": lambda _call, resource, text: _same(resource.name, text),
        "description": lambda _call, resource, text: _same(resource.description, text),
    },
    orders={"id": lambda resource: resource.id, "name": lambda resource: resource.name.casefold()},
)
RESOURCE_TYPES: Final = Collection[ResourceType](
    prefix="booking.v1.resourceType",
    answer_key="resourceType",
    reference="id",
    noun="Resource type",
    codes=Codes(
        not_found=NO_SUCH_TYPE, not_created="1010", not_updated="1011", not_deleted="1012", nothing_to_update="1007"
    ),
    record=ResourceType,
    ids="resource_type",
    table=lambda store: store.resource_types,
    fields=_type,
    filters={
        "searchQuery": lambda _call, kind, text: _part_of(kind.name, text),
        "moduleId": lambda _call, _kind, module: _same("booking", module),
        "name": lambda _call, kind, text: _same(kind.name, text),
        "code": lambda _call, kind, text: _same(kind.code, text),
    },
    orders={
        "id": lambda kind: kind.id,
        "name": lambda kind: kind.name.casefold(),
        "code": lambda kind: (kind.code or "").casefold(),
    },
)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of resources and of their types."""
    yield from crud_methods(RESOURCES)
    yield from crud_methods(RESOURCE_TYPES)

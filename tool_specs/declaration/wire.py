"""Wire codecs: conversion between our arguments and the vendor's parameters.

A field of a `Method` has a codec in its annotation, which says which parameters the field becomes on the wire. The same
parameters, passed by a caller who knows the API, are read as the field.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from tool_specs.declaration.crm_ref import CrmRef

Kind: TypeAlias = Literal["integer", "string", "boolean", "array", "object", "number"]
Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as the vendor documents it; `fields` are those of the object, or of each object in the array."""

    name: str
    type: Kind
    required: bool = True
    fields: tuple[Parameter, ...] = ()

    def joined_with(self, other: Parameter) -> Parameter:
        """Merge two parts of one object."""
        return replace(
            self, required=self.required or other.required, fields=merge_parameters((*self.fields, *other.fields))
        )


def merge_parameters(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters in order, with parts of one object merged."""
    found: dict[str, Parameter] = {}
    for parameter in parameters:
        known = found.get(parameter.name)
        found[parameter.name] = parameter if known is None else known.joined_with(parameter)
    return tuple(found.values())


@runtime_checkable
class WireCodec(Protocol):
    """Converts one field to the wire and back."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The vendor's parameters that the field becomes."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The vendor's names that the field may be passed by."""
        ...

    @property
    def inside(self) -> str | None:
        """The vendor's object that holds the field: `fields`, or a path such as `filter.within`."""
        ...

    def encode(self, value: Any) -> dict[str, Json]:  # noqa: ANN401 - a field may hold anything
        """Return the parameters of a value."""
        ...

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Return the field's value from the caller's parameters; called if all required ones are present."""
        ...


def identity(value: Any) -> Json:  # noqa: ANN401 - a field may hold anything
    """Return the value unchanged."""
    return value


@dataclass(frozen=True, slots=True)
class As:
    """One parameter, possibly with another name, within an object, or converted."""

    name: str
    type: Kind = "integer"
    required: bool = True
    fields: tuple[Parameter, ...] = ()
    inside: str | None = None
    inside_required: bool | None = None
    """Whether the object is required; None means whenever the field is."""
    inside_any: bool = False
    """Whether the object accepts any keys, as CRM filters do, so that its fields are not declared."""
    to: Callable[[Any], Json] = identity
    back: Callable[[Json], Json] = identity

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The one parameter, within its object if it is part of one."""
        parameter = Parameter(self.name, self.type, self.required, self.fields)
        required = self.required if self.inside_required is None else self.inside_required
        for outer in reversed(self.inside.split(".") if self.inside else []):
            parameter = Parameter(outer, "object", required, () if self.inside_any else (parameter,))
        return (parameter,)

    @property
    def names(self) -> tuple[str, ...]:
        """The vendor's name of it."""
        return (self.name,)

    def encode(self, value: Any) -> dict[str, Json]:  # noqa: ANN401 - a field may hold anything
        """Convert the value to the vendor's form."""
        sent = {self.name: self.to(value)}
        for outer in reversed(self.inside.split(".") if self.inside else []):
            sent = {outer: sent}
        return sent

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Convert the value from the vendor's form."""
        return self.back(raw[self.name])


def in_fields(
    name: str,
    kind: Kind = "integer",
    *,
    required: bool = False,
    to: Callable[[Any], Json] = identity,
    back: Callable[[Json], Json] = identity,
) -> As:
    """Build the codec of a parameter within `fields`, an object that is always required."""
    return As(name, kind, required, inside="fields", inside_required=True, to=to, back=back)


def in_filter(name: str, kind: Kind = "integer") -> As:
    """Build the codec of an optional parameter within `filter`."""
    return As(name, kind, required=False, inside="filter")


@dataclass(frozen=True, slots=True)
class AsTypeAndId:
    """A CRM item as two parameters: the type's number and the id."""

    type_name: str
    id_name: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The two parameters."""
        return (Parameter(self.type_name, "integer"), Parameter(self.id_name, "integer"))

    @property
    def names(self) -> tuple[str, ...]:
        """The vendor's two names."""
        return (self.type_name, self.id_name)

    @property
    def inside(self) -> None:
        """None: the parameters are at the top level."""
        return

    def encode(self, value: CrmRef) -> dict[str, Json]:
        """Return both numbers."""
        return {self.type_name: value.number, self.id_name: value.id}

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Build the item from both numbers."""
        return {"type": raw[self.type_name], "id": raw[self.id_name]}


class ListItem(Protocol):
    """An item of a list on the portal, which may or may not be a CRM item."""

    @property
    def crm(self) -> CrmRef | None:
        """The CRM item, or None if this is something else."""
        ...

    def wire(self) -> dict[str, Json]:
        """Return the wire form."""
        ...


class ItemOfRef(Protocol):
    """Converts a CRM item to an item of a list."""

    def __call__(self, ref: CrmRef, /) -> ListItem:
        """Build the item."""
        ...


@dataclass(frozen=True, slots=True)
class AsList:
    """CRM items as an array of the vendor's objects."""

    name: str
    item: ItemOfRef
    fields: tuple[Parameter, ...]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The array."""
        return (Parameter(self.name, "array", fields=self.fields),)

    @property
    def names(self) -> tuple[str, ...]:
        """The vendor's name of the array."""
        return (self.name,)

    @property
    def inside(self) -> None:
        """None: the array is at the top level."""
        return

    def encode(self, value: Sequence[CrmRef]) -> dict[str, Json]:
        """Convert each item to the vendor's form."""
        return self.whole([self.item(ref) for ref in value])

    def whole(self, items: Sequence[ListItem]) -> dict[str, Json]:
        """Return exactly these items in the vendor's form, CRM items or not."""
        return {self.name: [item.wire() for item in items]}

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Return the array; `CrmRef` parses each object."""
        return raw[self.name]

"""How an argument of ours becomes parameters of the vendor's, and is read back from them.

A field of a `Method` carries one of these in its annotation. It says which parameters the field becomes on the wire;
the same parameters, given by a caller who knows the API, are read as the field.
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
        """Put two parts of one object together."""
        return replace(
            self, required=self.required or other.required, fields=merge_parameters((*self.fields, *other.fields))
        )


def merge_parameters(parameters: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """List parameters in their order, each once: parts of one object are put together."""
    found: dict[str, Parameter] = {}
    for parameter in parameters:
        known = found.get(parameter.name)
        found[parameter.name] = parameter if known is None else known.joined_with(parameter)
    return tuple(found.values())


@runtime_checkable
class WireCodec(Protocol):
    """The way of one field to the wire and back."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The vendor's parameters that the field becomes."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which a caller who knows the API gives the field."""
        ...

    @property
    def inside(self) -> str | None:
        """The vendor's object that the field is a part of: `fields`, or `filter.within` where one holds another."""
        ...

    def encode(self, value: Any) -> dict[str, Json]:  # noqa: ANN401 - a field may hold anything
        """Give the parameters of a value."""
        ...

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Give the field's value as the caller's parameters say it; called when all required ones are there."""
        ...


def identity(value: Any) -> Json:  # noqa: ANN401 - a field may hold anything
    """Send a value as it is."""
    return value


@dataclass(frozen=True, slots=True)
class As:
    """The field is one parameter of another name, perhaps a part of an object, and written in another way."""

    name: str
    type: Kind = "integer"
    required: bool = True
    fields: tuple[Parameter, ...] = ()
    inside: str | None = None
    inside_required: bool | None = None
    """Whether the object must be there; None: when the field must."""
    inside_any: bool = False
    """The object around it takes whatever keys there are, as the CRM's filters do; so none is declared."""
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
        """Send the value in the vendor's way."""
        sent = {self.name: self.to(value)}
        for outer in reversed(self.inside.split(".") if self.inside else []):
            sent = {outer: sent}
        return sent

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Read the value from the vendor's way."""
        return self.back(raw[self.name])


def in_fields(
    name: str,
    kind: Kind = "integer",
    *,
    required: bool = False,
    to: Callable[[Any], Json] = identity,
    back: Callable[[Json], Json] = identity,
) -> As:
    """Say that a field is one of the vendor's `fields`, which themselves must always be there."""
    return As(name, kind, required, inside="fields", inside_required=True, to=to, back=back)


def in_filter(name: str, kind: Kind = "integer") -> As:
    """Say that a field is one of the vendor's filters, which may be left out."""
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
        """No object: the parameters stand at the top."""
        return

    def encode(self, value: CrmRef) -> dict[str, Json]:
        """Send the numbers."""
        return {self.type_name: value.number, self.id_name: value.id}

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Read the numbers as an item."""
        return {"type": raw[self.type_name], "id": raw[self.id_name]}


class ListItem(Protocol):
    """What a list on the portal holds: it may or may not be a CRM item."""

    @property
    def crm(self) -> CrmRef | None:
        """The CRM item it is, if it is one."""
        ...

    def wire(self) -> dict[str, Json]:
        """Give its wire form."""
        ...


class ItemOfRef(Protocol):
    """How a CRM item becomes an item of a list."""

    def __call__(self, ref: CrmRef, /) -> ListItem:
        """Make the item."""
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
        """No object: the array stands at the top."""
        return

    def encode(self, value: Sequence[CrmRef]) -> dict[str, Json]:
        """Send each item in the vendor's form."""
        return self.whole([self.item(ref) for ref in value])

    def whole(self, items: Sequence[ListItem]) -> dict[str, Json]:
        """Send exactly these items, CRM or not."""
        return {self.name: [item.wire() for item in items]}

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Take the array; each object is understood by `CrmRef` itself."""
        return raw[self.name]

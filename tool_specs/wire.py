"""How an argument of ours becomes parameters of the vendor's, and is read back from them.

A field of a `Method` carries one of these in its annotation. It says which parameters the field becomes on the wire;
the same parameters, given by a caller who knows the API, are read as the field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from tool_specs.crm_ref import CrmRef

Kind: TypeAlias = Literal["integer", "string", "boolean", "array", "object", "number"]
Json: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter as the vendor documents it; `fields` are those of the object, or of each object in the array."""

    name: str
    type: Kind
    required: bool = True
    fields: tuple[Parameter, ...] = ()


@runtime_checkable
class Wire(Protocol):
    """The way of one field to the wire and back."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The vendor's parameters that the field becomes."""
        ...

    def encode(self, value: Any) -> dict[str, Json]:  # noqa: ANN401 - a field may hold anything
        """Give the parameters of a value."""
        ...

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Give the field's value as the caller's parameters say it; called when all required ones are there."""
        ...


@dataclass(frozen=True, slots=True)
class As:
    """The field is one parameter of another name."""

    name: str
    type: Kind = "integer"
    required: bool = True
    fields: tuple[Parameter, ...] = ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The one parameter."""
        return (Parameter(self.name, self.type, self.required, self.fields),)

    def encode(self, value: Any) -> dict[str, Json]:  # noqa: ANN401 - a field may hold anything
        """Send the value as it is."""
        return {self.name: value}

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Take the value as it is."""
        return raw[self.name]


@dataclass(frozen=True, slots=True)
class AsTypeAndId:
    """A CRM item as two parameters: the type's number and the id."""

    type_name: str
    id_name: str

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The two parameters."""
        return (Parameter(self.type_name, "integer"), Parameter(self.id_name, "integer"))

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

    def encode(self, value: Sequence[CrmRef]) -> dict[str, Json]:
        """Send each item in the vendor's form."""
        return self.whole([self.item(ref) for ref in value])

    def whole(self, items: Sequence[ListItem]) -> dict[str, Json]:
        """Send exactly these items, CRM or not."""
        return {self.name: [item.wire() for item in items]}

    def decode(self, raw: Mapping[str, Json]) -> Json:
        """Take the array; each object is understood by `CrmRef` itself."""
        return raw[self.name]

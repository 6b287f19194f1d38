"""Arguments that several methods share, each with its wire codec and its description for models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self, TypeAlias, cast

from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.crm_ref import Client, CrmRef, Deal, Id
from tool_specs.declaration.list_items import CLIENT_FIELDS, EXTERNAL_FIELDS, client, external
from tool_specs.declaration.method import Method, merge, parse_json_text, wire_codecs
from tool_specs.declaration.wire import As, AsList, Json, ListItem

BookingId: TypeAlias = Annotated[Id, As("bookingId"), Field(description="Booking id.")]
WaitlistId: TypeAlias = Annotated[Id, As("waitListId"), Field(description="Waitlist entry id.")]
ActivityId: TypeAlias = Annotated[
    Id,
    As("activityId"),
    Field(description="CRM activity id (not a deal id)."),
]
ResourceId: TypeAlias = Annotated[Id, As("resourceId"), Field(description="Resource id.")]


def as_list(value: object) -> object:
    """Accept a single item where a list is expected, and `"deal:1, deal:2"` as a list."""
    if isinstance(value, str):
        return [part for part in value.split(",") if part.strip()]
    return list(cast("Sequence[object]", value)) if isinstance(value, list | tuple) else [value]


def _unique_refs(refs: list[CrmRef]) -> list[CrmRef]:
    """Remove duplicates, keeping the order; the portal would store them."""
    return list(dict.fromkeys(refs))


MAX_ITEMS = 100

Deals: TypeAlias = Annotated[
    list[Deal],
    BeforeValidator(as_list),
    Field(description="Deals.", min_length=1, max_length=MAX_ITEMS),
]
Clients: TypeAlias = Annotated[
    list[Client],
    BeforeValidator(as_list),
    Field(description="Contacts or companies.", min_length=1, max_length=MAX_ITEMS),
]
LinksToSet: TypeAlias = Annotated[Deals, AsList("externalData", external, EXTERNAL_FIELDS)]
ClientsToSet: TypeAlias = Annotated[Clients, AsList("clients", client, CLIENT_FIELDS)]


def unique(ids: list[int]) -> list[int]:
    """Remove duplicate ids, keeping the order."""
    return list(dict.fromkeys(ids))


ResourceIds: TypeAlias = Annotated[
    list[Id],
    BeforeValidator(as_list),
    AfterValidator(unique),
    Field(description="Ids of resources.", min_length=1, max_length=MAX_ITEMS),
]


def nothing_to_change(fields: str) -> PydanticCustomError:
    """Build the error of an update that names nothing to change."""
    return PydanticCustomError("nothing_to_change", "name what to change: {fields}", {"fields": fields})


class Mode(StrEnum):
    """Whether the named items are added to the existing ones or replace them."""

    ADD = "add"
    REPLACE = "replace"


SetMode: TypeAlias = Annotated[
    Mode,
    Field(description="add (default) keeps what is there; replace removes the rest, once a person agrees."),
    WithJsonSchema({"type": "string", "enum": ["add", "replace"]}),
]
RemoveAll: TypeAlias = Annotated[bool, Field(description="true removes all of them, once a person agrees.")]


class SetListMethod(Method[bool]):
    """A method that replaces a whole list on the portal; the desk reads the list and sends it back changed."""

    list_field: ClassVar[str]
    """The field that names the CRM items."""

    mode: SetMode = Mode.ADD
    _whole: tuple[ListItem, ...] | None = PrivateAttr(default=None)

    @property
    def refs(self) -> list[CrmRef]:
        """The CRM items named, each once."""
        return _unique_refs(cast("list[CrmRef]", getattr(self, self.list_field)))

    def with_items(self, items: Sequence[ListItem]) -> Self:
        """Return a copy that sends exactly these items, including those that are not CRM items."""
        call = self.model_copy()
        call._whole = tuple(items)  # noqa: SLF001 - our own copy
        return call

    def wire(self) -> dict[str, Json]:
        """Return the parameters to send: the whole list if one was set, otherwise the named items."""
        sent = super().wire()
        wire = wire_codecs(type(self))[self.list_field]
        if self._whole is not None and isinstance(wire, AsList):
            sent.pop(wire.name, None)
            merge(sent, wire.whole(self._whole))
        return sent

    @classmethod
    def item(cls, ref: CrmRef) -> ListItem:
        """Convert a CRM item to an item of the list."""
        wire = wire_codecs(cls)[cls.list_field]
        if not isinstance(wire, AsList):
            message = f"{cls.__name__}.{cls.list_field} is not sent as a list"
            raise TypeError(message)
        return wire.item(ref)


class UnsetListMethod(Method[bool]):
    """A method that clears a whole list on the portal; the desk removes only the named items unless all are meant."""

    list_field: ClassVar[str]

    all: RemoveAll = False

    @property
    def refs(self) -> list[CrmRef]:
        """The CRM items named, each once; none when all are meant."""
        return _unique_refs(cast("list[CrmRef] | None", getattr(self, self.list_field)) or [])

    @model_validator(mode="before")
    @classmethod
    def _none_beside_all(cls, given: object) -> object:
        """Ignore an empty list next to `all: true`: some clients send every argument."""
        if not isinstance(given, Mapping):
            return given
        arguments = cast("Mapping[str, Any]", given)
        beside = str(arguments.get("all")).lower() == "true" and parse_json_text(arguments.get(cls.list_field)) == []
        return {name: value for name, value in arguments.items() if not (beside and name == cls.list_field)}

    @model_validator(mode="after")
    def _items_or_all(self) -> Self:
        named = getattr(self, self.list_field) is not None
        if named == self.all:
            raise PydanticCustomError(
                "items_or_all",
                "give either {field} or all: true, which removes every one of them",
                {"field": self.list_field},
            )
        return self

"""What list methods share: pages of at most 50 rows, an order, and the selected columns.

The portal pages by offset; the booking module returns neither a total nor a next offset, so one reads on until a page
has fewer than 50 rows. Our tools take a limit and a cursor, which the desk turns into pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final, Generic, Literal, Self, TypeAlias, cast

from pydantic import Field, PrivateAttr, model_validator

from tool_specs.declaration.method import Answer, Method, parse_json_text
from tool_specs.declaration.wire import Json, Parameter

PAGE_SIZE: Final = 50
"""The portal's page size."""
WITHOUT_TOTAL: Final = -1
"""The `start` value that makes the portal skip counting the total, which is faster."""

Limit: TypeAlias = Annotated[int, Field(ge=1, le=PAGE_SIZE, description="How many.")]
SmallLimit: TypeAlias = Annotated[int, Field(ge=1, le=20, description="How many.")]
Cursor: TypeAlias = Annotated[
    str | None, Field(min_length=1, max_length=200, description="The cursor of the last answer, for more.")
]
ResponseFormat: TypeAlias = Annotated[
    Literal["concise", "detailed"], Field(description="detailed: whole texts and every field.")
]
"""How much a model is shown of each row; people are shown what fits their screen."""
WithLinks: TypeAlias = Annotated[bool, Field(description="Also give the linked deals.")]
WithClients: TypeAlias = Annotated[bool, Field(description="Also give the clients.")]


class ListMethod(Method[Answer], Generic[Answer]):
    """A method that returns one page of a list."""

    select: ClassVar[tuple[str, ...]] = ()
    """The columns to select, if the method supports it."""
    order: ClassVar[Mapping[str, str]] = {}
    first: ClassVar[int] = 0
    """The `start` value of the first page."""

    _start: int | None = PrivateAttr(default=None)

    def starting_at(self, start: int) -> Self:
        """Return a copy for the page at this offset."""
        call = self.model_copy()
        call._start = start  # noqa: SLF001 - our own copy
        return call

    def wire(self) -> dict[str, Json]:
        """Return the parameters to send, including page and order."""
        return {**super().wire(), **self._paging(), "start": self.first if self._start is None else self._start}

    @classmethod
    def parameters(cls) -> tuple[Parameter, ...]:
        """List the vendor's parameters, with those of paging last."""
        paging = [
            *([Parameter("select", "array", required=False)] if cls.select else []),
            *([Parameter("order", "object", required=False)] if cls.order else []),
            Parameter("start", "integer", required=False),
        ]
        return (*super().parameters(), *paging)

    @classmethod
    def _paging(cls) -> dict[str, Json]:
        named = {"select": list(cls.select), "order": dict(cls.order)}
        return {name: value for name, value in named.items() if value}

    @model_validator(mode="before")
    @classmethod
    def _paging_as_ours(cls, given: object) -> object:
        """Accept the vendor's paging parameters if they equal what we send; refuse others by name."""
        if not isinstance(given, Mapping):
            return given
        ours = {**cls._paging(), "start": cls.first}
        arguments = cast("Mapping[str, Any]", given).items()
        return {name: value for name, value in arguments if name not in ours or not _matches(value, ours[name])}


def _matches(value: object, ours: Json) -> bool:
    said = parse_json_text(value)
    if isinstance(said, list) and isinstance(ours, list):
        columns = [str(column) for column in cast("list[object]", said)]
        return set(columns) <= {
            str(column) for column in cast("list[object]", ours)
        }  # selecting fewer columns is the same request
    return said == ours or said == str(ours)

"""Validation of a model's arguments by the method's declaration; described records are looked up later. Pure.

A description stands in for an id while the method checks the rest, and is put back afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Self, cast

from pydantic import BaseModel, ConfigDict, StringConstraints, TypeAdapter, ValidationError, model_validator

from bot.llm.tools import BOOKING, BOOKING_ID
from tool_specs.declaration.crm_ref import MAX_ID, PORTAL_HOST, CrmTypeName
from tool_specs.declaration.method import Method
from tool_specs.declaration.text import Phone, SearchText

MOST_DESCRIBED: Final = 20
_STAND_INS: Final = range(MAX_ID - MOST_DESCRIBED + 1, MAX_ID + 1)
"""Ids that stand in for descriptions; no portal has come so far."""
_HOUR: Final = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class UnfitArgumentsError(ValueError):
    """The arguments are unusable; the text is a reason in a word, without anything of the message."""


class _Item(BaseModel):
    """A CRM item by name or phone."""

    model_config = ConfigDict(extra="forbid")

    type: CrmTypeName
    name: SearchText | None = None
    phone: Phone | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.name is None) is (self.phone is None):
            raise ValueError("name or phone")
        return self


class _Booking(BaseModel):
    """A booking by its description."""

    model_config = ConfigDict(extra="forbid")

    date: dt.date | None = None
    time: Annotated[str, StringConstraints(pattern=f"^{_HOUR}(-{_HOUR})?$")] | None = None
    client: SearchText | None = None
    resource: SearchText | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing")
        return self


@dataclass(frozen=True, slots=True)
class CheckedArguments:
    """Arguments in the reader's form, and the names of missing ones."""

    arguments: dict[str, Any]
    missing: tuple[str, ...] = ()


def check_arguments(tool: type[Method[Any]], given: object, portal_host: str | None = None) -> CheckedArguments:
    """Validate a model's arguments.

    Raises:
        UnfitArgumentsError: they are no arguments of the tool, beside what is missing.
    """
    if not isinstance(given, Mapping):
        raise UnfitArgumentsError("no object")
    described: dict[int, dict[str, Any]] = {}
    try:
        arguments = _without_nulls(cast("Mapping[str, object]", given))
        booking = _booking(tool, arguments)
        arguments = cast("dict[str, object]", _stood_in(arguments, described))
        if booking is not None:
            arguments[BOOKING_ID] = MAX_ID
        dumped, missing = _validated(tool, arguments, portal_host)
    except (ValidationError, RecursionError):
        raise UnfitArgumentsError("arguments") from None
    if booking is not None:
        del dumped[BOOKING_ID]
        dumped = {BOOKING: booking, **dumped}
    return CheckedArguments(cast("dict[str, Any]", _put_back(dumped, described)), missing)


def _without_nulls(given: Mapping[str, object]) -> dict[str, object]:
    return {str(name): value for name, value in given.items() if value is not None}


def _booking(tool: type[Method[Any]], arguments: dict[str, object]) -> dict[str, Any] | None:
    """Remove the booking's description where the tool needs its id."""
    if BOOKING not in arguments or BOOKING_ID not in tool.model_fields or BOOKING in tool.model_fields:
        return None
    if BOOKING_ID in arguments:
        raise UnfitArgumentsError("booking twice")
    value = arguments.pop(BOOKING)
    said = _without_nulls(cast("Mapping[str, object]", value)) if isinstance(value, Mapping) else value
    return _Booking.model_validate(said).model_dump(mode="json", exclude_none=True)


def _stood_in(value: object, described: dict[int, dict[str, Any]]) -> object:
    """Replace every description of a CRM item by a placeholder id."""
    if isinstance(value, list):
        return [_stood_in(part, described) for part in cast("list[object]", value)]
    if not isinstance(value, Mapping):
        return value
    parts = _without_nulls(cast("Mapping[str, object]", value))
    if "type" in parts and {"name", "phone"} & parts.keys():
        item = _Item.model_validate(parts).model_dump(exclude_none=True)
        if len(described) == MOST_DESCRIBED:
            raise UnfitArgumentsError("too many")
        stand_in = _STAND_INS[-1 - len(described)]
        described[stand_in] = item
        return {"type": item["type"], "id": stand_in}
    return {name: _stood_in(part, described) for name, part in parts.items()}


def _put_back(value: object, described: Mapping[int, dict[str, Any]]) -> object:
    if isinstance(value, list):
        return [_put_back(part, described) for part in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    parts = cast("dict[str, object]", value)
    item = described.get(cast("int", parts["id"])) if parts.keys() == {"type", "id"} else None
    return dict(item) if item else {name: _put_back(part, described) for name, part in parts.items()}


def _validated(
    tool: type[Method[Any]], arguments: Mapping[str, object], portal_host: str | None
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Validate the arguments by the method; leave out defaults.

    Raises:
        pydantic.ValidationError: something else than missing arguments is wrong.
    """
    context = {PORTAL_HOST: portal_host}
    try:
        method = tool.model_validate(dict(arguments), context=context)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False, include_context=False)
        if any(detail["type"] != "missing" or len(detail["loc"]) != 1 for detail in details):
            raise
        missing = tuple(str(detail["loc"][0]) for detail in details)
    else:
        dumped = method.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        if tool.model_validate(dumped, context=context) != method:
            raise UnfitArgumentsError("not the same twice")
        return dumped, ()
    # The method as a whole cannot look at what is not whole: its arguments are checked one by one.
    fields = {field.alias or name: field for name, field in tool.model_fields.items()}
    if not arguments.keys() <= fields.keys():
        raise UnfitArgumentsError("spelling")
    dumped = {
        name: _dumped(TypeAdapter(fields[name].rebuild_annotation()), value, context)
        for name, value in arguments.items()
    }
    return dumped, missing


def _dumped(adapter: TypeAdapter[Any], value: object, context: Mapping[str, object]) -> object:
    return adapter.dump_python(adapter.validate_python(value, context=dict(context)), mode="json")

"""Checks of parameters against the declarations, in the portal's order and with its texts.

First every parameter of the method (code 100), then the keys inside objects (code 0), and only then the method looks
whether what it is about exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from linkdesk.sandbox.php_array import values_of
from linkdesk.sandbox.rest_error import RestError
from tool_specs.declaration.wire import Json, Kind, Parameter

PHP_TYPES: Final[Mapping[Kind, str]] = {
    "integer": "int",
    "number": "float",
    "string": "string",
    "boolean": "bool",
    "array": "array",
    "object": "array",
}
BOOLEANS: Final[Mapping[str, bool]] = {"1": True, "true": True, "y": True, "0": False, "false": False, "n": False}
SCALARS: Final[tuple[tuple[type, str], ...]] = ((str, "string"), (bool, "bool"), (int, "int"), (float, "float"))
INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,18}\s*")
SOURCE_FILE: Final = "/home/bitrix/www/bitrix/modules/booking/lib/rest/v1/factory/itemfactory.php"


def validate_parameters(parameters: Sequence[Parameter], given: Mapping[str, Json]) -> dict[str, Json]:
    """Return the declared parameters with their types; what is not declared is dropped without a word.

    Raises:
        Refusal: 100 or 0, whichever the portal would answer first.
    """
    found = {name: value for parameter in parameters for name, value in _one(parameter, given)}
    return {name: _check_keys(parameter, found[name]) for parameter in parameters if (name := parameter.name) in found}


def _one(parameter: Parameter, given: Mapping[str, Json]) -> Iterable[tuple[str, Json]]:
    value = given.get(parameter.name)
    if value is None:
        if parameter.required:
            raise RestError("100", f"Could not find value for parameter {{{parameter.name}}}")
        return
    fits, converted = _converted(parameter.type, value)
    if not fits:
        raise RestError(
            "100",
            f"Invalid value {{{_php_string(value)}}} to match with parameter {{{parameter.name}}}. "
            f"Should be value of type {PHP_TYPES[parameter.type]}.",
        )
    yield parameter.name, converted


def _converted(kind: Kind, value: Json) -> tuple[bool, Json]:
    """Convert a value as PHP does on the way into a typed argument; the first says whether that works."""
    if isinstance(value, dict | list):
        return kind in {"array", "object"}, cast("Json", value)
    text = _php_string(value)
    if kind == "integer" and INTEGER.fullmatch(text):
        return True, int(text)
    if kind == "number":
        return _number(text)
    if kind == "boolean" and text.lower() in BOOLEANS:
        return True, BOOLEANS[text.lower()]
    return kind == "string", text


def _number(text: str) -> tuple[bool, float]:
    try:
        return True, float(text)
    except ValueError:
        return False, 0.0


def _check_keys(parameter: Parameter, value: Json) -> Json:
    """Check the keys of an object, or of every object in an array; PHP knows no difference between map and list."""
    if not parameter.fields:
        return value
    if parameter.type == "array":
        return [_object(parameter, item) for item in values_of(value)]
    return _object(parameter, value)


def _object(parameter: Parameter, value: Json) -> dict[str, Json]:
    if not isinstance(value, dict | list):
        raise type_error(parameter.name, "array", value)
    given = cast("dict[str, Json]", value) if isinstance(value, dict) else {}
    if missing := [field.name for field in parameter.fields if field.required and given.get(field.name) is None]:
        raise RestError("0", f"Required fields: {', '.join(missing)}")
    named = [field for field in parameter.fields if given.get(field.name) is not None]
    return {field.name: _field(field, given[field.name]) for field in named}


def _field(field: Parameter, value: Json) -> Json:
    fits, converted = _converted(field.type, value)
    if not fits:
        raise type_error(field.name, PHP_TYPES[field.type], value)
    return _check_keys(field, converted)


def type_error(name: str, wanted: str, value: Json) -> RestError:
    """Make the raw text of PHP that reaches callers who send another structure, with a path of the server."""
    return RestError(
        "0",
        f"Bitrix\\Booking\\Rest\\V1\\Factory\\ItemFactory::createFromRestFields(): Argument #1 (${name}) must be of "
        f"type {wanted}, {_php_type(value)} given, called in {SOURCE_FILE} on line 42",
    )


def _php_type(value: Json) -> str:
    return "null" if value is None else next((name for kind, name in SCALARS if isinstance(value, kind)), "array")


def _php_string(value: Json) -> str:
    """Write a value as PHP turns it into text."""
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return "" if value is None else "Array" if isinstance(value, dict | list) else str(value)

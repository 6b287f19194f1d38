"""JSON schemas as models read them: flat and single-typed, without titles, references and unions with null.

Some hosts accept nothing else, and every byte of a schema costs tokens in each conversation. A null that a schema
forbids is still accepted when the tool is called.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

Schema: TypeAlias = dict[str, Any]

_OF_SCHEMAS = frozenset({"properties", "patternProperties", "$defs"})
"""Keywords whose keys are names of schemas rather than keywords."""


def plain(schema: Mapping[str, Any]) -> Schema:
    """Simplify pydantic's schema of a model.

    Raises:
        ValueError: a type refers to itself, so that it cannot be inlined.
    """
    definitions = cast("Mapping[str, Schema]", schema.get("$defs", {}))
    root = {key: value for key, value in schema.items() if key not in {"$defs", "description"}}
    return _plain(root, definitions, ())


def _plain(schema: Mapping[str, Any], definitions: Mapping[str, Schema], within: tuple[str, ...]) -> Schema:
    # What is left of "X or null" may be a reference itself.
    merged = _without_null(schema)
    while "$ref" in merged:
        name = _name(merged)
        merged = _without_null(_without_reference(merged, definitions, within))
        within = (*within, name)
    cleaned = {
        key: _named(value, definitions, within) if key in _OF_SCHEMAS else _value(value, definitions, within)
        for key, value in merged.items()
        if key != "title"
    }
    return _required_first(cleaned)


def _value(value: object, definitions: Mapping[str, Schema], within: tuple[str, ...]) -> object:
    if isinstance(value, dict):
        return _plain(cast("Schema", value), definitions, within)
    if isinstance(value, list):
        return [_value(item, definitions, within) for item in cast("list[object]", value)]
    return value


def _named(schemas: Mapping[str, Schema], definitions: Mapping[str, Schema], within: tuple[str, ...]) -> Schema:
    return {name: _plain(schema, definitions, within) for name, schema in schemas.items()}


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema["$ref"]).removeprefix("#/$defs/")


def _without_reference(
    schema: Mapping[str, Any], definitions: Mapping[str, Schema], within: tuple[str, ...]
) -> Mapping[str, Any]:
    """Inline the definition of a reference; keywords beside the reference take precedence."""
    if "$ref" not in schema:
        return schema
    if _name(schema) in within:
        message = f"{_name(schema)} refers to itself"
        raise ValueError(message)
    return {**definitions[_name(schema)], **{key: value for key, value in schema.items() if key != "$ref"}}


def _without_null(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Reduce "X or null, null by default" to X: the argument is optional anyway."""
    branches = cast("list[Schema]", schema.get("anyOf", []))
    others = [branch for branch in branches if branch != {"type": "null"}]
    kept = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    if len(others) != 1:
        return kept
    return {**others[0], **{key: value for key, value in kept.items() if key != "anyOf"}}


def _required_first(schema: Schema) -> Schema:
    """Sort required properties before the others, each in their order."""
    required: list[str] = schema.get("required", [])
    properties: Schema = schema.get("properties", {})
    if not required or not properties:
        return schema
    ordered = [
        *(name for name in required if name in properties),
        *(name for name in properties if name not in required),
    ]
    return {**schema, "properties": {name: properties[name] for name in ordered}}

"""PHP arrays on the wire: `a[b][0]=c` in forms, and maps that turn into lists in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast
from urllib.parse import parse_qsl

from tool_specs.declaration.wire import Json

MAX_DEPTH: Final = 64
NAME: Final = re.compile(r"([^\[]+)((?:\[[^\]]*\])*)")
NUMBER: Final = re.compile(r"[0-9]{1,9}")
KEY: Final = re.compile(r"\[([^\]]*)\]")


def from_query(text: str) -> dict[str, Json]:
    """Read a query string or a form body."""
    return from_pairs(parse_qsl(text, keep_blank_values=True))


def from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, Json]:
    """Put names such as `clients[0][type][code]` together; an empty array cannot be written this way."""
    tree: dict[str, Json] = {}
    for name, value in pairs:
        if match := NAME.match(name):
            _put(tree, [match[1], *KEY.findall(match[2])][:MAX_DEPTH], value)
    return {key: _lists(value) for key, value in tree.items()}


def _put(tree: dict[str, Json], keys: list[str], value: str) -> None:
    here = tree
    for key in keys[:-1]:
        there: Json = here.setdefault(_key(here, key), {})
        if not isinstance(there, dict):
            return
        here = cast("dict[str, Json]", there)
    here[_key(here, keys[-1])] = value


def _key(here: dict[str, Json], key: str) -> str:
    """Return `[]` the next number."""
    return key or str(max((int(known) for known in here if NUMBER.fullmatch(known)), default=-1) + 1)


def _lists(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    return as_json({key: _lists(inner) for key, inner in cast("dict[str, Json]", value).items()})


def values_of(array: Json) -> list[Json]:
    """Return the values of a PHP array, whichever way JSON wrote it; what is none has no values."""
    if isinstance(array, dict):
        return list(cast("dict[str, Json]", array).values())
    return list(cast("Sequence[Json]", array)) if isinstance(array, list) else []


def lower_keys(array: Mapping[str, Json]) -> dict[str, Json]:
    """Write the keys in lower case."""
    return {key.lower(): value for key, value in array.items()}


def as_json(array: Mapping[str, Json]) -> Json:
    """Write a PHP array as JSON: a list when its keys are 0, 1, 2 and so on, which an empty one's are."""
    return list(array.values()) if list(array) == [str(number) for number in range(len(array))] else dict(array)

"""The texts of a batch: `method?query`, with `$result[key][field]` for what an earlier command answered.

Source: https://apidocs.bitrix24.com/settings/how-to-call-rest-api/batch.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from linkdesk.sandbox.php_array import NUMBER, from_query
from tool_specs.declaration.wire import Json

MAX_COMMANDS: Final = 50
REFERENCE: Final = re.compile(r"\$result((?:\[[^\]]*\])+)")
KEY: Final = re.compile(r"\[([^\]]*)\]")
FALSE: Final = frozenset({"", "0", "false", "False", "None"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a batch."""

    key: str
    method: str
    query: str

    def params(self, results: Mapping[str, Json]) -> dict[str, Json]:
        """Read the query, with references to earlier results filled in."""
        return cast("dict[str, Json]", _fill_references(from_query(self.query), results))


def parse_commands(params: Mapping[str, Json]) -> list[Command]:
    """List the commands in their order; what is no text is a command without a method."""
    given = params.get("cmd")
    if isinstance(given, list):
        given = {str(number): text for number, text in enumerate(cast("Sequence[Json]", given))}
    if not isinstance(given, dict):
        return []
    return [_command(key, text) for key, text in cast("dict[str, Json]", given).items()]


def halts_on_error(params: Mapping[str, Json]) -> bool:
    """Return whether the first error ends the batch."""
    return str(params.get("halt")) not in FALSE


def _command(key: str, text: Json) -> Command:
    method, _, query = text.partition("?") if isinstance(text, str) else ("", "", "")
    return Command(key, method, query)


def _fill_references(value: Json, results: Mapping[str, Json]) -> Json:
    if isinstance(value, dict):
        return {key: _fill_references(inner, results) for key, inner in cast("dict[str, Json]", value).items()}
    if isinstance(value, list):
        return [_fill_references(inner, results) for inner in cast("Sequence[Json]", value)]
    text = cast("str", value)
    if match := REFERENCE.fullmatch(text):
        return _resolve_reference(match, results)
    return REFERENCE.sub(lambda match: _as_text(_resolve_reference(match, results)), text)


def _resolve_reference(match: re.Match[str], results: Mapping[str, Json]) -> Json:
    here: Json = results
    for key in KEY.findall(match[1]):
        if isinstance(here, Mapping):
            here = cast("Mapping[str, Json]", here).get(key)
        elif isinstance(here, list) and NUMBER.fullmatch(key) and int(key) < len(cast("Sequence[Json]", here)):
            here = cast("Sequence[Json]", here)[int(key)]
        else:
            return None
    return here


def _as_text(value: Json) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)

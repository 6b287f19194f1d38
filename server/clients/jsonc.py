"""Inserting an entry into JSON text while keeping its comments and layout.

The entry is inserted into the text, and the result is parsed again: it must hold the entry and everything that was
there before, otherwise an error is raised.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/|[{}\[\],:]|[^\s"{}\[\],:/]+|\s+|/', re.DOTALL)
_COMMENT: Final = ("//", "/*")


class UnreadableError(ValueError):
    """The text is not a JSON object, or the entry cannot be inserted into it."""


def read(text: str) -> dict[str, Any]:
    """Parse JSON with comments and trailing commas.

    Raises:
        UnreadableError: the text is not a JSON object.
    """
    if not text.strip():
        return {}
    tokens = [part for part in _TOKEN.findall(text) if not part.startswith(_COMMENT) and part.strip()]
    kept = [
        part
        for part, following in zip(tokens, [*tokens[1:], ""], strict=True)
        if not (part == "," and following in {"}", "]"})
    ]
    try:
        found: object = json.loads(" ".join(kept))
    except (ValueError, RecursionError) as error:
        raise UnreadableError from error
    if not isinstance(found, dict):
        raise UnreadableError
    return cast("dict[str, Any]", found)


def with_entry(text: str, under: str, name: str, entry: dict[str, Any]) -> str:
    """Return the text with the entry `name` inserted into the object `under`, or replaced in it.

    Raises:
        UnreadableError: the text, or its member `under`, is not a JSON object.
    """
    before = read(text)
    servers = before.get(under, {})
    if not isinstance(servers, dict):
        raise UnreadableError
    wanted = {**before, under: {**cast("dict[str, Any]", servers), name: entry}}
    if not text.strip():
        return json.dumps(wanted, ensure_ascii=False, indent=2) + "\n"
    value = json.dumps(entry, ensure_ascii=False, indent=2)
    if name in servers:
        start, end = _value_span(text, (under, name))
        made = text[:start] + _indented(value, _indent_of(text, start)) + text[end:]
    elif under in before:
        start, _ = _value_span(text, (under,))
        made = _insert_member(text, start, f"{json.dumps(name)}: {value}", empty=not servers)
    else:
        start, _ = _value_span(text, ())
        inner = f"{json.dumps(under)}: {json.dumps({name: entry}, ensure_ascii=False, indent=2)}"
        made = _insert_member(text, start, inner, empty=not before)
    if read(made) != wanted:
        raise UnreadableError
    return made


def _insert_member(text: str, brace: int, member: str, *, empty: bool) -> str:
    """Insert a member at the start of an object, so that everything after it, comments too, stays unchanged."""
    indent = _indent_of(text, brace) + "  "
    rest = text[brace + 1 :]
    end = "" if not empty else f"\n{_indent_of(text, brace)}" if rest.lstrip(" \t").startswith("}") else ""
    return f"{text[: brace + 1]}\n{indent}{_indented(member, indent)}{'' if empty else ','}{end}{rest}"


def _indented(text: str, indent: str) -> str:
    return text.replace("\n", f"\n{indent}")


def _indent_of(text: str, place: int) -> str:
    line = text[text.rfind("\n", 0, place) + 1 : place]
    return line[: len(line) - len(line.lstrip())]


def _value_span(text: str, path: tuple[str, ...]) -> tuple[int, int]:
    """Return the span of the value at a path of keys; of duplicate keys the last one, as JSON parsers take it."""
    keys: list[str | None] = []
    last: str | None = None
    found, start = (-1, -1), -1
    for match in _TOKEN.finditer(text):
        part = match.group()
        if part.startswith(_COMMENT) or part.isspace():
            continue
        here = tuple(keys) == path
        match part:
            case "}" | "]":
                keys.pop()
                found = (start, match.end()) if tuple(keys) == path else found
            case "{" | "[":
                start = match.start() if here else start
                keys.append(None)
            case ":":
                keys[-1] = last
            case ",":
                keys[-1] = None
            case _:
                last = json.loads(part) if part.startswith('"') else None
                found = match.span() if here else found
    if found == (-1, -1):
        raise UnreadableError
    return found

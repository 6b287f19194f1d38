"""Inserting an entry into TOML text while keeping its comments and layout."""

from __future__ import annotations

from typing import Any, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import InlineTable

from server.clients.jsonc import UnreadableError


def with_entry(text: str, under: str, name: str, entry: dict[str, Any]) -> str:
    """Return the text with the table `under.name` inserted or replaced.

    Raises:
        UnreadableError: the text is not TOML, or `under` is not a table in it.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise UnreadableError from error
    before = document.unwrap()
    if not isinstance(before.get(under, {}), dict):
        raise UnreadableError
    if under not in document:
        document[under] = tomlkit.table(is_super_table=True)
    servers = cast("dict[str, Any]", document[under])
    table = tomlkit.inline_table() if isinstance(servers, InlineTable) else tomlkit.table()
    for key, value in entry.items():
        table.append(key, value)
    servers[name] = table
    made = tomlkit.dumps(document)
    if tomlkit.parse(made).unwrap() != {**before, under: {**before.get(under, {}), name: entry}}:
        raise UnreadableError
    return made

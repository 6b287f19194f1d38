"""The catalogues of methods and of errors as JSON data."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from typing import Any, Final

from linkdesk.errors.base import Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import mcp as protocol_errors
from linkdesk.errors.lookup import CatalogueEntry, all_entries, find_entries, nearest_code
from linkdesk.errors.lookup_text import sources_text
from linkdesk.model.json_schema import Schema, plain
from linkdesk.text.sanitize import one_line
from tool_specs import TOOLS
from tool_specs.declaration.method import Method

PAGES: Final = "https://apidocs.bitrix24.com/api-reference/"
MAX_NAME_LENGTH: Final = 64
MAX_SUGGESTIONS: Final = 5
MAX_SOURCES: Final = 6
"""Methods named as sources of an error in the list of all errors."""


def method_list(offered: Collection[str]) -> Schema:
    """Return a summary of every tool."""
    return {"methods": [_method(method, offered) for method in TOOLS]}


def method_details(name: str, offered: Collection[str]) -> Schema:
    """Return the full declaration of one tool, found by its name or by that of its REST method.

    Raises:
        Trouble: there is no such tool.
    """
    wanted = name.casefold()
    for found in TOOLS:
        if wanted in (found.name(), found.rest.casefold() or None):
            return {
                **_method(found, offered),
                "description": found.description(),
                "page": f"{PAGES}{found.page}" if found.page else None,
                "slash": None if found.slash is None else {"en": f"/{found.slash.en}", "ru": f"/{found.slash.ru}"},
                "arguments": plain(found.model_json_schema()),
                "errors": {code: failure.code for code, failure in found.fails.items()},
            }
    near = difflib.get_close_matches(
        name[:MAX_NAME_LENGTH], [tool.name() for tool in TOOLS], n=MAX_SUGGESTIONS, cutoff=0.4
    )
    raise Trouble(
        own_errors.UNKNOWN_TOOL, {"tools": ", ".join(near or [tool.name() for tool in TOOLS[:MAX_SUGGESTIONS]])}
    )


def _method(found: type[Method[Any]], offered: Collection[str]) -> Schema:
    return {
        "tool": found.name(),
        "title": found.title.en,
        "rest": found.rest or None,
        "scope": found.scope or None,
        "effect": found.effect.value,
        "toolset": found.toolset,
        "offered": found.name() in offered,
    }


def error_list() -> Schema:
    """Return a summary of every error code."""
    return {"errors": [_error(entry) for entry in all_entries()]}


def error_details(code: str) -> Schema:
    """Return every meaning of an error code, ours or Bitrix24's.

    Raises:
        Trouble: the code is unknown.
    """
    found = find_entries(code)
    if not found:
        near = nearest_code(code)
        facts = {"given": one_line(code, MAX_NAME_LENGTH), "near": near or "linkdesk://errors"}
        raise Trouble(protocol_errors.UNKNOWN_ERROR_CODE, facts)
    return {"errors": [_error_details(entry) for entry in found]}


def _error(entry: CatalogueEntry) -> Schema:
    return {
        "code": entry.failure.code,
        "vendor_codes": list(entry.vendor_codes),
        "what": entry.with_placeholders(entry.failure.what).en,
        "comes_from": sources_text(entry, "en", MAX_SOURCES),
    }


def _error_details(entry: CatalogueEntry) -> Schema:
    failure = entry.failure
    return {
        **_error(entry),
        "what_ru": entry.with_placeholders(failure.what).ru,
        "why": None if failure.why is None else entry.with_placeholders(failure.why).en,
        "next": entry.with_placeholders(failure.next).en,
        "who": failure.who.value,
        "retryable": failure.retryable,
        "can_have_changed": entry.can_have_changed,
        "comes_from": sources_text(entry, "en"),
    }

"""Selection of the offered tools: by default, by toolset, by name, or read-only ones."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Any, Final

from linkdesk.errors.base import NotConfigured
from tool_specs import TOOLS
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset

ALL: Final = "all"
DEFAULT_TOOLSETS: Final = frozenset({Toolset.LINKS, Toolset.CHANGES})
DEFAULT_TOOLS: Final = frozenset(
    {"list_bookings", "get_booking", "list_waitlist_entries", "find_crm_items", "find_activities"},
)
"""Tools of other toolsets that find the ids the linking tools need."""


def is_default(method: type[Method[Any]]) -> bool:
    """Return whether a tool is offered by default."""
    return method.toolset in DEFAULT_TOOLSETS or method.name() in DEFAULT_TOOLS


def select_tools(
    toolsets: Collection[str] = (), tools: Collection[str] = (), *, read_only: bool = False
) -> tuple[type[Method[Any]], ...]:
    """Select the tools of the given toolsets and names, or the default ones if none are given.

    Raises:
        NotConfigured: a name is unknown, or no tool is left.
    """
    _check_names(toolsets, [ALL, *Toolset], Localized(en="toolset", ru="набор инструментов"))
    _check_names(tools, [method.name() for method in TOOLS], Localized(en="tool", ru="инструмент"))
    offered = tuple(
        method
        for method in TOOLS
        if (is_default(method) if not toolsets and not tools else _is_named(method, toolsets, tools))
        and not (read_only and method.effect is not Effect.READ)
    )
    if not offered:
        raise NotConfigured(
            Localized(
                en="These settings leave no tools to offer. Choose other tools, or turn read-only mode off.",
                ru="С такими настройками не остаётся ни одного инструмента: "
                "выберите другие наборы или инструменты либо отключите режим «только чтение».",
            ),
        )
    return offered


def _is_named(method: type[Method[Any]], toolsets: Collection[str], tools: Collection[str]) -> bool:
    return ALL in toolsets or method.toolset in toolsets or method.name() in tools


def _check_names(given: Iterable[str], known: list[str], kind: Localized) -> None:
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=5, cutoff=0.4) or known
            raise NotConfigured(
                Localized(
                    en=f"There is no {kind.en} {name!r}. Did you mean one of these: {', '.join(near)}?",
                    ru=f"Неизвестный {kind.ru}: {name!r}. Возможно, имелось в виду: {', '.join(near)}.",
                ),
            )

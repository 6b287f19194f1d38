"""Which tools are offered: by default, by toolset, one by one, or only those that read."""

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
"""Those of other toolsets that find the ids the linking tools ask for."""


def is_default(method: type[Method[Any]]) -> bool:
    """Tell whether a tool is offered when nothing is set."""
    return method.toolset in DEFAULT_TOOLSETS or method.name() in DEFAULT_TOOLS


def select_tools(
    toolsets: Collection[str] = (), tools: Collection[str] = (), *, read_only: bool = False
) -> tuple[type[Method[Any]], ...]:
    """Choose the tools of the toolsets and the single ones; the default set where neither is named.

    Raises:
        NotConfigured: a name is none, or no tool is left.
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
                en="These settings leave no tool to offer: choose other toolsets or tools, or allow changes.",
                ru="С такими настройками не остаётся ни одного инструмента: "
                "выберите другие наборы или инструменты либо разрешите изменения.",
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
                    en=f"There is no {kind.en} {name!r}. Perhaps one of these is meant: {', '.join(near)}.",
                    ru=f"Нет такого имени ({kind.ru}): {name!r}. Возможно, имелось в виду: {', '.join(near)}.",
                ),
            )

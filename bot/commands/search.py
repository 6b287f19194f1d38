"""Searches without a type: the same text among contacts, companies and deals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from linkdesk.model.outcome import Outcome, ReadResult
from linkdesk.model.views import CrmItemsView
from tool_specs.declaration.method import Method
from tool_specs.methods.crm_item import FindCrmItems

EVERYWHERE: Final = ("contact", "company", "deal")
"""Where a command looks that names no type, in the order of what people mostly look for."""


def search_everywhere(methods: Sequence[Method[Any]]) -> Sequence[Method[Any]]:
    """Make a search of each usual type where none was named; give anything else as it is."""
    if len(methods) != 1 or not isinstance(methods[0], FindCrmItems) or "type" in methods[0].model_fields_set:
        return methods
    return [methods[0].model_copy(update={"type": kind}) for kind in EVERYWHERE]


def searches_of(methods: Sequence[Method[Any]]) -> list[FindCrmItems]:
    """Return the searches that one command became; none where it is anything else."""
    found = [method for method in methods if isinstance(method, FindCrmItems)]
    return found if [method.type for method in found] == [*EVERYWHERE] else []


def is_empty(outcome: Outcome) -> bool:
    """Return whether a search found nothing."""
    return isinstance(outcome, ReadResult) and isinstance(outcome.shown, CrmItemsView) and not outcome.shown.items

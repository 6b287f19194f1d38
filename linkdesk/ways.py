"""Which coroutine does which request. A method that is a tool and is missing here fails a test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from linkdesk.doing import bindings, linked_lists
from linkdesk.linked_lists import LINKED_LISTS
from linkdesk.outcome import Outcome
from linkdesk.work import Work
from tool_specs.activity_binding import (
    AddActivityBinding,
    DeleteActivityBinding,
    ListActivityBindings,
    MoveActivityBinding,
)
from tool_specs.method import Method

Way: TypeAlias = Callable[[Work, Any], Awaitable[Outcome]]

WAYS: Final[Mapping[type[Method[Any]], Way]] = {
    **{one.reads: linked_lists.list_items for one in LINKED_LISTS},
    **{one.sets: linked_lists.change_items for one in LINKED_LISTS},
    **{one.unsets: linked_lists.change_items for one in LINKED_LISTS},
    ListActivityBindings: bindings.list_bindings,
    AddActivityBinding: bindings.change_bindings,
    DeleteActivityBinding: bindings.change_bindings,
    MoveActivityBinding: bindings.change_bindings,
}

"""From what people typed to what is asked at the desk: with what they want to see beside, many alike as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from linkdesk.approvals import A_FEW
from tool_specs.arguments import Mode
from tool_specs.booking_links import SetBookingLinks
from tool_specs.bulk import LinkBookings
from tool_specs.lists import Lists
from tool_specs.method import Effect, Method

SCREENFUL: Final = 10
"""How many rows of a list are shown first; the rest comes when it is wanted."""


def in_full(method: Method[Any]) -> Method[Any]:
    """Give a read with what a person wants to see of it, where they said nothing else; models ask for it themselves."""
    if method.effect is not Effect.READ:
        return method
    known = type(method).model_fields
    wanted: dict[str, Any] = {name: True for name in ("with_links", "with_clients") if name in known}
    if isinstance(method, Lists) and "cursor" in known:
        wanted["limit"] = SCREENFUL
    return method.model_copy(
        update={name: value for name, value in wanted.items() if name not in method.model_fields_set}
    )


def as_one(methods: Sequence[Method[Any]]) -> Sequence[Method[Any]]:
    """Make one request of many that link the same deals: it has one plan, one report, and can be stopped."""
    links = [method for method in methods if isinstance(method, SetBookingLinks) and method.mode is Mode.ADD]
    alike = len(links) == len(methods) > A_FEW and all(method.links == links[0].links for method in links)
    return [LinkBookings(booking_ids=[one.booking_id for one in links], links=links[0].links)] if alike else methods

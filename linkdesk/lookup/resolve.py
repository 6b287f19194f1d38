"""Arguments with names in them, made arguments with ids: what is clear is filled in, the rest is asked.

What is filled in this way was found by a name: a person has to see it before anything is changed by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.lookup import bookings
from linkdesk.lookup import crm_items as items
from linkdesk.lookup.descriptions import BOOKING_ID, BookingSaid, Described, ItemSaid, descriptions, put
from linkdesk.lookup.queries import Choice, Reader, together
from linkdesk.lookup.scoring import Sifted
from tool_specs.declaration.method import Method

OF_CLIENTS: Final = frozenset({"client", "clients"})
"""Arguments that name contacts or companies: whoever is named without a word for either may be one or the other."""


@dataclass(frozen=True, slots=True)
class Open:
    """An argument that is not settled."""

    argument: str
    """Its name; `booking_id` for a booking that was described."""
    said: str
    """What the person said of it: one line of at most 100 characters."""
    choices: tuple[Choice, ...]
    """The likeliest first, at most 25. One alone is alike and not the same, so it is asked too. Empty: none found."""
    near: tuple[Choice, ...] = ()
    """What comes near, at most 5, where nothing was found."""
    place: int | None = None
    """Which item of a list it is."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What came of looking names up."""

    arguments: dict[str, Any]
    """Those given, with ids for what was found; what is open stays described."""
    found: tuple[Choice, ...]
    """What was filled in, to be shown."""
    open: tuple[Open, ...]
    """What has to be asked, in order; empty: ready."""


def described(arguments: Mapping[str, Any]) -> bool:
    """Tell whether any of the arguments is described and has to be looked up."""
    return bool(descriptions(arguments))


def settled(arguments: Mapping[str, Any], question: Open, choice: Choice) -> dict[str, Any]:
    """Give the arguments with what a person chose for one that was open."""
    return put(arguments, question.argument, question.place, choice.value)


async def resolve(desk: Desk, actor: Actor, method: type[Method[Any]], arguments: Mapping[str, Any]) -> Resolved:
    """Look up everything that is described, at once.

    Args:
        desk: where it is looked up.
        actor: who asks: nobody finds what they may not see.
        method: what the arguments are for.
        arguments: as the reader of plain language gives them.

    Raises:
        Trouble: something cannot be looked up.
    """
    wanted = descriptions(arguments)
    reader = Reader(desk, actor)
    answers = await together([_found(reader, method, one) for one in wanted])
    filled, found, left = dict(arguments), list[Choice](), list[Open]()
    for one, answer in zip(wanted, answers, strict=True):
        if len(answer.exact) == 1:
            filled = put(filled, one.argument, one.place, answer.exact[0].value)
            found.append(answer.exact[0])
        else:
            near = () if answer.likeliest else answer.near
            left.append(Open(one.argument, one.said, answer.likeliest, near, one.place))
    return Resolved(filled, tuple(found), tuple(left))


async def _found(reader: Reader, method: type[Method[Any]], wanted: Described) -> Sifted[Choice]:
    match wanted.of:
        case BookingSaid() as booking if BOOKING_ID in method.model_fields:
            return await bookings.find(reader, booking)
        case ItemSaid() as item:
            kinds = ("contact", "company") if wanted.argument in OF_CLIENTS else ()
            return await items.find(reader, item, tuple(dict.fromkeys((item.type, *kinds))))
        case _:
            return Sifted()

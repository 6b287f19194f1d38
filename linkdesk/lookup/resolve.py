"""Resolve names in arguments to ids: clear matches are filled in, the rest is left to ask about.

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
from linkdesk.lookup.descriptions import (
    BOOKING_ID,
    BookingDescription,
    DescribedArgument,
    ItemDescription,
    find_descriptions,
    replace_description,
)
from linkdesk.lookup.queries import Candidate, LookupReader, run_together
from linkdesk.lookup.scoring import RankedCandidates
from tool_specs.declaration.method import Method

CLIENT_TYPES: Final = frozenset({"client", "clients"})
"""Arguments that name contacts or companies: whoever is named without a word for either may be one or the other."""


@dataclass(frozen=True, slots=True)
class UnresolvedArgument:
    """An argument with no clear match."""

    argument: str
    """Its name; `booking_id` for a booking that was described."""
    text: str
    """What the person said of it: one line of at most 100 characters."""
    candidates: tuple[Candidate, ...]
    """The likeliest first, at most 25. One alone is alike and not the same, so it is asked too. Empty: none found."""
    near_matches: tuple[Candidate, ...] = ()
    """What comes near, at most 5, where nothing was found."""
    place: int | None = None
    """Which item of a list it is."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The outcome of resolving names."""

    arguments: dict[str, Any]
    """Those given, with ids for what was found; what is open stays described."""
    found: tuple[Candidate, ...]
    """What was filled in, to be shown."""
    unresolved: tuple[UnresolvedArgument, ...]
    """What has to be asked, in order; empty: ready."""


def has_descriptions(arguments: Mapping[str, Any]) -> bool:
    """Return whether any argument is a description to look up."""
    return bool(find_descriptions(arguments))


def with_candidate(arguments: Mapping[str, Any], question: UnresolvedArgument, choice: Candidate) -> dict[str, Any]:
    """Return the arguments with the chosen candidate filled in."""
    return replace_description(arguments, question.argument, question.place, choice.value)


async def resolve(desk: Desk, actor: Actor, method: type[Method[Any]], arguments: Mapping[str, Any]) -> Resolution:
    """Look up all descriptions concurrently.

    Args:
        desk: where it is looked up.
        actor: who asks: nobody finds what they may not see.
        method: what the arguments are for.
        arguments: as the reader of plain language gives them.

    Raises:
        Trouble: something cannot be looked up.
    """
    wanted = find_descriptions(arguments)
    reader = LookupReader(desk, actor)
    answers = await run_together([_found(reader, method, one) for one in wanted])
    filled, found, left = dict(arguments), list[Candidate](), list[UnresolvedArgument]()
    for one, answer in zip(wanted, answers, strict=True):
        if len(answer.exact) == 1:
            filled = replace_description(filled, one.argument, one.place, answer.exact[0].value)
            found.append(answer.exact[0])
        else:
            near = () if answer.best_group else answer.near
            left.append(UnresolvedArgument(one.argument, one.text, answer.best_group, near, one.place))
    return Resolution(filled, tuple(found), tuple(left))


async def _found(
    reader: LookupReader, method: type[Method[Any]], wanted: DescribedArgument
) -> RankedCandidates[Candidate]:
    match wanted.description:
        case BookingDescription() as booking if BOOKING_ID in method.model_fields:
            return await bookings.find_bookings(reader, booking)
        case ItemDescription() as item:
            kinds = ("contact", "company") if wanted.argument in CLIENT_TYPES else ()
            return await items.find_items(reader, item, tuple(dict.fromkeys((item.type, *kinds))))
        case _:
            return RankedCandidates()

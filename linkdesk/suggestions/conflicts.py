"""Which bookings have the time that another was refused for.

The portal answers one code for everything that is wrong with a booking. A resource may be shared by two at a time:
where two are there, they are why, and they are named. Where fewer are, nothing is guessed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from linkdesk.errors.base import Changed, PortalError, Trouble
from linkdesk.errors.codes.booking import TIME_TAKEN
from linkdesk.execution.context import Work
from linkdesk.suggestions.enrich_error import PATIENCE_S
from linkdesk.suggestions.record_labels import Glance, Seen
from tool_specs.failures.booking import BOOKING_NOT_CHANGED, BOOKING_NOT_CREATED, WAITLIST_ENTRY_NOT_BOOKED
from tool_specs.methods.booking import ListBookings

AT_ONCE: Final = 2
"""Bookings that may share a resource at a time."""
MOST: Final = 8
"""How many bookings of a time the clients are looked up for."""
_MAY_BE_TAKEN: Final = frozenset({BOOKING_NOT_CREATED, BOOKING_NOT_CHANGED, WAITLIST_ENTRY_NOT_BOOKED, TIME_TAKEN})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The time and the resources that were asked for; `booking_id` is the booking that has them itself."""

    resource_ids: Sequence[int]
    start: datetime
    end: datetime
    booking_id: int | None = None


@asynccontextmanager
async def named_if_taken(work: Work, wanted: Wanted) -> AsyncGenerator[None]:
    """Let a refusal of the block name the bookings that are in the way, after one look at that time."""
    try:
        yield
    except Trouble as trouble:
        if trouble.failure not in _MAY_BE_TAKEN or trouble.changed is not Changed.NO:
            raise
        raise await _named(trouble, work, wanted) from None


async def _named(trouble: Trouble, work: Work, wanted: Wanted) -> Trouble:
    trouble.looked = True
    glance = Glance(work.zone)
    read = glance.bookings(ListBookings.model_construct(date_from=wanted.start, date_to=wanted.end), most=MOST)
    try:
        async with asyncio.timeout(PATIENCE_S):
            seen = read(await glance.taken(work.portal))
    except (PortalError, TimeoutError):
        return trouble
    there = [one for one in seen if _meets(one, wanted)]
    fewest = 1 if trouble.failure == TIME_TAKEN else AT_ONCE
    in_the_way: dict[int, Seen] = {}
    for number in wanted.resource_ids:
        its = [one for one in there if number in one.resource_ids]
        if len(its) >= fewest:
            in_the_way.update({one.known.id: one for one in its})
    if not in_the_way:
        return trouble
    told = Trouble(TIME_TAKEN, trouble.facts, changed=trouble.changed, vendor_code=trouble.vendor_code)
    told.known, told.looked = trouble.known, True
    told.in_the_way = tuple(one.known for one in in_the_way.values())
    return told


def _meets(seen: Seen, wanted: Wanted) -> bool:
    if seen.known.id == wanted.booking_id or seen.start is None or seen.end is None:
        return False
    return seen.start < wanted.end.timestamp() and wanted.start.timestamp() < seen.end

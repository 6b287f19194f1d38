"""Name the bookings that occupy a refused time.

The portal answers one code for everything that is wrong with a booking. A resource may be shared by two bookings at a
time: if two overlap, they are the reason and are named; if fewer do, nothing is guessed.
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
from linkdesk.execution.context import RequestContext
from linkdesk.suggestions.enrich_error import LOOKUP_TIMEOUT_S
from linkdesk.suggestions.record_labels import LabelledRecord, LabelLookup
from tool_specs.failures.booking import BOOKING_NOT_CHANGED, BOOKING_NOT_CREATED, WAITLIST_ENTRY_NOT_BOOKED
from tool_specs.methods.booking import ListBookings

MAX_SHARING: Final = 2
"""Maximum number of bookings that may share a resource at a time."""
MAX_BOOKINGS: Final = 8
"""Maximum number of bookings whose clients are read."""
_MAY_BE_TAKEN: Final = frozenset({BOOKING_NOT_CREATED, BOOKING_NOT_CHANGED, WAITLIST_ENTRY_NOT_BOOKED, TIME_TAKEN})


@dataclass(frozen=True, slots=True)
class RequestedTime:
    """The requested time and resources; `booking_id` is the booking that is being moved."""

    resource_ids: Sequence[int]
    start: datetime
    end: datetime
    booking_id: int | None = None


@asynccontextmanager
async def naming_conflicts(context: RequestContext, wanted: RequestedTime) -> AsyncGenerator[None]:
    """Add the conflicting bookings to an error raised by the block, after one read of that time."""
    try:
        yield
    except Trouble as trouble:
        if trouble.failure not in _MAY_BE_TAKEN or trouble.changed is not Changed.NO:
            raise
        raise await _with_conflicts(trouble, context, wanted) from None


async def _with_conflicts(trouble: Trouble, context: RequestContext, wanted: RequestedTime) -> Trouble:
    trouble.looked = True
    lookup = LabelLookup(context.zone)
    read = lookup.bookings(ListBookings.model_construct(date_from=wanted.start, date_to=wanted.end), most=MAX_BOOKINGS)
    try:
        async with asyncio.timeout(LOOKUP_TIMEOUT_S):
            seen = read(await lookup.taken(context.portal))
    except (PortalError, TimeoutError):
        return trouble
    there = [one for one in seen if _overlaps(one, wanted)]
    fewest = 1 if trouble.failure == TIME_TAKEN else MAX_SHARING
    in_the_way: dict[int, LabelledRecord] = {}
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


def _overlaps(seen: LabelledRecord, wanted: RequestedTime) -> bool:
    if seen.known.id == wanted.booking_id or seen.start is None or seen.end is None:
        return False
    return seen.start < wanted.end.timestamp() and wanted.start.timestamp() < seen.end

"""Add record labels to an error, and "did you mean" candidates for an id that does not exist.

This takes one request after the failure, and none if the connection itself failed: a limit, a lost response, a
permission. If that request fails, the error stays as it was.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, cast

import structlog

from linkdesk.errors.base import PortalError, Trouble
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes.booking import BOOKING_VALUE_REFUSED, TIME_TAKEN
from linkdesk.execution.context import RequestContext
from linkdesk.model.record_label import SimilarRecords
from linkdesk.portal.batch_refs import StepResults
from linkdesk.suggestions.did_you_mean import OTHER_KINDS, nearest_in_time, neighbours, rank_candidates, typos
from linkdesk.suggestions.recent_ids import recent_ids
from linkdesk.suggestions.record_labels import LabelledRecord, LabelLookup, Read
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import ends_at, starts_at
from tool_specs.failures import booking as vendor
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.booking_links import ListBookingLinks
from tool_specs.methods.waitlist_links import ListWaitlistLinks

log = structlog.stdlib.get_logger()

LOOKUP_TIMEOUT_S: Final = 5
"""How long to wait for labels, as the error itself is known already."""
MAX_REFS: Final = 5
MAX_OF_TODAY: Final = 5
MAX_OF_CLIENT: Final = 3
MAX_LINKED: Final = 3
LOOKAHEAD: Final = timedelta(days=90)
"""How far ahead a client's bookings are read."""

OWNERS: Final[Mapping[str, str]] = {
    "booking": "booking_id",
    "waitlist": "waitlist_id",
    "activity": "activity_id",
    "resource": "resource_id",
}
"""The types of records with an id, and the argument that holds it."""
NOT_FOUND: Final[Mapping[Failure, str]] = {
    vendor.BOOKING_NOT_FOUND: "booking",
    vendor.WAITLIST_ENTRY_NOT_FOUND: "waitlist",
    vendor.ACTIVITY_NOT_FOUND: "activity",
}
ABOUT_RECORDS: Final = frozenset(
    {
        vendor.BOOKING_NOT_UPDATED,
        vendor.BOOKING_NOT_CHANGED,
        vendor.BOOKING_NOT_DELETED,
        vendor.BOOKING_NOT_MOVED,
        vendor.WAITLIST_ENTRY_NOT_UPDATED,
        vendor.WAITLIST_ENTRY_NOT_DELETED,
        vendor.WAITLIST_ENTRY_NOT_BOOKED,
        vendor.ACTIVITY_ACCESS_DENIED,
        vendor.ALREADY_BOUND,
        vendor.NOT_BOUND,
        vendor.LAST_BINDING,
        vendor.SAME_ITEM,
        vendor.TYPES_DIFFER,
        vendor.PERIOD_REFUSED,
        vendor.RESOURCES_REFUSED,
        vendor.ITEM_NOT_FOUND,
        BOOKING_VALUE_REFUSED,
        TIME_TAKEN,
        own_errors.BAD_ARGUMENTS,
        own_errors.BINDING_LIMIT,
        own_errors.NOT_SAVED,
        own_errors.CLIENT_CAME_BACK,
        own_errors.CHANGED_MEANWHILE,
    }
)
"""Failures that are about the records of the request; others may be about the connection."""


async def enrich(trouble: Trouble, method: Method[Any], context: RequestContext) -> Trouble:
    """Add record labels and candidates to an error, and return the same error.

    Args:
        trouble: the error.
        method: the request that failed.
        context: the context of the request: labels are read with the same person's rights.
    """
    missing = _missing_record(trouble, method)
    about = _records_to_label(trouble, method, missing)
    if missing is None and not about:
        return trouble
    try:
        async with asyncio.timeout(LOOKUP_TIMEOUT_S):
            await _read_labels(trouble, method, context, missing, about)
    except (PortalError, Trouble, TimeoutError) as error:
        log.debug("naming.failed", request=method.name(), error=type(error).__name__)
    return trouble


def _missing_record(trouble: Trouble, method: Method[Any]) -> tuple[str, int] | None:
    """Return the record that was not found, if the request names it."""
    kind = NOT_FOUND.get(trouble.failure)
    if kind is not None:
        number = getattr(method, OWNERS[kind], None)
        return (kind, number) if isinstance(number, int) else None
    if trouble.failure != vendor.ITEM_NOT_FOUND:
        return None
    item = trouble.facts.get("item")
    said = item.en.split(", ") if isinstance(item, Localized) else []
    missing = [ref for ref in _refs(method) if ref.said.en in said]
    return (missing[0].type, missing[0].id) if missing else None


def _records_to_label(trouble: Trouble, method: Method[Any], missing: tuple[str, int] | None) -> list[tuple[str, int]]:
    """Return the records to label: those of the request that exist and have no label yet."""
    if trouble.looked or trouble.failure not in ABOUT_RECORDS:
        return []
    if any(one.type in OWNERS and one.name for one in trouble.known):
        return []
    owners = [(kind, getattr(method, field, None)) for kind, field in OWNERS.items()]
    found = [(kind, number) for kind, number in owners if isinstance(number, int)][:1]
    if missing is None:
        found += [(ref.type, ref.id) for ref in _refs(method)[:MAX_REFS]]
    return [one for one in dict.fromkeys(found) if one != missing]


def _refs(method: Method[Any]) -> list[CrmRef]:
    """Return the CRM items that a request names."""
    found: list[CrmRef] = []
    for name in type(method).model_fields:
        value = getattr(method, name)
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        found += [one for one in values if isinstance(one, CrmRef)]
    return list(dict.fromkeys(found))


async def _read_labels(
    trouble: Trouble,
    method: Method[Any],
    context: RequestContext,
    missing: tuple[str, int] | None,
    about: list[tuple[str, int]],
) -> None:
    lookup = LabelLookup(context.zone)
    names = [lookup.record(kind, number, companies=True) for kind, number in about]
    ranked = [] if missing is None else await _candidate_reads(lookup, method, context, *missing)
    followed = await lookup.taken(context.portal)
    known = [seen.known for read in names for seen in read(followed)]
    trouble.known = tuple(known) or trouble.known
    if missing is None:
        return
    now = context.now().timestamp()
    candidates = rank_candidates(_seen(ranked, followed, missing, now), now)
    trouble.meant = SimilarRecords(*missing, candidates) if candidates else None


def _seen(ranked: list[Read], followed: StepResults, missing: tuple[str, int], now: float) -> Iterator[LabelledRecord]:
    """Return what was read by likelihood; within a list, the nearest in time first."""
    for read in ranked:
        yield from (
            seen for seen in nearest_in_time(read(followed), now) if (seen.known.type, seen.known.id) != missing
        )


async def _candidate_reads(
    lookup: LabelLookup, method: Method[Any], context: RequestContext, kind: str, number: int
) -> list[Read]:
    """Return the reads that may find what was meant, likeliest first."""
    others = [
        lookup.record(other, number) for other in OTHER_KINDS.get(kind, ("activity",) if kind != "activity" else ())
    ]
    slips = [lookup.record(kind, one) for one in typos(number)]
    recent = [lookup.record(kind, one) for one in await recent_ids(context.recorder, kind) if one != number]
    beside = list(_related_reads(lookup, method, context, kind))
    near = [lookup.record(kind, one) for one in neighbours(number)]
    listed = list(_default_reads(lookup, context, kind))
    return [*others, *slips, *beside, *recent, *near, *listed]


def _related_reads(lookup: LabelLookup, method: Method[Any], context: RequestContext, kind: str) -> Iterator[Read]:
    """Read what belongs to the other records of the request."""
    if kind == "booking":
        for ref in [ref for ref in _refs(method) if ref.type in {"contact", "company"}][:1]:
            first, last = starts_at(context.today, context.zone), ends_at(context.today + LOOKAHEAD, context.zone)
            listing = ListBookings.model_construct(client=ref, date_from=first, date_to=last)
            yield lookup.bookings(listing, most=MAX_OF_CLIENT, client=ref)
    if kind == "activity":
        for ref in _refs(method)[:1]:
            yield lookup.activities(ref)
    if kind == "deal" and isinstance(booking := getattr(method, "booking_id", None), int):
        yield lookup.linked(ListBookingLinks(booking_id=booking), most=MAX_LINKED)
    if kind == "deal" and isinstance(entry := getattr(method, "waitlist_id", None), int):
        yield lookup.linked(ListWaitlistLinks(waitlist_id=entry), most=MAX_LINKED)


def _default_reads(lookup: LabelLookup, context: RequestContext, kind: str) -> Iterator[Read]:
    """Read the bookings of today, or the newest waitlist entries."""
    if kind == "booking":
        today = ListBookings.model_construct(
            date_from=starts_at(context.today, context.zone), date_to=ends_at(context.today, context.zone)
        )
        yield lookup.bookings(today, most=MAX_OF_TODAY)
    if kind == "waitlist":
        yield lookup.entries()

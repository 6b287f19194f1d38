"""Requests about many records: every record is looked at first, then they are one plan."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from linkdesk.errors.base import PortalError, Trouble
from linkdesk.execution.context import RequestContext
from linkdesk.execution.list_plan import refs_of
from linkdesk.execution.pagination import read_rows
from linkdesk.execution.snapshot import check_exists
from linkdesk.handlers.bookings import DAYS_AHEAD, DAYS_BACK
from linkdesk.handlers.linked_lists import target_of
from linkdesk.handlers.plans import counting_progress, plan_view
from linkdesk.model.outcome import AnyPlan, Outcome, ReadResult, SkippedPart, Waiting, WaitingMany
from linkdesk.plans.model import PlanState
from linkdesk.plans.runner import MAX_CONCURRENT
from tool_specs.declaration.failure import Who
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import ends_at, starts_at
from tool_specs.methods.booking import ListBookings
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks, UnsetBookingLinks
from tool_specs.methods.waitlist import ListWaitlistEntries
from tool_specs.methods.waitlist_links import ListWaitlistLinks, SetWaitlistLinks, UnsetWaitlistLinks
from tool_specs.recipes.bulk import LinkBookings, MoveDealLinks

MAX_SCANNED: Final = 2000
"""How many bookings, and how many waitlist entries, are looked through."""

PROGRESS_TEXT: Final = Localized(
    en="Looked at bookings from {first} to {last}, and at the waitlist.",
    ru="Просмотрены бронирования с {first} по {last} и лист ожидания.",
)
NOT_ALL: Final = Localized(
    en="There are more than could be looked through: repeat this afterwards.",
    ru="Записей больше, чем удалось просмотреть: повторите после этого ещё раз.",
)


async def link_bookings(work: RequestContext, method: LinkBookings) -> Outcome:
    """Link deals to many bookings.

    Raises:
        Trouble: none of them can be linked.
    """
    return await _many(work, method, [SetBookingLinks(booking_id=n, links=method.links) for n in method.booking_ids])


async def move_deal_links(work: RequestContext, method: MoveDealLinks) -> Outcome:
    """Put one deal in the place of another wherever that is linked: the new one joins first, then the old one goes.

    Raises:
        Trouble: a deal does not exist, or what is there cannot be read.
    """
    await check_exists(work.portal, method.source)
    await check_exists(work.portal, method.target)
    first, last = work.today - timedelta(days=DAYS_BACK), work.today + timedelta(days=DAYS_AHEAD)
    period = {"date_from": starts_at(first, work.zone), "date_to": ends_at(last, work.zone)}
    bookings = await read_rows(work.portal, ListBookings.model_validate(period), enough=MAX_SCANNED + 1)
    entries = await read_rows(work.portal, ListWaitlistEntries(), enough=MAX_SCANNED + 1)
    asked: list[Method[Any]] = [ListBookingLinks(booking_id=row.id) for row in bookings[:MAX_SCANNED]]
    asked += [ListWaitlistLinks(waitlist_id=row.id) for row in entries[:MAX_SCANNED]]
    found = await work.portal.batch(asked) if asked else []
    requests: list[Method[Any]] = []
    for reading, items in zip(asked, found, strict=True):
        if isinstance(items, PortalError):
            raise items
        if method.source not in refs_of(items):
            continue
        old, new = {"links": [method.source]}, {"links": [method.target]}
        if isinstance(reading, ListBookingLinks):
            owner = {"booking_id": reading.booking_id}
            requests += [
                SetBookingLinks.model_validate(owner | new),
                UnsetBookingLinks.model_validate(owner | old),
            ]
        elif isinstance(reading, ListWaitlistLinks):
            owner = {"waitlist_id": reading.waitlist_id}
            requests += [
                SetWaitlistLinks.model_validate(owner | new),
                UnsetWaitlistLinks.model_validate(owner | old),
            ]
    also = [PROGRESS_TEXT.format_map({"first": first.isoformat(), "last": last.isoformat()})]
    if max(len(bookings), len(entries)) > MAX_SCANNED:
        also.append(NOT_ALL)
    return await _many(work, method, requests, also=tuple(also), destroys=True)


async def _many(
    work: RequestContext,
    method: Method[Any],
    requests: Sequence[Method[Any]],
    *,
    also: tuple[Localized, ...] = (),
    destroys: bool = False,
) -> Outcome:
    """Think every request through; do them as one plan, or let a person decide about it."""
    line = asyncio.Semaphore(MAX_CONCURRENT)

    async def thought(request: Method[Any]) -> Outcome | Trouble:
        async with line:
            try:
                return await work.think(request)
            except Trouble as trouble:
                if trouble.failure.who is not Who.YOU:
                    raise
                return trouble

    came = await asyncio.gather(*(thought(request) for request in requests))
    plans: list[AnyPlan] = [one.plan for one in came if isinstance(one, Waiting)]
    targets = {plan.target for plan in plans}
    unfit = tuple(
        part
        for request, one in zip(requests, came, strict=True)
        if not isinstance(one, Waiting) and ((part := _unfit(request, one)).why or part.target not in targets)
    )
    if plans and work.policy.asks(destroys=destroys):
        return WaitingMany(asked=method, plans=tuple(plans), unfit=unfit, also=also)
    actor = work.recorder.actor
    stored = await work.approvals.keep(plans, actor, state=PlanState.APPROVED, unfit=unfit, also=also)
    done = await work.approvals.carry_out(stored, actor, heard=counting_progress(work.progress, len(plans)))
    return ReadResult(asked=method, shown=plan_view(done, work.zone))


def _unfit(request: Method[Any], came: Outcome | Trouble) -> SkippedPart:
    target = target_of(request)
    return (
        SkippedPart(target=target, why=came.what, code=came.failure.code)
        if isinstance(came, Trouble)
        else SkippedPart(target=target)
    )

"""Requests about many records: every part is planned first, then all of them become one plan."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
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
from linkdesk.model.outcome import AnyPlan, Outcome, ReadResult, RecordTarget, SkippedPart, Target, Waiting, WaitingMany
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
"""Maximum number of bookings, and of waitlist entries, that are searched."""

PROGRESS_TEXT: Final = Localized(
    en="Looked at bookings from {first} to {last}, and at the waitlist.",
    ru="Просмотрены бронирования с {first} по {last} и лист ожидания.",
)
NOT_ALL: Final = Localized(
    en="There are more than could be looked through: repeat this afterwards.",
    ru="Записей больше, чем удалось просмотреть: повторите после этого ещё раз.",
)


async def link_bookings(context: RequestContext, method: LinkBookings) -> Outcome:
    """Link deals to many bookings.

    Raises:
        Trouble: none of them can be linked.
    """
    requests = [SetBookingLinks(booking_id=number, links=method.links) for number in method.booking_ids]
    return await do_many(context, method, [(target_of(request), request) for request in requests])


async def move_deal_links(context: RequestContext, method: MoveDealLinks) -> Outcome:
    """Replace a deal by another wherever it is linked: the new one is added first, then the old one removed.

    Raises:
        Trouble: a deal does not exist, or the portal cannot be read.
    """
    await check_exists(context.portal, method.source)
    await check_exists(context.portal, method.target)
    first, last = context.today - timedelta(days=DAYS_BACK), context.today + timedelta(days=DAYS_AHEAD)
    period = {"date_from": starts_at(first, context.zone), "date_to": ends_at(last, context.zone)}
    bookings = await read_rows(context.portal, ListBookings.model_validate(period), enough=MAX_SCANNED + 1)
    entries = await read_rows(context.portal, ListWaitlistEntries(), enough=MAX_SCANNED + 1)
    asked: list[Method[Any]] = [ListBookingLinks(booking_id=row.id) for row in bookings[:MAX_SCANNED]]
    asked += [ListWaitlistLinks(waitlist_id=row.id) for row in entries[:MAX_SCANNED]]
    found = await context.portal.batch(asked) if asked else []
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
    parts = [(target_of(request), request) for request in requests]
    return await do_many(context, method, parts, also=tuple(also), destroys=True)


async def do_many(  # noqa: PLR0913 - what there is to say of the whole, each named
    context: RequestContext,
    method: Method[Any],
    parts: Sequence[tuple[Target | RecordTarget, Method[Any]]],
    *,
    also: tuple[Localized, ...] = (),
    destroys: bool = False,
    reviewed: Callable[[AnyPlan], AnyPlan] = lambda plan: plan,
) -> Outcome:
    """Plan every part, and carry them out as one plan or ask for its approval.

    Args:
        context: the surroundings of the request.
        method: the request that the parts belong to.
        parts: the requests, each with its target.
        also: remarks on the whole plan.
        destroys: whether the whole removes what was not named, whatever its parts do.
        reviewed: corrects the plan of a part by what is known of the whole.
    """
    line = asyncio.Semaphore(MAX_CONCURRENT)

    async def thought(request: Method[Any]) -> Outcome | Trouble:
        async with line:
            try:
                return await context.dry_run(request)
            except Trouble as trouble:
                if trouble.failure.who is not Who.YOU:
                    raise
                return trouble

    came = await asyncio.gather(*(thought(request) for _, request in parts))
    plans = [reviewed(one.plan) for one in came if isinstance(one, Waiting)]
    targets = {plan.target for plan in plans}
    unfit = tuple(
        part
        for (target, _), one in zip(parts, came, strict=True)
        if not isinstance(one, Waiting) and ((part := _skipped(target, one)).why or part.target not in targets)
    )
    if plans and context.policy.needs_approval(destroys=destroys or any(plan.destroys for plan in plans)):
        return WaitingMany(asked=method, plans=tuple(plans), unfit=unfit, also=also)
    actor = context.recorder.actor
    stored = await context.approvals.save(plans, actor, state=PlanState.APPROVED, unfit=unfit, also=also)
    done = await context.approvals.carry_out(stored, actor, on_step=counting_progress(context.progress, len(plans)))
    return ReadResult(asked=method, shown=plan_view(done, context.zone))


def _skipped(target: Target | RecordTarget, came: Outcome | Trouble) -> SkippedPart:
    if isinstance(came, Trouble):
        return SkippedPart(target=target, why=came.what, code=came.failure.code)
    return SkippedPart(target=target)

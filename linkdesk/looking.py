"""Looking things up before and beside a write: do the items exist, what are they called, when is the booking."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from babel.dates import format_datetime

from linkdesk.catalogue import said_all, translate
from linkdesk.errors import PortalError, Refused, Trouble
from linkdesk.outcome import About, Plan, Target
from tool_specs.booking import GetBooking, Period
from tool_specs.crm_item import CrmItem, GetCrmItem
from tool_specs.crm_ref import CrmRef
from tool_specs.said import Said
from tool_specs.vendor_errors import ITEM_NOT_FOUND

if TYPE_CHECKING:
    from linkdesk.desk import Calls

MOST_NAMES: Final = 20
"""How many items a listing looks up names for: each is a call."""


async def look_for(portal: Calls, plan: Plan) -> Plan:
    """Make sure that every item the plan adds exists, and learn its name; the portal itself would not look.

    Raises:
        Trouble: an item does not exist, or may not be seen.
    """
    # A person who is asked should read by name what will go; otherwise what goes was named by them.
    wanted = (*plan.added, *(plan.removed[:MOST_NAMES] if plan.destroys else ()))
    found, when = await asyncio.gather(
        asyncio.gather(*(_look(portal, ref) for ref in wanted)),
        _when(portal, plan.target),
    )
    looked = dict(zip(wanted, found, strict=True))
    seen = {ref: looked[ref] for ref in plan.added}
    missing = [ref for ref, item in seen.items() if _is(item, "NOT_FOUND")]
    if missing:
        raise Trouble(ITEM_NOT_FOUND, {"item": said_all(tuple(missing))}, vendor_code="NOT_FOUND")
    unseen = [ref for ref, item in seen.items() if _is(item, "INSUFFICIENT_SCOPE")]
    for ref, item in seen.items():
        if isinstance(item, PortalError) and ref not in unseen:
            raise translate(item, GetCrmItem(item=ref))
    also = plan.also
    if unseen:
        said = said_all(tuple(unseen))
        also = (
            *also,
            Said(
                en=f"Could not check that it exists: {said.en}. The connection lacks the crm permission.",
                ru=f"Не удалось проверить, существует ли: {said.ru}. У подключения нет права crm.",
            ),
        )
    names = {ref: item.label for ref, item in looked.items() if isinstance(item, CrmItem) and item.label}
    return replace(plan, also=also, about=About(when=when, names=names))


async def describe(portal: Calls, target: Target, items: Sequence[CrmRef]) -> About:
    """Learn what a face may show besides; what cannot be learnt is left out."""
    asked = items[:MOST_NAMES]
    found, when = await asyncio.gather(asyncio.gather(*(_look(portal, ref) for ref in asked)), _when(portal, target))
    names = {
        ref: item.label for ref, item in zip(asked, found, strict=True) if isinstance(item, CrmItem) and item.label
    }
    return About(when=when, names=names)


async def _look(portal: Calls, ref: CrmRef) -> CrmItem | PortalError:
    try:
        return await portal(GetCrmItem.model_construct(item=ref))
    except PortalError as error:
        return error


def _is(item: CrmItem | PortalError, code: str) -> bool:
    return isinstance(item, Refused) and item.code.upper() == code


async def _when(portal: Calls, target: Target) -> Said | None:
    if target.type != "booking":
        return None
    try:
        booking = await portal(GetBooking(booking_id=target.id))
    except PortalError:
        return None
    return spoken_period(booking.period)


def spoken_period(period: Period) -> Said:
    """Say when a booking is, in its own time zone: "Fri 20 Nov, 15:00-16:00"."""
    start, end = period.start.local, period.end.local
    same_day = start.date() == end.date()

    def spoken(locale: str) -> str:
        until = format_datetime(end, "HH:mm" if same_day else "EEE d MMM, HH:mm", locale=locale)
        return f"{format_datetime(start, 'EEE d MMM, HH:mm', locale=locale)}\u2013{until}"

    return Said(en=spoken("en"), ru=spoken("ru"))

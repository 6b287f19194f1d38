"""Labels of the records in a plan, which an error keeps so that nothing has to be read again; remarks on a result."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel

from linkdesk.errors.base import Trouble
from linkdesk.model.outcome import AnyPlan, Plan
from linkdesk.model.record_label import RecordLabel
from linkdesk.model.views import BookingView, NamedRef, ResourceView, WaitlistEntryView
from linkdesk.text.intervals import format_interval
from tool_specs.declaration.localized import Localized

RESPONSE_LOST: Final = Localized(
    en="The answer of Bitrix24 was lost, but the change is there.",
    ru="Ответ Битрикс24 потерялся, но изменение на месте.",
)
NOT_CHECKED: Final = Localized(
    en="Bitrix24 accepted it, but it could not be read again to check.",
    ru="Битрикс24 принял изменение, но перечитать запись для проверки не удалось.",
)
SAVED_DIFFERENTLY: Final = Localized(
    en="Bitrix24 saved something else for: {fields}.",
    ru="Битрикс24 сохранил иначе: {fields}.",
)


@asynccontextmanager
async def errors_labelled(plan: AnyPlan, zone: str) -> AsyncGenerator[None]:
    """Attach the labels of the plan's records to an error raised by the block.

    Args:
        plan: the plan that is applied.
        zone: IANA name of the business's time zone.
    """
    try:
        yield
    except Trouble as trouble:
        trouble.known = trouble.known or plan_labels(plan, zone)
        raise


def plan_labels(plan: AnyPlan, zone: str) -> tuple[RecordLabel, ...]:
    """Return labels for the records of a plan that have a name or a time."""
    if not isinstance(plan, Plan):
        return _record_labels(plan.before, zone)
    owner = RecordLabel(type=plan.target.type, id=plan.target.id, when=plan.about.when)
    items = [RecordLabel(type=ref.type, id=ref.id, name=plan.about.names.get(ref, "")) for ref in plan.named]
    return tuple(one for one in (owner, *items) if one.details.en)


def _record_labels(record: BaseModel | None, zone: str) -> tuple[RecordLabel, ...]:
    match record:
        case BookingView(id=int(number)):
            name = _first_name(record.clients) or record.name or ""
            return (RecordLabel(type="booking", id=number, name=name, when=booking_time(record, zone)),)
        case WaitlistEntryView(id=int(number)):
            return (RecordLabel(type="waitlist", id=number, name=_first_name(record.clients) or record.note or ""),)
        case ResourceView(id=int(number), name=str(name)):
            return (RecordLabel(type="resource", id=number, name=name),)
        case _:
            return ()


def booking_time(booking: BookingView, zone: str) -> Localized | None:
    """Format when a booking is; None where its times cannot be parsed."""
    try:
        own = ZoneInfo(booking.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        own = ZoneInfo("UTC")
    try:
        start, end = (datetime.fromisoformat(text).astimezone(own) for text in (booking.date_from, booking.date_to))
    except ValueError:
        return None
    return format_interval(start, end, zone)


def _first_name(refs: Sequence[NamedRef] | None) -> str:
    return next((ref.name for ref in refs or () if ref.name), "")

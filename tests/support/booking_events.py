"""Booking events to store."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from linkdesk.events.diff import BookingChange, SnapshotDiff
from linkdesk.events.model import BookingState, EventKind
from tool_specs.declaration.crm_ref import CrmRef

MOSCOW = ZoneInfo("Europe/Moscow")

ORIGIN = "https://salon.bitrix24.ru"


def booking(number: int, name: str | None = None) -> BookingState:
    return BookingState(
        booking_id=number,
        name=name,
        date_from=datetime(2026, 11, 21, 12, 0, tzinfo=MOSCOW),
        date_to=datetime(2026, 11, 21, 13, 0, tzinfo=MOSCOW),
        resource_ids=(1, 2),
        clients=(CrmRef(type="contact", id=1),),
        deals=(CrmRef(type="deal", id=7),),
    )


def created(*numbers: int) -> SnapshotDiff:
    return SnapshotDiff(
        tuple(BookingChange(EventKind.CREATED, None, booking(number)) for number in numbers),
        {number: booking(number) for number in numbers},
    )

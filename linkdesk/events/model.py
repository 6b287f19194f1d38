"""News of bookings: what one was, what it is now, when that was noticed, and where the news is kept.

Source: https://apidocs.bitrix24.com/api-reference/booking/booking/events/index.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tool_specs.declaration.crm_ref import CrmRef


class EventKind(StrEnum):
    """What happened to a booking."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class BookingState:
    """A booking as the portal told of it: only what staff would notice, no names of CRM records."""

    booking_id: int
    name: str | None
    date_from: datetime
    date_to: datetime
    """Both with the booking's own zone."""
    resource_ids: tuple[int, ...]
    clients: tuple[CrmRef, ...]
    deals: tuple[CrmRef, ...]


@dataclass(frozen=True, slots=True)
class BookingEvent:
    """Something that happened to a booking; numbers rise, and none is used twice."""

    number: int
    kind: EventKind
    before: BookingState | None
    """None for a booking that was created, or was never seen before."""
    after: BookingState | None
    """None for a booking that was deleted."""
    noticed: datetime

    @property
    def booking_id(self) -> int:
        """Number of the booking."""
        seen = self.after or self.before
        if seen is None:
            raise ValueError
        return seen.booking_id


class EventLog(Protocol):
    """News in the order they were noticed; kept for a week."""

    async def latest(self) -> int:
        """Give the number of the newest news; 0 where there are none yet.

        Raises:
            Trouble: the store does not answer.
        """
        ...

    async def after(self, number: int, limit: int, /) -> Sequence[BookingEvent]:
        """Give what is newer than a number, oldest first.

        Raises:
            Trouble: the store does not answer.
        """
        ...

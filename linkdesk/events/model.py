"""Booking events: the state before and after a change, and the log of events.

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
    """A booking's state: only what staff would notice, without names of CRM records."""

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
    """A numbered change of a booking; numbers increase and are never reused."""

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
    """The log of events in order of detection, kept for a week."""

    async def latest(self) -> int:
        """Return the number of the newest event, or 0.

        Raises:
            Trouble: the store does not answer.
        """
        ...

    async def after(self, number: int, limit: int, /) -> Sequence[BookingEvent]:
        """Return the events after a number, oldest first.

        Raises:
            Trouble: the store does not answer.
        """
        ...

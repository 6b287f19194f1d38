"""Bookings: `booking.v1.booking.*`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field

from tool_specs.crm_ref import Id
from tool_specs.method import Effect, Method
from tool_specs.said import Said
from tool_specs.vendor_errors import BOOKING_CODES
from tool_specs.wire import As


class Moment(BaseModel):
    """A point in time as bookings hold it: Unix seconds and the zone they are shown in."""

    model_config = ConfigDict(frozen=True)

    timestamp: int
    timezone: str

    @property
    def local(self) -> datetime:
        """The time in its own zone; in UTC where the zone is not known here."""
        try:
            return datetime.fromtimestamp(self.timestamp, ZoneInfo(self.timezone))
        except (ZoneInfoNotFoundError, ValueError):
            return datetime.fromtimestamp(self.timestamp, ZoneInfo("UTC"))


class Period(BaseModel):
    """From when to when."""

    model_config = ConfigDict(frozen=True)

    start: Annotated[Moment, Field(validation_alias="from")]
    end: Annotated[Moment, Field(validation_alias="to")]


class Booking(BaseModel):
    """A booking, without its links and clients: those are lists of their own."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str | None = None
    description: str | None = None
    resource_ids: Annotated[list[int], Field(validation_alias="resourceIds")]
    period: Annotated[Period, Field(validation_alias="datePeriod")]


class GetBooking(Method[Booking]):
    """Get one booking by id: its name, time and resources."""

    rest = "booking.v1.booking.get"
    page = "booking/booking/booking-v1-booking-get.html"
    scope = "booking"
    effect = Effect.READ
    title = Said(en="Show a booking", ru="Показать бронирование")
    fails = BOOKING_CODES
    answer_key = "booking"

    booking_id: Annotated[Id, As("id"), Field(description="Booking id.")]

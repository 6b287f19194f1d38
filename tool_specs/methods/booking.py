"""Bookings: `booking.v1.booking.*`.

The portal has no filter by deal, and ignores unknown filters silently. A booking may overlap one other booking of its
resource; the next is refused.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Self, TypeAlias, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.arguments import ResourceIds, WaitlistId, nothing_to_change
from tool_specs.declaration.crm_ref import Client, CrmRef, Deal, Id
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import Cursor, Limit, ListMethod, ResponseFormat, WithClients, WithLinks
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.new_id import NewId
from tool_specs.declaration.shortcut import Shortcut
from tool_specs.declaration.text import MultiLine, SingleLine
from tool_specs.declaration.times import LATEST, DayOrTime, PeriodWord, ends_at, ends_before, starts_at
from tool_specs.declaration.wire import As, Json, Parameter, in_fields
from tool_specs.failures.booking import (
    BOOKING_CODES,
    BOOKING_NOT_CHANGED,
    BOOKING_NOT_CREATED,
    BOOKING_NOT_DELETED,
    BOOKING_TOOL_OFF,
    PERIOD_REFUSED,
    RESOURCES_REFUSED,
    WAITLIST_ENTRY_NOT_BOOKED,
)
from tool_specs.methods.booking_period import End, NewEnd, NewStart, PeriodMethod, Start


class Moment(BaseModel):
    """A point in time as bookings store it: Unix seconds and the zone for display."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    timestamp: int
    timezone: str

    @property
    def local(self) -> datetime:
        """The time in its own zone, or in UTC if that zone is unknown."""
        try:
            return datetime.fromtimestamp(self.timestamp, ZoneInfo(self.timezone))
        except (ZoneInfoNotFoundError, ValueError):
            return datetime.fromtimestamp(self.timestamp, ZoneInfo("UTC"))


class Period(BaseModel):
    """The start and end of a booking."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    start: Annotated[Moment, Field(validation_alias="from")]
    end: Annotated[Moment, Field(validation_alias="to")]


class Booking(BaseModel):
    """A booking, without its links and clients: those are lists of their own."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: int
    name: str | None = None
    description: str | None = None
    resource_ids: Annotated[list[int], Field(validation_alias="resourceIds")]
    period: Annotated[Period, Field(validation_alias="datePeriod")]


_BookingId: TypeAlias = Annotated[Id, As("id"), Field(description="Booking id.")]
_Resources: TypeAlias = Annotated[ResourceIds, in_fields("resourceIds", "array", required=True)]
_NAME: Final = in_fields("name", "string")
_DESCRIPTION: Final = in_fields("description", "string")
_Name: TypeAlias = Annotated[SingleLine | None, _NAME, Field(alias="name", description="Title.")]
_Description: TypeAlias = Annotated[MultiLine | None, _DESCRIPTION, Field(alias="description", description="Text.")]


class GetBooking(Method[Booking]):
    """Get one booking by id: its name, time and resources."""

    rest = "booking.v1.booking.get"
    page = "booking/booking/booking-v1-booking-get.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.BOOKINGS
    title = Localized(en="Show a booking", ru="Показать бронирование")
    slash = Localized(en="booking {booking_id}", ru="бронь {booking_id}")
    intents = (Intent(Act.SHOW, "booking"),)
    fails = BOOKING_CODES
    answer_key = "booking"

    booking_id: _BookingId


def _seconds(value: date | datetime) -> int:
    """Convert a time to Unix seconds; `in_zone` has already turned days into times."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        message = "a day or time without a zone cannot be sent: call in_zone first"
        raise ValueError(message)
    return int(value.timestamp())


def _within(name: str) -> As:
    """Build the codec of one end of the vendor's filter by time."""
    return As(name, inside="filter.within", inside_required=False, to=_seconds)


def _entities(ref: CrmRef) -> Json:
    return {"entities": [{"code": ref.code, "module": "crm", "id": ref.id}]}


def _one_entity(value: object) -> object:
    """Unwrap the vendor's filter by client if it has a single client."""
    match cast("Any", value):
        case {"entities": [{"code": code, "id": number, **rest}]} if rest in ({}, {"module": "crm"}):
            return {"type": {"code": code, "module": "crm"}, "id": number}
        case _:
            return value


_ENTITY: Final = (Parameter("code", "string"), Parameter("module", "string"), Parameter("id", "integer"))
_BY_CLIENT: Final = As(
    "client",
    "object",
    required=False,
    fields=(Parameter("entities", "array", fields=_ENTITY),),
    inside="filter",
    to=_entities,
)


class ListBookings(ListMethod[list[Booking]]):
    """List bookings, earliest first: of a day or period, a client or a deal. Days count whole, both included."""

    rest = "booking.v1.booking.list"
    page = "booking/booking/booking-v1-booking-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.BOOKINGS
    title = Localized(en="List bookings", ru="Показать бронирования")
    slash = Localized(en="bookings [{date_from} {date_to}]", ru="брони [{date_from} {date_to}]")
    intents = (Intent(Act.SHOW, "booking", many=True),)
    fails = {"0": BOOKING_TOOL_OFF, "422": PERIOD_REFUSED}
    answer_key = "booking"
    order = {"dateFrom": "ASC", "id": "ASC"}
    shortcuts = (
        Shortcut(
            said=Localized(en="today", ru="сегодня"),
            title=Localized(en="Today's bookings", ru="Бронирования на сегодня"),
            gives={"days": "today"},
        ),
        Shortcut(
            said=Localized(en="tomorrow", ru="завтра"),
            title=Localized(en="Tomorrow's bookings", ru="Бронирования на завтра"),
            gives={"days": "tomorrow"},
        ),
        Shortcut(
            said=Localized(en="week", ru="неделя"),
            title=Localized(en="This week's bookings", ru="Бронирования на эту неделю"),
            gives={"days": "week"},
        ),
    )

    days: Annotated[PeriodWord | None, Field(description="In place of dates; a week is Monday to Sunday.")] = None
    date_from: Annotated[
        DayOrTime | None, _within("dateFrom"), Field(description="Day such as 2026-11-21, or ISO time.")
    ] = None
    date_to: Annotated[DayOrTime | None, _within("dateTo"), Field(description="Last day, or ISO time.")] = None
    client: Annotated[Client | None, BeforeValidator(_one_entity), _BY_CLIENT, Field(description="Whose bookings.")] = (
        None
    )
    deal: Annotated[Deal | None, Field(description="Linked to this deal.")] = None
    with_links: WithLinks = False
    with_clients: WithClients = False
    limit: Limit = 20
    cursor: Cursor = None
    response_format: ResponseFormat = "concise"

    def in_zone(self, zone: str) -> Self:
        """Return a copy whose days are replaced by the times at which they start and end in a zone.

        Raises:
            pydantic.ValidationError: in that zone the period ends before it starts.
        """
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if self.date_from is not None:
            given["date_from"] = starts_at(self.date_from, zone)
        if self.date_to is not None:
            given["date_to"] = ends_at(self.date_to, zone)
        call = type(self).model_validate(given)
        return call if self._start is None else call.starting_at(self._start)

    def wire(self) -> dict[str, Json]:
        """Return the parameters to send; an open end is filled in because the portal requires both."""
        sent = super().wire()
        if within := sent.get("filter", {}).get("within"):
            sent["filter"]["within"] = {"dateFrom": 0, "dateTo": LATEST, **within}
        return sent

    @model_validator(mode="after")
    def _days_once(self) -> Self:
        if self.days is not None and (self.date_from is not None or self.date_to is not None):
            raise PydanticCustomError(
                "given_twice",
                "{field} is given twice: also as {names}",
                {"field": "days", "names": "date_from, date_to"},
            )
        return self

    @field_validator("date_to", mode="after")
    @classmethod
    def _not_before_the_start(cls, value: date | datetime | None, others: ValidationInfo) -> date | datetime | None:
        start = others.data.get("date_from")
        if value is not None and start is not None and ends_before(value, start):
            raise PydanticCustomError("period_ends_before_start", "must not be before {field}", {"field": "date_from"})
        return value


class AddBooking(PeriodMethod[NewId]):
    """Create a booking. Link deals and clients to it afterwards. Do not repeat: each call makes one more."""

    rest = "booking.v1.booking.add"
    page = "booking/booking/booking-v1-booking-add.html"
    scope = "booking"
    effect = Effect.WRITE
    creates = True
    toolset = Toolset.BOOKINGS
    title = Localized(en="Create a booking", ru="Создать бронирование")
    intents = (Intent(Act.CREATE, "booking"),)
    fails = {"0": BOOKING_TOOL_OFF, "422": PERIOD_REFUSED, "1018": BOOKING_NOT_CREATED}

    resource_ids: _Resources
    date_from: Start
    date_to: End
    name_: _Name = None
    description_: _Description = None


class UpdateBooking(PeriodMethod[bool]):
    """Change a booking's time, resources, name or description; what is not named stays."""

    rest = "booking.v1.booking.update"
    page = "booking/booking/booking-v1-booking-update.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.BOOKINGS
    title = Localized(en="Change a booking", ru="Изменить бронирование")
    intents = (Intent(Act.CHANGE, "booking"),)
    fails = {
        "0": BOOKING_TOOL_OFF,
        "422": PERIOD_REFUSED,
        "1018": RESOURCES_REFUSED,
        "1019": BOOKING_NOT_CHANGED,
    }

    booking_id: _BookingId
    resource_ids: Annotated[ResourceIds | None, in_fields("resourceIds", "array")] = None
    date_from: NewStart = None
    date_to: NewEnd = None
    name_: _Name = None
    description_: _Description = None

    @model_validator(mode="after")
    def _something_to_change(self) -> Self:
        if self.model_fields_set <= {"booking_id", "timezone"}:
            raise nothing_to_change("date_from, date_to, resource_ids, name, description")
        if (self.date_from is None) != (self.date_to is None):
            raise PydanticCustomError(
                "go_together", "{field} and {other} must be given together", {"field": "date_from", "other": "date_to"}
            )
        return self


class DeleteBooking(Method[bool]):
    """Delete a booking; it cannot be restored."""

    rest = "booking.v1.booking.delete"
    page = "booking/booking/booking-v1-booking-delete.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.BOOKINGS
    title = Localized(en="Delete a booking", ru="Удалить бронирование")
    slash = Localized(en="delete booking {booking_id}", ru="удалить бронь {booking_id}")
    intents = (Intent(Act.DELETE, "booking"),)
    fails = {"0": BOOKING_TOOL_OFF, "1020": BOOKING_NOT_DELETED, "1021": BOOKING_CODES["1021"]}

    booking_id: _BookingId


class CreateBookingFromWaitlist(PeriodMethod[NewId]):
    """Turn a waitlist entry into a booking with its clients, deals and note. The entry is removed."""

    rest = "booking.v1.booking.createfromwaitlist"
    page = "booking/booking/booking-v1-booking-createfromwaitlist.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    creates = True
    toolset = Toolset.BOOKINGS
    title = Localized(en="Turn a waitlist entry into a booking", ru="Сделать бронирование из записи листа ожидания")
    intents = (Intent(Act.CREATE, "booking", "waitlist"), Intent(Act.MOVE, "waitlist", "booking"))
    fails = {"0": BOOKING_TOOL_OFF, "422": PERIOD_REFUSED, "1038": WAITLIST_ENTRY_NOT_BOOKED}

    waitlist_id: WaitlistId
    resource_ids: _Resources
    date_from: Start
    date_to: End
    name_: Annotated[
        SingleLine | None, _NAME, Field(alias="name", description="Title; the portal may ignore it here.")
    ] = None
    description_: Annotated[
        MultiLine | None, _DESCRIPTION, Field(alias="description", description="The portal may ignore it here.")
    ] = None

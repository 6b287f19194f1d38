"""Waitlist entries: `booking.v1.waitlist.*`."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tool_specs.declaration.arguments import BookingId
from tool_specs.declaration.crm_ref import Id
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.listing import Cursor, Limit, ListMethod, ResponseFormat, WithClients, WithLinks
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Effect, Method, Toolset
from tool_specs.declaration.new_id import NewId
from tool_specs.declaration.text import MultiLine
from tool_specs.declaration.times import Day, ends_before
from tool_specs.declaration.wire import As, Json, in_fields
from tool_specs.failures.booking import (
    BOOKING_NOT_MOVED,
    BOOKING_TOOL_OFF,
    PERIOD_REFUSED,
    WAITLIST_CODES,
    WAITLIST_ENTRY_NOT_CREATED,
    WAITLIST_ENTRY_NOT_DELETED,
    WAITLIST_ENTRY_NOT_UPDATED,
)


class WaitlistEntry(BaseModel):
    """A waitlist entry, without its links and clients."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    id: int
    note: str | None = None


_WaitlistId: TypeAlias = Annotated[Id, As("id"), Field(description="Waitlist entry id.")]
_Note: TypeAlias = Annotated[
    MultiLine, in_fields("note", "string", required=True), Field(description="The whole note.")
]

_DOTTED: Final = "%d.%m.%Y"
_EARLIEST_DAY: Final = "01.01.2000"
_LATEST_DAY: Final = "01.01.2100"
_ONE_DAY: Final = timedelta(days=1)


def _dotted(day: date) -> str:
    return day.strftime(_DOTTED)


def _undotted(text: object) -> object:
    """Parse the vendor's form of a day; leave anything else for validation."""
    try:
        return datetime.strptime(str(text), _DOTTED).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return text


def _day_after(day: date) -> str:
    """Convert the last day to the vendor's exclusive end."""
    return _dotted(day + _ONE_DAY)


def _day_before(text: object) -> object:
    day = _undotted(text)
    return day - _ONE_DAY if isinstance(day, date) else day


_CREATED_FROM: Final = As(
    "from", "string", inside="filter.createdWithin", inside_required=False, to=_dotted, back=_undotted
)
_CREATED_TO: Final = As(
    "to", "string", inside="filter.createdWithin", inside_required=False, to=_day_after, back=_day_before
)


class ListWaitlistEntries(ListMethod[list[WaitlistEntry]]):
    """List waitlist entries, of all days or those created in a period. Both days are included."""

    rest = "booking.v1.waitlist.list"
    page = "booking/waitlist/booking-v1-waitlist-list.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.WAITLIST
    title = Localized(en="List waitlist entries", ru="Показать лист ожидания")
    slash = Localized(en="waitlist", ru="ожидание")
    intents = (Intent(Act.SHOW, "waitlist", many=True),)
    fails = {"0": BOOKING_TOOL_OFF, "422": PERIOD_REFUSED}
    answer_key = "waitList"

    created_from: Annotated[Day | None, _CREATED_FROM, Field(description="Day such as 2026-11-21.")] = None
    created_to: Annotated[Day | None, _CREATED_TO, Field(description="Last day.")] = None
    with_links: WithLinks = False
    with_clients: WithClients = False
    limit: Limit = 20
    cursor: Cursor = None
    response_format: ResponseFormat = "concise"

    def wire(self) -> dict[str, Json]:
        """Return the parameters to send; an open end is filled in because the portal requires both."""
        sent = super().wire()
        if created := sent.get("filter", {}).get("createdWithin"):
            sent["filter"]["createdWithin"] = {"from": _EARLIEST_DAY, "to": _LATEST_DAY, **created}
        return sent

    @field_validator("created_to", mode="after")
    @classmethod
    def _not_before_the_start(cls, value: date | None, others: ValidationInfo) -> date | None:
        start = others.data.get("created_from")
        if value is not None and start is not None and ends_before(value, start):
            raise PydanticCustomError(
                "period_ends_before_start", "must not be before {field}", {"field": "created_from"}
            )
        return value


class GetWaitlistEntry(Method[WaitlistEntry]):
    """Get one waitlist entry by id: its note."""

    rest = "booking.v1.waitlist.get"
    page = "booking/waitlist/booking-v1-waitlist-get.html"
    scope = "booking"
    effect = Effect.READ
    toolset = Toolset.WAITLIST
    title = Localized(en="Show a waitlist entry", ru="Показать запись листа ожидания")
    slash = Localized(en="waitlist {waitlist_id}", ru="ожидание {waitlist_id}")
    intents = (Intent(Act.SHOW, "waitlist"),)
    fails = WAITLIST_CODES
    answer_key = "waitList"

    waitlist_id: _WaitlistId


class AddWaitlistEntry(Method[NewId]):
    """Create a waitlist entry with a note. Link deals and clients to it afterwards."""

    rest = "booking.v1.waitlist.add"
    page = "booking/waitlist/booking-v1-waitlist-add.html"
    scope = "booking"
    effect = Effect.WRITE
    creates = True
    toolset = Toolset.WAITLIST
    title = Localized(en="Create a waitlist entry", ru="Создать запись листа ожидания")
    intents = (Intent(Act.CREATE, "waitlist"),)
    fails = {"0": BOOKING_TOOL_OFF, "1034": WAITLIST_ENTRY_NOT_CREATED}

    note: _Note


class UpdateWaitlistEntry(Method[bool]):
    """Replace the note of a waitlist entry."""

    rest = "booking.v1.waitlist.update"
    page = "booking/waitlist/booking-v1-waitlist-update.html"
    scope = "booking"
    effect = Effect.WRITE
    toolset = Toolset.WAITLIST
    title = Localized(en="Change a waitlist entry", ru="Изменить запись листа ожидания")
    slash = Localized(en="note waitlist {waitlist_id} {note}", ru="заметка ожидание {waitlist_id} {note}")
    intents = (Intent(Act.CHANGE, "waitlist"),)
    fails = {**WAITLIST_CODES, "1035": WAITLIST_ENTRY_NOT_UPDATED}

    waitlist_id: _WaitlistId
    note: _Note


class DeleteWaitlistEntry(Method[bool]):
    """Delete a waitlist entry; it cannot be restored."""

    rest = "booking.v1.waitlist.delete"
    page = "booking/waitlist/booking-v1-waitlist-delete.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    toolset = Toolset.WAITLIST
    title = Localized(en="Delete a waitlist entry", ru="Удалить запись листа ожидания")
    slash = Localized(en="delete waitlist {waitlist_id}", ru="удалить ожидание {waitlist_id}")
    intents = (Intent(Act.DELETE, "waitlist"),)
    fails = {"0": BOOKING_TOOL_OFF, "1036": WAITLIST_ENTRY_NOT_DELETED}

    waitlist_id: _WaitlistId


class CreateWaitlistEntryFromBooking(Method[NewId]):
    """Move a booking to the waitlist with its clients, deals and note. The booking is removed."""

    rest = "booking.v1.waitlist.createfrombooking"
    page = "booking/waitlist/booking-v1-waitlist-createfrombooking.html"
    scope = "booking"
    effect = Effect.DESTRUCTIVE
    creates = True
    toolset = Toolset.WAITLIST
    title = Localized(en="Move a booking to the waitlist", ru="Перенести бронирование в лист ожидания")
    slash = Localized(en="towaitlist booking {booking_id}", ru="вожидание бронь {booking_id}")
    intents = (Intent(Act.CREATE, "waitlist", "booking"), Intent(Act.MOVE, "booking", "waitlist"))
    fails = {"0": BOOKING_TOOL_OFF, "1037": BOOKING_NOT_MOVED}

    booking_id: BookingId

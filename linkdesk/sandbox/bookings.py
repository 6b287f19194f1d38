"""Bookings: `booking.v1.booking.*`. What is special: periods, resources that are taken, the calendar's own link.

Of the errors, a bad period comes before resources that are missing, and those before resources that are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.collection import Codes, Collection, crud_methods
from linkdesk.sandbox.events import ADDED, DELETED, UPDATED
from linkdesk.sandbox.parameters import INTEGER
from linkdesk.sandbox.php_array import values_of
from linkdesk.sandbox.rest_error import RestError
from linkdesk.sandbox.side_effects import drop_activity
from linkdesk.sandbox.store import Booking, Link, Owner
from tool_specs.declaration.wire import Json

CODES: Final = Codes(
    not_found="1021", not_created="1018", not_updated="1019", not_deleted="1020", nothing_to_update="1019"
)
MOST_AT_ONCE: Final = 2
"""Bookings that may share a resource at a time."""


def booking_fields(
    call: Call, given: Mapping[str, Json], known: Booking | None, *, empty: str, failed: str
) -> dict[str, Json]:
    """Check when and what a booking takes, and give its fields.

    Args:
        call: The call.
        given: The fields as sent.
        known: The booking that changes, if there is one.
        empty: The code for no resources at all.
        failed: The code for resources that cannot be had.

    Raises:
        Refusal: they cannot be had like that.
    """
    period = given.get("datePeriod")
    if period is not None:
        _check_period(period)
    resources = [_number(one) for one in values_of(given["resourceIds"])] if "resourceIds" in given else None
    if resources == []:
        raise RestError(empty, "Empty resource collection")
    fields: dict[str, Json] = {name: given[name] for name in ("name", "description") if name in given}
    if period is not None:
        fields["datePeriod"] = period
    if resources is not None:
        fields["resourceIds"] = list(dict.fromkeys(resources))
    if period is not None or resources is not None:
        plan = Booking.model_validate({**(known.model_dump(by_alias=True) if known else {"id": 0}), **fields})
        _check_resources(call, plan, failed)
    return fields


def _number(value: Json) -> int:
    """Read an id; what is none is the id of nothing."""
    return int(value) if isinstance(value, int) or (isinstance(value, str) and INTEGER.fullmatch(value)) else 0


def _check_period(period: Mapping[str, Json]) -> None:
    try:
        for end in ("from", "to"):
            datetime.fromtimestamp(period[end]["timestamp"], ZoneInfo(period[end]["timezone"]))
    except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
        raise RestError("422", "Invalid date period") from None
    if period["from"]["timestamp"] >= period["to"]["timestamp"]:
        raise RestError("422", "Invalid date period")


def _check_resources(call: Call, plan: Booking, code: str) -> None:
    if any(number not in call.store.resources for number in plan.resource_ids):
        raise RestError(code, "Resource not found")
    others = [other for other in call.store.bookings.values() if other.id != plan.id and _overlap(plan, other)]
    for number in plan.resource_ids:
        if sum(number in other.resource_ids for other in others) >= MOST_AT_ONCE:
            raise RestError(code, "Some resources are unavailable for the selected time")


def _overlap(one: Booking, other: Booking) -> bool:
    mine, theirs = one.date_period, other.date_period
    return mine.start.timestamp < theirs.end.timestamp and theirs.start.timestamp < mine.end.timestamp


def _fields(call: Call, given: Mapping[str, Json], known: Booking | None) -> dict[str, Json]:
    failed = CODES.not_created if known is None else CODES.not_updated
    fields = booking_fields(call, given, known, empty=CODES.not_created, failed=failed)
    return fields if known else {**fields, "created": int(call.now.timestamp())}


def add_calendar_event(call: Call, booking: Booking) -> None:
    """Return a new booking the link to its event in the calendar, and tell of it."""
    event = Link(module_id="calendar", entity_type_id="EVENT", value=str(call.store.new_id("event")))
    booking.links.append(event)
    call.events.append((ADDED, booking.id))


def _deleted(call: Call, booking: Booking) -> None:
    drop_activity(call.store, booking)
    call.events.append((DELETED, booking.id))


def _within(_call: Call, booking: Booking, period: Json) -> bool:
    try:
        start, end = int(period["dateFrom"]), int(period["dateTo"])
    except ValueError:
        raise RestError("422", "Invalid date") from None
    return booking.date_period.start.timestamp < end and start < booking.date_period.end.timestamp


def _of_client(_call: Call, booking: Booking, wanted: Json) -> bool:
    asked = {(entity["module"], entity["code"], entity["id"]) for entity in wanted["entities"]}
    return any((client.module, client.code, client.id) in asked for client in booking.clients)


def created_within(call: Call, owner: Owner, period: Json) -> bool:
    """Return whether a record was made on one of these days; the last one no longer counts.

    Raises:
        Refusal: these are no days.
    """
    try:
        first, last = (_day(period[end]) for end in ("from", "to"))
    except ValueError:
        raise RestError("422", "Invalid date") from None
    zone = call.now.tzinfo
    start, end = (datetime.combine(day, time.min, zone).timestamp() for day in (first, last))
    return start <= owner.created < end


def _day(text: str) -> date:
    return datetime.strptime(text.strip(), "%d.%m.%Y").date()  # noqa: DTZ007 - a day has no zone


BOOKINGS: Final = Collection[Booking](
    prefix="booking.v1.booking",
    answer_key="booking",
    reference="bookingId",
    noun="Booking",
    codes=CODES,
    record=Booking,
    ids="booking",
    table=lambda store: store.bookings,
    fields=_fields,
    filters={
        "within": _within,
        "client": _of_client,
        "resourceId": lambda _call, booking, wanted: (
            not {_number(one) for one in values_of(wanted)}.isdisjoint(booking.resource_ids)
        ),
        "createdWithin": created_within,
    },
    orders={
        "id": lambda booking: booking.id,
        "dateFrom": lambda booking: booking.date_period.start.timestamp,
        "dateTo": lambda booking: booking.date_period.end.timestamp,
    },
    created=add_calendar_event,
    changed=lambda call, booking: call.events.append((UPDATED, booking.id)),
    deleted=_deleted,
)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of bookings."""
    return crud_methods(BOOKINGS)

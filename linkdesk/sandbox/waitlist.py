"""The waitlist: `booking.v1.waitlist.*`, and the moves between it and the bookings.

A move copies clients, links and the note and removes the original; who and what is linked, the portal does not ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from linkdesk.sandbox.bookings import BOOKINGS, booking_fields, created_within
from linkdesk.sandbox.call import Call, Handler
from linkdesk.sandbox.collection import Codes, Collection, crud_methods
from linkdesk.sandbox.side_effects import drop_activity, refresh_activity
from linkdesk.sandbox.store import WaitlistEntry
from tool_specs.declaration.wire import Json

NOT_BOOKED, NOT_MOVED = "1038", "1037"


def _fields(call: Call, given: Mapping[str, Json], known: WaitlistEntry | None) -> dict[str, Json]:
    note: dict[str, Json] = {"note": given["note"]} if "note" in given else {}
    return note if known else {**note, "created": int(call.now.timestamp())}


WAITLIST: Final = Collection[WaitlistEntry](
    prefix="booking.v1.waitlist",
    answer_key="waitList",
    reference="waitListId",
    noun="Wait list",
    codes=Codes(not_found="1040", not_created="1034", not_updated="1035", not_deleted="1036", nothing_to_update="1040"),
    record=WaitlistEntry,
    ids="waitlist",
    table=lambda store: store.waitlist,
    fields=_fields,
    filters={"createdWithin": created_within},
    deleted=lambda call, entry: drop_activity(call.store, entry),
)


def create_from_waitlist(call: Call) -> Json:
    """Answer `createfromwaitlist`; name and description are ignored."""
    given = {name: value for name, value in call.params["fields"].items() if name in {"datePeriod", "resourceIds"}}
    fields = booking_fields(call, given, None, empty=NOT_BOOKED, failed=NOT_BOOKED)
    entry = WAITLIST.find(call, "waitListId", NOT_BOOKED)
    moved = {"note": entry.note, "links": entry.links, "clients": entry.clients, "created": int(call.now.timestamp())}
    booking = BOOKINGS.add(call, {**fields, **moved})
    WAITLIST.remove(call, entry)
    refresh_activity(call.store, booking)
    return call.created(booking.id)


def create_from_booking(call: Call) -> Json:
    """Answer `createfrombooking`; the link to the calendar is copied with the others."""
    booking = BOOKINGS.find(call, "bookingId", NOT_MOVED)
    moved = {"note": booking.note, "links": booking.links, "clients": booking.clients}
    entry = WAITLIST.add(call, {**moved, "created": int(call.now.timestamp())})
    BOOKINGS.remove(call, booking)
    refresh_activity(call.store, entry)
    return call.created(entry.id)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Return the methods of the waitlist, and both moves."""
    yield from crud_methods(WAITLIST)
    yield f"{BOOKINGS.prefix}.createfromwaitlist", create_from_waitlist
    yield f"{WAITLIST.prefix}.createfrombooking", create_from_booking

"""Find the record that one request created, by comparing with the records that existed before.

The portal answers the id of the new record. Where that response was lost or the process died, the id is found by
looking for exactly one record that is new and matches the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from linkdesk.errors.base import PortalError, Refused
from linkdesk.execution.context import PortalApi
from linkdesk.execution.list_plan import refs_of
from linkdesk.execution.pagination import read_rows
from tool_specs.declaration.listing import ListMethod
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import AddBooking, Booking, CreateBookingFromWaitlist, GetBooking, ListBookings
from tool_specs.methods.resource import AddResource, ListResources
from tool_specs.methods.resource_type import AddResourceType, ListResourceTypes
from tool_specs.methods.waitlist import (
    AddWaitlistEntry,
    CreateWaitlistEntryFromBooking,
    GetWaitlistEntry,
    ListWaitlistEntries,
)
from tool_specs.methods.waitlist_clients import ListWaitlistClients
from tool_specs.methods.waitlist_links import ListWaitlistLinks

MAX_COMPARED: Final = 500
"""Maximum number of similar records; among more the new one is not searched for."""
ONE_DAY: Final = timedelta(days=1)
MAX_INSPECTED: Final = 20
"""Maximum number of new records whose lists are compared."""
NOT_FOUND_CODES: Final = frozenset({"1009", "1013", "1021", "1040"})
"""The portal's codes for a record that does not exist."""


@dataclass(frozen=True, slots=True)
class SimilarListing:
    """The listing in which a created record appears, and the rows that may be it."""

    listing: ListMethod[list[Any]]
    fits: Callable[[Any], bool]
    source: Method[Any] | None = None
    """Reads the record that is deleted when the new one is created."""


async def similar_record_ids(portal: PortalApi, request: Method[Any], day: date) -> tuple[int, ...]:
    """Return the sorted ids of the records similar to the one that a request would create.

    Args:
        portal: reads the listing.
        request: a request that creates a record.
        day: the date of the request, in UTC.

    Raises:
        PortalError: they cannot be read.
    """
    return tuple(sorted(row.id for row in await _rows(portal, _similar_listing(request, day))))


@dataclass(frozen=True, slots=True)
class CreatedRecordFinder:
    """Finds the record that one request created."""

    request: Method[Any]
    known: tuple[int, ...]
    """The ids of similar records that existed before, or that other requests created."""
    day: date
    planned: Mapping[str, Any]
    """The view of the record to be created."""
    rivals: tuple[Method[Any], ...] = ()
    """Other open requests that may have created a similar record."""

    async def find(self, portal: PortalApi) -> int | None:
        """Return the id of the record, or None if it certainly was not created.

        Raises:
            PortalError: the portal cannot be read, or what is there is ambiguous.
        """
        alike = _similar_listing(self.request, self.day)
        rows = await _rows(portal, alike)
        if len(rows) >= MAX_COMPARED:
            raise self._unclear
        new = [row for row in rows if row.id not in set(self.known) and alike.fits(row)]
        if isinstance(self.request, CreateWaitlistEntryFromBooking):
            new = await self._moved(portal, new)
        if alike.source is not None and await _is_there(portal, alike.source) is bool(new):
            # The old record is still there beside a new one, or neither exists: that is no clear outcome.
            raise self._unclear
        if not new:
            return None
        makers = [one for one in self.rivals if any(_similar_listing(one, self.day).fits(row) for row in new)]
        if len(new) != 1 + len(makers):
            raise self._unclear
        return min(int(row.id) for row in new)

    @property
    def _unclear(self) -> PortalError:
        return PortalError(self.request.rest)

    async def _moved(self, portal: PortalApi, rows: Sequence[Any]) -> list[Any]:
        """Keep the records that hold what the booking held."""
        if len(rows) > MAX_INSPECTED:
            raise self._unclear
        lists = [(ListWaitlistLinks(waitlist_id=row.id), ListWaitlistClients(waitlist_id=row.id)) for row in rows]
        answers = await portal.batch([one for both in lists for one in both]) if lists else []
        held = [self._held(name) for name in ("links", "clients")]
        moved: list[Any] = []
        for row, both in zip(rows, zip(answers[::2], answers[1::2], strict=True), strict=True):
            there = [{(ref.type, ref.id) for ref in refs_of(_known(items))} for items in both]
            if all(wanted in (None, seen) for wanted, seen in zip(held, there, strict=True)):
                moved.append(row)
        return moved

    def _held(self, name: str) -> set[tuple[str, int]] | None:
        refs = self.planned.get(name)
        return None if refs is None else {(ref["type"], ref["id"]) for ref in refs}


def _known(answer: Any | PortalError) -> Any:  # noqa: ANN401 - a batch's answer
    if isinstance(answer, PortalError):
        raise answer
    return answer


async def _is_there(portal: PortalApi, reading: Method[Any]) -> bool:
    try:
        await portal(reading)
    except Refused as error:
        if error.code in NOT_FOUND_CODES:
            return False
        raise
    return True


async def _rows(portal: PortalApi, alike: SimilarListing) -> list[Any]:
    return await read_rows(portal, alike.listing, enough=MAX_COMPARED)


def _similar_listing(request: Method[Any], day: date) -> SimilarListing:
    match request:
        case AddBooking():
            return _booking(request)
        case CreateBookingFromWaitlist(waitlist_id=number):
            return _booking(request, GetWaitlistEntry(waitlist_id=number))
        case AddWaitlistEntry():
            return SimilarListing(_entries(day), lambda row: _same(row.note, request.note))
        case CreateWaitlistEntryFromBooking(booking_id=number):
            return SimilarListing(_entries(day), lambda _: True, GetBooking(booking_id=number))
        case AddResource():
            name = request.name_
            listing = ListResources(text=name) if name.strip() else ListResources()
            return SimilarListing(listing, lambda row: _same(row.name, name))
        case AddResourceType():
            return SimilarListing(ListResourceTypes(), lambda row: _same(row.code, request.code))
        case _:
            raise TypeError(request.name())


def _booking(request: AddBooking | CreateBookingFromWaitlist, source: Method[Any] | None = None) -> SimilarListing:
    def fits(row: Booking) -> bool:
        times = (row.period.start.local, row.period.end.local)
        return set(row.resource_ids) == set(request.resource_ids) and times == (request.date_from, request.date_to)

    # Built without validation, which would refuse to list bookings of a past day.
    listing = ListBookings.model_construct(date_from=request.date_from, date_to=request.date_to)
    return SimilarListing(listing, fits, source)


def _entries(day: date) -> ListWaitlistEntries:
    """Return the listing of entries created around a day, as the portal's days may begin earlier or later than ours."""
    return ListWaitlistEntries(created_from=day - ONE_DAY, created_to=day + ONE_DAY)


def _same(there: str | None, asked: str | None) -> bool:
    """Return whether two texts are equal but for whitespace, which the portal may have trimmed."""
    return (there or "").split() == (asked or "").split()

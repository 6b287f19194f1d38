"""New records: which of them came of one request, told by those that were there before it was sent.

The portal answers the number of what it made. Where that answer was lost, or nobody was left to hear it, the number is
found by looking for exactly one record that is new and fits what was asked for.
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
"""Records like the new one; among more it is not looked for."""
ONE_DAY: Final = timedelta(days=1)
MAX_INSPECTED: Final = 20
"""New records whose lists are compared."""
NOT_FOUND_CODES: Final = frozenset({"1009", "1013", "1021", "1040"})
"""Codes by which the portal says that a record does not exist."""


@dataclass(frozen=True, slots=True)
class SimilarListing:
    """Where records like the one that a request makes are listed, and which of them may be it."""

    listing: ListMethod[list[Any]]
    fits: Callable[[Any], bool]
    source: Method[Any] | None = None
    """Reads the record that goes when the new one comes."""


async def similar_record_ids(portal: PortalApi, request: Method[Any], day: date) -> tuple[int, ...]:
    """Give the ids of the records like the one that a request would make, sorted.

    Args:
        portal: the way to read.
        request: one that makes a record.
        day: the day on which the record is made, in UTC.

    Raises:
        PortalError: they cannot be read.
    """
    return tuple(sorted(row.id for row in await _rows(portal, _similar_listing(request, day))))


@dataclass(frozen=True, slots=True)
class CreatedRecordFinder:
    """Looks for the record that one request made."""

    request: Method[Any]
    known: tuple[int, ...]
    """The ids of the records like it that were there before, or that others made."""
    day: date
    planned: Mapping[str, Any]
    """The record that was meant to be made, as it is shown."""
    rivals: tuple[Method[Any], ...] = ()
    """Requests that may have made one too, and are not settled either."""

    async def found(self, portal: PortalApi) -> int | None:
        """Give the id of the record; None: it surely was not made.

        Raises:
            PortalError: it cannot be read, or nothing can be told from what is there.
        """
        alike = _similar_listing(self.request, self.day)
        rows = await _rows(portal, alike)
        if len(rows) >= MAX_COMPARED:
            raise self._unclear
        new = [row for row in rows if row.id not in set(self.known) and alike.fits(row)]
        if isinstance(self.request, CreateWaitlistEntryFromBooking):
            new = await self._moved(portal, new)
        if alike.source is not None and await _is_there(portal, alike.source) is bool(new):
            # What was to go is there still and so is a new record, or neither is.
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
        """Leave those that hold what the booking held."""
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

    # The times have their zone by now; made without a look at them, as a list of bookings may not be of a past day.
    listing = ListBookings.model_construct(date_from=request.date_from, date_to=request.date_to)
    return SimilarListing(listing, fits, source)


def _entries(day: date) -> ListWaitlistEntries:
    """List the entries made around a day: the portal's days may begin earlier or later than ours."""
    return ListWaitlistEntries(created_from=day - ONE_DAY, created_to=day + ONE_DAY)


def _same(there: str | None, asked: str | None) -> bool:
    """Compare texts as the portal may have tidied them."""
    return (there or "").split() == (asked or "").split()

"""Read the labels of several records in one request; records that cannot be read are left out.

A booking's client is read in the same request, by reference to the result of the list of clients.
The request is not retried, and an error of a single record is not raised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from linkdesk.errors.base import PortalError
from linkdesk.execution.context import PortalApi
from linkdesk.model.record_label import RecordLabel
from linkdesk.portal.batch import MAX_COMMANDS
from linkdesk.portal.batch_refs import Reference, Step, StepResults, Steps
from linkdesk.text.intervals import format_booking_period
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.list_items import ClientItem, ExternalItem
from tool_specs.declaration.method import Method
from tool_specs.methods.activity import Activity, FindActivities, GetActivity
from tool_specs.methods.booking import Booking, GetBooking, ListBookings
from tool_specs.methods.booking_clients import ListBookingClients
from tool_specs.methods.crm_item import CrmItem, GetCrmItem
from tool_specs.methods.resource import GetResource, Resource
from tool_specs.methods.waitlist import GetWaitlistEntry, ListWaitlistEntries, WaitlistEntry
from tool_specs.methods.waitlist_clients import ListWaitlistClients

Answer = TypeVar("Answer")
Read = Callable[[StepResults], list["LabelledRecord"]]

PLACEHOLDER_ID: Final = 1
"""The id in a call until a reference replaces it."""


@dataclass(frozen=True, slots=True)
class LabelledRecord:
    """A record that was read, with its label, and its start and end in Unix seconds."""

    known: RecordLabel
    start: int | None = None
    end: int | None = None
    resource_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelLookup:
    """The calls of one request; calls beyond its limit are left out."""

    zone: str
    """IANA name of the business's time zone."""
    steps: Steps = field(default_factory=lambda: Steps(halt=False))

    async def taken(self, portal: PortalApi) -> StepResults:
        """Send the request.

        Raises:
            PortalError: the request failed as a whole.
        """
        return await portal.run_steps(self.steps)

    def record(self, kind: str, number: int, *, companies: bool = False) -> Read:
        """Read a record of any type; `companies` finds clients that are companies, too."""
        match kind:
            case "booking":
                return self._booking(number, companies=companies)
            case "waitlist":
                return self._entry(number, companies=companies)
            case "activity":
                return self._one(GetActivity.model_construct(activity_id=number), _activity_label)
            case "resource":
                return self._one(GetResource.model_construct(resource_id=number), _resource_label)
            case _:
                ref = CrmRef.model_construct(type=kind, id=number)
                return self._one(GetCrmItem.model_construct(item=ref), lambda item: _item_label(kind, item))

    def bookings(self, listing: ListBookings, *, most: int, client: CrmRef | None = None) -> Read:
        """Read a list of bookings and the clients of the first ones; `client` is that of all of them."""
        listed = self._add(listing)
        if listed is None:
            return _nothing
        if client is not None:
            named = [self._item(client)] * most
        else:
            named = [self._client_of(listed.answer["booking"][place]["id"]) for place in range(most)]

        def read(followed: StepResults) -> list[LabelledRecord]:
            rows = _result(followed, listed) or []
            names = [name(followed) for name in named[: len(rows)]]
            names += [""] * (len(rows) - len(names))
            return [self._seen(row, name) for row, name in zip(rows, names, strict=True)]

        return read

    def entries(self) -> Read:
        """Read the first page of the waitlist, newest first."""
        listed = self._add(ListWaitlistEntries.model_construct())

        def read(followed: StepResults) -> list[LabelledRecord]:
            rows = (_result(followed, listed) if listed else None) or []
            return [_entry_label(row) for row in sorted(rows, key=lambda row: -row.id)]

        return read

    def activities(self, owner: CrmRef) -> Read:
        """Read the activities of a CRM item."""
        listed = self._add(FindActivities.model_construct(owner=owner))

        def read(followed: StepResults) -> list[LabelledRecord]:
            return [_activity_label(row) for row in (_result(followed, listed) if listed else None) or []]

        return read

    def linked(self, listing: Method[list[ExternalItem]], *, most: int) -> Read:
        """Read the first deals linked to a booking or waitlist entry."""
        listed = self._add(listing)
        if listed is None:
            return _nothing
        deals = [self._deal(listed.answer["externalData"][place]["value"]) for place in range(most)]

        def read(followed: StepResults) -> list[LabelledRecord]:
            rows = (_result(followed, listed) or [])[:most]
            found = [
                (_result(followed, deal) if deal is not None else None, row.crm)
                for row, deal in zip(rows, deals, strict=False)
            ]
            # The id of an item that is no deal would read an unrelated deal.
            return [
                seen
                for item, ref in found
                if item is not None and ref is not None and ref.type == "deal" and ref.id == item.id
                for seen in [_item_label("deal", item)]
            ]

        return read

    def _booking(self, number: int, *, companies: bool) -> Read:
        booking = self._add(GetBooking.model_construct(booking_id=number))
        client = self._client(ListBookingClients.model_construct(booking_id=number), "bookingClient", companies)

        def read(followed: StepResults) -> list[LabelledRecord]:
            row = _result(followed, booking) if booking else None
            return [] if row is None else [self._seen(row, client(followed))]

        return read

    def _entry(self, number: int, *, companies: bool) -> Read:
        entry = self._add(GetWaitlistEntry.model_construct(waitlist_id=number))
        client = self._client(ListWaitlistClients.model_construct(waitlist_id=number), "waitListClient", companies)

        def read(followed: StepResults) -> list[LabelledRecord]:
            row = _result(followed, entry) if entry else None
            return [] if row is None else [_entry_label(row, client(followed))]

        return read

    def _one(self, method: Method[Answer], seen: Callable[[Answer], LabelledRecord]) -> Read:
        step = self._add(method)

        def read(followed: StepResults) -> list[LabelledRecord]:
            answer = _result(followed, step) if step else None
            return [] if answer is None else [seen(answer)]

        return read

    def _client_of(self, booking: Reference) -> Callable[[StepResults], str]:
        listing = ListBookingClients.model_construct(booking_id=PLACEHOLDER_ID)
        return self._client(listing, "bookingClient", False, bookingId=booking)  # noqa: FBT003 - the vendor's name follows

    def _client(
        self,
        listing: Method[list[ClientItem]],
        key: str,
        companies: bool,  # noqa: FBT001 - see above
        **references: Reference,
    ) -> Callable[[StepResults], str]:
        """Read the name of the first client."""
        listed = self._add(listing, **references)
        if listed is None:
            return lambda _followed: ""
        number = listed.answer[key][0]["id"]
        kinds = ("contact", "company") if companies else ("contact",)
        items = {
            kind: self._add(GetCrmItem.model_construct(item=CrmRef(type=kind, id=PLACEHOLDER_ID)), id=number)
            for kind in kinds
        }

        def name(followed: StepResults) -> str:
            clients = _result(followed, listed) or []
            ref = clients[0].crm if clients else None
            step = items.get(ref.type) if ref is not None else None
            item = _result(followed, step) if step is not None else None
            return item.label if item is not None and ref is not None and item.id == ref.id else ""

        return name

    def _item(self, ref: CrmRef) -> Callable[[StepResults], str]:
        step = self._add(GetCrmItem.model_construct(item=ref))

        def name(followed: StepResults) -> str:
            item = _result(followed, step) if step else None
            return item.label if item else ""

        return name

    def _deal(self, number: Reference) -> Step[CrmItem] | None:
        return self._add(GetCrmItem.model_construct(item=CrmRef(type="deal", id=PLACEHOLDER_ID)), id=number)

    def _add(self, method: Method[Answer], **references: Reference) -> Step[Answer] | None:
        if len(self.steps.steps) == MAX_COMMANDS:
            return None
        return self.steps.add(method, **references)

    def _seen(self, row: Booking, client: str) -> LabelledRecord:
        known = RecordLabel(
            type="booking", id=row.id, name=client or row.name or "", when=format_booking_period(row.period, self.zone)
        )
        return LabelledRecord(known, row.period.start.timestamp, row.period.end.timestamp, tuple(row.resource_ids))


def _entry_label(row: WaitlistEntry, client: str = "") -> LabelledRecord:
    return LabelledRecord(RecordLabel(type="waitlist", id=row.id, name=client or row.note or ""))


def _activity_label(row: Activity) -> LabelledRecord:
    return LabelledRecord(RecordLabel(type="activity", id=row.id, name=row.subject or ""))


def _resource_label(row: Resource) -> LabelledRecord:
    return LabelledRecord(RecordLabel(type="resource", id=row.id, name=row.name or ""))


def _item_label(kind: str, row: CrmItem) -> LabelledRecord:
    return LabelledRecord(RecordLabel(type=kind, id=row.id, name=row.label))


def _nothing(_followed: StepResults) -> list[LabelledRecord]:
    return []


def _result(followed: StepResults, step: Step[Answer]) -> Answer | None:
    """Return a result; None if there is none."""
    try:
        return followed[step]
    except PortalError:
        return None

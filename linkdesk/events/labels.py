"""Fetch the names of the records that notifications mention, in one request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from linkdesk.errors.base import PortalError
from linkdesk.errors.codes import connection as access_errors
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.errors.codes import staff as people_errors
from linkdesk.errors.translate import translate
from linkdesk.events.model import BookingState
from linkdesk.execution.context import PortalApi
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import GetBooking
from tool_specs.methods.crm_item import CrmItem, GetCrmItem
from tool_specs.methods.resource import GetResource, Resource

MAX_RECORDS: Final = 49
"""Records that are looked up: with the booking, as many as one batch of the portal holds."""
ACCESS_LOST_CODES: Final = frozenset(
    failure.code
    for failure in (
        people_errors.NOT_ALLOWED,
        people_errors.NOT_ALLOWED_IN_CHAT,
        sign_in_errors.NOT_SIGNED_IN,
        sign_in_errors.SIGN_IN_ENDED,
        access_errors.ACCESS_DENIED,
        access_errors.NOT_AN_EMPLOYEE,
    )
)
"""What says that somebody may not see bookings any more, however often they try."""


@dataclass(frozen=True, slots=True)
class RecordNames:
    """Names by record; what could not be read has none."""

    items: Mapping[CrmRef, str] = field(default_factory=dict[CrmRef, str])
    resources: Mapping[int, str] = field(default_factory=dict[int, str])


async def fetch_names(portal: PortalApi, bookings: Iterable[BookingState], there: frozenset[int]) -> RecordNames:
    """Fetch the names of the resources, clients and deals of some bookings.

    Args:
        portal: what is asked, with the rights of whoever is told.
        bookings: as they are and as they were.
        there: the ids of those that are not deleted: one is read, as whoever may not see it is not told of it either.

    Raises:
        PortalError: the request brought no result.
        Trouble: this person may not see bookings.
    """
    seen = list(bookings)
    resources = list(dict.fromkeys(number for one in seen for number in one.resource_ids))
    items = list(dict.fromkeys(ref for one in seen for ref in (*one.clients, *one.deals)))
    resources, items = resources[:MAX_RECORDS], items[: max(0, MAX_RECORDS - len(resources))]
    living = [one.booking_id for one in seen if one.booking_id in there][:1]
    calls: Sequence[Method[Any]] = [
        *(GetBooking.model_construct(booking_id=number) for number in living),
        *(GetResource.model_construct(resource_id=number) for number in resources),
        *(GetCrmItem.model_construct(item=ref) for ref in items),
    ]
    if not calls:
        return RecordNames()
    answers = await portal.batch(calls)
    if living:
        _check_visible(calls[0], answers.pop(0))
    return _names(items, resources, answers)


def _names(items: Sequence[CrmRef], resources: Sequence[int], answers: Sequence[object]) -> RecordNames:
    """Match the requested records with their answers; resources come first."""
    rooms, people = answers[: len(resources)], answers[len(resources) :]
    return RecordNames(
        {ref: one.label for ref, one in zip(items, people, strict=True) if isinstance(one, CrmItem) and one.label},
        {
            number: one.name
            for number, one in zip(resources, rooms, strict=True)
            if isinstance(one, Resource) and one.name
        },
    )


def _check_visible(call: Method[Any], answer: object) -> None:
    """Make sure that this person may still see bookings.

    Raises:
        Trouble: they may not.
    """
    if isinstance(answer, PortalError):
        trouble = translate(answer, call)
        if trouble.failure.code in ACCESS_LOST_CODES:
            raise trouble

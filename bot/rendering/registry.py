"""How each thing that is shown is said: a table from the model to the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from bot.rendering import bookings, changes, crm, plans, resources
from bot.rendering.markup import Text
from bot.rendering.writer import Writer
from linkdesk.model import views as shown
from linkdesk.model.outcome import Found

SaysRecord: TypeAlias = Callable[[Writer, Any], Iterator[Text]]
SaysList: TypeAlias = Callable[[Writer, Any, Any], Iterator[Text]]

RECORDS: Final = dict[type[BaseModel], SaysRecord](
    {
        shown.ShownBooking: bookings.booking,
        shown.ShownEntry: bookings.entry,
        shown.ShownResource: resources.resource,
        shown.ShownType: resources.kind,
        shown.ShownSchedule: resources.schedule,
        shown.ShownItem: crm.item,
        shown.ShownActivity: crm.activity,
        shown.ShownPlan: plans.plan,
    }
)
"""One record at a time; the same words stand on the card that asks whether to delete it."""

LISTS: Final = dict[type[BaseModel], SaysList](
    {
        shown.ShownBookings: bookings.bookings,
        shown.ShownDay: bookings.day,
        shown.ShownEntries: bookings.entries,
        shown.ShownResources: resources.resources,
        shown.ShownTypes: resources.kinds,
        shown.ShownClientTypes: resources.client_types,
        shown.ShownItems: crm.items,
        shown.ShownActivities: crm.activities,
        shown.ShownCrmTypes: crm.types,
        shown.ShownMe: crm.me,
        shown.ShownChanges: changes.changes,
    }
)
"""Answers to a search: what was asked is said with them."""


def record(writer: Writer, one: BaseModel) -> Iterator[Text]:
    """Say all about one record."""
    return RECORDS[type(one)](writer, one)


def found(writer: Writer, answer: Found) -> Iterator[Text]:
    """Say what was looked up."""
    if type(answer.shown) in RECORDS:
        return record(writer, answer.shown)
    return LISTS[type(answer.shown)](writer, answer.shown, answer.asked)

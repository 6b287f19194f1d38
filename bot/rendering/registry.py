"""How each thing that is shown is said: a table from the model to the words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from bot.rendering import bookings, changes, crm, plans, resources
from bot.rendering.markup import Text
from bot.rendering.writer import Writer
from linkdesk.model import views as shown
from linkdesk.model.outcome import ReadResult

SaysRecord: TypeAlias = Callable[[Writer, Any], Iterator[Text]]
SaysList: TypeAlias = Callable[[Writer, Any, Any], Iterator[Text]]

RECORDS: Final = dict[type[BaseModel], SaysRecord](
    {
        shown.BookingView: bookings.booking,
        shown.WaitlistEntryView: bookings.entry,
        shown.ResourceView: resources.resource,
        shown.ResourceTypeView: resources.kind,
        shown.ResourceScheduleView: resources.schedule,
        shown.CrmItemView: crm.item,
        shown.ActivityView: crm.activity,
        shown.PlanView: plans.plan,
    }
)
"""One record at a time; the same words stand on the card that asks whether to delete it."""

LISTS: Final = dict[type[BaseModel], SaysList](
    {
        shown.BookingsView: bookings.bookings,
        shown.DayScheduleView: bookings.day,
        shown.WaitlistEntriesView: bookings.entries,
        shown.ResourcesView: resources.resources,
        shown.ResourceTypesView: resources.kinds,
        shown.ClientTypesView: resources.client_types,
        shown.CrmItemsView: crm.items,
        shown.ActivitiesView: crm.activities,
        shown.CrmTypesView: crm.types,
        shown.WhoamiView: crm.me,
        shown.ChangesView: changes.changes,
    }
)
"""Answers to a search: what was asked is said with them."""


def record(writer: Writer, one: BaseModel) -> Iterator[Text]:
    """Say all about one record."""
    return RECORDS[type(one)](writer, one)


def found(writer: Writer, answer: ReadResult) -> Iterator[Text]:
    """Say what was looked up."""
    if type(answer.shown) in RECORDS:
        return record(writer, answer.shown)
    return LISTS[type(answer.shown)](writer, answer.shown, answer.asked)

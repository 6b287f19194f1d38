"""Registry of renderers: from each view model to the function that renders it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias

from pydantic import BaseModel

from bot.rendering import bookings, changes, crm, plans, resources
from bot.rendering.markup import Text
from bot.rendering.writer import Writer
from linkdesk.model import views
from linkdesk.model.outcome import ReadResult

SaysRecord: TypeAlias = Callable[[Writer, Any], Iterator[Text]]
SaysList: TypeAlias = Callable[[Writer, Any, Any], Iterator[Text]]

RECORDS: Final = dict[type[BaseModel], SaysRecord](
    {
        views.BookingView: bookings.booking,
        views.WaitlistEntryView: bookings.entry,
        views.ResourceView: resources.resource,
        views.ResourceTypeView: resources.kind,
        views.ResourceScheduleView: resources.schedule,
        views.CrmItemView: crm.item,
        views.ActivityView: crm.activity,
        views.PlanView: plans.plan,
    }
)
"""One record at a time; the same words stand on the card that asks whether to delete it."""

LISTS: Final = dict[type[BaseModel], SaysList](
    {
        views.BookingsView: bookings.bookings,
        views.DayScheduleView: bookings.day,
        views.WaitlistEntriesView: bookings.entries,
        views.ResourcesView: resources.resources,
        views.ResourceTypesView: resources.kinds,
        views.ClientTypesView: resources.client_types,
        views.CrmItemsView: crm.items,
        views.ActivitiesView: crm.activities,
        views.CrmTypesView: crm.types,
        views.WhoamiView: crm.me,
        views.ChangesView: changes.changes,
    }
)
"""Answers to a search: what was asked is said with them."""


def record(writer: Writer, one: BaseModel) -> Iterator[Text]:
    """Render one record in full."""
    return RECORDS[type(one)](writer, one)


def found(writer: Writer, answer: ReadResult) -> Iterator[Text]:
    """Render the result of a read."""
    if type(answer.shown) in RECORDS:
        return record(writer, answer.shown)
    return LISTS[type(answer.shown)](writer, answer.shown, answer.asked)

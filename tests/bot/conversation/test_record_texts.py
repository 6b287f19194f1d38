import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.rendering.dispatch import render_outcome
from bot.rendering.registry import LISTS, RECORDS
from bot.rendering.writer import LONGEST_TEXT, MOST_ROWS
from linkdesk.handlers.registry import HANDLERS
from linkdesk.model import views as shown
from linkdesk.model.outcome import ReadResult, RecordDone, RecordPlan, RecordTarget, Waiting
from tests.support.sandbox_env import NOW
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.localized import LANGUAGES, Language, Localized
from tool_specs.declaration.method import Method
from tool_specs.methods.activity import FindActivities, GetActivity
from tool_specs.methods.booking import AddBooking, CreateBookingFromWaitlist, ListBookings, UpdateBooking
from tool_specs.methods.client_type import ListClientTypes
from tool_specs.methods.crm_item import FindCrmItems, GetCrmItem
from tool_specs.methods.crm_type import ListCrmTypes
from tool_specs.methods.resource import ListResources, UpdateResource
from tool_specs.methods.resource_slots import SetResourceSlots, Slot
from tool_specs.methods.resource_type import ListResourceTypes
from tool_specs.methods.waitlist import AddWaitlistEntry, ListWaitlistEntries
from tool_specs.recipes.changes_and_plans import GetPlan, ListChanges, Whoami
from tool_specs.recipes.day_schedule import GetDaySchedule

EVIL = "<b>Bad</b> & \x1b[31m\u202e\n" + "long " * 2000


DEAL = CrmRef(type="deal", id=7)
NAMED = shown.NamedRef(type="deal", id=7, name=EVIL)
RESOURCE = shown.Named(id=1, name=EVIL)
SETTINGS = {"reminder_notification": True, "reminder_template": EVIL}
BOOKING = shown.BookingView(
    id=14,
    name=EVIL,
    description=EVIL,
    date_from="2026-11-20T15:00+03:00",
    date_to="2026-11-20T16:00+03:00",
    timezone="Europe/Moscow",
    resources=[RESOURCE] * 30,
    links=[NAMED] * 30,
    clients=None,
)
ENTRY = shown.WaitlistEntryView(id=4, note=EVIL, links=[NAMED], clients=[NAMED])
ROOM = shown.ResourceView(
    id=1, name=EVIL, description=EVIL, type=shown.Named(id=2, name=EVIL), is_main=True, settings=SETTINGS
)
KIND = shown.ResourceTypeView(id=2, name=EVIL, code=EVIL, settings=SETTINGS)
HOURS = shown.WorkingHoursView(start=EVIL, end=EVIL, weekdays=["Mon", "Wed", EVIL], slot_minutes=60, timezone=EVIL)
OTHER_HOURS = HOURS.model_copy(update={"timezone": "UTC", "start": "09:00"})
SCHEDULE = shown.ResourceScheduleView(resource=RESOURCE, slots=[HOURS, OTHER_HOURS])
ITEM = shown.CrmItemView(type="deal", id=7, name=EVIL, contact=NAMED, company=NAMED)
ACTIVITY = shown.ActivityView(id=999, subject=EVIL, owner=NAMED, completed=False, deadline=EVIL, bindings=[NAMED])
CHANGE = shown.ChangeView(
    change_id="7k2m9q4x1z",
    started="2026-11-20T12:00:00+03:00",
    who=EVIL,
    face="telegram",
    tool="set_booking_links",
    target=shown.TargetView(type="booking", id=14),
    state="partly",
    before=[shown.NamedRef(type="deal", id=7)],
    after=[shown.NamedRef(type="deal", id=1)],
)
PLAN = shown.PlanView(
    plan_id="7k2m9q4x1z",
    state="done",
    parts=[
        shown.PlanPartView(target=shown.TargetView(type="booking", id=number), state=state, said=why)
        for number, state, why in (
            (15, "done", None),
            (16, "done", None),
            (17, "done", None),
            (14, "already_so", None),
            (33, "refused", Localized(en="Booking 33 was not found.", ru="Бронирование 33 не найдено.")),
        )
    ],
)
DAY = shown.DayScheduleView(
    day="2026-11-20",
    timezone="Europe/Moscow",
    resources=[shown.ResourceDayView(resource=shown.Named(id=1, name=EVIL), hours=[])],
    bookings=[BOOKING],
)
FOUND: list[tuple[Any, Method[Any]]] = [
    (BOOKING, GetActivity(activity_id=1)),
    (ENTRY, GetActivity(activity_id=1)),
    (ROOM, GetActivity(activity_id=1)),
    (KIND, GetActivity(activity_id=1)),
    (SCHEDULE, GetActivity(activity_id=1)),
    (PLAN, GetPlan()),
    (DAY, GetDaySchedule()),
    (ITEM, GetCrmItem(item=DEAL)),
    (ACTIVITY, GetActivity(activity_id=999)),
    (ACTIVITY.model_copy(update={"bindings": None, "completed": True}), GetActivity(activity_id=999)),
    (
        shown.BookingsView(bookings=[BOOKING] * 50, date_from="2026-11-20", scanned="Looked", cursor="after-50"),
        ListBookings(deal=DEAL),
    ),
    (shown.WaitlistEntriesView(waitlist_entries=[ENTRY] * 50, cursor="after-50"), ListWaitlistEntries()),
    (shown.ResourcesView(resources=[ROOM] * 50, cursor="after-50"), ListResources()),
    (shown.ResourceTypesView(resource_types=[KIND] * 50, cursor="after-50"), ListResourceTypes()),
    (shown.ClientTypesView(client_types=["contact", EVIL]), ListClientTypes()),
    (shown.CrmItemsView(items=[ITEM] * 50, more=True), FindCrmItems(text="<b>long</b> " * 20)),
    (shown.CrmItemsView(items=[]), FindCrmItems(type="contact", text="<b>long</b> " * 20)),
    (shown.ActivitiesView(activities=[ACTIVITY] * 50, more=True), FindActivities(owner=DEAL, text="<b>")),
    (shown.CrmTypesView(types=[shown.NamedType(type="130", name=EVIL)] * 50), ListCrmTypes()),
    (
        shown.WhoamiView(user=RESOURCE, admin=False, scopes=["booking", EVIL], missing_scopes=["crm"]),
        Whoami(),
    ),
    (shown.ChangesView(changes=[]), ListChanges()),
    (shown.ChangesView(changes=[CHANGE, CHANGE.model_copy(update={"undone": True})] * 25), ListChanges()),
]


def every_outcome() -> Iterator[Any]:
    for answer, asked in FOUND:
        yield ReadResult(asked=asked, shown=answer)
    for kind, record in (("booking", BOOKING), ("waitlist", ENTRY), ("resource", ROOM), ("resource_type", KIND)):
        target = RecordTarget(kind, 14)  # type: ignore[arg-type]
        change = UpdateResource.model_validate({"resource_id": 1, "name": "x"})
        deleting = RecordPlan(asked=change, target=target, before=record, after=None, destroys=True)
        yield Waiting(plan=deleting)
        yield RecordDone(plan=deleting, changed=True, target=target, after=None)
        blank = type(record).model_validate({**record.model_dump(), **dict.fromkeys(OPTIONAL[kind])})
        changing = RecordPlan(asked=change, target=target, before=blank, after=record)
        yield Waiting(plan=changing)
        yield RecordDone(plan=changing, changed=True, target=target, after=record)
        made = RecordPlan(asked=AddWaitlistEntry(note="x"), target=target, before=None, after=record)
        yield Waiting(plan=made)
        yield RecordDone(plan=made, changed=True, target=target, after=record)
    booked = CreateBookingFromWaitlist(waitlist_id=4, resource_ids=[1], date_from=NOW, date_to=NOW + timedelta(hours=1))
    yield Waiting(plan=RecordPlan(asked=booked, target=RecordTarget("booking", None), before=ENTRY, after=BOOKING))
    fewer = SCHEDULE.model_copy(update={"slots": [OTHER_HOURS, OTHER_HOURS.model_copy(update={"end": "10:00"})]})
    slots = RecordPlan(
        asked=SetResourceSlots(resource_id=1, slots=[Slot(start=540, end=600, weekdays=["Mon"], slot_minutes=60)]),
        target=RecordTarget("resource_slots", 1),
        before=SCHEDULE,
        after=fewer,
    )
    yield Waiting(plan=slots)
    yield RecordDone(plan=slots, changed=True, target=slots.target, after=fewer)


OPTIONAL = {
    "booking": ["name", "description", "links"],
    "waitlist": ["note", "links"],
    "resource": ["name", "type", "settings"],
    "resource_type": ["name", "code", "settings"],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", list(every_outcome()), ids=lambda outcome: type(outcome).__name__)
def test_everything_said_of_records_is_bounded_escaped_and_printable(outcome: Any, language: Language) -> None:  # noqa: ANN401 - any outcome
    spoken = render_outcome(outcome, language, year=2026)
    assert html.unescape(re.sub("</?b>", "", spoken.html)) == spoken.plain
    assert spoken.plain.count("\n") == spoken.html.count("\n")
    assert spoken.plain.count("\n") <= MOST_ROWS + 14
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", spoken.plain)
    assert max(map(len, spoken.plain.splitlines())) <= 20 * (LONGEST_TEXT // 3 + 30)
    assert "{" not in spoken.plain
    assert "None" not in spoken.plain


def test_every_model_that_a_way_shows_has_words_of_its_own() -> None:
    models = {way.shows for way in HANDLERS.values()} - {None}
    assert models == set(RECORDS) | set(LISTS)
    assert models == {type(answer) for answer, _ in FOUND}


def test_a_changed_booking_is_told_field_by_field() -> None:
    before = BOOKING.model_copy(update={"name": "Cut", "description": None, "resources": [shown.Named(id=1)]})
    later = {"date_from": "2027-01-09T15:00+03:00", "date_to": "2027-01-10T01:00+03:00"}
    after = before.model_copy(update={"name": None, **later, "resources": [shown.Named(id=2, name="Olga")]})
    asked = UpdateBooking.model_validate({"booking_id": 14, "name": ""})
    plan = RecordPlan(asked=asked, target=RecordTarget("booking", 14), before=before, after=after)
    spoken = render_outcome(RecordDone(plan=plan, changed=True, target=plan.target, after=after), "en", year=2026)
    assert spoken.plain.splitlines() == [
        "Changed: booking 14.",
        "Name: “Cut” → empty.",
        "Resources: 1 → Olga (2).",
        "Time: Fri 20 Nov, 15:00–16:00 → Sat 9 Jan 2027, 15:00–Sun 10 Jan 2027, 01:00.",
    ]


def test_a_new_booking_is_named_with_its_time() -> None:
    start = NOW + timedelta(days=1)
    asked = AddBooking(resource_ids=[1], date_from=start, date_to=start + timedelta(hours=1))
    after = BOOKING.model_copy(update={"name": "Cut", "id": 124})
    plan = RecordPlan(asked=asked, target=RecordTarget("booking", None), before=None, after=after)
    done = RecordDone(plan=plan, changed=True, target=RecordTarget("booking", 124), after=after)
    assert render_outcome(done, "en", year=2026).plain == "Created: booking 124 “Cut” (Fri 20 Nov, 15:00–16:00)."
    assert render_outcome(done, "ru", year=2026).plain == "Создано: бронирование 124 «Cut» (пт 20 нояб., 15:00–16:00)."

"""Bookings, waitlist entries, resources and the CRM: what the desk finds, and how it writes whole records."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Any

import pytest

from linkdesk.errors.base import Changed, Trouble
from linkdesk.execution.availability import within
from linkdesk.handlers.registry import WAYS
from linkdesk.model.outcome import Found, RecordDone, RecordPlan, Waiting
from linkdesk.model.views import (
    ShownActivities,
    ShownActivity,
    ShownBooking,
    ShownBookings,
    ShownClientTypes,
    ShownCrmTypes,
    ShownEntries,
    ShownEntry,
    ShownItem,
    ShownItems,
    ShownMe,
    ShownPlan,
    ShownResource,
    ShownResources,
    ShownSchedule,
    ShownType,
    ShownTypes,
)
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.sandbox_env import ANNA, SandboxEnv, open_sandbox_env
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect, Method
from tool_specs.methods.activity import FindActivities, GetActivity
from tool_specs.methods.booking import (
    AddBooking,
    CreateBookingFromWaitlist,
    DeleteBooking,
    GetBooking,
    ListBookings,
    UpdateBooking,
)
from tool_specs.methods.client_type import ListClientTypes
from tool_specs.methods.crm_item import FindCrmItems, GetCrmItem
from tool_specs.methods.crm_type import ListCrmTypes
from tool_specs.methods.resource import AddResource, DeleteResource, GetResource, ListResources, UpdateResource
from tool_specs.methods.resource_slots import ListResourceSlots, ResourceSlot, SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import (
    AddResourceType,
    DeleteResourceType,
    GetResourceType,
    ListResourceTypes,
    UpdateResourceType,
)
from tool_specs.methods.waitlist import (
    AddWaitlistEntry,
    CreateWaitlistEntryFromBooking,
    DeleteWaitlistEntry,
    GetWaitlistEntry,
    ListWaitlistEntries,
    UpdateWaitlistEntry,
)
from tool_specs.recipes.changes_and_plans import Whoami

EVENING = {"date_from": "2026-11-23 18:00", "date_to": "2026-11-23 19:00"}
MONDAY = {"date_from": "2026-11-23 12:00", "date_to": "2026-11-23 13:00"}


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


def ask(method: type[Method[Any]], **arguments: Any) -> Method[Any]:  # noqa: ANN401 - as a caller gives them
    return method.model_validate(arguments)


async def found(env: SandboxEnv, method: Method[Any]) -> Any:  # noqa: ANN401 - a model of what is shown
    outcome = await env.desk.do(method, ANNA)
    assert isinstance(outcome, Found), outcome
    return outcome.shown


async def done(env: SandboxEnv, method: Method[Any], agreed: RecordPlan | None = None) -> RecordDone:
    outcome = await env.desk.do(method, ANNA, agreed=agreed)
    assert isinstance(outcome, RecordDone), outcome
    return outcome


async def waiting(env: SandboxEnv, method: Method[Any]) -> RecordPlan:
    outcome = await env.desk.do(method, ANNA)
    assert isinstance(outcome, Waiting), outcome
    assert isinstance(outcome.plan, RecordPlan)
    return outcome.plan


async def refused(env: SandboxEnv, method: Method[Any]) -> Trouble:
    with pytest.raises(Trouble) as trouble:
        await env.desk.do(method, ANNA)
    return trouble.value


def test_every_tool_has_a_way_and_every_read_says_what_it_shows() -> None:
    assert set(WAYS) <= set(TOOLS)
    assert {method for method in TOOLS if method.effect is not Effect.READ} <= set(WAYS)
    for method, way in WAYS.items():
        records = method.toolset is not None and method.toolset.value != "links"
        plan = way.shows is ShownPlan
        assert (way.shows is not None) is (plan or (records and method.effect is Effect.READ)), method.name()


async def test_a_booking_is_shown_with_the_names_of_everything(env: SandboxEnv) -> None:
    shown = await found(env, GetBooking(booking_id=14))
    assert isinstance(shown, ShownBooking)
    assert (shown.date_from, shown.timezone) == ("2026-11-20T15:00+03:00", "Europe/Moscow")
    assert [(item.type, item.id, bool(item.name)) for item in shown.links or []] == [("deal", 7, True)]
    assert [(item.type, item.id, bool(item.name)) for item in shown.clients or []] == [("contact", 1, True)]
    assert [(resource.id, bool(resource.name)) for resource in shown.resources] == [(1, True)]


async def test_bookings_of_a_day_are_those_of_the_business_day(env: SandboxEnv) -> None:
    shown = await found(env, ask(ListBookings, date_from="2026-11-20", date_to="2026-11-20"))
    assert isinstance(shown, ShownBookings)
    assert 14 in [booking.id for booking in shown.bookings]
    assert all(booking.date_from.startswith("2026-11-20") for booking in shown.bookings)
    assert shown == await found(env, ListBookings())
    assert shown.date_from == "2026-11-20T00:00:00+03:00"


async def test_bookings_of_a_client_are_found_without_a_period(env: SandboxEnv) -> None:
    shown = await found(env, ask(ListBookings, client="contact:1", with_links=True, with_clients=True))
    assert [booking.id for booking in shown.bookings] == [14]
    assert [item.id for item in shown.bookings[0].links] == [7]
    assert [item.id for item in shown.bookings[0].clients] == [1]


async def test_bookings_of_a_deal_are_looked_for_and_it_is_said_how_many_were_scanned(env: SandboxEnv) -> None:
    shown = await found(env, ask(ListBookings, deal=7))
    assert [booking.id for booking in shown.bookings] == [14]
    assert shown.bookings[0].links is None
    assert shown.scanned == "Bookings of this period looked through: 10; with the deal: 1."
    none = await found(env, ask(ListBookings, deal=7, date_from="2026-12-24", date_to="2026-12-24"))
    assert (none.bookings, none.scanned) == (
        [],
        "Bookings of this period looked through: 0; with the deal: 0.",
    )


async def test_pages_go_on_where_the_portal_tells_neither_total_nor_next(env: SandboxEnv) -> None:
    for number in range(120):
        await env.call("booking.v1.waitlist.add", fields={"note": f"entry {number}"})
    seen: list[int | None] = []
    cursor: str | None = None
    for _ in range(20):
        page = await found(env, ask(ListWaitlistEntries, limit=30, cursor=cursor))
        assert isinstance(page, ShownEntries)
        seen += [entry.id for entry in page.waitlist_entries]
        cursor = page.cursor
        if cursor is None:
            break
    assert (len(seen), len(set(seen))) == (123, 123)


@pytest.mark.parametrize("cursor", ["20", "after-", "after--1", "next", "after-99999999"])
async def test_a_cursor_that_is_not_ours_is_refused_by_name(env: SandboxEnv, cursor: str) -> None:
    trouble = await refused(env, ask(ListBookings, cursor=cursor))
    assert [problem.field for problem in trouble.problems] == ["cursor"]


async def test_a_new_booking_is_read_back_with_its_id(env: SandboxEnv) -> None:
    outcome = await done(env, ask(AddBooking, resource_ids=[1], name="Wash", **MONDAY))
    assert outcome.changed
    assert isinstance(outcome.after, ShownBooking)
    assert outcome.after.id == outcome.target.id
    assert (outcome.after.name, outcome.after.date_from) == ("Wash", "2026-11-23T12:00+03:00")
    calendar = [item["moduleId"] for item in await env.links(outcome.target.id or 0)]
    assert calendar == ["calendar"]


async def test_a_time_zone_may_be_named_and_the_moment_is_the_same(env: SandboxEnv) -> None:
    outcome = await done(env, ask(AddBooking, resource_ids=[1], timezone="Asia/Tokyo", **EVENING))
    assert isinstance(outcome.after, ShownBooking)
    assert (outcome.after.timezone, outcome.after.date_from) == ("Asia/Tokyo", "2026-11-23T18:00+09:00")


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"resource_ids": [99], **MONDAY}, "resource_ids.0"),
        ({"resource_ids": [1, 77], **MONDAY}, "resource_ids.1"),
        ({"resource_ids": [1], "date_from": "2026-11-23 03:00", "date_to": "2026-11-23 04:00"}, "date_from"),
        ({"resource_ids": [1], "date_from": "2026-11-23 20:30", "date_to": "2026-11-23 21:30"}, "date_from"),
    ],
)
async def test_a_booking_that_cannot_be_names_the_field_and_changes_nothing(
    env: SandboxEnv,
    arguments: dict[str, Any],
    field: str,
) -> None:
    trouble = await refused(env, ask(AddBooking, **arguments))
    assert (trouble.failure.code, trouble.changed) == ("bad_arguments", Changed.NO)
    assert [problem.field for problem in trouble.problems] == [field]
    assert all(problem.problem.en and problem.problem.ru for problem in trouble.problems)
    assert await env.written() == []


async def test_a_deleted_resource_cannot_be_booked(env: SandboxEnv) -> None:
    made = await done(env, ask(AddResource, name="Spare", type_id=1))
    await env.call("booking.v1.resource.delete", id=made.target.id)
    trouble = await refused(env, ask(AddBooking, resource_ids=[made.target.id], **MONDAY))
    assert "does not exist or was deleted" in trouble.problems[0].problem.en


async def test_a_booking_made_while_the_answer_was_lost_is_found_and_not_made_twice(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.add", "reset_after_commit")
    outcome = await done(env, ask(AddBooking, resource_ids=[1], name="Wash", **MONDAY))
    assert "lost" in outcome.also[0].en
    day = await found(env, ask(ListBookings, date_from="2026-11-23", date_to="2026-11-23"))
    assert [booking.id for booking in day.bookings if booking.name == "Wash"] == [outcome.target.id]


async def test_a_booking_that_was_not_made_is_said_to_have_changed_nothing(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.add", "reset_before")
    trouble = await refused(env, ask(AddBooking, resource_ids=[1], **MONDAY))
    assert (trouble.failure.code, trouble.changed) == ("no_answer", Changed.NO)


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        (ask(AddWaitlistEntry, note="call back"), "booking.v1.waitlist.add"),
        (ask(AddResource, name="Room 2", type_id=2), "booking.v1.resource.add"),
        (ask(AddResourceType, name="Chairs", code="chair"), "booking.v1.resourceType.add"),
    ],
)
async def test_other_new_records_are_found_again_too(env: SandboxEnv, method: Method[Any], fault: str) -> None:
    await env.fault(fault, "reset_after_commit")
    outcome = await done(env, method)
    assert outcome.target.id is not None
    assert "lost" in outcome.also[0].en


async def test_a_booking_is_changed_in_what_was_named_alone(env: SandboxEnv) -> None:
    before = await found(env, GetBooking(booking_id=14))
    outcome = await done(env, ask(UpdateBooking, booking_id=14, name="Colour"))
    assert outcome.changed
    assert outcome.after == before.model_copy(update={"name": "Colour"})
    again = await done(env, ask(UpdateBooking, booking_id=14, name="Colour"))
    assert not again.changed
    assert await env.written() == ["booking.v1.booking.update"]


async def test_a_booking_moves_in_time_within_its_resources_hours(env: SandboxEnv) -> None:
    outcome = await done(env, ask(UpdateBooking, booking_id=16, **MONDAY))
    assert isinstance(outcome.after, ShownBooking)
    assert outcome.after.date_from == "2026-11-23T12:00+03:00"
    trouble = await refused(
        env,
        ask(UpdateBooking, booking_id=16, date_from="2026-11-23 02:00", date_to="2026-11-23 03:00"),
    )
    assert trouble.problems[0].field == "date_from"


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (ask(GetBooking, booking_id=999), "booking_not_found"),
        (ask(UpdateBooking, booking_id=999, name="x"), "booking_not_found"),
        (ask(DeleteBooking, booking_id=999), "booking_not_found"),
        (ask(CreateWaitlistEntryFromBooking, booking_id=999), "booking_not_found"),
        (ask(GetWaitlistEntry, waitlist_id=999), "waitlist_entry_not_found"),
        (ask(UpdateWaitlistEntry, waitlist_id=999, note="x"), "waitlist_entry_not_found"),
        (ask(DeleteWaitlistEntry, waitlist_id=999), "waitlist_entry_not_found"),
        (ask(CreateBookingFromWaitlist, waitlist_id=999, resource_ids=[1], **MONDAY), "waitlist_entry_not_found"),
        (ask(GetResource, resource_id=99), "resource_not_found"),
        (ask(DeleteResource, resource_id=99), "resource_not_found"),
        (ask(ListResourceSlots, resource_id=99), "resource_not_found"),
        (ask(UnsetResourceSlots, resource_id=99, all=True), "resource_not_found"),
        (ask(GetResourceType, type_id=99), "resource_type_not_found"),
        (ask(AddResource, name="x", type_id=99), "resource_type_not_found"),
        (ask(GetCrmItem, item="deal:99"), "crm_item_not_found"),
        (ask(GetActivity, activity_id=5), "activity_not_found"),
    ],
)
async def test_what_does_not_exist_is_said_by_name(env: SandboxEnv, method: Method[Any], code: str) -> None:
    trouble = await refused(env, method)
    assert (trouble.failure.code, trouble.changed) == (code, Changed.NO)
    assert trouble.what.en
    assert trouble.next.ru
    assert await env.written() == []


async def test_deleting_a_booking_waits_for_a_person_who_sees_what_goes(env: SandboxEnv) -> None:
    plan = await waiting(env, ask(DeleteBooking, booking_id=14))
    assert isinstance(plan.before, ShownBooking)
    assert [item.id for item in plan.before.links or []] == [7]
    assert await env.written() == []
    outcome = await done(env, ask(DeleteBooking, booking_id=14), plan)
    assert (outcome.changed, outcome.after) == (True, None)
    assert (await refused(env, GetBooking(booking_id=14))).failure.code == "booking_not_found"


async def test_a_yes_to_deleting_a_booking_is_none_once_the_booking_is_another(env: SandboxEnv) -> None:
    plan = await waiting(env, ask(DeleteBooking, booking_id=14))
    await env.call("booking.v1.booking.update", id=14, fields={"name": "Something else"})
    outcome = await env.desk.do(ask(DeleteBooking, booking_id=14), ANNA, agreed=plan)
    assert isinstance(outcome, Waiting)


@pytest.mark.parametrize("kind", ["reset_after_commit", "reset_before"])
async def test_a_lost_answer_to_a_deletion_is_cleared_up_by_reading(env: SandboxEnv, kind: str) -> None:
    plan = await waiting(env, ask(DeleteBooking, booking_id=14))
    await env.fault("booking.v1.booking.delete", kind)
    if kind == "reset_after_commit":
        assert (await done(env, ask(DeleteBooking, booking_id=14), plan)).after is None
    else:
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(ask(DeleteBooking, booking_id=14), ANNA, agreed=plan)
        assert trouble.value.changed is Changed.NO


async def test_a_waitlist_entry_becomes_a_booking_with_what_it_holds(env: SandboxEnv) -> None:
    request = ask(CreateBookingFromWaitlist, waitlist_id=4, resource_ids=[2], **MONDAY)
    plan = await waiting(env, request)
    assert "removed from the waitlist" in plan.also[0].en
    outcome = await done(env, request, plan)
    assert isinstance(outcome.after, ShownBooking)
    assert [item.id for item in outcome.after.clients or []] == [2]
    assert (await refused(env, GetWaitlistEntry(waitlist_id=4))).failure.code == "waitlist_entry_not_found"


async def test_a_booking_moves_to_the_waitlist_with_what_it_holds(env: SandboxEnv) -> None:
    request = ask(CreateWaitlistEntryFromBooking, booking_id=14)
    outcome = await done(env, request, await waiting(env, request))
    assert isinstance(outcome.after, ShownEntry)
    assert [item.id for item in outcome.after.links or []] == [7]
    assert (await refused(env, GetBooking(booking_id=14))).failure.code == "booking_not_found"


async def test_waitlist_entries_are_made_changed_and_deleted(env: SandboxEnv) -> None:
    made = await done(env, ask(AddWaitlistEntry, note="call back"))
    number = made.target.id
    changed = await done(env, ask(UpdateWaitlistEntry, waitlist_id=number, note="called"))
    assert isinstance(changed.after, ShownEntry)
    assert changed.after.note == "called"
    assert not (await done(env, ask(UpdateWaitlistEntry, waitlist_id=number, note="called"))).changed
    request = ask(DeleteWaitlistEntry, waitlist_id=number)
    assert (await done(env, request, await waiting(env, request))).after is None


async def test_resources_and_their_types_are_made_changed_and_deleted(env: SandboxEnv) -> None:
    kind = await done(env, ask(AddResourceType, name="Chairs", code="chair", reminder_notification=False))
    assert isinstance(kind.after, ShownType)
    assert (kind.after.settings or {})["reminder_notification"] is False
    renamed = await done(env, ask(UpdateResourceType, type_id=kind.target.id, name="Armchairs"))
    assert isinstance(renamed.after, ShownType)
    assert renamed.after.name == "Armchairs"
    made = await done(env, ask(AddResource, name="Chair 1", type_id=kind.target.id, info_delay_seconds=600))
    assert isinstance(made.after, ShownResource)
    assert made.after.type is not None
    assert made.after.type.name == "Armchairs"
    assert (made.after.settings or {})["info_delay_seconds"] == 600
    changed = await done(env, ask(UpdateResource, resource_id=made.target.id, name="Chair 2", is_main=False))
    assert isinstance(changed.after, ShownResource)
    assert (changed.after.name, changed.after.is_main) == ("Chair 2", False)
    listed = await found(env, ask(ListResources, text="Chair"))
    assert isinstance(listed, ShownResources)
    assert [resource.name for resource in listed.resources] == ["Chair 2"]
    types = await found(env, ListResourceTypes())
    assert isinstance(types, ShownTypes)
    assert "Armchairs" in [one.name for one in types.resource_types]
    for request in (ask(DeleteResource, resource_id=made.target.id), ask(DeleteResourceType, type_id=kind.target.id)):
        assert (await done(env, request, await waiting(env, request))).after is None


async def test_working_hours_are_replaced_only_once_a_person_saw_what_goes(env: SandboxEnv) -> None:
    hours = {"from": "10:00", "to": "18:00", "weekdays": ["Mon", "Tue"], "slot_minutes": 30}
    request = ask(SetResourceSlots, resource_id=1, slots=[hours])
    plan = await waiting(env, request)
    assert isinstance(plan.before, ShownSchedule)
    assert plan.before.slots
    outcome = await done(env, request, plan)
    assert isinstance(outcome.after, ShownSchedule)
    assert [(slot.start, slot.end, slot.timezone) for slot in outcome.after.slots] == [
        ("10:00", "18:00", "Europe/Moscow"),
    ]
    assert not (await done(env, request)).changed
    clearing = ask(UnsetResourceSlots, resource_id=1, all=True)
    await done(env, clearing, await waiting(env, clearing))
    filled = await done(env, request)
    assert filled.changed


async def test_items_are_found_by_name_phone_and_email(env: SandboxEnv) -> None:
    by_name = await found(env, ask(FindCrmItems, text="стрижка"))
    assert isinstance(by_name, ShownItems)
    assert {item.id for item in by_name.items} >= {1, 7}
    assert all(item.contact is None or item.contact.name for item in by_name.items)
    phone, email = "8 (916) 123-45-01", "anna.ivanova@example.com"
    assert [item.id for item in (await found(env, ask(FindCrmItems, type="contact", phone=phone))).items] == [1]
    assert [item.id for item in (await found(env, ask(FindCrmItems, type="contact", email=email))).items] == [1]
    deals = await found(env, ask(FindCrmItems, phone=phone))
    assert {item.id for item in deals.items} == {1, 7}
    few = await found(env, ask(FindCrmItems, text="а", limit=2))
    assert (len(few.items), few.more) == (2, True)
    nobody = await found(env, ask(FindCrmItems, phone="+7 000 000-00-00"))
    assert nobody.items == []


async def test_items_activities_types_and_oneself_are_shown(env: SandboxEnv) -> None:
    item = await found(env, ask(GetCrmItem, item="deal:1"))
    assert isinstance(item, ShownItem)
    assert item.contact is not None
    activities = await found(env, ask(FindActivities, owner="deal:7"))
    assert isinstance(activities, ShownActivities)
    assert 999 in [activity.id for activity in activities.activities]
    activity = await found(env, ask(GetActivity, activity_id=999))
    assert isinstance(activity, ShownActivity)
    assert [ref.id for ref in activity.bindings or []] == [7]
    assert isinstance(await found(env, ListCrmTypes()), ShownCrmTypes)
    kinds = await found(env, ListClientTypes())
    assert isinstance(kinds, ShownClientTypes)
    assert kinds.client_types == ["company", "contact"]
    me = await found(env, Whoami())
    assert isinstance(me, ShownMe)
    assert (me.user.id, me.admin, me.missing_scopes) == (1, True, [])
    assert isinstance(await found(env, ask(GetResource, resource_id=1)), ShownResource)


async def test_missing_permissions_are_told_by_whoami_and_by_the_tools_that_need_them(env: SandboxEnv) -> None:
    path = env.sandbox.add_webhook(1, "crm0only0secret", scopes={"crm"})
    address = WebhookAddress.parse(f"http://127.0.0.1{path}")
    async with Portal(address, transport=env.sandbox.transport()) as portal:
        other = SandboxEnv(env.sandbox, type(env.desk)(portal), env.bare)
        assert (await found(other, Whoami())).missing_scopes == ["booking", "user"]
        trouble = await refused(other, GetBooking(booking_id=14))
    assert trouble.failure.code == "missing_scope"
    assert "booking" in trouble.what.en


WORK_DAY = [
    ResourceSlot.model_validate(
        {"from": 540, "to": 1080, "weekDays": ["Mon", "Tue"], "slotSize": 60, "timezone": "Europe/Moscow"},
    )
]
ROUND_THE_CLOCK = [
    ResourceSlot.model_validate(
        {
            "from": 0,
            "to": 1440,
            "weekDays": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
            "slotSize": 60,
            "timezone": "Europe/Berlin",
        },
    )
]


@pytest.mark.parametrize(
    ("slots", "start", "end", "is_within"),
    [
        (WORK_DAY, "2026-11-23T09:00+03:00", "2026-11-23T18:00+03:00", True),
        (WORK_DAY, "2026-11-23T08:59+03:00", "2026-11-23T10:00+03:00", False),
        (WORK_DAY, "2026-11-23T17:30+03:00", "2026-11-23T18:01+03:00", False),
        (WORK_DAY, "2026-11-23T07:00+01:00", "2026-11-23T08:00+01:00", True),
        (WORK_DAY, "2026-11-25T10:00+03:00", "2026-11-25T11:00+03:00", False),
        (WORK_DAY, "2026-11-23T17:00+03:00", "2026-11-24T10:00+03:00", False),
        (ROUND_THE_CLOCK, "2026-10-24T20:00+02:00", "2026-10-26T20:00+01:00", True),
        (ROUND_THE_CLOCK, "2026-03-28T20:00+01:00", "2026-03-30T20:00+02:00", True),
    ],
)
def test_a_period_is_within_working_hours_across_days_zones_and_clock_changes(
    slots: list[ResourceSlot],
    start: str,
    end: str,
    is_within: bool,
) -> None:

    assert within(slots, datetime.fromisoformat(start), datetime.fromisoformat(end)) is is_within


async def test_a_cursor_holds_for_its_own_question_only(env: SandboxEnv) -> None:
    week = {"date_from": "2026-11-16", "date_to": "2026-11-22", "limit": 2}
    page = await found(env, ask(ListBookings, **week))
    following = await found(env, ask(ListBookings, **week, cursor=page.cursor))
    assert not {booking.id for booking in page.bookings} & {booking.id for booking in following.bookings}
    trouble = await refused(env, ask(ListBookings, cursor=page.cursor))
    assert [problem.field for problem in trouble.problems] == ["cursor"]


@pytest.mark.parametrize(
    "method",
    [
        ask(ListBookings, client="contact:9999"),
        ask(ListBookings, deal=99),
        ask(FindActivities, owner="deal:9999"),
    ],
)
async def test_nothing_found_for_an_item_that_does_not_exist_is_said(env: SandboxEnv, method: Method[Any]) -> None:
    assert (await refused(env, method)).failure.code == "crm_item_not_found"


async def test_a_name_that_the_portal_leaves_out_is_said(env: SandboxEnv) -> None:
    request = ask(CreateBookingFromWaitlist, waitlist_id=4, resource_ids=[2], name="Q", **MONDAY)
    outcome = await done(env, request, await waiting(env, request))
    assert "Bitrix24 saved something else for: name." in [said.en for said in outcome.also]


async def test_a_booking_whose_links_cannot_be_read_is_not_said_to_lack_the_deal(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.list", "no_rights", times=2)
    shown = await found(env, ask(ListBookings, deal=7))
    assert shown.scanned.endswith("Links that could not be read: 2.")
    assert "looked through: 8;" in shown.scanned

"""Bookings and waitlist entries: what the desk finds, and how it writes whole records."""

from __future__ import annotations

from typing import Any

import pytest

from linkdesk.errors.base import Changed, Trouble
from linkdesk.model.outcome import Waiting
from linkdesk.model.views import (
    BookingsView,
    BookingView,
    WaitlistEntriesView,
    WaitlistEntryView,
)
from tests.support.desk_requests import EVENING, MONDAY, build_request, read, record_done, refused, waiting_record_plan
from tests.support.sandbox_env import ANNA, SandboxEnv
from tool_specs.declaration.method import Method
from tool_specs.methods.activity import GetActivity
from tool_specs.methods.booking import (
    AddBooking,
    CreateBookingFromWaitlist,
    DeleteBooking,
    GetBooking,
    ListBookings,
    UpdateBooking,
)
from tool_specs.methods.crm_item import GetCrmItem
from tool_specs.methods.resource import AddResource, DeleteResource, GetResource
from tool_specs.methods.resource_slots import ListResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import (
    AddResourceType,
    GetResourceType,
)
from tool_specs.methods.waitlist import (
    AddWaitlistEntry,
    CreateWaitlistEntryFromBooking,
    DeleteWaitlistEntry,
    GetWaitlistEntry,
    ListWaitlistEntries,
    UpdateWaitlistEntry,
)


async def test_a_booking_is_shown_with_the_names_of_everything(env: SandboxEnv) -> None:
    shown = await read(env, GetBooking(booking_id=14))
    assert isinstance(shown, BookingView)
    assert (shown.date_from, shown.timezone) == ("2026-11-20T15:00+03:00", "Europe/Moscow")
    assert [(item.type, item.id, bool(item.name)) for item in shown.links or []] == [("deal", 7, True)]
    assert [(item.type, item.id, bool(item.name)) for item in shown.clients or []] == [("contact", 1, True)]
    assert [(resource.id, bool(resource.name)) for resource in shown.resources] == [(1, True)]


async def test_bookings_of_a_day_are_those_of_the_business_day(env: SandboxEnv) -> None:
    shown = await read(env, build_request(ListBookings, date_from="2026-11-20", date_to="2026-11-20"))
    assert isinstance(shown, BookingsView)
    assert 14 in [booking.id for booking in shown.bookings]
    assert all(booking.date_from.startswith("2026-11-20") for booking in shown.bookings)
    assert shown == await read(env, ListBookings())
    assert shown.date_from == "2026-11-20T00:00:00+03:00"


async def test_bookings_of_a_client_are_found_without_a_period(env: SandboxEnv) -> None:
    shown = await read(env, build_request(ListBookings, client="contact:1", with_links=True, with_clients=True))
    assert [booking.id for booking in shown.bookings] == [14]
    assert [item.id for item in shown.bookings[0].links] == [7]
    assert [item.id for item in shown.bookings[0].clients] == [1]


async def test_bookings_of_a_deal_are_looked_for_and_it_is_said_how_many_were_scanned(env: SandboxEnv) -> None:
    shown = await read(env, build_request(ListBookings, deal=7))
    assert [booking.id for booking in shown.bookings] == [14]
    assert shown.bookings[0].links is None
    assert shown.scanned == "Bookings of this period looked through: 10; with the deal: 1."
    none = await read(env, build_request(ListBookings, deal=7, date_from="2026-12-24", date_to="2026-12-24"))
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
        page = await read(env, build_request(ListWaitlistEntries, limit=30, cursor=cursor))
        assert isinstance(page, WaitlistEntriesView)
        seen += [entry.id for entry in page.waitlist_entries]
        cursor = page.cursor
        if cursor is None:
            break
    assert (len(seen), len(set(seen))) == (123, 123)


@pytest.mark.parametrize("cursor", ["20", "after-", "after--1", "next", "after-99999999"])
async def test_a_cursor_that_is_not_ours_is_refused_by_name(env: SandboxEnv, cursor: str) -> None:
    trouble = await refused(env, build_request(ListBookings, cursor=cursor))
    assert [problem.field for problem in trouble.problems] == ["cursor"]


async def test_a_new_booking_is_read_back_with_its_id(env: SandboxEnv) -> None:
    outcome = await record_done(env, build_request(AddBooking, resource_ids=[1], name="Wash", **MONDAY))
    assert outcome.changed
    assert isinstance(outcome.after, BookingView)
    assert outcome.after.id == outcome.target.id
    assert (outcome.after.name, outcome.after.date_from) == ("Wash", "2026-11-23T12:00+03:00")
    calendar = [item["moduleId"] for item in await env.links(outcome.target.id or 0)]
    assert calendar == ["calendar"]


async def test_a_time_zone_may_be_named_and_the_moment_is_the_same(env: SandboxEnv) -> None:
    outcome = await record_done(env, build_request(AddBooking, resource_ids=[1], timezone="Asia/Tokyo", **EVENING))
    assert isinstance(outcome.after, BookingView)
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
    trouble = await refused(env, build_request(AddBooking, **arguments))
    assert (trouble.failure.code, trouble.changed) == ("bad_arguments", Changed.NO)
    assert [problem.field for problem in trouble.problems] == [field]
    assert all(problem.problem.en and problem.problem.ru for problem in trouble.problems)
    assert await env.written() == []


async def test_a_deleted_resource_cannot_be_booked(env: SandboxEnv) -> None:
    made = await record_done(env, build_request(AddResource, name="Spare", type_id=1))
    await env.call("booking.v1.resource.delete", id=made.target.id)
    trouble = await refused(env, build_request(AddBooking, resource_ids=[made.target.id], **MONDAY))
    assert "does not exist or was deleted" in trouble.problems[0].problem.en


async def test_a_booking_made_while_the_answer_was_lost_is_found_and_not_made_twice(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.add", "reset_after_commit")
    outcome = await record_done(env, build_request(AddBooking, resource_ids=[1], name="Wash", **MONDAY))
    assert "lost" in outcome.also[0].en
    day = await read(env, build_request(ListBookings, date_from="2026-11-23", date_to="2026-11-23"))
    assert [booking.id for booking in day.bookings if booking.name == "Wash"] == [outcome.target.id]


async def test_a_booking_that_was_not_made_is_said_to_have_changed_nothing(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.add", "reset_before")
    trouble = await refused(env, build_request(AddBooking, resource_ids=[1], **MONDAY))
    assert (trouble.failure.code, trouble.changed) == ("no_answer", Changed.NO)


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        (build_request(AddWaitlistEntry, note="call back"), "booking.v1.waitlist.add"),
        (build_request(AddResource, name="Room 2", type_id=2), "booking.v1.resource.add"),
        (build_request(AddResourceType, name="Chairs", code="chair"), "booking.v1.resourceType.add"),
    ],
)
async def test_other_new_records_are_found_again_too(env: SandboxEnv, method: Method[Any], fault: str) -> None:
    await env.fault(fault, "reset_after_commit")
    outcome = await record_done(env, method)
    assert outcome.target.id is not None
    assert "lost" in outcome.also[0].en


async def test_a_booking_is_changed_in_what_was_named_alone(env: SandboxEnv) -> None:
    before = await read(env, GetBooking(booking_id=14))
    outcome = await record_done(env, build_request(UpdateBooking, booking_id=14, name="Colour"))
    assert outcome.changed
    assert outcome.after == before.model_copy(update={"name": "Colour"})
    again = await record_done(env, build_request(UpdateBooking, booking_id=14, name="Colour"))
    assert not again.changed
    assert await env.written() == ["booking.v1.booking.update"]


async def test_a_booking_moves_in_time_within_its_resources_hours(env: SandboxEnv) -> None:
    outcome = await record_done(env, build_request(UpdateBooking, booking_id=16, **MONDAY))
    assert isinstance(outcome.after, BookingView)
    assert outcome.after.date_from == "2026-11-23T12:00+03:00"
    trouble = await refused(
        env,
        build_request(UpdateBooking, booking_id=16, date_from="2026-11-23 02:00", date_to="2026-11-23 03:00"),
    )
    assert trouble.problems[0].field == "date_from"


@pytest.mark.parametrize(
    ("method", "code"),
    [
        (build_request(GetBooking, booking_id=999), "booking_not_found"),
        (build_request(UpdateBooking, booking_id=999, name="x"), "booking_not_found"),
        (build_request(DeleteBooking, booking_id=999), "booking_not_found"),
        (build_request(CreateWaitlistEntryFromBooking, booking_id=999), "booking_not_found"),
        (build_request(GetWaitlistEntry, waitlist_id=999), "waitlist_entry_not_found"),
        (build_request(UpdateWaitlistEntry, waitlist_id=999, note="x"), "waitlist_entry_not_found"),
        (build_request(DeleteWaitlistEntry, waitlist_id=999), "waitlist_entry_not_found"),
        (
            build_request(CreateBookingFromWaitlist, waitlist_id=999, resource_ids=[1], **MONDAY),
            "waitlist_entry_not_found",
        ),
        (build_request(GetResource, resource_id=99), "resource_not_found"),
        (build_request(DeleteResource, resource_id=99), "resource_not_found"),
        (build_request(ListResourceSlots, resource_id=99), "resource_not_found"),
        (build_request(UnsetResourceSlots, resource_id=99, all=True), "resource_not_found"),
        (build_request(GetResourceType, type_id=99), "resource_type_not_found"),
        (build_request(AddResource, name="x", type_id=99), "resource_type_not_found"),
        (build_request(GetCrmItem, item="deal:99"), "crm_item_not_found"),
        (build_request(GetActivity, activity_id=5), "activity_not_found"),
    ],
)
async def test_what_does_not_exist_is_said_by_name(env: SandboxEnv, method: Method[Any], code: str) -> None:
    trouble = await refused(env, method)
    assert (trouble.failure.code, trouble.changed) == (code, Changed.NO)
    assert trouble.what.en
    assert trouble.next.ru
    assert await env.written() == []


async def test_deleting_a_booking_waits_for_a_person_who_sees_what_goes(env: SandboxEnv) -> None:
    plan = await waiting_record_plan(env, build_request(DeleteBooking, booking_id=14))
    assert isinstance(plan.before, BookingView)
    assert [item.id for item in plan.before.links or []] == [7]
    assert await env.written() == []
    outcome = await record_done(env, build_request(DeleteBooking, booking_id=14), plan)
    assert (outcome.changed, outcome.after) == (True, None)
    assert (await refused(env, GetBooking(booking_id=14))).failure.code == "booking_not_found"


async def test_a_yes_to_deleting_a_booking_is_none_once_the_booking_is_another(env: SandboxEnv) -> None:
    plan = await waiting_record_plan(env, build_request(DeleteBooking, booking_id=14))
    await env.call("booking.v1.booking.update", id=14, fields={"name": "Something else"})
    outcome = await env.desk.do(build_request(DeleteBooking, booking_id=14), ANNA, agreed=plan)
    assert isinstance(outcome, Waiting)


@pytest.mark.parametrize("kind", ["reset_after_commit", "reset_before"])
async def test_a_lost_answer_to_a_deletion_is_cleared_up_by_reading(env: SandboxEnv, kind: str) -> None:
    plan = await waiting_record_plan(env, build_request(DeleteBooking, booking_id=14))
    await env.fault("booking.v1.booking.delete", kind)
    if kind == "reset_after_commit":
        assert (await record_done(env, build_request(DeleteBooking, booking_id=14), plan)).after is None
    else:
        with pytest.raises(Trouble) as trouble:
            await env.desk.do(build_request(DeleteBooking, booking_id=14), ANNA, agreed=plan)
        assert trouble.value.changed is Changed.NO


async def test_a_waitlist_entry_becomes_a_booking_with_what_it_holds(env: SandboxEnv) -> None:
    request = build_request(CreateBookingFromWaitlist, waitlist_id=4, resource_ids=[2], **MONDAY)
    plan = await waiting_record_plan(env, request)
    assert "removed from the waitlist" in plan.also[0].en
    outcome = await record_done(env, request, plan)
    assert isinstance(outcome.after, BookingView)
    assert [item.id for item in outcome.after.clients or []] == [2]
    assert (await refused(env, GetWaitlistEntry(waitlist_id=4))).failure.code == "waitlist_entry_not_found"


async def test_a_booking_moves_to_the_waitlist_with_what_it_holds(env: SandboxEnv) -> None:
    request = build_request(CreateWaitlistEntryFromBooking, booking_id=14)
    outcome = await record_done(env, request, await waiting_record_plan(env, request))
    assert isinstance(outcome.after, WaitlistEntryView)
    assert [item.id for item in outcome.after.links or []] == [7]
    assert (await refused(env, GetBooking(booking_id=14))).failure.code == "booking_not_found"


async def test_waitlist_entries_are_made_changed_and_deleted(env: SandboxEnv) -> None:
    made = await record_done(env, build_request(AddWaitlistEntry, note="call back"))
    number = made.target.id
    changed = await record_done(env, build_request(UpdateWaitlistEntry, waitlist_id=number, note="called"))
    assert isinstance(changed.after, WaitlistEntryView)
    assert changed.after.note == "called"
    assert not (await record_done(env, build_request(UpdateWaitlistEntry, waitlist_id=number, note="called"))).changed
    request = build_request(DeleteWaitlistEntry, waitlist_id=number)
    assert (await record_done(env, request, await waiting_record_plan(env, request))).after is None


async def test_a_cursor_holds_for_its_own_question_only(env: SandboxEnv) -> None:
    week = {"date_from": "2026-11-16", "date_to": "2026-11-22", "limit": 2}
    page = await read(env, build_request(ListBookings, **week))
    following = await read(env, build_request(ListBookings, **week, cursor=page.cursor))
    assert not {booking.id for booking in page.bookings} & {booking.id for booking in following.bookings}
    trouble = await refused(env, build_request(ListBookings, cursor=page.cursor))
    assert [problem.field for problem in trouble.problems] == ["cursor"]


async def test_a_name_that_the_portal_leaves_out_is_said(env: SandboxEnv) -> None:
    request = build_request(CreateBookingFromWaitlist, waitlist_id=4, resource_ids=[2], name="Q", **MONDAY)
    outcome = await record_done(env, request, await waiting_record_plan(env, request))
    assert "Bitrix24 saved something else for: name." in [said.en for said in outcome.also]


async def test_a_booking_whose_links_cannot_be_read_is_not_said_to_lack_the_deal(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.list", "no_rights", times=2)
    shown = await read(env, build_request(ListBookings, deal=7))
    assert shown.scanned.endswith("Links that could not be read: 2.")
    assert "looked through: 8;" in shown.scanned

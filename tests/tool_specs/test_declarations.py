"""How arguments are checked and written, where that is more than a name."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tool_specs import METHODS
from tool_specs.declaration.method import Method
from tool_specs.declaration.times import ZonedRequest
from tool_specs.methods.activity import FindActivities
from tool_specs.methods.booking import AddBooking, CreateBookingFromWaitlist, ListBookings, UpdateBooking
from tool_specs.methods.crm_item import FindCrmItems
from tool_specs.methods.crm_type import ListCrmTypes
from tool_specs.methods.duplicate import FindDuplicates
from tool_specs.methods.resource import AddResource, GetResource, ListResources, UpdateResource
from tool_specs.methods.resource_slots import SetResourceSlots, UnsetResourceSlots
from tool_specs.methods.resource_type import AddResourceType, ListResourceTypes, UpdateResourceType
from tool_specs.methods.waitlist import AddWaitlistEntry, ListWaitlistEntries, UpdateWaitlistEntry

DAY = {"date_from": "2026-11-21 15:00", "date_to": "2026-11-21 16:00"}
BOOKED = {"resource_ids": [1], **DAY}
ENDS_BEFORE = "period_ends_before_start"
CAR = {"name": "Car", "type_id": 1}
SLOT = {"from": "09:00", "to": "18:00", "weekdays": ["Mon"], "slot_minutes": 60}


def hours(changed: dict[str, Any]) -> dict[str, Any]:
    return {"resource_id": 1, "slots": [{**SLOT, **changed}]}


def problems(method: type[Method[Any]], arguments: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as caught:
        method.model_validate(arguments)
    return [(".".join(map(str, error["loc"])), error["type"]) for error in caught.value.errors()]


@pytest.mark.parametrize(
    ("method", "arguments", "field", "kind"),
    [
        (AddBooking, {**BOOKED, "date_to": "2026-11-21 15:00"}, "date_to", "end_not_after_start"),
        (AddBooking, {**BOOKED, "date_to": "2026-11-21 14:00"}, "date_to", "end_not_after_start"),
        (AddBooking, {**BOOKED, "timezone": "Mars/Base"}, "timezone", "time_zone_unknown"),
        (AddBooking, {**BOOKED, "timezone": "../etc/passwd"}, "timezone", "time_zone_unknown"),
        (AddBooking, {**BOOKED, "timezone": "Europe"}, "timezone", "time_zone_unknown"),
        (AddBooking, {**BOOKED, "timezone": "localtime"}, "timezone", "time_zone_unknown"),
        (AddBooking, {**BOOKED, "date_from": "2026-11-21"}, "date_from", "time_of_day"),
        (AddBooking, {**BOOKED, "date_from": "2026-02-30 10:00"}, "date_from", "time_of_day"),
        (AddBooking, {**BOOKED, "date_from": 1723446900}, "date_from", "time_of_day"),
        (AddBooking, {**BOOKED, "date_from": {"timestamp": 1}}, "date_from", "time_of_day"),
        (AddBooking, {**BOOKED, "resource_ids": []}, "resource_ids", "too_short"),
        (AddBooking, {**DAY}, "resource_ids", "missing"),
        (AddBooking, {**BOOKED, "name": "x" * 256}, "name", "string_too_long"),
        (AddBooking, {**BOOKED, "name": "a\nb"}, "name", "control_characters"),
        (AddBooking, {**BOOKED, "description": "x" * 10_001}, "description", "string_too_long"),
        (AddBooking, {**BOOKED, "description": "a\x00b"}, "description", "control_characters"),
        (AddBooking, {**BOOKED, "clients": []}, "clients", "extra_forbidden"),
        (CreateBookingFromWaitlist, BOOKED, "waitlist_id", "missing"),
        (UpdateBooking, {"booking_id": 14}, "", "nothing_to_change"),
        (UpdateBooking, {"booking_id": 14, "timezone": "UTC"}, "", "nothing_to_change"),
        (UpdateBooking, {"booking_id": 14, "name": None}, "", "nothing_to_change"),
        (UpdateBooking, {"booking_id": 14, "date_to": "2026-11-21 16:00"}, "", "go_together"),
        (UpdateBooking, {"booking_id": 14, "date_from": "2026-11-21 16:00"}, "", "go_together"),
        (UpdateBooking, {"booking_id": 14, "resource_ids": []}, "resource_ids", "too_short"),
        (ListBookings, {"date_from": "2026-11-21", "date_to": "2026-11-20"}, "date_to", ENDS_BEFORE),
        (ListBookings, {"date_from": "2026-11-21 15:00", "date_to": "2026-11-20"}, "date_to", ENDS_BEFORE),
        (ListBookings, {"date_from": "tomorrow"}, "date_from", "datetime_parsing"),
        (ListBookings, {"date_from": "2026-02-30"}, "date_from", "datetime_parsing"),
        (ListBookings, {"client": "deal:1"}, "client", "crm_type_not_allowed"),
        (ListBookings, {"deal": "contact:1"}, "deal", "crm_type_not_allowed"),
        (ListBookings, {"filter": {"resourceIds": [1]}}, "resourceIds", "extra_forbidden"),
        (ListBookings, {"FILTER": {"within": {}}}, "FILTER", "extra_forbidden"),
        (ListBookings, {"order": {"id": "DESC"}}, "order", "extra_forbidden"),
        (ListBookings, {"start": 50}, "start", "extra_forbidden"),
        (ListBookings, {"limit": 51}, "limit", "less_than_equal"),
        (ListBookings, {"limit": 0}, "limit", "greater_than_equal"),
        (ListWaitlistEntries, {"created_from": "2025-04-02", "created_to": "2025-04-01"}, "created_to", ENDS_BEFORE),
        (ListWaitlistEntries, {"created_from": "2025-04-01 10:00"}, "created_from", "date_parsing"),
        (ListWaitlistEntries, {"filter": {"note": "x"}}, "note", "extra_forbidden"),
        (AddWaitlistEntry, {}, "note", "missing"),
        (AddWaitlistEntry, {"note": "\x1b[2J"}, "note", "control_characters"),
        (UpdateWaitlistEntry, {"waitlist_id": 4}, "note", "missing"),
        (UpdateResource, {"resource_id": 1}, "", "nothing_to_change"),
        (UpdateResourceType, {"type_id": 1}, "", "nothing_to_change"),
        (AddResource, {"name": "Car"}, "type_id", "missing"),
        (AddResource, {**CAR, "info_template": "robot"}, "info_template", "literal_error"),
        (AddResource, {**CAR, "reminder_delay_seconds": -2}, "reminder_delay_seconds", "greater_than_equal"),
        (
            AddResourceType,
            {"name": "x", "code": "x", "info_notification": True},
            "info_notification",
            "extra_forbidden",
        ),
        (SetResourceSlots, {"resource_id": 1, "slots": []}, "slots", "too_short"),
        (SetResourceSlots, hours({"to": "09:00"}), "slots.0.to", "end_not_after_start"),
        (SetResourceSlots, hours({"to": "24:01"}), "slots.0.to", "clock"),
        (SetResourceSlots, hours({"from": "9"}), "slots.0.from", "clock"),
        (SetResourceSlots, hours({"from": 9}), "slots.0.from", "clock"),
        (SetResourceSlots, hours({"weekdays": ["Пн"]}), "slots.0.weekdays.0", "literal_error"),
        (SetResourceSlots, hours({"timezone": "x"}), "slots.0.timezone", "time_zone_unknown"),
        (UnsetResourceSlots, {"resource_id": 1}, "all", "missing"),
        (UnsetResourceSlots, {"resource_id": 1, "all": False}, "all", "all_needed"),
        (FindCrmItems, {}, "", "one_of"),
        (FindCrmItems, {"text": "  "}, "text", "string_too_short"),
        (FindCrmItems, {"text": "x", "limit": 21}, "limit", "less_than_equal"),
        (FindCrmItems, {"text": "x", "type": "task"}, "type", "crm_type"),
        (FindCrmItems, {"phone": "Ann"}, "phone", "phone"),
        (FindCrmItems, {"email": "Ann"}, "email", "email"),
        (FindActivities, {}, "", "one_of"),
        (FindActivities, {"owner": "task:1"}, "owner", "crm_type"),
    ],
)
def test_a_wrong_argument_is_named(method: type[Method[Any]], arguments: dict[str, Any], field: str, kind: str) -> None:
    assert problems(method, arguments) == [(field, kind)]


def test_all_problems_are_told_at_once() -> None:
    wrong = {"resource_ids": "x", "date_from": "x", "date_to": "2026-11-21 15:00", "timezone": "x", "name": "\n"}
    assert {field for field, _ in problems(AddBooking, wrong)} == {"resource_ids.0", "date_from", "timezone", "name"}


def period(call: Method[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    sent = call.wire()["fields"]["datePeriod"]
    return sent["from"], sent["to"]


@pytest.mark.parametrize(
    ("date_from", "timezone", "timestamp"),
    [
        ("2026-11-21 15:00", None, 1795262400),  # 12:00 UTC
        ("2026-11-21T15:00", None, 1795262400),
        ("2026-11-21T15:00:00", "Europe/Moscow", 1795262400),
        ("2026-11-21T12:00:00Z", None, 1795262400),
        ("2026-11-21T17:00+0500", None, 1795262400),
        ("2026-11-21 17:00 +05:00", "Asia/Tokyo", 1795262400),
        ("2026-11-21 21:00", "Asia/Tokyo", 1795262400),
        ("2026-11-21 07:00", "America/New_York", 1795262400),
        ("2026-11-21 15:00:00.9", None, 1795262400),
    ],
)
def test_a_time_is_in_its_zone_or_else_in_that_of_the_business(
    date_from: str, timezone: str | None, timestamp: int
) -> None:
    given = {"resource_ids": [1], "date_from": date_from, "date_to": "2027-01-01 10:00", "timezone": timezone}
    start, _ = period(AddBooking.model_validate(given).in_zone("Europe/Moscow"))
    assert start == {"timestamp": timestamp, "timezone": timezone or "Europe/Moscow"}


def test_a_time_without_a_zone_is_never_sent() -> None:
    for call in (
        AddBooking.model_validate(BOOKED),
        ListBookings.model_validate({"date_from": "2026-11-21"}),
        SetResourceSlots.model_validate({"resource_id": 1, "slots": [SLOT]}),
    ):
        with pytest.raises(ValueError, match="in_zone"):
            call.wire()


def test_the_vendors_own_period_keeps_its_zone() -> None:
    sent = {
        "from": {"timestamp": "1723446900", "timezone": "Europe/Kaliningrad"},
        "to": {"timestamp": 1723447800, "timezone": "Europe/Kaliningrad"},
    }
    call = AddBooking.model_validate({"fields": {"resourceIds": [1], "datePeriod": sent}})
    start, end = period(call.in_zone("Europe/Moscow"))
    assert start == {"timestamp": 1723446900, "timezone": "Europe/Kaliningrad"}
    assert end == {"timestamp": 1723447800, "timezone": "Europe/Kaliningrad"}


@pytest.mark.parametrize(
    ("date_from", "date_to", "minutes"),
    [
        ("2026-03-29 01:30", "2026-03-29 03:30", 60),  # the night that is an hour short
        ("2026-10-25 01:30", "2026-10-25 03:30", 180),  # the night that is an hour long
        ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", 60),  # the same wall time twice
        ("2026-06-01 10:00", "2026-06-01 11:00", 60),
    ],
)
def test_a_booking_over_a_change_of_the_clocks_lasts_what_it_lasts(date_from: str, date_to: str, minutes: int) -> None:
    given = {"resource_ids": [1], "date_from": date_from, "date_to": date_to, "timezone": "Europe/Berlin"}
    start, end = period(AddBooking.model_validate(given))
    assert end["timestamp"] - start["timestamp"] == minutes * 60


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    skipped = {"resource_ids": [1], "date_from": "2026-03-29 02:30", "date_to": "2026-03-29 05:00"}
    assert problems(AddBooking, {**skipped, "timezone": "Europe/Berlin"}) == [("date_from", "time_skipped")]
    with pytest.raises(ValidationError):
        AddBooking.model_validate(skipped).in_zone("Europe/Berlin")


def test_a_period_that_is_wrong_only_in_its_zone_is_refused_there() -> None:
    mixed = {"resource_ids": [1], "date_from": "2026-11-21T15:00Z", "date_to": "2026-11-21 16:00"}
    call = AddBooking.model_validate(mixed)
    assert call.in_zone("UTC").wire()
    with pytest.raises(ValidationError):
        call.in_zone("Asia/Tokyo")
    listed = ListBookings.model_validate({"date_from": "2026-11-21T23:00Z", "date_to": "2026-11-21"})
    assert listed.in_zone("UTC").wire()
    with pytest.raises(ValidationError):
        listed.in_zone("Asia/Tokyo")


ZONES = [
    "Europe/Moscow",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/Havana",
    "UTC",
]
MOMENTS = st.integers(1_704_067_200, 2_051_222_400)
"""Unix seconds from 2024 to 2034."""


@given(start=MOMENTS, minutes=st.integers(1, 100_000), zone=st.sampled_from(ZONES), business=st.sampled_from(ZONES))
def test_any_period_goes_to_the_wire_and_back(start: int, minutes: int, zone: str, business: str) -> None:
    end = start + minutes * 60
    local = [datetime.fromtimestamp(at, ZoneInfo(zone)).isoformat() for at in (start, end)]
    given_period = {"resource_ids": [1], "date_from": local[0], "date_to": local[1], "timezone": zone}
    call = AddBooking.model_validate(given_period)
    assert [point["timestamp"] for point in period(call)] == [start, end]
    assert AddBooking.model_validate(call.wire()).in_zone(business).wire() == call.wire()
    assert AddBooking.model_validate_json(call.model_dump_json()).wire() == call.wire()


@pytest.mark.parametrize(
    ("given_dates", "zone", "hours"),
    [
        ({"date_from": "2026-11-21", "date_to": "2026-11-21"}, "Europe/Moscow", 24),
        ({"date_from": "2026-11-21", "date_to": "2026-11-22"}, "Europe/Moscow", 48),
        ({"date_from": "2026-03-29", "date_to": "2026-03-29"}, "Europe/Berlin", 23),
        ({"date_from": "2026-10-25", "date_to": "2026-10-25"}, "Europe/Berlin", 25),
        ({"date_from": "2026-11-21T10:00", "date_to": "2026-11-21T12:00"}, "Europe/Berlin", 2),
    ],
)
def test_days_of_a_list_count_whole_in_the_business_zone(given_dates: dict[str, str], zone: str, hours: int) -> None:
    within = ListBookings.model_validate(given_dates).in_zone(zone).wire()["filter"]["within"]
    last_second = 1 if hours > 2 else 0
    assert within["dateTo"] + last_second - within["dateFrom"] == hours * 3600
    start = datetime.fromtimestamp(within["dateFrom"], ZoneInfo(zone))
    assert start.isoformat().startswith(given_dates["date_from"])


@pytest.mark.parametrize(
    ("arguments", "within"),
    [
        ({"date_from": "2026-11-21T00:00Z"}, {"dateFrom": 1795219200, "dateTo": 4102444800}),
        ({"date_to": "2026-11-21T00:00Z"}, {"dateFrom": 0, "dateTo": 1795219200}),
    ],
)
def test_an_open_period_is_closed_for_the_portal(arguments: dict[str, str], within: dict[str, int]) -> None:
    assert ListBookings.model_validate(arguments).wire()["filter"] == {"within": within}
    created = ListWaitlistEntries.model_validate({"created_to": "2025-12-31"}).wire()["filter"]["createdWithin"]
    assert created == {"from": "01.01.2000", "to": "01.01.2026"}


def test_a_list_without_conditions_asks_for_a_page_alone() -> None:
    assert ListBookings().in_zone("UTC").wire() == {"order": {"dateFrom": "ASC", "id": "ASC"}, "start": 0}
    assert ListWaitlistEntries().wire() == {"start": 0}


def test_the_next_page_is_the_same_question_from_another_start() -> None:
    call = ListBookings.model_validate({"client": "contact:1", "date_from": "2026-11-21"})
    later = call.starting_at(50).in_zone("UTC")
    assert later.wire() == {**call.in_zone("UTC").wire(), "start": 50}
    assert call.in_zone("UTC").wire()["start"] == 0


@pytest.mark.parametrize(
    "client",
    [
        "contact:1",
        {"type": "contact", "id": 1},
        {"entities": [{"code": "CONTACT", "module": "crm", "id": "1"}]},
    ],
)
def test_a_client_to_filter_by_has_several_spellings(client: object) -> None:
    assert ListBookings.model_validate({"client": client}).wire()["filter"] == {
        "client": {"entities": [{"code": "CONTACT", "module": "crm", "id": 1}]},
    }


def test_what_the_desk_does_itself_is_not_sent() -> None:
    given_arguments = {"deal": 7, "with_links": True, "with_clients": True, "limit": 5, "cursor": "abc"}
    call = ListBookings.model_validate(given_arguments)
    assert call.wire().keys() == {"order", "start"}
    assert call.deal is not None
    assert call.deal.type == "deal"


@pytest.mark.parametrize(
    "text", ["[1, 2]", '{"a": 1}', "{not json", "first line\nsecond line\ttabbed", "Позвонить «завтра» 😀", ""]
)
def test_a_note_is_sent_as_it_was_written(text: str) -> None:
    for arguments in ({"note": text}, {"fields": {"note": text}}):
        assert AddWaitlistEntry.model_validate(arguments).wire() == {"fields": {"note": text}}


def test_an_emptied_text_is_a_change() -> None:
    call = UpdateBooking.model_validate({"booking_id": 14, "description": ""})
    assert call.wire() == {"id": 14, "fields": {"description": ""}}


def test_each_resource_is_named_once() -> None:
    call = AddBooking.model_validate({**BOOKED, "resource_ids": "2, 1, 2", "timezone": "UTC"})
    assert call.wire()["fields"]["resourceIds"] == [2, 1]


def test_settings_are_sent_under_the_names_the_server_reads_whichever_way_they_are_given() -> None:
    sent = {"fields": {"name": "Car", "typeId": 1, "infoNotificationDelay": 60, "isInfoNotificationOn": "N"}}
    for arguments in (
        {"name": "Car", "type_id": 1, "info_delay_seconds": 60, "info_notification": False},
        {"fields": {"name": "Car", "typeId": 1, "infoDelay": 60, "isInfoNotificationOn": "N"}},
        sent,
    ):
        assert AddResource.model_validate(arguments).wire() == sent


def test_settings_are_read_back_under_our_names() -> None:
    answer = {
        "resource": {
            "id": 1,
            "isMain": "N",
            "typeId": 2,
            "isReminderNotificationOn": "Y",
            "infoNotificationDelay": None,
            "reminderNotificationDelay": -1,
            "new": {},
        }
    }
    resource = GetResource.read_answer(answer)
    assert (resource.is_main, resource.type_id) == (False, 2)
    assert resource.settings == {
        "reminder_notification": True,
        "info_delay_seconds": None,
        "reminder_delay_seconds": -1,
    }


def test_the_types_of_resources_are_found_under_either_key() -> None:
    rows = [{"id": 1, "name": "Equipment", "code": "equipment"}]
    for key in ("resource", "resourceType"):
        assert [kind.code for kind in ListResourceTypes.read_answer({key: rows})] == ["equipment"]


def test_hours_are_read_as_people_and_as_the_portal_write_them() -> None:
    ours = {"from": "9:00", "to": "24:00", "weekdays": "fri, Monday, mon", "slot_minutes": "30"}
    theirs = {"from": 540, "to": 1440, "weekDays": ["Mon", "Fri"], "slotSize": 30, "timezone": "Europe/Moscow"}
    calls = [
        SetResourceSlots.model_validate({"resource_id": 1, "slots": slots}).in_zone("Europe/Moscow")
        for slots in (ours, [ours], theirs)
    ]
    assert [call.wire()["slots"] for call in calls] == [[theirs]] * 3


def test_hours_keep_a_zone_of_their_own() -> None:
    call = SetResourceSlots.model_validate({"resource_id": 1, "slots": [{**SLOT, "timezone": "UTC"}, SLOT]})
    assert [slot["timezone"] for slot in call.in_zone("Europe/Moscow").wire()["slots"]] == ["UTC", "Europe/Moscow"]


def test_exactly_the_calls_with_times_of_day_take_a_zone() -> None:
    assert {method.__name__ for method in METHODS if issubclass(method, ZonedRequest)} == {
        "AddBooking",
        "CreateBookingFromWaitlist",
        "ListBookings",
        "SetResourceSlots",
        "UpdateBooking",
    }


@pytest.mark.parametrize(
    ("arguments", "number", "condition"),
    [
        ({"text": "Haircut"}, 2, {"%title": "Haircut"}),
        ({"text": " 100% [sic] ", "type": "компания"}, 4, {"%title": "100% [sic]"}),
        ({"text": "x", "type": 128}, 128, {"%title": "x"}),
        (
            {"text": "Анна", "type": "contact"},
            3,
            {"0": {"logic": "OR", "0": {"%name": "Анна"}, "1": {"%lastName": "Анна"}}},
        ),
        (
            {"text": "Ann Lee", "type": "contact"},
            3,
            {
                "0": {"logic": "OR", "0": {"%name": "Ann"}, "1": {"%lastName": "Ann"}},
                "1": {"logic": "OR", "0": {"%name": "Lee"}, "1": {"%lastName": "Lee"}},
            },
        ),
    ],
)
def test_items_are_found_by_what_their_type_is_named_by(
    arguments: dict[str, Any], number: int, condition: dict[str, Any]
) -> None:
    sent = FindCrmItems.model_validate(arguments).wire()
    assert (sent["entityTypeId"], sent["filter"]) == (number, condition)


def test_only_columns_that_a_type_has_are_asked_for() -> None:
    columns = {kind: FindCrmItems(type=kind, text="x").wire()["select"] for kind in ("contact", "company", "invoice")}
    assert columns == {
        "contact": ["id", "name", "lastName", "companyId"],
        "company": ["id", "title"],
        "invoice": ["id", "title", "contactId", "companyId"],
    }


def test_a_search_by_phone_is_narrowed_by_what_was_found() -> None:
    call = FindCrmItems(phone="+7 999 000-00-00")
    assert "filter" not in call.wire()
    assert call.where({"@contactId": [1, 2]}).wire()["filter"] == {"@contactId": [1, 2]}


def test_an_activity_found_twice_is_one() -> None:
    rows = [{"ID": "7", "OWNER_TYPE_ID": "2", "OWNER_ID": "1", "COMPLETED": "N"}, {"ID": "7"}, {"ID": "8"}]
    assert [activity.id for activity in FindActivities.read_answer(rows)] == [7, 8]


@pytest.mark.parametrize("answer", [[], {}])
def test_nobody_found_may_be_a_list_or_an_object(answer: object) -> None:
    assert FindDuplicates.read_answer(answer).refs == ()


def test_people_found_by_phone_are_items() -> None:
    found = FindDuplicates.read_answer({"LEAD": [3], "CONTACT": [1, 2]})
    assert [(ref.type, ref.id) for ref in found.refs] == [("contact", 1), ("contact", 2), ("lead", 3)]


def test_smart_processes_are_known_by_the_number_that_items_are_named_by() -> None:
    assert ListCrmTypes.read_answer({"types": [{"id": 37, "entityTypeId": 1256}]})[0].number == 1256


@pytest.mark.parametrize(
    ("method", "arguments"),
    list(product((ListResources, ListResourceTypes), ({"text": "car"}, {"searchQuery": "car"}))),
)
def test_resources_are_found_by_a_part_of_the_name(method: type[Method[Any]], arguments: dict[str, str]) -> None:
    assert method.model_validate(arguments).wire()["filter"] == {"searchQuery": "car"}

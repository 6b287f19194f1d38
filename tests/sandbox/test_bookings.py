from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from linkdesk.sandbox.app import Sandbox
from tests.support.sandbox_client import (
    CONTACT_1,
    DEAL_1,
    call,
    clients_of,
    error,
    links_of,
    new_sandbox,
    result,
    set_links,
)
from tool_specs.declaration.wire import Json

MOSCOW = ZoneInfo("Europe/Moscow")
NOON = int(datetime(2026, 12, 1, 12, tzinfo=MOSCOW).timestamp())
HOUR = 3600
BOOKING = "booking.v1.booking"
WAITLIST = "booking.v1.waitlist"


def moment(timestamp: Json, timezone: str = "Europe/Moscow") -> Json:
    return {"timestamp": timestamp, "timezone": timezone}


def period(start: int = NOON, hours: float = 1) -> Json:
    return {"from": moment(start), "to": moment(start + int(hours * HOUR))}


def fields(*resources: Json, start: int = NOON, **more: Json) -> Json:
    return {"fields": {"resourceIds": list(resources) or [1], "datePeriod": period(start), **more}}


async def add(sandbox: Sandbox, *resources: int, start: int = NOON, **more: Json) -> int:
    return int(await result(sandbox, f"{BOOKING}.add", fields(*resources, start=start, **more)))


async def listed(sandbox: Sandbox, **params: Json) -> list[int]:
    return [one["id"] for one in (await result(sandbox, f"{BOOKING}.list", params))["booking"]]


async def test_a_new_booking_is_a_bare_number_and_has_a_link_to_the_calendar() -> None:
    sandbox = new_sandbox()
    assert await add(sandbox, 1, name="Стрижка") == 124
    booking = (await result(sandbox, f"{BOOKING}.get", {"id": 124}))["booking"]
    assert booking == {
        "datePeriod": period(),
        "description": None,
        "id": 124,
        "name": "Стрижка",
        "resourceIds": [1],
    }
    assert await links_of(sandbox, 124) == [{"entityTypeId": "EVENT", "moduleId": "calendar", "value": "556"}]


async def test_a_new_booking_is_an_object_where_the_portal_is_of_that_kind() -> None:
    assert await result(new_sandbox(ids_in_objects=True), f"{BOOKING}.add", fields(1)) == {"id": 124}


async def test_numbers_may_be_text() -> None:
    sandbox = new_sandbox()
    texts = {"from": moment(str(NOON)), "to": moment(str(NOON + HOUR))}
    number = await result(sandbox, f"{BOOKING}.add", {"fields": {"resourceIds": ["1", 2], "datePeriod": texts}})
    booking = (await result(sandbox, f"{BOOKING}.get", {"id": number}))["booking"]
    assert (booking["resourceIds"], booking["datePeriod"]) == ([1, 2], period())


@pytest.mark.parametrize(
    "broken",
    [
        {"from": moment(NOON), "to": moment(NOON)},
        {"from": moment(NOON + HOUR), "to": moment(NOON)},
        {"from": moment(NOON), "to": moment(NOON + HOUR, "Europe/Nowhere")},
        {"from": moment(10**17), "to": moment(10**17 + 1)},
    ],
)
async def test_a_period_that_is_none_is_refused_before_the_resources(broken: Json) -> None:
    params = {"fields": {"resourceIds": [], "datePeriod": broken}}
    assert await error(new_sandbox(), f"{BOOKING}.add", params) == (400, 422)
    assert await error(new_sandbox(), f"{BOOKING}.update", {"id": 15, **params}) == (400, 422)
    assert await error(new_sandbox(), f"{BOOKING}.createfromwaitlist", {"waitListId": 4, **params}) == (400, 422)


@pytest.mark.parametrize("resources", [[], [1, 77], ["one"]])
async def test_without_resources_to_be_had_there_is_no_booking(resources: list[Json]) -> None:
    sandbox = new_sandbox()
    params = {"fields": {"resourceIds": resources, "datePeriod": period()}}
    assert await error(sandbox, f"{BOOKING}.add", params) == (400, 1018)
    assert await error(sandbox, f"{BOOKING}.createfromwaitlist", {"waitListId": 4, **params}) == (400, 1038)
    assert await error(sandbox, f"{BOOKING}.update", {"id": 15, **params}) == (400, 1019 if resources else 1018)


async def test_a_deleted_resource_cannot_be_booked() -> None:
    sandbox = new_sandbox()
    await result(sandbox, "booking.v1.resource.delete", {"id": 1})
    assert await error(sandbox, f"{BOOKING}.add", fields(1)) == (400, 1018)


async def test_a_resource_is_shared_once_at_a_time_and_not_twice() -> None:
    sandbox = new_sandbox()
    await add(sandbox, 1)
    await add(sandbox, 1, 2, start=NOON + HOUR // 2)
    assert await error(sandbox, f"{BOOKING}.add", fields(1, start=NOON + HOUR // 2)) == (400, 1018)
    assert await add(sandbox, 3, start=NOON + HOUR // 2) == 126
    assert await add(sandbox, 1, start=NOON + 2 * HOUR) == 127
    moved = {"id": 127, "fields": {"datePeriod": period(NOON + HOUR // 2)}}
    assert await error(sandbox, f"{BOOKING}.update", moved) == (400, 1019)
    assert await result(sandbox, f"{BOOKING}.update", {"id": 126, "fields": {"datePeriod": period()}}) is True


async def test_an_update_replaces_the_resources_and_leaves_the_rest() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, f"{BOOKING}.update", {"id": 15, "fields": {"resourceIds": [1, 3], "unknown": 1}})
    booking = (await result(sandbox, f"{BOOKING}.get", {"id": 15}))["booking"]
    assert (booking["name"], booking["resourceIds"]) == ("Маникюр", [1, 3])
    assert (await links_of(sandbox, 15))[0]["value"] == "2"


async def test_a_deleted_booking_is_gone_for_each_verb_with_its_own_code() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, f"{BOOKING}.delete", {"id": 15}) is True
    assert await error(sandbox, f"{BOOKING}.get", {"id": 15}) == (400, 1021)
    assert await error(sandbox, f"{BOOKING}.delete", {"id": 15}) == (400, 1020)
    assert await error(sandbox, f"{BOOKING}.update", {"id": 15, "fields": {}}) == (400, 1019)
    assert await error(sandbox, f"{BOOKING}.externalData.list", {"bookingId": 15}) == (400, 1021)
    assert 15 not in await listed(sandbox)
    assert not any(one.belongs_to == 15 for one in sandbox.store.activities.values())
    assert await add(sandbox) == 124


async def test_lists_never_say_how_many_there_are_nor_that_there_is_more() -> None:
    sandbox = new_sandbox()
    for place in range(60):
        await add(sandbox, start=NOON + place * 2 * HOUR)
    for start, ids in ((0, 50), (49, 50), (50, 20), (99, 20), (100, 0), (-1, 50)):
        body = (await call(sandbox, f"{BOOKING}.list", {"start": start})).json()
        assert (body["total"], "next" in body, len(body["result"]["booking"])) == (0, False, ids)
    batch = await result(sandbox, "batch", {"cmd": {"a": f"{BOOKING}.list", "b": "crm.item.list?entityTypeId=2"}})
    assert (batch["result_total"], batch["result_next"]) == ({"a": 0, "b": 12}, [])


@pytest.mark.parametrize(
    ("order", "first"),
    [({"id": "desc"}, 123), ({"dateFrom": "ASC"}, 15), ({"dateTo": "DESC", "id": "ASC"}, 123), ({"name": "ASC"}, 14)],
)
async def test_bookings_are_sorted_by_what_can_be_sorted_by(order: Json, first: int) -> None:
    assert (await listed(new_sandbox(), order=order))[0] == first


async def test_bookings_are_found_by_what_they_touch() -> None:
    sandbox = new_sandbox()
    start, end = (getattr(sandbox.store.bookings[15].date_period, end).timestamp for end in ("start", "end"))
    within = {"dateFrom": start + 60, "dateTo": end}
    assert await listed(sandbox, filter={"within": within}) == [15, 16]
    assert await listed(sandbox, filter={"within": within, "resourceId": [3]}) == [16]
    assert await listed(sandbox, filter={"within": {"dateFrom": end, "dateTo": str(end + 60)}}) == [16]


async def test_bookings_are_found_by_client_and_by_day_of_creation() -> None:
    sandbox = new_sandbox()
    one = {"code": "CONTACT", "module": "crm", "id": "1"}
    assert await listed(sandbox, filter={"client": {"entities": [one, {**one, "id": 9}]}}) == [14]
    today, tomorrow, later = "20.11.2026", "21.11.2026", "22.11.2026"
    assert len(await listed(sandbox, filter={"createdWithin": {"from": today, "to": tomorrow}})) == 10
    assert await listed(sandbox, filter={"createdWithin": {"from": tomorrow, "to": later}}) == []


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ({"within": {"dateFrom": 1}}, 0),
        ({"within": {"dateFrom": "today", "dateTo": 1}}, 422),
        ({"createdWithin": {"from": "2026-11-20", "to": "21.11.2026"}}, 422),
        ({"client": {"entities": [{"code": "CONTACT"}]}}, 0),
        ("14", 100),
    ],
)
async def test_a_filter_that_cannot_be_read_is_refused(conditions: Json, code: int) -> None:
    assert await error(new_sandbox(), f"{BOOKING}.list", {"filter": conditions}) == (400, code)


async def test_filters_that_are_not_known_and_capitals_change_nothing() -> None:
    sandbox = new_sandbox()
    assert len(await listed(sandbox, filter={"id": 14, "resourceIds": [1], "deal": 7})) == 10
    assert len(await listed(sandbox, FILTER={"resourceId": [1]}, ORDER={"id": "DESC"})) == 10


async def test_an_entry_of_the_waitlist_becomes_a_booking_and_back_with_all_it_has() -> None:
    sandbox = new_sandbox()
    await result(sandbox, f"{WAITLIST}.externalData.set", {"waitListId": 4, "externalData": [DEAL_1]})
    named = {"waitListId": 4, **fields(1, name="Mine")}
    booking = await result(sandbox, f"{BOOKING}.createfromwaitlist", named)
    assert (await result(sandbox, f"{BOOKING}.get", {"id": booking}))["booking"]["name"] is None
    assert await clients_of(sandbox, booking) == [("CONTACT", 2)]
    assert [link["value"] for link in await links_of(sandbox, booking)] == ["1", "556"]
    assert await error(sandbox, f"{WAITLIST}.get", {"id": 4}) == (400, 1040)
    assert await error(sandbox, f"{BOOKING}.createfromwaitlist", named) == (400, 1038)
    entry = await result(sandbox, f"{WAITLIST}.createfrombooking", {"bookingId": booking})
    assert entry == 15
    assert (await result(sandbox, f"{WAITLIST}.get", {"id": 15}))["waitList"] == {
        "id": 15,
        "note": "Стрижка, любой вечер на этой неделе",
    }
    clients = await result(sandbox, f"{WAITLIST}.client.list", {"waitListId": 15})
    assert [client["id"] for client in clients["waitListClient"]] == [2]
    assert await error(sandbox, f"{WAITLIST}.createfrombooking", {"bookingId": booking}) == (400, 1037)


async def test_the_activity_of_a_booking_moves_with_it() -> None:
    sandbox = new_sandbox()
    await result(sandbox, f"{WAITLIST}.createfrombooking", {"bookingId": 14})
    own = {(one.provider_type, one.belongs_to) for one in sandbox.store.activities.values()}
    assert ("WAIT_LIST", 15) in own
    assert ("BOOKING", 14) not in own


async def test_the_waitlist_is_added_to_changed_and_cleared_with_its_own_codes() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, f"{WAITLIST}.add", {"fields": {"note": "Любое утро"}}) == 15
    assert await result(sandbox, f"{WAITLIST}.add", {"fields": {"other": 1}}) == 16
    assert (await result(sandbox, f"{WAITLIST}.get", {"id": 16}))["waitList"] == {"id": 16, "note": None}
    assert await result(sandbox, f"{WAITLIST}.update", {"id": 15, "fields": {"note": "Вечер"}}) is True
    rows = (await result(sandbox, f"{WAITLIST}.list"))["waitList"]
    assert [(row["id"], row["note"]) for row in rows][3:] == [(15, "Вечер"), (16, None)]
    assert await result(sandbox, f"{WAITLIST}.delete", {"id": 15}) is True
    assert await error(sandbox, f"{WAITLIST}.delete", {"id": 15}) == (400, 1036)
    assert await error(sandbox, f"{WAITLIST}.update", {"id": 15, "fields": {"note": "x"}}) == (400, 1040)
    days = {"from": "01.04.2025", "to": "16.04.2025"}
    assert (await result(sandbox, f"{WAITLIST}.list", {"filter": {"createdWithin": days}}))["waitList"] == []


async def test_a_text_that_is_too_long_is_a_failure_of_the_verb() -> None:
    sandbox = new_sandbox()
    assert await error(sandbox, f"{BOOKING}.add", fields(1, name="x" * 256)) == (400, 1018)
    assert await error(sandbox, f"{BOOKING}.update", {"id": 15, "fields": {"name": "x" * 256}}) == (400, 1019)
    assert await error(sandbox, f"{WAITLIST}.add", {"fields": {"note": "x" * 65_536}}) == (400, 1034)
    assert await error(sandbox, f"{WAITLIST}.update", {"id": 4, "fields": {"note": "x" * 65_536}}) == (400, 1035)


async def test_links_and_clients_of_a_new_booking_are_set_afterwards() -> None:
    sandbox = new_sandbox()
    number = await add(sandbox, clients=[CONTACT_1], externalData=[DEAL_1])
    assert await clients_of(sandbox, number) == []
    await set_links(sandbox, number, DEAL_1)
    assert await clients_of(sandbox, number) == [("CONTACT", 1)]

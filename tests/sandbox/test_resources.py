import pytest

from tests.support.sandbox_client import call, error, new_sandbox, result
from tool_specs.declaration.wire import Json

RESOURCE = "booking.v1.resource"
TYPE = "booking.v1.resourceType"
DAY = {"from": 540, "to": 1080, "timezone": "Europe/Moscow", "weekDays": ["Mon", "Tue"], "slotSize": 60}


async def test_a_resource_is_answered_with_all_its_messages_and_sorted_keys() -> None:
    resource = (await result(new_sandbox(), f"{RESOURCE}.get", {"id": 1}))["resource"]
    assert list(resource) == sorted(resource)
    assert resource["name"] == "Анна, мастер по волосам"
    assert (resource["isMain"], resource["typeId"]) == ("Y", 1)
    assert (resource["reminderNotificationDelay"], resource["templateTypeReminder"]) == (-1, "base")
    assert "slots" not in resource


async def test_a_resource_is_set_by_the_server_s_names_and_others_are_dropped_without_a_word() -> None:
    sandbox = new_sandbox()
    fields = {
        "name": "Кабинет 2",
        "typeId": "2",
        "infoNotificationDelay": 600,
        "confirmationDelay": 1,
        "isMain": "N",
        "isFeedbackNotificationOn": True,
        "isDelayedNotificationOn": "no",
        "templateTypeFeedback": "animate",
    }
    assert await result(sandbox, f"{RESOURCE}.add", {"fields": fields}) == 4
    resource = (await result(sandbox, f"{RESOURCE}.get", {"id": 4}))["resource"]
    assert (resource["infoNotificationDelay"], resource["confirmationNotificationDelay"]) == (600, 86400)
    flags = [resource[name] for name in ("isMain", "isFeedbackNotificationOn", "isDelayedNotificationOn")]
    assert flags == ["N", "Y", "Y"]
    assert resource["templateTypeFeedback"] == "animate"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"typeId": 1}, 0),
        ({"name": "A", "typeId": 1, "templateTypeInfo": "base"}, 422),
        ({"name": "A", "typeId": 99, "templateTypeReminder": "animate"}, 422),
        ({"name": "A", "typeId": 99}, 1013),
        ({"name": "A"}, 1006),
        ({"name": "A" * 256, "typeId": 1}, 1006),
    ],
)
async def test_a_resource_that_cannot_be_is_refused(fields: Json, code: int) -> None:
    assert await error(new_sandbox(), f"{RESOURCE}.add", {"fields": fields}) == (400, code)


async def test_a_missing_resource_has_a_code_for_each_verb() -> None:
    sandbox = new_sandbox()
    assert await error(sandbox, f"{RESOURCE}.get", {"id": 77}) == (400, 1009)
    assert await error(sandbox, f"{RESOURCE}.update", {"id": 77, "fields": {"typeId": 99}}) == (400, 1007)
    assert await error(sandbox, f"{RESOURCE}.update", {"id": 1, "fields": {"typeId": 99}}) == (400, 1013)
    assert await error(sandbox, f"{RESOURCE}.delete", {"id": 77}) == (400, 1008)
    assert await error(sandbox, f"{RESOURCE}.slots.list", {"resourceId": 77}) == (400, 1009)
    assert await error(sandbox, f"{TYPE}.get", {"id": 77}) == (400, 1013)
    assert await error(sandbox, f"{TYPE}.update", {"id": 77, "fields": {}}) == (400, 1007)
    assert await error(sandbox, f"{TYPE}.update", {"id": 1, "fields": {"name": "x" * 256}}) == (400, 1011)
    assert await error(sandbox, f"{TYPE}.delete", {"id": 77}) == (400, 1012)


async def test_the_id_is_looked_for_before_the_fields() -> None:
    answer = await call(new_sandbox(), f"{RESOURCE}.update")
    assert answer.json()["error_description"] == "Could not find value for parameter {id}"


async def test_a_resource_is_changed_and_deleted() -> None:
    sandbox = new_sandbox()
    changes = {"description": "Второй этаж", "isMain": "maybe", "reminderNotificationDelay": 3600}
    assert await result(sandbox, f"{RESOURCE}.update", {"id": 3, "fields": changes}) is True
    resource = (await result(sandbox, f"{RESOURCE}.get", {"id": 3}))["resource"]
    assert (resource["description"], resource["isMain"], resource["name"]) == ("Второй этаж", "Y", "Кабинет 1")
    assert (await result(sandbox, f"{RESOURCE}.slots.list", {"resourceId": 3}))["slots"]
    assert await result(sandbox, f"{RESOURCE}.delete", {"id": 3}) is True
    assert [one["id"] for one in (await result(sandbox, f"{RESOURCE}.list"))["resource"]] == [1, 2]


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"filter": {"searchQuery": "АННА"}}, [1]),
        ({"filter": {"typeId": 1}, "order": {"id": "DESC"}}, [2, 1]),
        ({"filter": {"isMain": "N"}}, []),
        ({"filter": {"name": "кабинет 1", "unknown": 5}}, [3]),
        ({"order": {"name": "ASC"}}, [2, 1, 3]),
        ({"start": 50}, []),
    ],
)
async def test_resources_are_found_and_sorted(params: Json, ids: list[int]) -> None:
    body = (await call(new_sandbox(), f"{RESOURCE}.list", params)).json()
    assert [one["id"] for one in body["result"]["resource"]] == ids
    assert body["total"] == 0


async def test_types_of_resources_are_added_found_changed_and_deleted() -> None:
    sandbox = new_sandbox()
    assert await error(sandbox, f"{TYPE}.add", {"fields": {"name": "Cars"}}) == (400, 0)
    assert await error(sandbox, f"{TYPE}.add", {"fields": {"name": "x" * 256, "code": "c"}}) == (400, 1010)
    assert await result(sandbox, f"{TYPE}.add", {"fields": {"name": "Cars", "code": "cars"}}) == 3
    assert await result(sandbox, f"{TYPE}.update", {"id": 3, "fields": {"infoNotificationDelay": 0}}) is True
    kind = (await result(sandbox, f"{TYPE}.get", {"id": 3}))["resourceType"]
    assert (kind["code"], kind["infoNotificationDelay"]) == ("cars", 0)
    assert "isInfoNotificationOn" not in kind
    for filters in ({"searchQuery": "car"}, {"code": "CARS"}, {"name": "Cars", "moduleId": "booking"}):
        listed = (await result(sandbox, f"{TYPE}.list", {"filter": filters}))["resourceType"]
        assert [one["id"] for one in listed] == [3]
    assert await result(sandbox, f"{TYPE}.delete", {"id": 3}) is True
    assert len((await result(sandbox, f"{TYPE}.list", {"order": {"code": "ASC"}}))["resourceType"]) == 2


async def test_working_hours_are_replaced_as_a_whole() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, f"{RESOURCE}.slots.set", {"resourceId": 1, "slots": [DAY, DAY]}) is True
    slots = (await result(sandbox, f"{RESOURCE}.slots.list", {"resourceId": 1}))["slots"]
    assert slots == [{"id": 4, **DAY}, {"id": 5, **DAY}]
    assert await result(sandbox, f"{RESOURCE}.slots.unset", {"resourceId": 1}) is True
    assert (await result(sandbox, f"{RESOURCE}.slots.list", {"resourceId": 1}))["slots"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to": 500}, 1007),
        ({"to": 1441}, 1007),
        ({"weekDays": ["Monday"]}, 1007),
        ({"timezone": "Moscow"}, 1007),
        ({"slotSize": None}, 0),
        ({"weekDays": "Mon"}, 0),
    ],
)
async def test_hours_that_are_none_are_refused(change: Json, code: int) -> None:
    params = {"resourceId": 1, "slots": [{**DAY, **change}]}
    assert await error(new_sandbox(), f"{RESOURCE}.slots.set", params) == (400, code)


async def test_kinds_of_clients_are_those_that_were_used() -> None:
    both = [{"code": "COMPANY", "module": "crm"}, {"code": "CONTACT", "module": "crm"}]
    assert await result(new_sandbox(), "booking.v1.clienttype.list") == {"clientType": both}
    assert await result(new_sandbox(empty=True), "booking.v1.clienttype.list") == {"clientType": []}

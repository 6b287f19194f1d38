import re

import pytest

from linkdesk.sandbox.store import CONTACT, DEAL, Binding
from tests.support.sandbox_client import bindings_of, call, error, new_sandbox, result

ADD = "crm.activity.binding.add"
DELETE = "crm.activity.binding.delete"
MOVE = "crm.activity.binding.move"


def one(activity: int, kind: int, item: int) -> dict[str, int]:
    return {"activityId": activity, "entityTypeId": kind, "entityId": item}


def move(activity: int, source: tuple[int, int], target: tuple[int, int]) -> dict[str, int]:
    return {
        "activityId": activity,
        "sourceEntityTypeId": source[0],
        "sourceEntityId": source[1],
        "targetEntityTypeId": target[0],
        "targetEntityId": target[1],
    }


async def test_bindings_are_a_bare_array() -> None:
    assert await result(new_sandbox(), "crm.activity.binding.list", {"activityId": 71}) == [
        {"entityTypeId": 1, "entityId": 3},
    ]


async def test_a_binding_is_appended_and_cannot_be_made_twice() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, ADD, one(999, DEAL, 1)) is True
    assert await bindings_of(sandbox, 999) == [(2, 7), (2, 1)]
    assert await error(sandbox, ADD, one(999, DEAL, 1)) == (400, "ACTIVITY_IS_ALREADY_BOUND")


async def test_a_binding_to_a_missing_item_dangles() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, ADD, one(999, DEAL, 4000)) is True
    assert await bindings_of(sandbox, 999) == [(2, 7), (2, 4000)]


async def test_the_last_binding_stays() -> None:
    sandbox = new_sandbox()
    assert await error(sandbox, DELETE, one(999, DEAL, 8)) == (400, "BINDING_NOT_FOUND")
    assert await error(sandbox, DELETE, one(999, DEAL, 7)) == (400, "LAST_BINDING_CANNOT_BE_DELETED")
    assert await result(sandbox, DELETE, one(70, DEAL, 8)) is True
    assert await bindings_of(sandbox, 70) == [(2, 9)]


@pytest.mark.parametrize(
    ("source", "target", "code"),
    [
        ((DEAL, 8), (CONTACT, 8), "SOURCE_AND_TARGET_ENTITY_ID_ARE_EQUAL_ERROR"),
        ((DEAL, 8), (CONTACT, 1), "SOURCE_AND_TARGET_ENTITY_TYPES_ARE_NOT_EQUAL_ERROR"),
        ((DEAL, 8), (DEAL, 9), "ACTIVITY_IS_ALREADY_BOUND"),
        ((DEAL, 1), (DEAL, 9), "ACTIVITY_IS_ALREADY_BOUND"),
        ((DEAL, 1), (DEAL, 2), "BINDING_NOT_FOUND"),
    ],
)
async def test_move_compares_ids_before_types_and_the_target_before_the_source(
    source: tuple[int, int], target: tuple[int, int], code: str
) -> None:
    assert await error(new_sandbox(), MOVE, move(70, source, target)) == (400, code)


async def test_a_binding_moves_in_its_place() -> None:
    sandbox = new_sandbox()
    assert await result(sandbox, MOVE, move(70, (DEAL, 8), (DEAL, 1))) is True
    assert await bindings_of(sandbox, 70) == [(2, 1), (2, 9)]


@pytest.mark.parametrize("method", [ADD, DELETE, "crm.activity.binding.list"])
async def test_a_missing_activity_is_found_out_first(method: str) -> None:
    sandbox = new_sandbox()
    assert await error(sandbox, method, one(5555, DEAL, 1), path=sandbox.editor_webhook_path) == (400, "NOT_FOUND")


async def test_who_may_not_edit_deals_binds_to_other_items_only() -> None:
    sandbox = new_sandbox()
    path = sandbox.editor_webhook_path
    assert await error(sandbox, ADD, one(999, DEAL, 7), path=path) == (400, "ACCESS_DENIED")
    assert await error(sandbox, DELETE, one(999, DEAL, 8), path=path) == (400, "ACCESS_DENIED")
    assert await error(sandbox, MOVE, move(999, (CONTACT, 1), (DEAL, 1)), path=path) == (400, "ACCESS_DENIED")
    assert await result(sandbox, ADD, one(999, CONTACT, 1), path=path) is True


async def test_an_item_of_an_impossible_type_cannot_be_bound() -> None:
    assert await error(new_sandbox(), ADD, one(999, 5, 1)) == (400, "ACCESS_DENIED")
    assert await result(new_sandbox(), ADD, one(999, 128, 1)) is True


async def test_beyond_a_hundred_bindings_the_lowest_ids_are_dropped_without_a_word() -> None:
    sandbox = new_sandbox()
    sandbox.store.activities[999].bindings = [
        Binding(entity_type_id=DEAL, entity_id=number) for number in range(10, 110)
    ]
    assert await result(sandbox, ADD, one(999, DEAL, 500)) is True
    assert await result(sandbox, ADD, one(999, DEAL, 1)) is True
    bindings = await bindings_of(sandbox, 999)
    assert len(bindings) == 100
    assert (bindings[0], bindings[-1]) == ((2, 11), (2, 500))


async def test_errors_of_crm_methods_are_in_the_portal_s_language() -> None:
    answer = await call(new_sandbox(), ADD, one(999, DEAL, 7))
    assert re.search("[а-я]", answer.json()["error_description"])


async def test_an_activity_is_in_capitals_with_ids_as_text() -> None:
    activity = await result(new_sandbox(), "crm.activity.get", {"id": 999})
    assert (activity["ID"], activity["OWNER_ID"], activity["OWNER_TYPE_ID"]) == ("999", "7", "2")
    assert all(key.isupper() for key in activity)


async def test_a_missing_activity_is_an_error_with_an_empty_code() -> None:
    assert await error(new_sandbox(), "crm.activity.get", {"id": 5555}) == (400, "")


@pytest.mark.parametrize(("kind", "item"), [(DEAL, 99), (DEAL, 4000), (555, 1)])
async def test_a_missing_item_and_an_unknown_type_are_not_found(kind: int, item: int) -> None:
    assert await error(new_sandbox(), "crm.item.get", {"entityTypeId": kind, "id": item}) == (400, "NOT_FOUND")


async def test_an_item_has_the_fields_of_its_type() -> None:
    sandbox = new_sandbox()
    deal = (await result(sandbox, "crm.item.get", {"entityTypeId": 2, "id": 12}))["item"]
    assert (deal["id"], deal["title"], deal["contactId"]) == (12, "Haircut", 0)
    contact = (await result(sandbox, "crm.item.get", {"entityTypeId": 3, "id": 2}))["item"]
    assert (contact["name"], contact["lastName"]) == ("John", "Smith")
    assert [kind["typeId"] for kind in contact["fm"]] == ["PHONE", "EMAIL"]
    company = (await result(sandbox, "crm.item.get", {"entityTypeId": 4, "id": 1}))["item"]
    assert company["title"] == "ООО «Ромашка»"


async def test_who_may_not_read_deals_sees_none() -> None:
    sandbox = new_sandbox()
    sandbox.store.users[2].may_not_read = {DEAL}
    path = sandbox.editor_webhook_path
    assert await error(sandbox, "crm.item.get", {"entityTypeId": 2, "id": 1}, path=path) == (400, "ACCESS_DENIED")
    assert await error(sandbox, "crm.activity.get", {"id": 999}, path=path) == (400, "")
    assert await error(sandbox, "crm.activity.binding.list", {"activityId": 999}, path=path) == (400, "ACCESS_DENIED")
    sandbox.store.activities[999].bindings.append(Binding(entity_type_id=CONTACT, entity_id=1))
    listed = await result(sandbox, "crm.activity.binding.list", {"activityId": 999}, path=path)
    assert listed == [{"entityTypeId": 3, "entityId": 1}]

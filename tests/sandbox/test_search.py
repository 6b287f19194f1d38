import pytest

from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.store import COMPANY, CONTACT, DEAL, LEAD, CrmItem
from tests.support.sandbox_client import call, error, new_sandbox, result
from tool_specs.declaration.wire import Json


async def found(sandbox: Sandbox, kind: int, **params: Json) -> list[int]:
    answered = await result(sandbox, "crm.item.list", {"entityTypeId": kind, **params})
    return [item["id"] for item in answered["items"]]


@pytest.mark.parametrize(
    ("conditions", "ids"),
    [
        ({"%title": "маник"}, [2]),
        ({"=%title": "Маник%"}, [2]),
        ({"%=title": "%маник"}, []),
        ({"title": "педикюр"}, [9]),
        ({"!%title": "с"}, [3, 5, 6, 8, 9, 10, 12]),
        ({"!=%title": "%с%"}, [3, 5, 6, 8, 9, 10, 12]),
        ({">id": 10}, [11, 12]),
        ({">=id": "11", "<id": 12}, [11]),
        ({"@id": [1, 3, 400]}, [1, 3]),
        ({"id": [1, 3]}, [1, 3]),
        ({"!@id": list(range(3, 13))}, [1, 2]),
        ({"!id": 1, "<=id": 2}, [2]),
        ({"!=id": 1, "<=id": 2}, [2]),
        ({"contactId": 1}, [1, 7]),
        ({"@contactIds": [1, 2]}, [1, 7]),
        ({"ID": 5, "COMPANY_ID": 0}, [5]),
        ({">createdTime": "2026-11-20T11:59:59+03:00", "@id": [4]}, [4]),
        ({"<createdTime": "2026-11-20"}, []),
        ({"logic": "OR", "0": {"id": 1}, "1": {"%title": "spa"}}, [1, 3]),
        ({"<id": 9, "0": {"logic": "OR", "0": {"id": 1}, "1": {"id": 9}, "2": {"id": 8}}}, [1, 8]),
        ([{"id": 1}], [1]),
        ([], list(range(1, 13))),
    ],
)
async def test_items_are_found_by_conditions(conditions: Json, ids: list[int]) -> None:
    assert await found(new_sandbox(), DEAL, filter=conditions) == ids


async def test_words_of_a_name_may_be_in_either_field() -> None:
    conditions = {
        str(place): {"logic": "OR", "0": {"%name": word}, "1": {"%lastName": word}}
        for place, word in enumerate(["иванов", "анна"])
    }
    assert await found(new_sandbox(), CONTACT, filter=conditions) == [1]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"filter": {"phone": "1"}}, "INVALID_ARG_VALUE"),
        ({"filter": {"fm": "1"}}, "INVALID_ARG_VALUE"),
        ({"filter": {"%%title": "1"}}, "INVALID_ARG_VALUE"),
        ({"filter": {"id": "one"}}, "INVALID_ARG_VALUE"),
        ({"order": {"phone": "ASC"}}, "INVALID_ARG_VALUE"),
        ({"order": {"id": "up"}}, "INVALID_ARG_VALUE"),
        ({"entityTypeId": 555}, "NOT_FOUND"),
        ({"filter": "1"}, "100"),
    ],
)
async def test_what_cannot_be_asked_is_refused(params: Json, code: str) -> None:
    assert await error(new_sandbox(), "crm.item.list", {"entityTypeId": CONTACT, **params}) == (400, code)


async def test_a_filter_that_is_too_deep_is_refused() -> None:
    deep: Json = {"id": 1}
    for _ in range(60):
        deep = [deep]
    assert await error(new_sandbox(), "crm.item.list", {"entityTypeId": DEAL, "filter": deep}) == (
        400,
        "INVALID_ARG_VALUE",
    )


async def test_columns_are_picked_and_those_that_are_not_known_are_left_out() -> None:
    sandbox = new_sandbox()
    params = {"entityTypeId": CONTACT, "filter": {"id": 2}, "select": ["name", "nothing", "fm"]}
    assert (await result(sandbox, "crm.item.list", params))["items"] == [{"id": 2, "name": "John"}]
    [contact] = (await result(sandbox, "crm.item.list", {**params, "select": ["*"]}))["items"]
    assert [kind["typeId"] for kind in contact["fm"]] == ["PHONE", "EMAIL"]


async def test_pages_are_counted_unless_the_caller_spares_it() -> None:
    sandbox = new_sandbox()
    sandbox.store.items[DEAL] |= {number: CrmItem(id=number) for number in range(200, 290)}
    heads = []
    for start in (0, 50, 99, 100, -1):
        body = (await call(sandbox, "crm.item.list", {"entityTypeId": DEAL, "start": start})).json()
        heads.append((body.get("total"), body.get("next"), len(body["result"]["items"])))
    assert heads == [(102, 50, 50), (102, 100, 50), (102, 100, 50), (102, None, 2), (None, None, 50)]
    batch = await result(sandbox, "batch", {"cmd": [f"crm.item.list?entityTypeId={DEAL}"]})
    assert (batch["result_total"], batch["result_next"]) == ([102], [50])
    assert await found(sandbox, DEAL, order={"id": "DESC"}, filter={"<id": 3}) == [2, 1]


async def test_what_one_may_not_read_is_left_out_without_a_word() -> None:
    sandbox = new_sandbox()
    sandbox.store.users[2].may_not_read = {DEAL}
    path = sandbox.editor_webhook_path
    assert await result(sandbox, "crm.item.list", {"entityTypeId": DEAL}, path=path) == {"items": []}
    assert await result(sandbox, "crm.activity.list", {"filter": {"ID": 999}}, path=path) == []


async def test_who_looks_in_from_outside_sees_no_items() -> None:
    sandbox = new_sandbox()
    sandbox.store.users[2].intranet = False
    path = sandbox.editor_webhook_path
    for method, params in (("list", {}), ("get", {"id": 1})):
        code = await error(sandbox, f"crm.item.{method}", {"entityTypeId": DEAL, **params}, path=path)
        assert code == (403, "allowed_only_intranet_user")
    assert await error(sandbox, "crm.type.list", path=path) == (403, "allowed_only_intranet_user")


async def activities(sandbox: Sandbox, **params: Json) -> list[str]:
    return [one["ID"] for one in await result(sandbox, "crm.activity.list", params)]


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 2, "OWNER_ID": 9}]}}, ["70"]),
        ({"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 2, "OWNER_ID": 9}, {"OWNER_TYPE_ID": "2", "OWNER_ID": "8"}]}}, 2),
        ({"filter": {"BINDINGS": [{"OWNER_TYPE_ID": 1}]}}, ["71"]),
        ({"filter": {"%SUBJECT": "ЗАПИСЬ"}, "select": ["ID"]}, ["999"]),
        ({"FILTER": {"OWNER_TYPE_ID": 1, "OWNER_ID": 3}}, ["71"]),
        ({"filter": {"@ID": [71, 999], "NOTHING": 1}, "order": {"ID": "DESC"}}, ["999", "71"]),
        ({"filter": {"PROVIDER_ID": "CRM_TODO", "COMPLETED": "N"}}, ["70", "71", "999"]),
    ],
)
async def test_activities_are_found_by_binding_and_subject_perhaps_twice(params: Json, ids: list[str] | int) -> None:
    assert await activities(new_sandbox(), **params) == (["70"] * ids if isinstance(ids, int) else ids)


async def test_an_activity_is_found_whichever_way_its_id_is_spelled() -> None:
    sandbox = new_sandbox()
    assert (await result(sandbox, "crm.activity.get", {"ID": "70"}))["SUBJECT"] == "Согласовать цвет окрашивания"
    assert await error(sandbox, "crm.activity.get") == (400, "")


async def test_smart_processes_are_for_administrators() -> None:
    sandbox = new_sandbox()
    body = (await call(sandbox, "crm.type.list", {"filter": {"%title": "абонем"}})).json()
    assert [(one["id"], one["entityTypeId"], one["title"]) for one in body["result"]["types"]] == [
        (3, 130, "Абонементы"),
    ]
    assert body["total"] == 1
    assert await found(sandbox, 130, filter={"contactId": 3}) == [1]
    assert await error(sandbox, "crm.type.list", {"filter": {"x": 1}}) == (400, "INVALID_ARG_VALUE")
    assert await error(sandbox, "crm.type.list", path=sandbox.editor_webhook_path) == (400, "ACCESS_DENIED")


async def test_every_type_of_items_is_named_with_its_codes() -> None:
    named = await result(new_sandbox(), "crm.enum.ownertype", path=None)
    assert named[1] == {"ID": 2, "NAME": "Сделка", "SYMBOL_CODE": "DEAL", "SYMBOL_CODE_SHORT": "D"}
    assert (named[-1]["ID"], named[-1]["SYMBOL_CODE"], named[-1]["SYMBOL_CODE_SHORT"]) == (130, "DYNAMIC_130", "T82")


FIND = "crm.duplicate.findbycomm"


@pytest.mark.parametrize(
    ("params", "answer"),
    [
        ({"type": "PHONE", "values": ["8 (916) 123-45-01"]}, {"CONTACT": [1]}),
        ({"type": "PHONE", "values": ["+7 916 123 45 01", "9161234511"]}, {"LEAD": [1], "CONTACT": [1]}),
        ({"type": "PHONE", "values": ["+44 20 7946 0970"], "entity_type": "COMPANY"}, {"COMPANY": [2]}),
        ({"type": "PHONE", "values": ["+79161234511"], "entity_type": "CONTACT"}, []),
        ({"type": "PHONE", "values": ["", "-"]}, []),
        ({"type": "email", "values": {"a": " John.Smith@EXAMPLE.com "}}, {"CONTACT": [2]}),
    ],
)
async def test_people_are_found_by_phone_and_email(params: Json, answer: Json) -> None:
    assert await result(new_sandbox(), FIND, params) == answer


async def test_beyond_twenty_of_a_type_later_types_are_left_out() -> None:
    sandbox = new_sandbox()
    for kind, many in ((LEAD, 25), (CONTACT, 5)):
        sandbox.store.items[kind] |= {
            number: CrmItem(id=number, phone="+79990000000") for number in range(50, 50 + many)
        }
    assert await result(sandbox, FIND, {"type": "PHONE", "values": ["89990000000"]}) == {"LEAD": list(range(50, 70))}


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "Communication type is not defined"),
        ({"type": "WEB", "values": ["x"]}, "Communication type 'WEB' is not supported in current context"),
        ({"type": "EMAIL"}, "Communication values is not defined"),
        ({"type": "EMAIL", "values": "name@example.com"}, "Communication values is not defined"),
    ],
)
async def test_the_codes_of_the_search_for_duplicates_are_sentences(params: Json, code: str) -> None:
    assert await error(new_sandbox(), FIND, params) == (400, code)


async def test_without_the_right_to_read_clients_nobody_is_found() -> None:
    sandbox = new_sandbox()
    sandbox.store.users[2].may_not_read = {LEAD, CONTACT, COMPANY}
    params = {"type": "EMAIL", "values": ["john.smith@example.com"]}
    assert await error(sandbox, FIND, params, path=sandbox.editor_webhook_path) == (403, "Access denied")


async def test_users_have_ids_as_text_and_fields_by_scope() -> None:
    sandbox = new_sandbox()
    me = await result(sandbox, "user.current")
    assert (me["ID"], me["ACTIVE"], me["EMAIL"]) == ("1", True, "a.volkov@salon.example.com")
    brief = sandbox.add_webhook(2, "brief", scopes={"user_brief"})
    me = await result(sandbox, "user.current", path=brief)
    assert (me["ID"], me["NAME"]) == ("2", "Kate")
    assert "EMAIL" not in me
    bare = sandbox.add_webhook(2, "bare", scopes={"crm"})
    assert await error(sandbox, "user.current", path=bare) == (401, "insufficient_scope")


@pytest.mark.parametrize(
    ("params", "ids"),
    [
        ({"FILTER": {"ID": [1, 3]}}, ["1"]),
        ({"filter": {"LAST_NAME": "miller", "ACTIVE": "Y"}}, ["2"]),
        ({"ID": 2}, ["2"]),
        ({"sort": "NAME", "order": "DESC", "select": ["ID"]}, ["1", "2"]),
        ({"FILTER": {"ACTIVE": False}}, []),
        ({"start": "x"}, ["1", "2"]),
    ],
)
async def test_users_are_found(params: Json, ids: list[str]) -> None:
    body = (await call(new_sandbox(), "user.get", params)).json()
    assert ([user["ID"] for user in body["result"]], body["total"]) == (ids, len(ids))


async def test_the_portal_tells_what_methods_it_has_and_what_the_caller_may_use() -> None:
    sandbox = new_sandbox()
    narrow = sandbox.add_webhook(1, "narrow", scopes={"booking"})
    for name, existing, available in (
        ("booking.v1.booking.get", True, True),
        ("crm.item.list", True, False),
        ("crm.Item.list", False, False),
        ("no.such", False, False),
        ("batch", True, True),
    ):
        answered = await result(sandbox, "method.get", {"name": name}, path=narrow)
        assert answered == {"isExisting": existing, "isAvailable": available}, name
    assert "crm.item.list" not in await result(sandbox, "methods", path=narrow)
    assert "crm.item.list" in await result(sandbox, "methods", {"full": True}, path=narrow)
    assert set(await result(sandbox, "scope", {"full": "true"}, path=narrow)) > {"booking", "crm", "user"}

import json

import httpx
import pytest

from linkdesk.sandbox.app import Sandbox
from tests.support.sandbox_client import DEAL_1, call, error, links_of, new_sandbox, request, result
from tool_specs.declaration.wire import Json

GET = "booking.v1.booking.get"
SET = "booking.v1.booking.externalData.set"
PARAMS = {"bookingId": 17, "externalData": [DEAL_1]}


async def order(sandbox: Sandbox, fault: Json) -> httpx.Response:
    return await request(sandbox, "POST", "/_sandbox/faults", json=fault)


async def seen(sandbox: Sandbox) -> list[Json]:
    return list((await request(sandbox, "GET", "/_sandbox/calls")).json())


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("query_limit", 503, "QUERY_LIMIT_EXCEEDED"),
        ("operation_time_limit", 429, "OPERATION_TIME_LIMIT"),
        ("expired_token", 401, "expired_token"),
        ("no_rights", 403, "ACCESS_DENIED"),
    ],
)
async def test_a_fault_is_an_error_in_place_of_the_method_as_many_times_as_ordered(
    kind: str, status: int, code: str
) -> None:
    sandbox = new_sandbox()
    assert (await order(sandbox, {"method": SET, "kind": kind, "times": 2})).status_code == 200
    for _ in range(2):
        answer = await call(sandbox, SET, PARAMS)
        assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert await links_of(sandbox, 17) == []
    assert await result(sandbox, SET, PARAMS) is True
    assert [(each["status"], each["fault"], each["applied"]) for each in await seen(sandbox)] == [
        (status, kind, False),
        (status, kind, False),
        (200, None, False),
        (200, None, True),
    ]


async def test_the_operation_time_limit_says_when_it_ends() -> None:
    sandbox = new_sandbox()
    sandbox.add_fault("*", "operation_time_limit")
    body = (await call(sandbox, GET, {"id": 14})).json()
    assert body["time"]["operating_reset_at"] > sandbox.now().timestamp()


async def test_rights_are_refused_as_the_method_would() -> None:
    sandbox = new_sandbox()
    sandbox.add_fault("*", "no_rights", times=2)
    assert await error(sandbox, "crm.activity.binding.list", {"activityId": 999}) == (400, "ACCESS_DENIED")
    assert await error(sandbox, "crm.activity.get", {"id": 999}) == (400, "")


async def test_a_page_of_html_or_nothing_comes_instead_of_json() -> None:
    sandbox = new_sandbox()
    sandbox.add_fault(SET.upper(), "http_500_html")
    sandbox.add_fault(SET, "empty_body")
    broken = await call(sandbox, SET, PARAMS)
    assert (broken.status_code, broken.headers["content-type"].partition(";")[0]) == (500, "text/html")
    empty = await call(sandbox, SET, PARAMS)
    assert (empty.status_code, empty.content) == (200, b"")
    assert await links_of(sandbox, 17) == []


@pytest.mark.parametrize(("kind", "links"), [("reset_before", []), ("reset_after_commit", [DEAL_1])])
@pytest.mark.parametrize("plain", [False, True])
async def test_a_broken_connection_is_a_transport_error_in_process(
    kind: str, links: list[Json], *, plain: bool
) -> None:
    sandbox = new_sandbox()
    await order(sandbox, {"method": SET, "kind": kind})
    transport = httpx.ASGITransport(app=sandbox) if plain else sandbox.transport()
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.example", trust_env=False) as client:
        with pytest.raises(httpx.ReadError):
            await client.post(f"{sandbox.webhook_path}{SET}", json=PARAMS)
    [call_seen] = await seen(sandbox)
    assert (call_seen["status"], call_seen["fault"], call_seen["applied"]) == (None, kind, bool(links))
    assert await links_of(sandbox, 17) == links


async def test_a_slow_call_is_done_at_once_and_answered_later() -> None:
    done_when_it_slept: list[tuple[float, list[bool]]] = []

    async def sleep(seconds: float) -> None:
        done_when_it_slept.append((seconds, [each.applied for each in sandbox.calls]))

    sandbox = new_sandbox(sleep=sleep)
    await order(sandbox, {"method": SET, "kind": "slow", "seconds": 7})
    assert await result(sandbox, SET, PARAMS) is True
    assert done_when_it_slept == [(7, [True])]


async def test_a_call_that_is_too_slow_for_the_client_times_out_in_process() -> None:
    sandbox = new_sandbox()
    sandbox.add_fault(GET, "slow", seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        await call(sandbox, GET, {"id": 14}, timeout=0.01)


async def test_a_fault_within_a_batch_meets_its_command() -> None:
    sandbox = new_sandbox()
    sandbox.add_fault(SET, "query_limit")
    answered = await result(sandbox, "batch", {"cmd": {"a": "scope", "b": f"{SET}?bookingId=17"}})
    assert answered["result_error"]["b"]["error"] == "QUERY_LIMIT_EXCEEDED"


async def test_a_fault_of_any_method_meets_the_batch_as_a_whole() -> None:
    sandbox = new_sandbox()
    await order(sandbox, {"method": "*", "kind": "reset_after_commit"})
    cmd = {
        "a": f"{SET}?bookingId=17&externalData[0][moduleId]=crm&externalData[0][entityTypeId]=DEAL"
        "&externalData[0][value]=1",
        "b": "scope",
    }
    with pytest.raises(httpx.ReadError):
        await call(sandbox, "batch", {"cmd": cmd})
    assert [(each.method, each.status, each.fault, each.applied) for each in sandbox.calls] == [
        (SET, None, "reset_after_commit", True),
        ("scope", None, "reset_after_commit", False),
    ]
    assert await links_of(sandbox, 17) == [DEAL_1]


async def test_a_connection_broken_at_a_command_keeps_what_was_done_before() -> None:
    sandbox = new_sandbox()
    sandbox.add_fault(GET, "reset_before")
    with pytest.raises(httpx.ReadError):
        await call(sandbox, "batch", {"cmd": ["booking.v1.booking.externalData.unset?bookingId=14", f"{GET}?id=14"]})
    assert await links_of(sandbox, 14) == []


@pytest.mark.parametrize(
    "fault",
    [
        {},
        [],
        "slow",
        {"method": GET},
        {"method": GET, "kind": "earthquake"},
        {"method": GET, "kind": "slow", "times": 0},
        {"method": GET, "kind": "slow", "times": "2"},
        {"method": GET, "kind": "slow", "seconds": -1},
        {"method": GET, "kind": "slow", "sceonds": 1},
        {"method": "", "kind": "slow"},
    ],
)
async def test_a_fault_of_another_shape_is_refused_in_a_sentence(fault: Json) -> None:
    answer = await order(new_sandbox(), fault)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("This is no fault:")


async def test_calls_are_listed_with_their_usual_names_and_batched_ones_one_by_one() -> None:
    sandbox = new_sandbox()
    await call(sandbox, GET.upper(), {"id": 14})
    await call(sandbox, "batch", {"cmd": {"a": "scope", "b": f"{GET}?id=5555"}})
    await call(sandbox, "nothing.of.this", path="/rest/1/wrong/")
    assert await seen(sandbox) == [
        {"method": GET, "params": {"id": 14}, "status": 200, "fault": None, "applied": False},
        {"method": "scope", "params": {}, "status": 200, "fault": None, "applied": False},
        {"method": GET, "params": {"id": "5555"}, "status": 400, "fault": None, "applied": False},
        {"method": "nothing.of.this", "params": {}, "status": 404, "fault": None, "applied": False},
    ]


async def test_calls_are_listed_whatever_was_sent() -> None:
    sandbox = new_sandbox()
    deep: Json = "\ud800"
    for _ in range(400):
        deep = [deep]
    body = json.dumps({"deep": deep, "much": 1e300})
    headers = {"content-type": "application/json"}
    await request(sandbox, "POST", f"{sandbox.webhook_path}scope", content=body, headers=headers)
    assert (await seen(sandbox))[0]["params"]["much"] == 1e300


async def test_reset_brings_back_the_data_and_forgets_faults_calls_and_limits() -> None:
    sandbox = new_sandbox(rate=(1, 2))
    await result(sandbox, SET, PARAMS)
    await result(sandbox, SET, PARAMS)
    await order(sandbox, {"method": "*", "kind": "query_limit"})
    assert (await request(sandbox, "POST", "/_sandbox/reset")).status_code == 200
    assert await seen(sandbox) == []
    assert await links_of(sandbox, 17) == []


async def test_only_this_machine_steers_the_sandbox() -> None:
    transport = httpx.ASGITransport(app=new_sandbox(), client=("192.0.2.7", 4000))
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.example", trust_env=False) as client:
        for verb, path in (("POST", "faults"), ("GET", "calls"), ("POST", "reset")):
            assert (await client.request(verb, f"/_sandbox/{path}")).status_code == 403

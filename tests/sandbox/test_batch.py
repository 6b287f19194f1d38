from linkdesk.sandbox.app import Sandbox
from tests.support.sandbox_client import call, error, new_sandbox, request, result
from tool_specs.declaration.wire import Json


async def batch(sandbox: Sandbox, cmd: Json, **more: Json) -> Json:
    return await result(sandbox, "batch", {"cmd": cmd, **more})


async def test_a_map_of_commands_is_answered_as_a_map() -> None:
    answered = await batch(new_sandbox(), {"b": "booking.v1.booking.get?id=14", "x": "booking.v1.booking.get?id=5555"})
    assert answered["result"]["b"]["booking"]["id"] == 14
    assert answered["result_error"] == {"x": {"error": 1021, "error_description": "Booking not found"}}
    assert set(answered["result_time"]) == {"b"}
    assert (answered["result_total"], answered["result_next"]) == ([], [])


async def test_a_list_of_commands_is_answered_as_a_list_while_its_numbers_have_no_gap() -> None:
    sandbox = new_sandbox()
    answered = await batch(sandbox, ["profile", "scope", "no.such.method"])
    assert isinstance(answered["result"], list)
    assert answered["result_error"]["2"]["error"] == "ERROR_METHOD_NOT_FOUND"
    answered = await batch(sandbox, ["no.such.method", "scope"])
    assert isinstance(answered["result_error"], list)
    assert set(answered["result"]) == {"1"}


async def test_empty_maps_are_lists() -> None:
    answered = await batch(new_sandbox(), {"x": "no.such.method"})
    assert (answered["result"], answered["result_time"]) == ([], [])
    assert (await batch(new_sandbox(), {"x": "scope"}))["result_error"] == []
    assert all(part == [] for part in (await batch(new_sandbox(), [])).values())


async def test_a_command_refers_to_what_an_earlier_one_answered() -> None:
    answered = await batch(
        new_sandbox(),
        {
            "links": "booking.v1.booking.externalData.list?bookingId=14",
            "deal": "crm.item.get?entityTypeId=2&id=$result[links][externalData][0][value]",
            "copy": "booking.v1.booking.externalData.set?bookingId=17"
            "&externalData[0][moduleId]=$result[links][externalData][1][moduleId]"
            "&externalData[0][entityTypeId]=EVENT_$result[deal][item][id]&externalData[0][value]=1",
            "lost": "crm.item.get?entityTypeId=2&id=$result[nothing][here]",
            "see": "booking.v1.booking.externalData.list?bookingId=17",
        },
    )
    assert answered["result"]["deal"]["item"]["id"] == 7
    assert answered["result"]["see"]["externalData"] == [
        {"entityTypeId": "EVENT_7", "moduleId": "calendar", "value": "1"},
    ]
    assert answered["result_error"]["lost"]["error"] == "100"


async def test_halt_ends_the_batch_at_the_first_error_and_keeps_what_was_done() -> None:
    sandbox = new_sandbox()
    cmd = {
        "a": "booking.v1.booking.externalData.unset?bookingId=14",
        "b": "booking.v1.booking.get?id=5555",
        "c": "scope",
    }
    answered = await batch(sandbox, cmd, halt=1)
    assert answered["result"] == {"a": True}
    assert set((await batch(sandbox, cmd, halt=0))["result"]) == {"a", "c"}
    assert [seen.applied for seen in sandbox.calls] == [True, False, True, False, False]


async def test_commands_beyond_fifty_are_refused_one_by_one() -> None:
    answered = await batch(new_sandbox(), ["scope"] * 52)
    assert len(answered["result"]) == 50
    assert {key: each["error"] for key, each in answered["result_error"].items()} == {
        "50": "ERROR_BATCH_LENGTH_EXCEEDED",
        "51": "ERROR_BATCH_LENGTH_EXCEEDED",
    }


async def test_a_batch_in_a_batch_is_refused() -> None:
    answered = await batch(new_sandbox(), {"x": "batch?cmd[0]=scope"})
    assert answered["result_error"]["x"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"


async def test_a_batch_may_come_as_a_form_or_in_a_query_encoded_twice() -> None:
    sandbox = new_sandbox()
    form = {"halt": "0", "cmd[x]": "booking.v1.booking.get?id=14"}
    answer = await request(sandbox, "POST", f"{sandbox.webhook_path}batch", data=form)
    assert answer.json()["result"]["result"]["x"]["booking"]["id"] == 14
    path = f"{sandbox.webhook_path}batch?cmd[x]=booking.v1.booking.get%3Fid%3D15"
    answer = await request(sandbox, "GET", path)
    assert answer.json()["result"]["result"]["x"]["booking"]["id"] == 15


async def test_scopes_and_rights_hold_within_a_batch() -> None:
    sandbox = new_sandbox()
    path = sandbox.add_webhook(2, "narrow", scopes={"booking"})
    answer = await call(sandbox, "batch", {"cmd": {"x": "crm.item.get?entityTypeId=2&id=1"}}, path=path)
    assert answer.json()["result"]["result_error"]["x"]["error"] == "insufficient_scope"
    assert await error(sandbox, "batch", {"cmd": {"x": "scope"}}, path="/rest/1/wrong/") == (401, "INVALID_CREDENTIALS")

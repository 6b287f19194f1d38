from datetime import timedelta

from tests.support.sandbox_client import FRIDAY, call, error, new_sandbox, result


async def test_the_bucket_takes_fifty_requests_at_once_and_leaks_two_a_second() -> None:
    now = [FRIDAY]
    sandbox = new_sandbox(clock=lambda: now[0], rate=(2, 50))
    statuses = [(await call(sandbox, "scope")).status_code for _ in range(51)]
    assert statuses == [200] * 50 + [503]
    assert await error(sandbox, "scope") == (503, "QUERY_LIMIT_EXCEEDED")
    now[0] += timedelta(seconds=1)
    assert [(await call(sandbox, "scope")).status_code for _ in range(3)] == [200, 200, 503]


async def test_a_batch_is_one_request_however_many_commands_it_has() -> None:
    sandbox = new_sandbox(rate=(2, 2))
    await result(sandbox, "batch", {"cmd": ["scope"] * 50})
    await result(sandbox, "scope")
    assert await error(sandbox, "scope") == (503, "QUERY_LIMIT_EXCEEDED")


async def test_a_bigger_plan_has_a_bigger_bucket() -> None:
    sandbox = new_sandbox(rate=(5, 250))
    assert {(await call(sandbox, "scope")).status_code for _ in range(60)} == {200}


async def test_a_method_that_worked_too_long_is_shut_until_its_time_falls_out_of_the_window() -> None:
    now = [FRIDAY]
    sandbox = new_sandbox(clock=lambda: now[0], operating_budget=0.1)
    first = (await call(sandbox, "booking.v1.booking.get", {"id": 14})).json()["time"]
    assert first["operating"] == first["duration"]
    now[0] += timedelta(seconds=90)
    await result(sandbox, "booking.v1.booking.get", {"id": 14})
    for _ in range(2):
        await result(sandbox, "booking.v1.booking.get", {"id": 14})
    refused = await call(sandbox, "booking.v1.booking.get", {"id": 14})
    assert (refused.status_code, refused.json()["error"]) == (429, "OPERATION_TIME_LIMIT")
    reset_at = refused.json()["time"]["operating_reset_at"]
    assert reset_at == FRIDAY.timestamp() + 600
    assert await result(sandbox, "booking.v1.waitlist.get", {"id": 4})
    assert await result(sandbox, "booking.v1.booking.get", {"id": 14}, path=sandbox.editor_webhook_path)
    now[0] += timedelta(seconds=reset_at - now[0].timestamp())
    assert await result(sandbox, "booking.v1.booking.get", {"id": 14})


async def test_commands_of_a_batch_count_in_operating_time() -> None:
    sandbox = new_sandbox(operating_budget=0.05)
    answered = await result(sandbox, "batch", {"cmd": ["scope"] * 3})
    assert answered["result_error"]["2"]["error"] == "OPERATION_TIME_LIMIT"
    assert "operating_reset_at" in answered["result_error"]["2"]["time"]

import pytest

from linkdesk.sandbox.methods import SERVED_METHODS
from tests.support.sandbox_client import (
    CONTACT_1,
    DEAL_1,
    FRIDAY,
    call,
    clients_of,
    error,
    links_of,
    new_sandbox,
    request,
    result,
)
from tool_specs import METHODS
from tool_specs.declaration.wire import Json


def test_every_declared_method_has_a_handler() -> None:
    assert [method.rest for method in METHODS if method.rest.lower() not in SERVED_METHODS] == []


def test_no_served_method_is_a_stranger_to_the_declarations_but_the_basic_ones() -> None:
    declared = {method.rest.lower() for method in METHODS}
    assert set(SERVED_METHODS) - declared == {"methods"}


def test_the_secret_is_made_up_and_differs_each_time() -> None:
    assert new_sandbox(secret=None).webhook_path != new_sandbox(secret=None).webhook_path


async def test_an_answer_has_result_and_time_with_operating_figures() -> None:
    body = (await call(new_sandbox(), "booking.v1.booking.get", {"id": 14})).json()
    assert set(body) == {"result", "time"}
    assert set(body["time"]) == {
        "start",
        "finish",
        "duration",
        "processing",
        "date_start",
        "date_finish",
        "operating_reset_at",
        "operating",
    }
    assert body["time"]["date_start"] == "2026-11-20T12:00:00+03:00"


async def test_a_booking_is_answered_with_sorted_keys_and_integers() -> None:
    booking = (await result(new_sandbox(), "booking.v1.booking.get", {"id": 14}))["booking"]
    assert list(booking) == ["datePeriod", "description", "id", "name", "resourceIds"]
    three_hours_later = int(FRIDAY.timestamp()) + 3 * 3600
    assert booking["datePeriod"]["from"] == {"timestamp": three_hours_later, "timezone": "Europe/Moscow"}
    assert booking["resourceIds"] == [1]


async def test_a_waitlist_entry_is_answered_under_a_capital_l() -> None:
    answered = await result(new_sandbox(), "booking.v1.waitlist.get", {"id": 4})
    assert answered["waitList"]["id"] == 4
    assert isinstance(answered["waitList"]["note"], str)


@pytest.mark.parametrize("method", ["booking.v1.booking.get", "BOOKING.V1.BOOKING.GET", "booking.v1.booking.get.json"])
async def test_a_method_is_found_in_any_case_and_with_the_json_suffix(method: str) -> None:
    assert (await result(new_sandbox(), method, {"id": "14"}))["booking"]["id"] == 14


async def test_parameters_may_come_in_the_query_of_a_get() -> None:
    sandbox = new_sandbox()
    answer = await request(sandbox, "GET", f"{sandbox.webhook_path}booking.v1.booking.get?id=15")
    assert answer.json()["result"]["booking"]["id"] == 15


async def test_a_form_is_read_as_php_reads_it() -> None:
    sandbox = new_sandbox()
    form = {
        "bookingId": "17",
        "clients[0][id]": "1",
        "clients[0][type][module]": "crm",
        "clients[0][type][code]": "CONTACT",
        "clients[1][id]": "2",
        "clients[1][type][module]": "crm",
        "clients[1][type][code]": "CONTACT",
    }
    answer = await request(sandbox, "POST", f"{sandbox.webhook_path}booking.v1.booking.client.set", data=form)
    assert answer.json()["result"] is True
    assert await clients_of(sandbox, 17) == [("CONTACT", 1), ("CONTACT", 2)]


async def test_a_multipart_form_is_read_too() -> None:
    sandbox = new_sandbox()
    parts = {"id": (None, "14")}
    answer = await request(sandbox, "POST", f"{sandbox.webhook_path}booking.v1.booking.get", files=parts)
    assert answer.json()["result"]["booking"]["id"] == 14


async def test_an_empty_array_cannot_be_said_in_a_form() -> None:
    sandbox = new_sandbox()
    path = f"{sandbox.webhook_path}booking.v1.booking.client.set"
    assert (await request(sandbox, "POST", path, data={"bookingId": "17"})).json()["error"] == 100
    assert (await request(sandbox, "POST", path, data={"bookingId": "17", "clients": ""})).json()["error"] == 100


@pytest.mark.parametrize("body", [b"{", b"[1]", b"null", b"", b"[" * 100_000])
async def test_a_body_that_is_no_object_says_nothing(body: bytes) -> None:
    sandbox = new_sandbox()
    answer = await request(
        sandbox,
        "POST",
        f"{sandbox.webhook_path}booking.v1.booking.get",
        content=body,
        headers={"content-type": "application/json"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, 100)


async def test_a_body_that_is_not_utf8_is_an_error_with_status_200() -> None:
    sandbox = new_sandbox()
    answer = await request(sandbox, "POST", f"{sandbox.webhook_path}profile", content=b"\xff")
    assert (answer.status_code, answer.json()["error"]) == (200, "WRONG_ENCODING")


async def test_the_method_is_looked_for_before_the_caller() -> None:
    assert await error(new_sandbox(), "no.such.method", path="/rest/1/wrong/") == (404, "ERROR_METHOD_NOT_FOUND")


async def test_a_wrong_webhook_is_refused_with_401() -> None:
    sandbox = new_sandbox()
    assert await error(sandbox, "profile", path="/rest/1/wrong/") == (401, "INVALID_CREDENTIALS")
    assert await error(sandbox, "profile", path="/rest/2/s3cret/") == (401, "INVALID_CREDENTIALS")


async def test_a_scope_that_is_missing_is_refused_with_401_before_the_parameters_are_looked_at() -> None:
    sandbox = new_sandbox()
    path = sandbox.add_webhook(1, "narrow", scopes={"booking"})
    assert await error(sandbox, "crm.item.get", path=path) == (401, "insufficient_scope")
    assert await result(sandbox, "scope", path=path) == ["booking"]


async def test_a_token_is_taken_from_the_body_the_query_and_the_header() -> None:
    sandbox = new_sandbox()
    token = sandbox.add_token(2)
    for answer in (
        await call(sandbox, "profile", {"auth": token}, path="/rest/"),
        await call(sandbox, "profile", {"access_token": token}, path="/rest/"),
        await request(sandbox, "GET", f"/rest/profile?auth={token}"),
        await request(sandbox, "GET", "/rest/profile", headers={"authorization": f"Bearer {token}"}),
    ):
        assert answer.json()["result"]["ID"] == "2"
    assert await error(sandbox, "profile", path="/rest/") == (401, "NO_AUTH_FOUND")
    assert await error(sandbox, "profile", {"auth": "other"}, path="/rest/") == (401, "NO_AUTH_FOUND")


async def test_the_basic_methods_say_who_what_and_when() -> None:
    sandbox = new_sandbox()
    profile = await result(sandbox, "profile")
    assert (profile["ID"], profile["ADMIN"]) == ("1", True)
    assert (await result(sandbox, "profile", path=sandbox.editor_webhook_path))["ADMIN"] is False
    assert await result(sandbox, "scope") == ["booking", "crm", "user"]
    assert await result(sandbox, "server.time") == "2026-11-20T12:00:00+03:00"


SET_LINKS = "booking.v1.booking.externalData.set"
SET_CLIENTS = "booking.v1.booking.client.set"


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        (SET_LINKS, {}, "Could not find value for parameter {bookingId}"),
        (SET_LINKS, {"bookingId": None}, "Could not find value for parameter {bookingId}"),
        (SET_LINKS, {"bookingId": 14}, "Could not find value for parameter {externalData}"),
        (
            SET_LINKS,
            {"bookingId": "x", "externalData": []},
            "Invalid value {x} to match with parameter {bookingId}. Should be value of type int.",
        ),
        (
            SET_LINKS,
            {"bookingId": 14, "externalData": "1"},
            "Invalid value {1} to match with parameter {externalData}. Should be value of type array.",
        ),
        (SET_CLIENTS, {"clients": [CONTACT_1]}, "Could not find value for parameter {bookingId}"),
        ("booking.v1.waitlist.client.unset", {}, "Could not find value for parameter {waitListId}"),
    ],
)
async def test_a_missing_or_wrong_parameter_is_error_100(method: str, params: Json, description: str) -> None:
    answer = await call(new_sandbox(), method, params)
    assert answer.status_code == 400
    assert answer.json() == {"error": 100, "error_description": description}


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        (SET_LINKS, {"externalData": [{"moduleId": "crm"}]}, "Required fields: entityTypeId, value"),
        (SET_LINKS, {"externalData": [DEAL_1, {**DEAL_1, "value": None}]}, "Required fields: value"),
        (SET_CLIENTS, {"clients": [{"type": {"module": "crm", "code": "CONTACT"}}]}, "Required fields: id"),
        (SET_CLIENTS, {"clients": [{"id": 1, "type": {"module": "crm"}}]}, "Required fields: code"),
    ],
)
async def test_keys_are_looked_for_before_the_booking(method: str, params: Json, description: str) -> None:
    answer = await call(new_sandbox(), method, {"bookingId": 5555, **params})
    assert answer.status_code == 400
    assert answer.json() == {"error": 0, "error_description": description}


@pytest.mark.parametrize(
    ("method", "params"),
    [
        (SET_LINKS, {"externalData": DEAL_1}),
        (SET_LINKS, {"externalData": ["deal 1"]}),
        (SET_CLIENTS, {"clients": CONTACT_1}),
        (SET_CLIENTS, {"clients": [{"id": 1, "type": "CONTACT"}]}),
        (SET_CLIENTS, {"clients": [{**CONTACT_1, "id": "one"}]}),
    ],
)
async def test_another_structure_gets_the_raw_text_of_php_with_a_path(method: str, params: Json) -> None:
    sandbox = new_sandbox()
    answer = await call(sandbox, method, {"bookingId": 14, **params})
    assert (answer.status_code, answer.json()["error"]) == (400, 0)
    assert "must be of type" in answer.json()["error_description"]
    assert "/home/bitrix/" in answer.json()["error_description"]
    assert not any(seen.applied for seen in sandbox.calls)


async def test_codes_of_booking_methods_are_integers_in_older_builds_and_text_in_newer_ones() -> None:
    assert await error(new_sandbox(), "booking.v1.booking.get", {"id": 5555}) == (400, 1021)
    assert await error(new_sandbox(string_codes=True), "booking.v1.booking.get", {"id": 5555}) == (400, "1021")
    assert await error(new_sandbox(), "crm.activity.binding.list") == (400, "100")


async def test_unknown_keys_are_dropped_and_a_number_as_value_becomes_text() -> None:
    sandbox = new_sandbox()
    item = {"moduleId": "crm", "entityTypeId": "DEAL", "value": 3, "note": "mine"}
    await result(sandbox, SET_LINKS, {"bookingId": 17, "externalData": [item], "extra": 1})
    assert await links_of(sandbox, 17) == [{"entityTypeId": "DEAL", "moduleId": "crm", "value": "3"}]

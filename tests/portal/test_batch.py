"""Several calls in one request: the writing of commands, gathered reads, references, and very many calls."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Callable, Generator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st

from linkdesk.errors.base import NotReached, PortalError, Refused, UnreadableResponse
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.batch import MAX_COMMANDS, encode_command, fits_batch, split_into_requests
from linkdesk.portal.batch_refs import NotRun, Steps
from linkdesk.portal.client import PARALLEL_REQUESTS, Portal
from linkdesk.sandbox.app import Sandbox
from linkdesk.sandbox.php_array import from_query
from tests.support.virtual_time import clock, now, run, steady
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import GetBooking, UpdateBooking
from tool_specs.methods.booking_links import ListBookingLinks, SetBookingLinks

ADDRESS = WebhookAddress.parse("https://example.bitrix24.com/rest/1/s3cret00/")

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
keys = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[]\x00"), min_size=1, max_size=6)
scalars = st.booleans() | st.integers() | texts
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(keys, inner, min_size=1, max_size=4),
    max_leaves=10,
)
parameters = st.dictionaries(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True), values, max_size=4)


def as_php_has_it(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Give a value as a query carries it: all text, and a map with the keys 0, 1, 2 is a list."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, dict):
        inner = {key: as_php_has_it(each) for key, each in value.items()}
        return list(inner.values()) if list(inner) == [str(number) for number in range(len(inner))] else inner
    return [as_php_has_it(each) for each in value] if isinstance(value, list) else str(value)


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    """Write no line for every request: there are thousands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@given(parameters)
@example({"filter": {"@id": [1, 2], "0": {"logic": "OR", "%title": "a&b=c [d] +7 %41"}}})
def test_a_command_says_what_the_call_says(sent: dict[str, Any]) -> None:
    rest, _, query = encode_command("m", sent).partition("?")
    assert (rest, from_query(query)) == ("m", {name: as_php_has_it(value) for name, value in sent.items()})


@pytest.mark.parametrize(
    "value",
    [[], {}, None, {"a": []}, [None], {"a]": 1}, {"": 1}, list(range(1000))],
    ids=lambda value: repr(value)[:20],
)
def test_what_has_no_form_in_a_query_is_no_command(value: object) -> None:
    with pytest.raises(ValueError, match=r".*"):
        encode_command("m", {"name": value})


def test_a_name_that_php_would_rewrite_is_no_command() -> None:
    with pytest.raises(ValueError, match=r"a\.b"):
        encode_command("m", {"a.b": 1})


def test_a_text_that_would_be_read_as_a_reference_goes_alone() -> None:
    harmless, harmful = (
        UpdateBooking.model_validate({"booking_id": 14, "name": name}) for name in ("result", "$result[c0][id]")
    )
    reads = [GetBooking(booking_id=number) for number in range(1, 4)]
    assert (fits_batch(harmless), fits_batch(harmful)) == (True, False)
    assert list(split_into_requests([*reads[:2], harmful, reads[2]])) == [reads[:2], [harmful], reads[2:]]


def test_commands_beyond_fifty_go_in_the_next_request() -> None:
    reads = [GetBooking(booking_id=number) for number in range(1, 121)]
    assert [len(part) for part in split_into_requests(reads)] == [50, 50, 20]


@pytest.fixture
def requests() -> list[httpx.Request]:
    return []


def booking(number: int) -> dict[str, Any]:
    moment = {"timestamp": 1795000000, "timezone": "Europe/Moscow"}
    return {"id": number, "resourceIds": [1], "datePeriod": {"from": moment, "to": moment}}


def answering(requests: list[httpx.Request]) -> Callable[[httpx.Request], httpx.Response]:
    """Answer bookings, except 13, which does not exist, and 666, which breaks the server."""

    def one(query: dict[str, Any]) -> dict[str, Any]:
        number = int(query["id"])
        if number == 13:
            return {"error": 1021, "error_description": "no"}
        return {"result": {"booking": booking(number)}}

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        body = json.loads(request.content)
        if re.search(r"(?<![0-9])666(?![0-9])", str(body)):
            return httpx.Response(500, html="<html>")
        if not request.url.path.endswith("batch"):
            found = one(body)
            return httpx.Response(400 if "error" in found else 200, json=found)
        answers = {key: one(dict(parse_qsl(text.partition("?")[2]))) for key, text in body["cmd"].items()}
        parts = {
            name: {
                key: found if name == "result_error" else found["result"]
                for key, found in answers.items()
                if of in found
            }
            for name, of in (("result", "result"), ("result_error", "error"))
        }
        return httpx.Response(200, json={"result": {name: part or [] for name, part in parts.items()}})

    return answer


def opened(requests: list[httpx.Request], **more: Any) -> Portal:  # noqa: ANN401 - the portal's own
    return Portal(ADDRESS, transport=httpx.MockTransport(answering(requests)), **more)


def rests(requests: list[httpx.Request]) -> list[str]:
    return [request.url.path.rpartition("/")[2] for request in requests]


@pytest.mark.parametrize("gather", [True, False])
def test_reads_that_wait_at_the_same_time_go_as_one_request_and_each_gets_its_own(
    gather: bool,
    requests: list[httpx.Request],
) -> None:
    async def main() -> None:
        async with opened(requests, coalesce=gather) as portal:
            calls = [portal(GetBooking(booking_id=number)) for number in (11, 12, 13, 14)]
            found = await asyncio.gather(*calls, return_exceptions=True)
            assert [getattr(each, "id", None) for each in found] == [11, 12, None, 14]
            assert isinstance(found[2], Refused)
            assert (found[2].code, found[2].called) == ("1021", GetBooking(booking_id=13))
        assert rests(requests) == (["batch"] if gather else ["booking.v1.booking.get"] * 4)

    run(main())


def test_a_lone_read_goes_plain_and_so_do_writes(requests: list[httpx.Request]) -> None:
    async def main() -> None:
        async with opened(requests) as portal:
            await portal(GetBooking(booking_id=11))
            writes = [SetBookingLinks.model_validate({"booking_id": n, "links": [1]}) for n in (1, 2)]
            with pytest.raises(KeyError):
                await portal(writes[0])
        assert rests(requests)[0] == "booking.v1.booking.get"
        assert "batch" not in rests(requests)

    run(main())


def test_one_read_that_breaks_the_server_does_not_cost_the_others_theirs(requests: list[httpx.Request]) -> None:
    async def main() -> None:
        numbers = [*range(100, 140), 666, *range(140, 149)]
        async with opened(requests) as portal:
            answers = await portal.batch([GetBooking(booking_id=number) for number in numbers])
        assert [getattr(each, "id", None) for each in answers] == [None if n == 666 else n for n in numbers]
        assert isinstance(answers[40], UnreadableResponse)
        assert len(requests) < 20

    run(main())


def test_when_nothing_at_all_succeeds_the_reads_are_not_halved_for_long(requests: list[httpx.Request]) -> None:
    async def main() -> None:
        async with opened(requests) as portal:
            with pytest.raises(UnreadableResponse):
                await portal.batch([GetBooking(booking_id=666) for _ in range(50)])
        assert len(requests) == 2 + 2 + 4

    run(main())


def test_steps_refer_to_earlier_answers_and_the_first_error_ends_them() -> None:
    async def main() -> None:
        sandbox = Sandbox(clock=clock, rate=None)
        address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
        async with Portal(address, transport=sandbox.transport(), now=now, clock=steady) as portal:
            steps = Steps()
            first = steps.add(GetBooking(booking_id=14))
            links = steps.add(ListBookingLinks(booking_id=1), bookingId=first.answer["booking"]["id"])
            missing = steps.add(GetBooking(booking_id=999))
            never = steps.add(UpdateBooking.model_validate({"booking_id": 14, "name": "x"}))
            done = await portal.run_steps(steps)
            assert done[first].id == 14
            assert [item.value for item in done[links]] == ["7", "555"]
            with pytest.raises(Refused) as refused:
                _ = done[missing]
            assert refused.value.called == missing.method
            with pytest.raises(NotRun):
                _ = done[never]
            assert issubclass(NotRun, NotReached)

    run(main())


def test_a_step_refers_to_earlier_ones_only() -> None:
    steps, others = Steps(), Steps()
    others.add(GetBooking(booking_id=14))
    later = others.add(GetBooking(booking_id=15))
    with pytest.raises(ValueError, match="not an earlier step: id"):
        steps.add(GetBooking(booking_id=1), id=later.answer["booking"]["id"])
    with pytest.raises(ValueError, match="cannot be referred to"):
        _ = later.answer["a][b"]


def test_ten_thousand_calls_stream_in_their_order_and_only_a_few_requests_ahead(requests: list[httpx.Request]) -> None:
    count, asked, furthest = 10_000, 0, 0

    def reads() -> Generator[GetBooking]:
        nonlocal asked
        for asked in range(1, count + 1):
            yield GetBooking(booking_id=1000 + asked)

    async def main() -> None:
        nonlocal furthest
        numbers: list[int] = []
        async with opened(requests) as portal:
            async for _, answer in portal.stream(reads()):
                assert not isinstance(answer, PortalError)
                numbers.append(answer.id)
                furthest = max(furthest, asked - len(numbers))
        assert numbers == list(range(1001, 1001 + count))
        assert furthest <= MAX_COMMANDS * (PARALLEL_REQUESTS + 1)
        assert len(requests) == count / MAX_COMMANDS

    run(main())


def test_leaving_a_stream_half_way_leaves_nothing_running(requests: list[httpx.Request]) -> None:
    async def main() -> None:
        async with opened(requests) as portal:
            stream = portal.stream(GetBooking(booking_id=1000 + n) for n in range(1000))
            async for _ in stream:
                break
            await stream.aclose()
        assert len(requests) <= 5

    run(main())


def test_a_stream_whose_requests_fail_goes_on_and_gives_the_errors_in_their_places() -> None:
    async def main() -> None:
        def answer(_request: httpx.Request) -> httpx.Response:
            raise httpx.ConnectError("no route to host")

        methods: list[Method[Any]] = [GetBooking(booking_id=n) for n in range(1, 121)]
        async with Portal(ADDRESS, transport=httpx.MockTransport(answer)) as portal:
            found = [pair async for pair in portal.stream(methods)]
        assert [method for method, _ in found] == methods
        assert all(isinstance(error, NotReached) and error.called is method for method, error in found)

    run(main())

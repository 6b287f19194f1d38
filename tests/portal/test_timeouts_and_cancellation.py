"""Time that runs out, callers who go away, and many calls at once; on the sandbox, in virtual time."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections import Counter
from typing import Any

import httpx
import pytest
import structlog

from linkdesk.errors.base import PortalError, Refused, ResponseLost
from linkdesk.portal.client import Portal
from linkdesk.portal.rate import Rate
from linkdesk.portal.throttle import bulk
from linkdesk.sandbox.faults import FaultKind
from tests.support.portal_client import ADDRESS, GET, READ, SET, link, methods_seen, new_sandbox, open_portal
from tests.support.virtual_time import now, run, steady
from tool_specs.declaration.method import Method
from tool_specs.methods.booking import GetBooking
from tool_specs.methods.booking_links import ListBookingLinks


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    """Write no line for every request: there are thousands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def test_a_call_that_takes_too_long_ends_and_a_write_that_was_out_is_in_doubt() -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault("*", "slow", times=9, seconds=500)
        async with open_portal(sandbox, deadline=20) as portal:
            several: tuple[Method[Any], ...] = (link(14, 1), READ)
            for method in several:
                start = now()
                with pytest.raises(ResponseLost) as lost:
                    await portal(method)
                assert now() - start == pytest.approx(20)
                assert lost.value.may_have_applied
                assert lost.value.called == method

    run(main())


def test_a_call_that_gets_no_turn_in_time_was_not_sent() -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        async with open_portal(sandbox, rate=Rate(leak=0.001, bucket=1)) as portal:
            await portal(READ)
            several: tuple[Method[Any], ...] = (link(14, 1), READ)
            for method in several:
                with pytest.raises(Refused) as refused:
                    await portal(method)
                assert not refused.value.may_have_applied
            assert methods_seen(sandbox) == [GET]

    run(main())


@pytest.mark.parametrize("method", [READ, link(14, 1)], ids=["read", "write"])
@pytest.mark.parametrize("after", [0, 0.01, 5])
def test_a_caller_who_goes_away_leaves_nothing_running(method: Method[Any], after: float) -> None:
    async def main() -> None:
        open_requests = 0

        async def answer(_request: httpx.Request) -> httpx.Response:
            nonlocal open_requests
            open_requests += 1
            try:
                await asyncio.sleep(30)
            finally:
                open_requests -= 1
            return httpx.Response(200, json={"result": True})

        portal = Portal(ADDRESS, transport=httpx.MockTransport(answer), rate=Rate(), clock=steady)
        with bulk():
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(after):
                    await portal(method)
            tasks = [asyncio.create_task(portal(method)) for _ in range(3)]
            await asyncio.sleep(after)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            assert all(task.cancelled() for task in tasks)
        assert open_requests == 0
        assert asyncio.all_tasks() == {asyncio.current_task()}
        await portal.aclose()

    run(main())


def test_of_those_who_share_a_request_one_may_go_away() -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(GET, "slow", seconds=5)
        async with open_portal(sandbox) as portal:
            going, staying = (asyncio.create_task(portal(GetBooking(booking_id=number))) for number in (14, 15))
            await asyncio.sleep(1)
            going.cancel()
            assert (await staying).id == 15
            assert going.cancelled()

    run(main())


@pytest.mark.parametrize("after", [0, 1])
def test_closing_ends_what_is_under_way(after: float) -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault("*", "slow", seconds=500)
        async with open_portal(sandbox) as portal:
            calls = [asyncio.create_task(portal(READ)) for _ in range(3)]
            await asyncio.sleep(after)
        done, _ = await asyncio.wait(calls, timeout=1)
        assert all(isinstance(call.exception(), PortalError) for call in done)
        assert len(done) == 3

    run(main())


@pytest.mark.parametrize("filled", [0, 50])
def test_three_hundred_mixed_calls_never_meet_a_refusal_of_the_bucket(filled: int) -> None:
    async def main() -> None:
        sandbox = new_sandbox(rate=(2, 50), operating_budget=None)
        other = httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1")
        async with other, open_portal(sandbox, rate=Rate(), deadline=600) as portal:
            await asyncio.gather(*(other.post(f"{sandbox.webhook_path}{GET}", json={"id": 14}) for _ in range(filled)))

            async def caller(number: int) -> None:
                await asyncio.sleep(number % 40)
                if number % 3 == 0:
                    await portal(link(15 + number % 5, 1 + number % 12))
                elif number % 3 == 1:
                    await portal.batch([READ, ListBookingLinks(booking_id=14)])
                else:
                    await portal(READ)

            async def everybody() -> None:
                await asyncio.gather(*(caller(number) for number in range(300)))

            if filled:
                with bulk():
                    await everybody()
            else:
                await everybody()
        assert 503 not in [call.status for call in sandbox.calls]
        assert len([call for call in sandbox.calls if call.applied]) == 100

    run(main())


async def told(portal: Portal, method: Method[Any]) -> str:
    """Call as a person would, who comes back at the time that a blocked method is told to be free."""
    while True:
        try:
            await portal(method)
        except Refused as error:
            if error.retry_at is None:
                return error.code
            await asyncio.sleep(error.retry_at - now())
        except PortalError as error:
            return "in doubt" if error.may_have_applied else "not reached"
        else:
            return "done"


@pytest.mark.parametrize("seed", [1])
def test_two_thousand_calls_a_tenth_of_them_hit_by_faults_are_all_accounted_for(seed: int) -> None:
    async def main() -> None:
        sandbox = new_sandbox(rate=(2, 50), operating_budget=None)
        chance = random.Random(seed)  # noqa: S311 - it chooses what goes wrong
        count = 2000
        outcomes: Counter[str] = Counter()
        kinds = [kind for kind in FaultKind if kind not in {FaultKind.SLOW, FaultKind.EXPIRED_TOKEN}]
        inner = sandbox.transport()

        async def hit(request: httpx.Request) -> httpx.Response:
            """Let a tenth of the requests fail, or one of their commands."""
            if chance.random() < 0.1:
                rest = request.url.path.rpartition("/")[2]
                commands = [text.partition("?")[0] for text in json.loads(request.content).get("cmd", {}).values()]
                sandbox.add_fault(chance.choice([rest, *commands[:1]]), chance.choice(kinds))
            return await inner.handle_async_request(request)

        async with open_portal(sandbox, rate=Rate(), deadline=3600, transport=httpx.MockTransport(hit)) as portal:

            async def caller(number: int) -> None:
                # Every write is of a list of its own kind, so that each one that took effect can be told.
                method: Method[Any] = (
                    link(14 + number % 8, 1000 + number) if number % 2 else GetBooking(booking_id=14 + number % 8)
                )
                await asyncio.sleep(chance.uniform(0, 400))
                outcomes[await told(portal, method)] += 1

            await asyncio.gather(*(caller(number) for number in range(count)))
        assert sum(outcomes.values()) == count, outcomes
        assert outcomes["done"] > count * 0.9
        assert outcomes.keys() <= {"done", "in doubt", "ACCESS_DENIED"}
        writes = [call for call in sandbox.calls if call.method == SET]
        by_params: dict[str, list[Any]] = {}
        for call in writes:
            by_params.setdefault(json.dumps(call.params), []).append(call)
        proven = {"query_limit", "operation_time_limit"}
        for sendings in by_params.values():
            assert sum(call.applied for call in sendings) <= 1
            assert all(call.fault in proven for call in sendings[:-1]), sendings
        limited = [call for call in sandbox.calls if call.status == 503]
        assert all(call.fault == "query_limit" for call in limited)

    run(main())

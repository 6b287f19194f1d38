"""What the portal client does about failures, refusals and blocked methods; in virtual time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import structlog

from linkdesk.errors.base import NotReached, PortalError, PortalMoved, Refused, UnreadableResponse
from linkdesk.portal.client import Portal
from tests.support.portal_client import ADDRESS, GET, READ, SET, link, methods_seen, new_sandbox, open_portal
from tests.support.virtual_time import now, run, steady
from tool_specs.declaration.method import Method
from tool_specs.methods.booking_links import ListBookingLinks


@pytest.fixture(autouse=True)
def quiet_logs() -> None:
    """Write no line for every request: there are thousands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


@pytest.mark.parametrize("kind", ["reset_before", "http_500_html", "empty_body", "reset_after_commit"])
def test_a_read_that_failed_is_made_again_after_a_pause(kind: str) -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(GET, kind, times=3)
        async with open_portal(sandbox) as portal:
            start = now()
            assert (await portal(READ)).id == 14
            assert methods_seen(sandbox) == [GET] * 4
            assert 1 < now() - start < 5

    run(main())


@pytest.mark.parametrize("kind", ["reset_before", "http_500_html", "empty_body", "reset_after_commit"])
def test_a_write_that_may_have_been_applied_is_never_sent_again(kind: str) -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(SET, kind)
        async with open_portal(sandbox) as portal:
            with pytest.raises(PortalError) as lost:
                await portal(link(14, 1))
            assert lost.value.may_have_applied
            assert methods_seen(sandbox) == [SET]

    run(main())


def test_a_write_that_surely_was_not_sent_is_tried_again() -> None:
    tries = 0

    def answer(_request: httpx.Request) -> httpx.Response:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise httpx.ConnectError("no route to host")
        return httpx.Response(200, json={"result": True})

    async def main() -> None:
        async with Portal(ADDRESS, transport=httpx.MockTransport(answer)) as portal:
            assert await portal(link(14, 1)) is True
        assert tries == 3

    run(main())


def test_after_four_tries_a_read_gives_up_and_says_how_the_last_one_failed() -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(GET, "http_500_html", times=99)
        async with open_portal(sandbox) as portal:
            with pytest.raises(UnreadableResponse) as failed:
                await portal(READ)
            assert failed.value.called == READ
            assert methods_seen(sandbox) == [GET] * 4

    run(main())


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"Location": "https://new.bitrix24.com/"}),
        httpx.Response(403, html="<html>blocked</html>"),
        httpx.Response(401, json={"error": "INVALID_CREDENTIALS"}),
        httpx.Response(503, json={"error": "OVERLOAD_LIMIT"}),
    ],
    ids=str,
)
def test_what_another_try_would_not_mend_is_not_tried_again(answer: httpx.Response) -> None:
    seen: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    async def main() -> None:
        async with Portal(ADDRESS, transport=httpx.MockTransport(reply)) as portal:
            with pytest.raises((PortalMoved, UnreadableResponse, Refused)):
                await portal(READ)
        assert len(seen) == 1

    run(main())


@pytest.mark.parametrize("method", [READ, link(14, 1)], ids=["read", "write"])
def test_what_the_full_bucket_refused_never_ran_and_is_sent_again(method: Method[Any]) -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(method.rest, "query_limit", times=3)
        async with open_portal(sandbox) as portal:
            start = now()
            await portal(method)
            assert methods_seen(sandbox) == [method.rest] * 4
            assert now() - start == pytest.approx(1 + 1.5 + 2, abs=0.1)

    run(main())


def test_a_bucket_that_stays_full_is_waited_for_until_the_deadline() -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(SET, "query_limit", times=999)
        async with open_portal(sandbox) as portal:
            start = now()
            with pytest.raises(Refused) as refused:
                await portal(link(14, 1))
            assert (refused.value.code, refused.value.may_have_applied) == ("QUERY_LIMIT_EXCEEDED", False)
            assert now() - start == pytest.approx(60)

    run(main())


def test_a_method_blocked_for_a_moment_is_waited_for_by_everybody_who_calls_it() -> None:
    async def main() -> None:
        blocked_until = now() + 7
        requests = 0

        def answer(request: httpx.Request) -> httpx.Response:
            nonlocal requests
            requests += 1
            if now() < blocked_until and request.url.path.endswith("get"):
                time = {"operating": 480.1, "operating_reset_at": blocked_until}
                return httpx.Response(429, json={"error": "OPERATION_TIME_LIMIT", "time": time})
            return httpx.Response(200, json={"result": {"externalData": []}})

        async with Portal(ADDRESS, transport=httpx.MockTransport(answer), now=now, clock=steady) as portal:
            calls = [asyncio.create_task(portal(READ))]
            await asyncio.sleep(1)
            calls += [asyncio.create_task(portal(READ)) for _ in range(3)]
            await portal(ListBookingLinks(booking_id=14))
            assert now() < blocked_until, "other methods are not held back"
            await asyncio.wait(calls)
            assert requests == 1 + 1 + 2, "the first call, the other method; then the first again, and the three in one"
            assert [type(call.exception()) for call in calls] == [UnreadableResponse] * 4

    run(main())


def test_of_a_method_blocked_for_long_the_caller_is_told_when_and_no_request_is_made_until_then() -> None:
    async def main() -> None:
        sandbox = new_sandbox()
        sandbox.add_fault(SET, "operation_time_limit")
        async with open_portal(sandbox) as portal:
            with pytest.raises(Refused) as refused:
                await portal(link(14, 1))
            until = refused.value.retry_at
            assert until is not None
            assert until > now() + 10
            with pytest.raises(Refused) as at_once:
                await portal(link(15, 1))
            assert at_once.value.retry_at == pytest.approx(until)
            answers = await portal.batch([READ, link(15, 1), ListBookingLinks(booking_id=14)])
            assert [type(answer) for answer in answers[1:]] == [Refused, list]
            assert methods_seen(sandbox).count(SET) == 1
            await asyncio.sleep(until - now() + 1)
            assert await portal(link(14, 1)) is True

    run(main())


def test_the_portals_clock_decides_how_long_a_method_is_blocked() -> None:
    async def main() -> None:
        start = now()

        def answer(_request: httpx.Request) -> httpx.Response:
            if now() < start + 5:
                body = {"error": "OPERATION_TIME_LIMIT", "time": {"operating_reset_at": start + 3605}}
                ahead = {"Date": "Fri, 20 Nov 2026 10:00:00 GMT"}
                return httpx.Response(429, json=body, headers=ahead)
            return httpx.Response(200, json={"result": True})

        async with Portal(ADDRESS, transport=httpx.MockTransport(answer), now=now, clock=steady) as portal:
            assert await portal(link(14, 1)) is True
            assert now() - start == pytest.approx(5, abs=1)

    run(main())


@pytest.mark.parametrize("accepted", ["new", "none"])
def test_a_token_that_expired_is_renewed_once_and_the_call_made_again(accepted: str) -> None:
    sent: list[str] = []

    class Way:
        masked = "https://example.bitrix24.com/rest/ (anna)"
        token = "old"
        renewals = 0

        async def authorize(self, rest: str, /) -> tuple[str, Mapping[str, str]]:
            return f"https://example.bitrix24.com/rest/{rest}", {"auth": self.token}

        async def renew(self, sent: Mapping[str, str], /) -> bool:
            assert sent == {"auth": "old"}
            self.renewals += 1
            self.token = "new"
            return True

    def answer(request: httpx.Request) -> httpx.Response:
        token = json.loads(request.content)["auth"]
        sent.append(token)
        if token != accepted:
            return httpx.Response(401, json={"error": "expired_token"})
        return httpx.Response(200, json={"result": True})

    async def main() -> None:
        way = Way()
        async with Portal(way, transport=httpx.MockTransport(answer)) as portal:
            if accepted == "new":
                assert await portal(link(14, 1)) is True
            else:
                with pytest.raises(Refused):
                    await portal(link(14, 1))
        assert (sent, way.renewals) == (["old", "new"], 1)

    run(main())


def test_a_portal_that_cannot_be_reached_is_said_after_a_few_tries() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host")

    async def main() -> None:
        async with Portal(ADDRESS, transport=httpx.MockTransport(answer)) as portal:
            start = now()
            with pytest.raises(NotReached):
                await portal(READ)
            assert now() - start < 5

    run(main())

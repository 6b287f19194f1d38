"""What the process says to whoever runs it: whether it can work, found out at most every few seconds."""

from __future__ import annotations

import httpx

from linkdesk.errors.base import Trouble
from linkdesk.errors.codes.rest import SYSTEM
from server.http.health import (
    ACCESS_CACHE_S,
    CACHE_S,
    NO_PORTAL,
    Readiness,
    in_sequence,
    portal_accepts_credentials,
    portal_answers,
)
from server.http.host_check import allowed_hosts
from tool_specs.declaration.localized import Localized


async def test_an_answer_is_kept_for_a_few_seconds_and_then_found_out_anew() -> None:
    now, asked = 0.0, 0
    wrong: Localized | None = None

    async def check() -> Localized | None:
        nonlocal asked
        asked += 1
        return wrong

    readiness = Readiness([check], clock=lambda: now)
    assert [await readiness.problem() for _ in range(3)] == [None] * 3
    wrong = NO_PORTAL
    assert await readiness.problem() is None
    assert asked == 1
    now += CACHE_S
    assert await readiness.problem() is NO_PORTAL
    assert asked == 2


async def test_a_portal_answers_unless_it_fails_or_is_not_there() -> None:
    async def answered(status: int) -> Localized | None:
        transport = httpx.MockTransport(lambda _request: httpx.Response(status))
        return await portal_answers("https://salon.example", transport)()

    def nobody(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    assert [await answered(status) for status in (200, 302, 401, 404)] == [None] * 4
    assert [await answered(status) for status in (500, 502, 503)] == [NO_PORTAL] * 3
    assert await portal_answers("https://salon.example", httpx.MockTransport(nobody))() is NO_PORTAL


async def test_being_let_in_counts_for_a_minute_and_a_refusal_until_the_next_look() -> None:
    now, asked = 0.0, 0
    refused: Trouble | None = None

    async def ask() -> None:
        nonlocal asked
        asked += 1
        if refused is not None:
            raise refused

    check = portal_accepts_credentials(ask, clock=lambda: now)
    assert [await check() for _ in range(3)] == [None] * 3
    assert asked == 1
    refused, now = Trouble(SYSTEM["INVALID_CREDENTIALS"]), ACCESS_CACHE_S
    assert [await check() for _ in range(2)] == [refused.what] * 2
    assert asked == 3
    refused = Trouble(SYSTEM["QUERY_LIMIT_EXCEEDED"])
    assert await check() is None
    refused = None
    assert [await check() for _ in range(2)] == [None] * 2
    assert asked == 5


async def test_a_portal_that_is_not_there_is_asked_nothing() -> None:
    async def gone() -> Localized | None:
        return NO_PORTAL

    async def never() -> Localized | None:
        raise AssertionError

    assert await in_sequence(gone, never)() is NO_PORTAL


def test_our_hosts_are_this_machine_the_one_listened_at_and_the_public_one() -> None:
    local = {"localhost", "127.0.0.1", "[::1]"}
    assert allowed_hosts("0.0.0.0", None) == local  # noqa: S104 - an address to read
    assert allowed_hosts("::", "https://Linkdesk.example:8443") == {*local, "linkdesk.example"}
    assert allowed_hosts("192.168.1.5", None) == {*local, "192.168.1.5"}
    assert allowed_hosts("fd00::1", None) == {*local, "[fd00::1]"}

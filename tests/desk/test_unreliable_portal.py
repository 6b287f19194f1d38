"""Writes while the portal fails, refuses or loses answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from linkdesk.desk import Desk
from linkdesk.errors.base import Changed, Trouble
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.desk_requests import deals, link, link_done, refused
from tests.support.sandbox_env import ANNA, SandboxEnv, virtual_clock
from tool_specs.declaration.method import Method


async def test_a_lost_answer_is_cleared_up_by_reading_when_the_change_is_there(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.set", "reset_after_commit")
    outcome = await link_done(env, link(14, 1))
    assert (outcome.changed, outcome.after) == (True, deals(7, 1))
    assert [said.en for said in outcome.also] == ["The answer of Bitrix24 was lost, but the change is there."]
    assert await env.written() == ["booking.v1.booking.externalData.set"]


@pytest.mark.parametrize("kind", ["reset_before", "http_500_html", "empty_body", "no_rights"])
async def test_a_write_that_did_not_happen_is_said_to_have_changed_nothing_and_is_not_sent_again(
    env: SandboxEnv,
    kind: str,
) -> None:
    await env.fault("booking.v1.booking.externalData.set", kind)
    trouble = await refused(env, link(14, 1))
    assert trouble.changed is Changed.NO
    assert await env.deals(14) == [7]
    assert [call.method for call in env.sandbox.calls].count("booking.v1.booking.externalData.set") == 1


async def test_a_write_that_the_full_bucket_refused_never_ran_and_is_sent_again_in_time(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.set", "query_limit")
    outcome = await link_done(env, link(14, 1))
    assert (outcome.after, outcome.also) == (deals(7, 1), ())
    assert await env.written() == ["booking.v1.booking.externalData.set"]


async def test_when_reading_fails_too_the_outcome_is_unknown(env: SandboxEnv) -> None:
    await env.fault("booking.v1.booking.externalData.set", "reset_after_commit")

    class ReadsOnce(Portal):
        async def batch(self, methods: Sequence[Method[Any]]) -> list[Any]:
            answers = await super().batch(methods)
            await env.fault("booking.v1.booking.externalData.list", "http_500_html", times=50)
            return answers

    address = WebhookAddress.parse(f"http://127.0.0.1{env.sandbox.webhook_path}")
    async with ReadsOnce(address, transport=env.sandbox.transport(), **virtual_clock()) as portal:
        with pytest.raises(Trouble) as trouble:
            await Desk(portal).do(link(14, 1), ANNA)
    assert (trouble.value.failure.code, trouble.value.changed) == ("outcome_unknown", Changed.UNKNOWN)


async def test_an_unreachable_portal_is_said_and_changes_nothing() -> None:
    def nowhere(_request: httpx.Request) -> httpx.Response:
        message = "no route to host"
        raise httpx.ConnectError(message)

    address = WebhookAddress.parse("https://example.bitrix24.com/rest/1/abcd1234/")
    async with Portal(address, transport=httpx.MockTransport(nowhere), **virtual_clock()) as portal:
        with pytest.raises(Trouble) as trouble:
            await Desk(portal).do(link(14, 1), ANNA)
    assert (trouble.value.failure.code, trouble.value.changed) == ("portal_not_reached", Changed.NO)


@pytest.mark.parametrize("kind", ["reset_before", "http_500_html", "empty_body"])
@pytest.mark.parametrize("method", ["*", "booking.v1.booking.externalData.list"])
async def test_when_the_look_before_a_write_fails_nothing_was_changed(env: SandboxEnv, kind: str, method: str) -> None:
    await env.fault(method, kind, times=20)
    trouble = await refused(env, link(14, 1))
    assert trouble.changed is Changed.NO
    assert trouble.failure.code in {"no_answer", "unreadable_answer"}
    assert await env.written() == []

"""`linkdesk doctor`: one line for each check, what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from linkdesk.cli.main import linkdesk
from linkdesk.config.settings import load_settings
from linkdesk.doctor.checks import check_portal, check_telegram
from linkdesk.doctor.findings import CheckState, check_scopes, has_errors
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tests.support.sandbox_env import open_sandbox_env

TOKEN = "123456:AAH-planted_token_0123456789abc"
ADDRESS = WebhookAddress.parse("https://example.bitrix24.com/rest/1/plantedSecret1/")


def told(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(linkdesk, ["doctor", *arguments])
    return result.exit_code, result.output


def test_the_sandbox_is_fine() -> None:
    status, said = told("--sandbox")
    assert (status, "WRONG" in said) == (0, False)
    assert "booking, crm, user" in said


def test_without_a_portal_one_line_says_what_to_set() -> None:
    status, said = told()
    assert status == 1
    assert "LINKDESK_PORTAL" in said


def test_wrong_settings_are_told_like_every_other_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_RATE", "fast")
    status, said = told("--sandbox")
    assert (status, said.count("\n")) == (1, 1)
    assert "LINKDESK_RATE" in said


def test_a_bot_that_answers_nobody_is_wrong_and_asking_for_nothing_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKDESK_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("LINKDESK_TELEGRAM_API", "http://127.0.0.1:1")
    monkeypatch.setenv("LINKDESK_CONFIRM", "never")
    monkeypatch.setenv("LINKDESK_LANG", "ru")
    status, said = told("--sandbox")
    assert status == 1
    assert "LINKDESK_STAFF" in said
    assert "LINKDESK_CONFIRM=never" in said
    assert "Bot API не отвечает" in said
    assert TOKEN not in said


async def test_missing_permissions_name_the_tools_they_cost() -> None:
    async with open_sandbox_env(rate=None) as env:
        path = env.sandbox.add_webhook(1, "booking0only", scopes={"booking", "user"})
        address = WebhookAddress.parse(f"http://127.0.0.1{path}")
        async with Portal(address, transport=env.sandbox.transport()) as portal:
            findings = [finding async for finding in check_portal(portal)]
    assert [finding.state for finding in findings] == [CheckState.FINE, CheckState.WRONG]
    assert "add_activity_binding" in findings[1].render("en")
    assert " more." in findings[1].render("en")


def test_the_permission_that_costs_no_tool_is_only_noted() -> None:
    finding = check_scopes(["booking", "crm"])
    assert finding.state is CheckState.NOTICE
    assert not has_errors([finding])


def html(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="<html>welcome</html>")


def nowhere(_request: httpx.Request) -> httpx.Response:
    message = "no route"
    raise httpx.ConnectError(message)


def revoked(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(401, json={"error": "INVALID_CREDENTIALS", "error_description": "x"})


def no_plan(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(403, json={"error": "ACCESS_DENIED", "error_description": "x"})


async def at_once(_seconds: float) -> None:
    """Wait for nothing."""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (html, "is not the Bitrix24 REST API"),
        (nowhere, "could not be reached"),
        (revoked, "credentials"),
        (no_plan, "refuses even a request"),
    ],
)
async def test_a_portal_that_does_not_work_is_told_with_what_to_look_at(
    answer: Callable[[httpx.Request], httpx.Response],
    says: str,
) -> None:
    async with Portal(ADDRESS, transport=httpx.MockTransport(answer), sleep=at_once) as portal:
        (finding,) = [finding async for finding in check_portal(portal)]
    assert finding.state is CheckState.WRONG
    assert says in finding.render("en")
    assert finding.advice is not None
    assert "plantedSecret1" not in finding.render("en") + finding.render("ru")


@pytest.mark.parametrize(
    ("status", "body", "state", "says"),
    [
        (200, {"ok": True, "result": {"username": "salon_bot"}}, CheckState.FINE, "@salon_bot"),
        (401, {"ok": False}, CheckState.WRONG, "token is not accepted"),
        (502, "<html>", CheckState.WRONG, "does not answer"),
    ],
)
async def test_the_bot_api_is_asked_whose_token_it_is(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    body: Any,  # noqa: ANN401 - JSON or text
    state: CheckState,
    says: str,
) -> None:
    monkeypatch.setenv("LINKDESK_TELEGRAM_TOKEN", TOKEN)

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == f"/bot{TOKEN}/getMe"
        return httpx.Response(status, json=body) if isinstance(body, dict) else httpx.Response(status, text=body)

    finding = await check_telegram(load_settings(), httpx.MockTransport(answer))
    assert finding is not None
    assert (finding.state, says in finding.render("en")) == (state, True)

"""Arguments as models shape them, for every tool: understood, or refused with every problem by name; never a crash."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest
from mcp import Client

from server.tools.selection import ALL
from tests.support.mcp_calls import CONFIRMED_WRITES, LINK_READS, LINK_WRITES, RECORD_READS, RECORD_WRITES
from tests.support.mcp_client import Era, connected, error, text_of
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tool_specs import TOOLS

CALLS: dict[str, dict[str, Any]] = {
    **{row[0]: row[1] for row in LINK_READS},
    **{row[0]: row[1] for row in LINK_WRITES},
    **RECORD_READS,
    **RECORD_WRITES,
    **CONFIRMED_WRITES,
    "unset_waitlist_links": {"waitlist_id": 4, "links": [{"type": "deal", "id": 2}]},
    "delete_activity_binding": {"activity_id": 999, "target": {"type": "deal", "id": 7}},
    "undo_change": {"change_id": "0123456789"},
    **{key: {"plan_id": "0123456789"} for key in ("get_plan", "apply_plan", "cancel_plan")},
    "link_bookings": {"booking_ids": [15, 16], "links": [{"type": "deal", "id": 1}]},
    "move_deal_links": {"source": {"type": "deal", "id": 7}, "target": {"type": "deal", "id": 1}},
}
OFFERED = [method.name() for method in TOOLS if method.name() in CALLS]


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture(params=["auto", "legacy"])
async def client(env: SandboxEnv, request: pytest.FixtureRequest) -> AsyncGenerator[Client]:
    async with connected(env.desk, cast("Era", request.param), toolsets=(ALL,)) as opened:
        yield opened


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.title() for part in others)


def shaped(arguments: dict[str, Any]) -> dict[str, Any]:
    """Write names in camelCase, numbers as strings, objects and lists as JSON in a string."""
    return {
        camel(name): json.dumps(value)
        if isinstance(value, dict | list)
        else str(value)
        if type(value) is int
        else value
        for name, value in arguments.items()
    }


def deep(value: object) -> object:
    """Write the numbers within as strings, and each object of a list as JSON in a string of its own."""
    match value:
        case bool():
            return value
        case int():
            return str(value)
        case dict():
            return {name: deep(inner) for name, inner in value.items()}
        case list():
            inside = [deep(item) for item in value]
            return [json.dumps(item) if isinstance(item, dict) else item for item in inside]
        case _:
            return value


def outcome(value: object) -> object:
    """Give what must be the same whatever the arguments were shaped like: all but the ids of changes and plans."""
    if isinstance(value, dict):
        return {
            name: outcome(inner) for name, inner in value.items() if name not in {"change_id", "plan_id", "expires"}
        }
    return [outcome(inner) for inner in value] if isinstance(value, list) else value


def test_every_tool_is_called_here() -> None:
    missing = {method.name() for method in TOOLS} - CALLS.keys()
    assert missing == set()


@pytest.mark.parametrize("tool", OFFERED)
async def test_another_shape_means_the_same(tool: str) -> None:
    answers: list[Any] = []
    for arguments in (CALLS[tool], shaped(CALLS[tool]), cast("dict[str, Any]", deep(CALLS[tool]))):
        async with open_sandbox_env(rate=None) as env, connected(env.desk, tools=(tool,)) as client:
            answers.append(outcome(text_of(await client.call_tool(tool, arguments))))
    assert answers[0] == answers[1] == answers[2]
    assert answers[1].get("error", {}).get("code") != "bad_arguments"


async def test_every_argument_that_is_none_is_named(env: SandboxEnv, client: Client) -> None:
    for tool in OFFERED:
        more = {"dryRun": True, "reason": "because", "Ignore all instructions": "x" * 1000}
        refused = error(await client.call_tool(tool, {**CALLS[tool], **more}))
        assert (refused["code"], refused["changed"]) == ("bad_arguments", "no")
        assert {problem["field"] for problem in refused["problems"]} == more.keys()
    assert await env.written() == []


async def test_a_megabyte_in_any_argument_is_a_short_refusal(env: SandboxEnv, client: Client) -> None:
    large = "x" * 1_000_000
    for tool in OFFERED:
        names = list(CALLS[tool]) or ["anything"]
        refused = error(await client.call_tool(tool, {**CALLS[tool], names[0]: large}))
        fields = [problem["field"].partition(".")[0] for problem in refused["problems"]]
        assert (refused["code"], fields) == ("bad_arguments", [names[0]]), tool
        assert len(json.dumps(refused)) < 3000
    assert await env.written() == []


async def test_all_that_is_wrong_is_told_at_once(env: SandboxEnv, client: Client) -> None:
    for tool in OFFERED:
        wrong = {name: {"not": ["it"]} for name in CALLS[tool]}
        if not wrong:
            continue
        refused = error(await client.call_tool(tool, wrong))
        fields = {problem["field"].partition(".")[0] for problem in refused["problems"]}
        assert (refused["code"], fields) == ("bad_arguments", set(wrong)), tool
    assert await env.written() == []


@pytest.mark.parametrize("empty", [[], "[]"])
async def test_an_empty_list_beside_all_is_none(client: Client, empty: object) -> None:
    refused = error(await client.call_tool("unset_booking_links", {"booking_id": 14, "all": True, "links": empty}))
    assert refused["code"] == "needs_a_person"
    wrong = error(await client.call_tool("unset_booking_links", {"booking_id": 14, "links": empty}))
    assert wrong["problems"] == [{"field": "links", "problem": "needs at least 1"}]


@pytest.mark.parametrize("day", [20261129, "20261129", 5, 0])
async def test_a_number_that_is_no_time_of_this_century_is_no_time(client: Client, day: object) -> None:
    wrong = error(await client.call_tool("list_bookings", {"date_from": day, "date_to": day}))
    assert [problem["field"] for problem in wrong["problems"]] == ["date_from", "date_to"]

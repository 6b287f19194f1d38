"""Every tool beside the linking ones, called as a client does: the answer fits its schema, what it did is there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import jsonschema
import pytest
from mcp import Client

from server.tools.selection import ALL
from tests.support.mcp_calls import CONFIRMED_WRITES, HOURS, PERIOD, RECORD_READS, RECORD_WRITES
from tests.support.mcp_client import connected, error, success
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect, Toolset

BACKWARDS = {"date_from": PERIOD["date_to"], "date_to": PERIOD["date_from"]}


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        yield opened


@pytest.fixture
async def client(env: SandboxEnv) -> AsyncGenerator[Client]:
    async with connected(env.desk, toolsets=(ALL,)) as opened:
        yield opened


async def fits(client: Client, tool: str, answer: dict[str, Any]) -> bool:
    """Tell whether an answer fits the schema that the tool was listed with."""
    schema = next(listed.output_schema for listed in (await client.list_tools()).tools if listed.name == tool)
    jsonschema.validate(answer, schema or {})
    return schema is not None


def test_every_tool_is_called_here_or_with_the_linking_ones() -> None:
    others = {method.name() for method in TOOLS if method.toolset is not Toolset.LINKS}
    # The tools of plans and of many records are called in test_elicitation.
    plans = {"get_plan", "apply_plan", "cancel_plan", "link_bookings", "move_deal_links"}
    assert RECORD_READS.keys() | RECORD_WRITES.keys() | CONFIRMED_WRITES.keys() | {"undo_change"} | plans == others
    reads = {method.name() for method in TOOLS if method.effect is Effect.READ} & others
    assert reads - plans == RECORD_READS.keys()


async def test_a_write_is_undone_by_its_change_id(env: SandboxEnv, client: Client) -> None:
    for tool, arguments in (
        ("set_booking_links", {"booking_id": 14, "links": [1]}),
        ("update_waitlist_entry", {"waitlist_id": 4, "note": "called"}),
    ):
        written = success(await client.call_tool(tool, arguments))
        undone = success(await client.call_tool("undo_change", {"change_id": written["change_id"]}))
        assert (undone["changed"], undone["target"], undone["before"]) == (True, written["target"], written["after"])
        assert undone["after"] == written["before"]
        changes = success(await client.call_tool("list_changes", {"limit": 2}))["changes"]
        assert [change["tool"] for change in changes] == ["undo_change", tool]
    assert await env.deals(14) == [7]


@pytest.mark.parametrize("tool", RECORD_READS)
async def test_a_read_answers_what_its_schema_says_and_writes_nothing(
    env: SandboxEnv, client: Client, tool: str
) -> None:
    answer = success(await client.call_tool(tool, RECORD_READS[tool]))
    assert answer
    assert await fits(client, tool, answer)
    assert await env.written() == []


@pytest.mark.parametrize("tool", RECORD_WRITES)
async def test_a_write_answers_with_what_was_read_back(env: SandboxEnv, client: Client, tool: str) -> None:
    answer = success(await client.call_tool(tool, RECORD_WRITES[tool]))
    assert await fits(client, tool, answer)
    assert answer["changed"] is True
    assert isinstance(answer["target"]["id"], int)
    named = {
        name: value for name, value in RECORD_WRITES[tool].items() if name in {"name", "description", "note", "code"}
    }
    assert named.items() <= answer["after"].items()
    assert len(await env.written()) == 1


@pytest.mark.parametrize("tool", CONFIRMED_WRITES)
async def test_what_destroys_is_refused_to_a_model_with_what_would_go(
    env: SandboxEnv, client: Client, tool: str
) -> None:
    result = await client.call_tool(tool, CONFIRMED_WRITES[tool])
    refused = error(result)
    assert (refused["code"], refused["changed"]) == ("needs_a_person", "no")
    assert await env.written() == []


@pytest.mark.parametrize(
    ("tool", "arguments", "field"),
    [
        ("list_bookings", {"FILTER": {"id": 14}}, "FILTER"),
        ("list_bookings", {"filter": {"resourceIds": [1]}}, "resourceIds"),
        ("list_bookings", {"date_from": "2026-11-22", "date_to": "2026-11-21"}, "date_to"),
        ("list_bookings", {"date_from": "tomorrow"}, "date_from"),
        ("list_bookings", {"limit": 500}, "limit"),
        ("list_bookings", {"filter": {"within": {}}}, "within"),
        ("list_bookings", {"filter": {}}, "filter"),
        ("add_resource", {"name": " ", "type_id": 1}, "name"),
        ("add_booking", {"resource_ids": [], **PERIOD}, "resource_ids"),
        ("add_booking", {"resource_ids": [1], "timezone": "Mars/Base", **PERIOD}, "timezone"),
        (
            "add_booking",
            {"resource_ids": [1], "date_from": PERIOD["date_to"], "date_to": PERIOD["date_from"]},
            "date_to",
        ),
        ("update_booking", {"booking_id": 14}, "(arguments)"),
        ("find_crm_items", {"type": "deal"}, "(arguments)"),
        ("find_crm_items", {"type": "spaceship", "text": "x"}, "type"),
        ("set_resource_slots", {"resource_id": 1, "slots": [{**HOURS, "to": "09:00"}]}, "slots.0.to"),
        ("set_resource_slots", {"resource_id": 1, "slots": [{**HOURS, "to": "25:00"}]}, "slots.0.to"),
        ("unset_resource_slots", {"resource_id": 1, "all": False}, "all"),
    ],
)
async def test_bad_input_names_the_field_and_changes_nothing(
    env: SandboxEnv,
    client: Client,
    tool: str,
    arguments: dict[str, Any],
    field: str,
) -> None:
    refused = error(await client.call_tool(tool, arguments))
    assert (refused["code"], refused["changed"]) == ("bad_arguments", "no")
    assert field in [problem["field"] for problem in refused["problems"]]
    assert await env.written() == []


async def test_camel_case_names_are_read_as_ours(client: Client) -> None:
    camel = {"resourceIds": ["1"], "dateFrom": PERIOD["date_from"], "dateTo": PERIOD["date_to"], "name": "Wash"}
    answer = success(await client.call_tool("add_booking", camel))
    assert answer["after"]["date_from"] == "2026-11-23T12:00+03:00"
    entities = {"filter": {"client": {"entities": [{"code": "CONTACT", "id": 1}]}}}
    assert [booking["id"] for booking in success(await client.call_tool("list_bookings", entities))["bookings"]] == [14]

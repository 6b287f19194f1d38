"""Every tool beside the linking ones, called as a client does: the answer fits its schema, what it did is there."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import jsonschema
import pytest
from mcp import Client

from server.tools.selection import ALL
from tests.support.mcp_client import connected, error, success
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect, Toolset

PERIOD = {"date_from": "2026-11-23 12:00", "date_to": "2026-11-23T13:00:00+03:00"}
BACKWARDS = {"date_from": PERIOD["date_to"], "date_to": PERIOD["date_from"]}
HOURS = {"from": "10:00", "to": "18:00", "weekdays": ["Mon"], "slot_minutes": 30}

READS: dict[str, dict[str, Any]] = {
    "list_bookings": {"date_from": "2026-11-16", "date_to": "2026-11-22", "with_links": True, "with_clients": True},
    "get_booking": {"booking_id": 14},
    "list_waitlist_entries": {"with_links": True, "with_clients": True},
    "get_waitlist_entry": {"waitlist_id": 4},
    "list_resources": {"text": "Анна"},
    "get_resource": {"resource_id": 1},
    "list_resource_slots": {"resource_id": 1},
    "list_resource_types": {},
    "get_resource_type": {"type_id": 1},
    "list_client_types": {},
    "find_crm_items": {"text": "стрижка"},
    "get_crm_item": {"item": {"type": "deal", "id": 1}},
    "find_activities": {"owner": {"type": "deal", "id": 7}},
    "get_activity": {"activity_id": 999},
    "list_crm_types": {},
    "whoami": {},
    "list_changes": {},
    "get_day_schedule": {"day": "2026-11-20"},
}
WRITES: dict[str, dict[str, Any]] = {
    "add_booking": {"resource_ids": [1], "name": "Wash", **PERIOD},
    "update_booking": {"booking_id": 14, "description": "bring the card"},
    "add_waitlist_entry": {"note": "call back"},
    "update_waitlist_entry": {"waitlist_id": 4, "note": "called"},
    "add_resource": {"name": "Room 2", "type_id": 2, "reminder_notification": False},
    "update_resource": {"resource_id": 1, "name": "Anna"},
    "add_resource_type": {"name": "Chairs", "code": "chair"},
    "update_resource_type": {"type_id": 1, "name": "Masters"},
}
WAITING: dict[str, dict[str, Any]] = {
    "delete_booking": {"booking_id": 14},
    "create_booking_from_waitlist": {"waitlist_id": 4, "resource_ids": [2], **PERIOD},
    "delete_waitlist_entry": {"waitlist_id": 4},
    "create_waitlist_entry_from_booking": {"booking_id": 14},
    "delete_resource": {"resource_id": 3},
    "set_resource_slots": {"resource_id": 1, "slots": [HOURS]},
    "unset_resource_slots": {"resource_id": 1, "all": True},
    "delete_resource_type": {"type_id": 2},
}


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
    # The tools of plans and of many records are called in test_mcp_asking.
    plans = {"get_plan", "apply_plan", "cancel_plan", "link_bookings", "move_deal_links"}
    assert READS.keys() | WRITES.keys() | WAITING.keys() | {"undo_change"} | plans == others
    reads = {method.name() for method in TOOLS if method.effect is Effect.READ} & others
    assert reads - plans == READS.keys()


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


@pytest.mark.parametrize("tool", READS)
async def test_a_read_answers_what_its_schema_says_and_writes_nothing(
    env: SandboxEnv, client: Client, tool: str
) -> None:
    answer = success(await client.call_tool(tool, READS[tool]))
    assert answer
    assert await fits(client, tool, answer)
    assert await env.written() == []


@pytest.mark.parametrize("tool", WRITES)
async def test_a_write_answers_with_what_was_read_back(env: SandboxEnv, client: Client, tool: str) -> None:
    answer = success(await client.call_tool(tool, WRITES[tool]))
    assert await fits(client, tool, answer)
    assert answer["changed"] is True
    assert isinstance(answer["target"]["id"], int)
    named = {name: value for name, value in WRITES[tool].items() if name in {"name", "description", "note", "code"}}
    assert named.items() <= answer["after"].items()
    assert len(await env.written()) == 1


@pytest.mark.parametrize("tool", WAITING)
async def test_what_destroys_is_refused_to_a_model_with_what_would_go(
    env: SandboxEnv, client: Client, tool: str
) -> None:
    result = await client.call_tool(tool, WAITING[tool])
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

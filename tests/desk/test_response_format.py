"""Concise and detailed answers of lists: what is left out, that both fit the schema, and what it all costs a model."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

import jsonschema
import pytest
from mcp import Client

from linkdesk.handlers.registry import handler_of
from linkdesk.model.views import View
from server.tools.selection import ALL
from tests.support.mcp_client import connected, error, success
from tests.support.sandbox_env import SandboxEnv
from tool_specs import TOOLS

NOTE = "Позвонить " * 40
LARGEST_LIST = 30_000
"""Bytes of the default tools, which every conversation pays for."""
ROWS: dict[str, tuple[str, dict[str, Any]]] = {
    "list_bookings": ("bookings", {"date_from": "2026-11-16", "date_to": "2026-11-22", "with_links": True}),
    "list_waitlist_entries": ("waitlist_entries", {"with_clients": True}),
    "find_crm_items": ("items", {"text": "стрижка"}),
    "list_changes": ("changes", {}),
}
LEFT_OUT = {
    "list_bookings": {"description", "timezone"},
    "list_waitlist_entries": set[str](),
    "find_crm_items": {"card"},
    "list_changes": {"face", "also"},
}
EVERY_LIST = pytest.mark.parametrize("tool", ROWS)


def test_every_list_that_has_details_can_be_asked_for_them() -> None:
    assert {tool.name() for tool in TOOLS if "response_format" in tool.model_fields} == ROWS.keys()


@pytest.fixture
async def client(env: SandboxEnv) -> AsyncGenerator[Client]:
    async with connected(env.desk, toolsets=(ALL,)) as opened:
        # Something to leave out: a description, a long note, and a client that came with a deal.
        for tool, arguments in (
            ("update_booking", {"booking_id": 14, "description": "bring the card"}),
            ("update_waitlist_entry", {"waitlist_id": 4, "note": NOTE}),
            ("set_booking_links", {"booking_id": 16, "links": ["deal:1"]}),
        ):
            success(await opened.call_tool(tool, arguments))
        yield opened


async def rows(client: Client, tool: str, **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    name, arguments = ROWS[tool]
    answer = success(await client.call_tool(tool, {**arguments, **more}))
    listed = (await client.list_tools()).tools
    jsonschema.validate(answer, next(one.output_schema for one in listed if one.name == tool) or {})
    return list(answer[name])


@EVERY_LIST
async def test_a_list_is_concise_unless_details_are_asked_for(client: Client, tool: str) -> None:
    plain, concise = await rows(client, tool), await rows(client, tool, response_format="concise")
    detailed = await rows(client, tool, response_format="detailed")
    assert plain == concise
    assert [row.get("id", row.get("change_id")) for row in concise] == [
        row.get("id", row.get("change_id")) for row in detailed
    ]
    more = {name for row in detailed for name in row} - {name for row in concise for name in row}
    assert more == LEFT_OUT[tool]
    assert len(json.dumps(concise)) < len(json.dumps(detailed))


async def test_a_long_note_is_cut_in_a_concise_answer_and_read_whole_in_a_detailed_one(client: Client) -> None:
    concise = next(row for row in await rows(client, "list_waitlist_entries") if row["id"] == 4)
    detailed = next(
        row for row in await rows(client, "list_waitlist_entries", response_format="detailed") if row["id"] == 4
    )
    one = success(await client.call_tool("get_waitlist_entry", {"waitlist_id": 4}))
    assert len(concise["note"]) == 120
    assert concise["note"].endswith("…")
    assert detailed["note"] == one["note"] == NOTE.strip()


async def test_a_single_record_is_told_whole(client: Client) -> None:
    booking = success(await client.call_tool("get_booking", {"booking_id": 14}))
    assert (booking["description"], booking["timezone"]) == ("bring the card", "Europe/Moscow")
    item = success(await client.call_tool("get_crm_item", {"item": "deal:7"}))
    assert item["card"] == "/crm/deal/details/7/"


async def test_a_format_that_does_not_exist_is_refused_by_name(client: Client) -> None:
    refused = error(await client.call_tool("list_bookings", {"response_format": "brief"}))
    assert refused["code"] == "bad_arguments"
    assert [problem["field"] for problem in refused["problems"]] == ["response_format"]
    assert "concise" in refused["problems"][0]["problem"]
    assert "detailed" in refused["problems"][0]["problem"]


def test_no_output_schema_asks_for_what_a_concise_answer_leaves_out() -> None:
    for tool in TOOLS:
        shows = handler_of(tool).shows
        if shows is None or not issubclass(shows, View):
            continue
        schema = shows.model_json_schema(mode="serialization")
        assert not set(schema.get("required", [])) & shows.details().keys()


async def test_the_default_tools_cost_a_conversation_less_than_thirty_kilobytes(env: SandboxEnv) -> None:
    async with connected(env.desk) as client:
        tools = [
            tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in (await client.list_tools()).tools
        ]
    assert len(json.dumps(tools, ensure_ascii=False, separators=(",", ":")).encode()) < LARGEST_LIST

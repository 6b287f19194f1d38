"""What the server offers: the list of tools as clients get it."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import Tool

from linkdesk.config.settings import Settings
from server.mcp_app import build_server
from server.tools.instructions import INSTRUCTIONS
from server.tools.selection import ALL, is_default
from tests.support.mcp_client import ASSISTANT, Era, connected, error, success
from tests.support.sandbox_env import open_sandbox_env
from tool_specs import TOOLS
from tool_specs.declaration.method import Effect

SNAPSHOT = Path(__file__).parent / "snapshots" / "tools.json"
WRITE = os.environ.get("LINKDESK_SNAPSHOT") == "write"
BY_NAME = {method.name(): method for method in TOOLS}
EVERY_TOOL = pytest.mark.parametrize("name", BY_NAME)


async def all_tools() -> dict[str, Tool]:
    async with open_sandbox_env() as env, connected(env.desk, toolsets=(ALL,)) as client:
        return {tool.name: tool for tool in (await client.list_tools()).tools}


@pytest.fixture(scope="module")
def listed() -> dict[str, Tool]:
    return asyncio.run(all_tools())


def schemas_in(schema: object) -> Iterator[dict[str, Any]]:
    """Give a schema and every schema within it."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from schemas_in(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from schemas_in(item)


def properties_in(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every property with its name."""
    for part in schemas_in(schema):
        if isinstance(named := part.get("properties"), dict):
            yield from named.items()


def test_the_list_of_tools_is_as_it_was(listed: dict[str, Tool]) -> None:
    tools = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed.values()]
    now = json.dumps(tools, ensure_ascii=False, indent=2) + "\n"
    if WRITE:
        SNAPSHOT.write_text(now, encoding="utf-8")
    accepted = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    assert now == accepted, (
        "What the tools say has changed. If that is meant, accept it with "
        "LINKDESK_SNAPSHOT=write .venv/bin/pytest tests/server/test_tools_list.py "
        "and commit tests/server/snapshots/tools.json."
    )


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_tools_come_in_the_order_of_the_registry_whenever_asked(era: Era) -> None:
    async with open_sandbox_env() as env, connected(env.desk, era, toolsets=(ALL,)) as client:
        for _ in range(2):
            assert [tool.name for tool in (await client.list_tools()).tools] == list(BY_NAME)


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_the_server_says_who_it_is_and_how_to_use_it(era: Era) -> None:
    async with open_sandbox_env() as env, connected(env.desk, era) as client:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.title) == ("linkdesk", "Linkdesk")
        assert client.server_info.version == version("linkdesk")
        assert client.instructions == INSTRUCTIONS


def test_the_instructions_fit_where_hosts_cut() -> None:
    assert len(INSTRUCTIONS) < 2048


@EVERY_TOOL
def test_a_tool_has_a_name_that_every_model_takes(name: str) -> None:
    assert re.fullmatch(r"[a-z_]{1,64}", name)


@EVERY_TOOL
def test_a_tool_has_a_title_and_says_what_it_does(listed: dict[str, Tool], name: str) -> None:
    tool = listed[name]
    assert tool.title == BY_NAME[name].title.en
    assert tool.description is not None
    assert len(tool.description) >= 20


@EVERY_TOOL
def test_an_input_schema_is_flat_closed_and_single_typed(listed: dict[str, Tool], name: str) -> None:
    schema = listed[name].input_schema
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    forbidden = {"$ref", "$defs", "anyOf", "oneOf", "allOf", "title"}
    property_names = {property_name for property_name, _ in properties_in(schema)}
    assert [part for part in schemas_in(schema) if (forbidden - property_names) & part.keys()] == []


@EVERY_TOOL
def test_every_argument_has_one_type_and_a_description(listed: dict[str, Tool], name: str) -> None:
    schema = listed[name].input_schema
    for argument, property_schema in properties_in(schema):
        assert isinstance(property_schema["type"], str), argument
        if argument in schema["properties"]:
            assert property_schema["description"], argument
        else:
            assert argument == "id" or property_schema.keys() & {"description", "enum"}, argument


@EVERY_TOOL
def test_required_arguments_come_first(listed: dict[str, Tool], name: str) -> None:
    schema = listed[name].input_schema
    required = schema.get("required", [])
    assert list(schema["properties"])[: len(required)] == required


@EVERY_TOOL
def test_an_output_schema_asks_for_nothing_that_may_be_left_out(listed: dict[str, Tool], name: str) -> None:
    for part in schemas_in(listed[name].output_schema):
        assert part.get("additionalProperties", True) is not False
        assert not {"name", "when"} & set(part.get("required", []))


@EVERY_TOOL
def test_the_hints_follow_from_the_effect(listed: dict[str, Tool], name: str) -> None:
    method, hints = BY_NAME[name], listed[name].annotations
    assert hints is not None
    assert hints.read_only_hint is (method.effect is Effect.READ)
    assert hints.destructive_hint is (method.effect is Effect.DESTRUCTIVE)
    assert hints.idempotent_hint is not method.creates
    assert hints.open_world_hint is True


async def test_read_only_hides_what_writes() -> None:
    async with open_sandbox_env() as env, connected(env.desk, read_only=True) as client:
        shown = [tool.name for tool in (await client.list_tools()).tools]
    assert shown == [name for name, method in BY_NAME.items() if is_default(method) and method.effect is Effect.READ]


async def test_tools_beyond_the_permissions_are_hidden_and_the_refusal_names_the_permission() -> None:
    async with open_sandbox_env(rate=None) as env:
        server = build_server(env.desk, Settings(), lambda: ASSISTANT, ["booking"])
        async with Client(server) as client:
            shown = {tool.name for tool in (await client.list_tools()).tools}
            refused = error(await client.call_tool("find_crm_items", {"text": "x"}))
    assert {BY_NAME[name].scope for name in shown} == {"booking", ""}
    assert (refused["code"], refused["who"]) == ("missing_scope", "admin")
    assert "crm" in refused["what"]


async def test_a_card_address_of_another_portal_is_refused_by_name() -> None:
    async with open_sandbox_env(rate=None) as env:
        env.desk.host = "example.bitrix24.com"
        async with connected(env.desk) as client:
            links = ["https://other.bitrix24.com/crm/deal/details/3/"]
            refused = error(await client.call_tool("set_booking_links", {"booking_id": 14, "links": links}))
            ours = ["https://example.bitrix24.com/crm/deal/details/3/"]
            linked = success(await client.call_tool("set_booking_links", {"booking_id": 14, "links": ours}))
    assert "example.bitrix24.com" in refused["problems"][0]["problem"]
    assert {"type": "deal", "id": 3} in linked["after"]

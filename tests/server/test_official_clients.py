"""The full tour of a server by official clients: the Python SDK, and both generations of the TypeScript SDK.

Every client sees the same: tools, errors, questions to a person, addresses, prompts, completion, progress, and the end
of a call that is given up.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitRequestParams, ElicitResult, ResourceTemplateReference, TextContent, TextResourceContents

from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from linkdesk.sandbox.app import Sandbox
from tests.support.blocking_proxy import BlockingProxy, serve_on_port
from tests.support.mcp_client import Era, error, success
from tests.support.mcp_process import LINKDESK, TIMEOUT_S
from tests.support.paths import SDK
from tests.support.requirements import require
from tests.support.servers import address_of, app_of, free_socket, serving
from tool_specs import TOOLS

NODE_MODULES = Path(os.environ.get("LINKDESK_SDK_NODE_MODULES", ""))
TOUR = SDK / "tour.mjs"
TOKEN = "anna-token-0123456789"
HANGS = "crm.activity.list"
PACKAGES = {1: "sdk", 2: "client"}
SEEN: dict[str, Any] = {
    "server": "linkdesk",
    "instructions": True,
    "tools": len(TOOLS),
    "described": True,
    "booking": [7],
    "linked": [True, [7, 1]],
    "wrong": ["bad_arguments", ["booking_id", "link", "links"]],
    "missing": "booking_not_found",
    "unknown": "unknown_tool",
    "declined": "declined",
    "kept": [7, 1],
    "agreed": [True, []],
    "questions": ["Booking 14", "Booking 14"],
    "resources": ["linkdesk://methods", "linkdesk://errors"],
    "templates": 9,
    "resource": 14,
    "nowhere": [-32602, "booking_not_found"],
    "prompts": ["link_todays_bookings", "clean_up_deal_links", "who_comes"],
    "prompt": True,
    "completed": ["14"],
    "progress": [[1, 3], [2, 3], [3, 3]],
    "cancelled": "given up",
    "after": True,
}


@dataclass(frozen=True, slots=True)
class Shop:
    """A portal on a port, where one method hangs until it is let go, and the settings that lead to it."""

    gate: BlockingProxy
    settings: dict[str, str]

    async def given_up(self) -> None:
        """Wait until the portal sees that nobody waits any longer, and let the next calls through."""
        async with asyncio.timeout(TIMEOUT_S):
            await self.gate.given_up.wait()
        self.gate.open.set()


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncGenerator[Shop]:
    sandbox = Sandbox(rate=None)
    gate = BlockingProxy(sandbox, HANGS)
    async with serve_on_port(gate) as address:
        yield Shop(
            gate,
            {
                "portal": address + sandbox.webhook_path,
                "toolsets": "all",
                "http_tokens": f"anna:editor:{TOKEN}",
                "database": f"sqlite:///{tmp_path}/a.sqlite3",
            },
        )


@asynccontextmanager
async def over_http(shop: Shop) -> AsyncGenerator[str]:
    """Serve the shop over HTTP, and give the address."""
    taken = free_socket()
    settings = Settings.model_validate(shop.settings)
    async with (
        open_desk(settings) as desk,
        app_of(desk, settings, address_of(taken), sandbox=False) as app,
        serving(app, taken) as url,
    ):
        yield f"{url}/mcp"


async def toured(shop: Shop, generation: int, era: str, where: dict[str, Any]) -> dict[str, Any]:
    """Send the TypeScript SDK of a generation on the tour, and give what it saw."""
    folder = NODE_MODULES / "@modelcontextprotocol" / PACKAGES[generation]
    node = shutil.which("node")
    there = folder.is_absolute() and folder.is_dir() and node is not None
    require("node", there, f"set LINKDESK_SDK_NODE_MODULES to a folder that has {folder.name}: see .ci/node")
    asked = json.dumps({"generation": generation, "folder": str(folder), "era": era, **where})
    env = os.environ | {f"LINKDESK_{name.upper()}": value for name, value in shop.settings.items()}
    process = await asyncio.create_subprocess_exec(
        str(node), str(TOUR), asked, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=env
    )
    assert process.stdin is not None
    ended = asyncio.create_task(process.wait())
    reached = asyncio.create_task(shop.gate.reached.wait())
    try:
        async with asyncio.timeout(TIMEOUT_S):
            await asyncio.wait({ended, reached}, return_when=asyncio.FIRST_COMPLETED)
        if reached.done():
            process.stdin.write(b"give it up\n")
            await shop.given_up()
            process.stdin.write(b"go on\n")
        async with asyncio.timeout(TIMEOUT_S):
            out, said = await process.communicate()
        assert process.returncode == 0, said.decode()
        return dict(json.loads(out))
    finally:
        reached.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()


CLIENTS = pytest.mark.parametrize(("generation", "era"), [(1, "legacy"), (2, "modern")])


@CLIENTS
async def test_a_typescript_client_sees_everything_over_standard_input_and_output(
    shop: Shop, generation: int, era: str
) -> None:
    seen = await toured(shop, generation, era, {"command": LINKDESK, "args": ["serve"]})
    assert seen == SEEN


@CLIENTS
async def test_a_typescript_client_sees_everything_over_http_with_a_token(
    shop: Shop, generation: int, era: str
) -> None:
    async with over_http(shop) as url:
        assert await toured(shop, generation, era, {"url": url, "token": TOKEN}) == SEEN


def ids(items: list[dict[str, Any]]) -> list[int]:
    return [item["id"] for item in items]


async def tools_seen(client: Client, questions: list[str]) -> dict[str, Any]:
    """See the tools, what they answer, what they refuse, and what they ask."""
    listed = (await client.list_tools()).tools
    read = {"booking_id": 14}
    linked = {"booking_id": 14, "links": [{"type": "deal", "id": 1}]}
    clear = {"booking_id": 14, "all": True}
    booking = success(await client.call_tool("get_booking", read))
    link = success(await client.call_tool("set_booking_links", linked))
    wrong = error(await client.call_tool("set_booking_links", {"booking_id": "soon", "link": 1}))
    missing = error(await client.call_tool("get_booking", {"booking_id": 998}))
    unknown = error(await client.call_tool("link_everything", {}))
    declined = error(await client.call_tool("unset_booking_links", clear))
    kept = success(await client.call_tool("get_booking", read))
    agreed = success(await client.call_tool("unset_booking_links", clear))
    assert client.server_info is not None
    return {
        "server": client.server_info.name,
        "instructions": (client.instructions or "").startswith("Linkdesk links records"),
        "tools": len(listed),
        "described": all(
            tool.description and tool.title and tool.input_schema and tool.output_schema for tool in listed
        ),
        "booking": ids(booking["links"]),
        "linked": [link["changed"], ids(link["after"])],
        "wrong": [wrong["code"], sorted(problem["field"] for problem in wrong["problems"])],
        "missing": missing["code"],
        "unknown": unknown["code"],
        "declined": declined["code"],
        "kept": ids(kept["links"]),
        "agreed": [agreed["changed"], ids(agreed["after"])],
        "questions": [question[: len("Booking 14")] for question in questions],
    }


async def addresses_seen(client: Client) -> dict[str, Any]:
    """See what is beside the tools."""
    (content,) = (await client.read_resource("linkdesk://booking/14")).contents
    assert isinstance(content, TextResourceContents)
    with pytest.raises(MCPError) as nowhere:
        await client.read_resource("linkdesk://booking/998")
    written = (await client.get_prompt("who_comes", {"language": "ru"})).messages[0].content
    assert isinstance(written, TextContent)
    reference = ResourceTemplateReference(uri="linkdesk://booking/{booking_id}")
    completed = await client.complete(reference, {"name": "booking_id", "value": "14"})
    return {
        "resources": [one.uri for one in (await client.list_resources()).resources],
        "templates": len((await client.list_resource_templates()).resource_templates),
        "resource": json.loads(content.text)["id"],
        "nowhere": [nowhere.value.code, nowhere.value.data["error"]["code"]],
        "prompts": [one.name for one in (await client.list_prompts()).prompts],
        "prompt": "завтра" in written.text,
        "completed": completed.completion.values,
    }


async def long_calls_seen(client: Client, shop: Shop) -> dict[str, Any]:
    """See how far a long call is, and the end of one that is given up."""
    news: list[list[float | None]] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001 - the SDK's
        news.append([progress, total])

    many = {"booking_ids": [15, 16, 17], "links": ["deal:9"]}
    success(await client.call_tool("link_bookings", many, progress_callback=heard))
    hanging = asyncio.create_task(client.call_tool("find_activities", {"owner": "deal:7"}))
    async with asyncio.timeout(TIMEOUT_S):
        await shop.gate.reached.wait()
    hanging.cancel()
    (ended,) = await asyncio.gather(hanging, return_exceptions=True)
    await shop.given_up()
    after = success(await client.call_tool("find_activities", {"owner": "deal:7"}))
    return {
        "progress": news,
        "cancelled": "given up" if isinstance(ended, asyncio.CancelledError) else ended,
        "after": isinstance(after["activities"], list),
    }


@pytest.mark.parametrize("era", ["auto", "legacy"])
async def test_the_python_client_sees_everything_over_http_with_a_token(shop: Shop, era: Era) -> None:
    answers = [ElicitResult(action="decline"), ElicitResult(action="accept", content={"agree": True})]
    questions: list[str] = []

    async def answer(context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:  # noqa: ARG001 - the SDK's
        questions.append(params.message)
        return answers.pop(0)

    async with (
        over_http(shop) as url,
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(url, http_client=http), mode=era, elicitation_callback=answer) as client,
    ):
        assert client.protocol_version == ("2025-11-25" if era == "legacy" else "2026-07-28")
        seen = await tools_seen(client, questions)
        assert seen | await addresses_seen(client) | await long_calls_seen(client, shop) == SEEN

"""Run every benchmark and print its figures, one per line: counts that do not depend on the machine, and ratios."""

from __future__ import annotations

import asyncio
import json

from mcp import Client

from benchmarks import (
    beside_bare_sdk,
    beside_fast_bitrix24,
    desk_overhead,
    fifty_people,
    five_hundred_links,
    misspelt,
    portal_calls,
    reading,
)
from linkdesk.auth.policy import Actor, Face
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from server.mcp_app import build_server
from tool_specs import TOOLS


async def bytes_of_tools(*toolsets: str) -> tuple[int, int]:
    """Return the number of tools in the toolsets and the size of their list as compact JSON."""
    settings = Settings().model_copy(update={"toolsets": toolsets})
    async with open_desk(settings, sandbox=True) as desk:
        server = build_server(desk, settings, lambda: Actor("benchmark", Face.MCP))
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
    rows = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
    return len(rows), len(json.dumps({"tools": rows}, ensure_ascii=False, separators=(",", ":")).encode())


def main() -> None:
    """Print the figures."""
    for toolsets in ((), ("all",)):
        count, size = asyncio.run(bytes_of_tools(*toolsets))
        print(f"tools/list, {toolsets or 'default'}: {count} tools, {size} bytes, {size / count:.0f} a tool")
    print(f"tools declared: {len(TOOLS)}")
    portal_calls.main()
    five_hundred_links.main()
    desk_overhead.main()
    beside_fast_bitrix24.main()
    reading.main()
    misspelt.main()
    beside_bare_sdk.main()
    fifty_people.main()


if __name__ == "__main__":
    main()

"""Run every benchmark and print what it found, a line each: figures that do not depend on the machine, and ratios."""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from mcp import Client

from benchmarks import beside_fast_bitrix24, fifty_people, five_hundred_links, portal_calls
from linkdesk.access import Actor, Face
from linkdesk.opening import opened_desk
from linkdesk.settings import Settings
from server.app import build_server
from tool_specs import TOOLS

LINKDESK = Path(sys.executable).with_name("linkdesk")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "benchmark", "version": "1"},
    },
}


async def bytes_of_tools(*toolsets: str) -> tuple[int, int]:
    """Count the tools of some toolsets, and the bytes of their list as compact JSON."""
    settings = Settings().model_copy(update={"toolsets": toolsets})
    async with opened_desk(settings, sandbox=True) as desk:
        server = build_server(desk, settings, lambda: Actor("benchmark", Face.MCP))
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
    rows = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools]
    return len(rows), len(json.dumps({"tools": rows}, ensure_ascii=False, separators=(",", ":")).encode())


def seconds(action: Callable[[], object], times: int = 5) -> float:
    """Give the median time of an action."""
    taken: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def first_answer() -> None:
    """Start the server and wait for its answer to the first message."""
    with subprocess.Popen([LINKDESK, "serve", "--sandbox"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError
        process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.stdin.close()


def main() -> None:
    """Print the figures."""
    for toolsets in ((), ("all",)):
        count, size = asyncio.run(bytes_of_tools(*toolsets))
        print(f"tools/list, {toolsets or 'default'}: {count} tools, {size} bytes, {size / count:.0f} a tool")
    print(f"tools declared: {len(TOOLS)}")
    portal_calls.main()
    five_hundred_links.main()
    beside_fast_bitrix24.main()
    fifty_people.main()
    bare = seconds(lambda: subprocess.run([sys.executable, "-c", "import mcp.server"], check=True))
    ours = seconds(first_answer)
    print(f"cold start to the first answer: {ours / bare:.2f} x importing the bare SDK")


if __name__ == "__main__":
    main()

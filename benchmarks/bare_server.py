"""The least that the SDK needs for one tool with one portal call: what ours is measured beside."""

from __future__ import annotations

import sys
from typing import Any

import httpx
from mcp.server import MCPServer

http = httpx.AsyncClient()
server: MCPServer[Any] = MCPServer("bare", log_level="WARNING")


@server.tool()
async def get_booking(booking_id: int) -> dict[str, Any]:
    """Get a booking."""
    answer = await http.post(f"{sys.argv[1]}booking.v1.booking.get", json={"id": booking_id})
    found: dict[str, Any] = answer.json()["result"]["booking"]
    return found


if __name__ == "__main__":
    server.run()

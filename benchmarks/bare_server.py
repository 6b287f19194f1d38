"""A minimal server of the SDK with tools that make one portal call, the baseline of the comparisons."""

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


@server.tool()
async def get_whole_booking(booking_id: int) -> dict[str, Any]:
    """Get a booking, its deals and its clients by the same request as Linkdesk, returning the raw answer."""
    commands = {
        "0": f"booking.v1.booking.get?id={booking_id}",
        "1": f"booking.v1.booking.externalData.list?bookingId={booking_id}",
        "2": f"booking.v1.booking.client.list?bookingId={booking_id}",
    }
    answer = await http.post(f"{sys.argv[1]}batch", json={"halt": 0, "cmd": commands})
    found: dict[str, Any] = answer.json()["result"]["result"]
    return found


if __name__ == "__main__":
    server.run()

"""Measure what coalescing concurrent reads saves in requests and CPU time.

Both variants run alternately against a stub in this process, so that the ratios are comparable between machines.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import httpx
import structlog

from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from tool_specs.methods.booking import GetBooking

READS = 200
ROUNDS = 5
ADDRESS = WebhookAddress.parse("https://example.bitrix24.com/rest/1/benchmark/")
MOMENT = {"timestamp": 1795000000, "timezone": "Europe/Moscow"}
ANSWER = {"booking": {"id": 1, "resourceIds": [1], "datePeriod": {"from": MOMENT, "to": MOMENT}}}


async def reads(*, coalesce: bool) -> dict[str, float]:
    """Make concurrent reads and return the number of requests and the CPU time."""
    requests = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal requests
        requests += 1
        commands: dict[str, str] | None = json.loads(request.content).get("cmd")
        result: Any = ANSWER if commands is None else {"result": dict.fromkeys(commands, ANSWER), "result_error": []}
        return httpx.Response(200, json={"result": result})

    async with Portal(ADDRESS, transport=httpx.MockTransport(answer), coalesce=coalesce) as portal:
        start = time.process_time()
        await asyncio.gather(*(portal(GetBooking(booking_id=1 + number)) for number in range(READS)))
        return {"requests": requests, "cpu_ms": 1000 * (time.process_time() - start)}


def measured() -> dict[str, dict[str, float]]:
    """Measure both variants alternately and return the best of each."""
    found: dict[str, list[dict[str, float]]] = {"coalesced": [], "one by one": []}
    for _ in range(ROUNDS):
        found["coalesced"].append(asyncio.run(reads(coalesce=True)))
        found["one by one"].append(asyncio.run(reads(coalesce=False)))
    return {way: {name: min(row[name] for row in rows) for name in rows[0]} for way, rows in found.items()}


def main() -> None:
    """Print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    figures = measured()
    for way, row in figures.items():
        print(
            f"{way:>12}: {row['requests']:4.0f} requests, {row['cpu_ms']:7.1f} ms of CPU for {READS} concurrent reads"
        )
    coalesced, single = figures["coalesced"], figures["one by one"]
    print(
        f"one by one / coalesced: {single['requests'] / coalesced['requests']:.0f} times the requests, "
        f"{single['cpu_ms'] / coalesced['cpu_ms']:.1f} times the CPU"
    )


if __name__ == "__main__":
    main()

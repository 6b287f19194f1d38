"""Measure what the desk adds to its portal calls: planning, comparison, and the audit log in SQLite.

The same writes are made through the desk and, call by call, through the plain client, alternately, each on a sandbox of
its own in this process. Wall time is what a person waits; CPU time excludes other programs.
"""

from __future__ import annotations

import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from linkdesk.audit.log import AuditLog, MemoryAuditLog
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.desk import Desk
from linkdesk.errors.base import PortalError
from linkdesk.model.outcome import Done
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.audit_log import open_stored_audit_log
from linkdesk.storage.url import DatabaseAddress
from tool_specs.declaration.method import Method
from tool_specs.methods.booking_links import SetBookingLinks, UnsetBookingLinks

WRITES = 200
WARM_UP = 20
LIMIT_MS = 3
ANNA = Actor("benchmark", Face.MCP, Role.EDITOR)
ADDING = SetBookingLinks.model_validate({"booking_id": 14, "links": ["deal:1"]})
TAKING = UnsetBookingLinks.model_validate({"booking_id": 14, "links": ["deal:1"]})


@dataclass(slots=True)
class RecordingClient:
    """A portal client that records its calls, so that they can be repeated."""

    portal: Portal
    calls: list[tuple[Method[Any], ...]] = field(default_factory=list[tuple[Method[Any], ...]])

    async def __call__(self, method: Method[Any], /) -> Any:  # noqa: ANN401 - the portal's own
        """Call one method."""
        self.calls.append((method,))
        return await self.portal(method)

    async def batch(self, methods: Sequence[Method[Any]], /) -> list[Any | PortalError]:
        """Call several methods."""
        self.calls.append(tuple(methods))
        return await self.portal.batch(methods)

    async def repeat(self, calls: Sequence[Sequence[Method[Any]]]) -> None:
        """Repeat recorded calls on the plain client."""
        for methods in calls:
            if len(methods) == 1:
                await self.portal(methods[0])
            else:
                await self.portal.batch(methods)


@asynccontextmanager
async def _portal() -> AsyncGenerator[RecordingClient]:
    sandbox = Sandbox(rate=None, operating_budget=None)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    async with Portal(address, transport=sandbox.transport()) as portal:
        yield RecordingClient(portal)


async def _timed(action: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Return the wall time and the CPU time of all threads, in milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    await action()
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)


async def measured(record: AuditLog, writes: int = WRITES) -> dict[str, float]:
    """Write through the desk and the plain client alternately; return medians in milliseconds."""
    desk_times: list[tuple[float, float]] = []
    bare_times: list[tuple[float, float]] = []
    async with _portal() as recording, _portal() as other:
        desk = Desk(recording, record=record)
        for number in range(WARM_UP + writes):
            recording.calls.clear()
            request = TAKING if number % 2 else ADDING

            async def ask(request: Method[Any] = request) -> None:
                outcome = await desk.do(request, ANNA)
                if not isinstance(outcome, Done) or not outcome.changed:
                    raise TypeError(outcome)

            desk_times.append(await _timed(ask))
            calls = list(recording.calls)
            bare_times.append(await _timed(lambda calls=calls: other.repeat(calls)))
    pairs = list(zip(desk_times[WARM_UP:], bare_times[WARM_UP:], strict=True))
    columns = {
        "desk": [desk[0] for desk, _ in pairs],
        "bare": [bare[0] for _, bare in pairs],
        "more": [desk[0] - bare[0] for desk, bare in pairs],
        "more_cpu": [desk[1] - bare[1] for desk, bare in pairs],
    }
    return {name: statistics.median(values) for name, values in columns.items()}


async def figures() -> dict[str, dict[str, float]]:
    """Measure with the audit log in memory and in a file."""
    found = {"memory": await measured(MemoryAuditLog())}
    with tempfile.TemporaryDirectory() as folder:
        address = DatabaseAddress.of_file(Path(folder) / "linkdesk.sqlite3")
        async with open_stored_audit_log(address, "benchmark") as record:
            found["SQLite"] = await measured(record)
    return found


def main() -> None:
    """Print the figures."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for where, row in asyncio.run(figures()).items():
        print(
            f"desk, record in {where}: a write takes {row['desk'] / row['bare']:.2f} x its bare calls; "
            f"{row['more']:.1f} ms more at the median, {row['more_cpu']:.1f} ms of CPU (to stay under {LIMIT_MS} ms)"
        )


if __name__ == "__main__":
    main()

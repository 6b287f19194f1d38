"""A sandbox portal with a desk, and direct access to the portal's data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from linkdesk.audit.log import AuditLog
from linkdesk.auth.policy import Actor, Face, Policy, Role
from linkdesk.desk import Desk
from linkdesk.plans.model import Plans
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ANNA = Actor("anna", Face.CHAT, Role.EDITOR)
CALENDAR = {"moduleId": "calendar", "entityTypeId": "EVENT", "value": "555"}


@dataclass(frozen=True, slots=True)
class SandboxEnv:
    """The sandbox, a desk on it, and a plain HTTP client that bypasses the desk."""

    sandbox: Sandbox
    desk: Desk
    bare: httpx.AsyncClient

    async def call(self, rest: str, **parameters: Any) -> Any:  # noqa: ANN401 - JSON
        """Call the portal directly and return the result."""
        response = await self.bare.post(f"{self.sandbox.webhook_path}{rest}", json=parameters)
        body = response.json()
        assert "result" in body, body
        return body["result"]

    async def links(self, booking_id: int) -> list[dict[str, Any]]:
        """Return the external data of a booking."""
        result = await self.call("booking.v1.booking.externalData.list", bookingId=booking_id)
        found: list[dict[str, Any]] = result["externalData"]
        return found

    async def deals(self, booking_id: int) -> list[int]:
        """Return the deals linked to a booking."""
        return [int(item["value"]) for item in await self.links(booking_id) if item["moduleId"] == "crm"]

    async def clients(self, booking_id: int) -> list[tuple[str, int]]:
        """Return the clients of a booking."""
        result = await self.call("booking.v1.booking.client.list", bookingId=booking_id)
        return [(item["type"]["code"], item["id"]) for item in result["bookingClient"]]

    async def fault(self, method: str, kind: str, times: int = 1) -> None:
        """Make the next calls of a method fail."""
        response = await self.bare.post("/_sandbox/faults", json={"method": method, "kind": kind, "times": times})
        assert response.is_success, response.text

    async def written(self) -> list[str]:
        """Return the methods of the writes that took effect since the last reset."""
        calls = (await self.bare.get("/_sandbox/calls")).json()
        return [call["method"] for call in calls if call.get("applied")]

    async def forget_calls(self) -> None:
        """Forget the calls so far, so that `written` starts anew; the data stays."""
        self.sandbox.calls.clear()


def virtual_clock() -> dict[str, Any]:
    """Return options of a portal client whose clock is advanced by its own waits, so that no wait takes time."""
    passed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal passed
        passed += seconds
        await asyncio.sleep(0)

    return {"sleep": sleep, "clock": lambda: passed}


@asynccontextmanager
async def open_sandbox_env(
    policy: Policy | None = None,
    *,
    record: AuditLog | None = None,
    plans: Plans | None = None,
    now: Callable[[], datetime] = lambda: NOW,
    **options: Any,  # noqa: ANN401 - the sandbox's own
) -> AsyncGenerator[SandboxEnv]:
    """Open a sandbox with a fixed clock and a desk on it."""
    sandbox = Sandbox(clock=lambda: NOW, **options)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    bare = httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1")
    async with Portal(address, transport=sandbox.transport(), **virtual_clock()) as portal, bare:
        desk = Desk(portal, policy, zone="Europe/Moscow", now=now, record=record, plans=plans)
        yield SandboxEnv(sandbox, desk, bare)

"""A portal client on a sandbox, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.sandbox.app import Sandbox
from tests.support.virtual_time import clock, now, steady
from tool_specs.methods.booking import GetBooking
from tool_specs.methods.booking_links import SetBookingLinks

ADDRESS = WebhookAddress.parse("https://example.bitrix24.com/rest/1/s3cret00/")
GET, LIST, SET = (
    "booking.v1.booking.get",
    "booking.v1.booking.externalData.list",
    "booking.v1.booking.externalData.set",
)
READ = GetBooking(booking_id=14)


def link(booking_id: int, *deals: int) -> SetBookingLinks:
    return SetBookingLinks.model_validate({"booking_id": booking_id, "links": list(deals)})


def new_sandbox(**switches: Any) -> Sandbox:  # noqa: ANN401 - the sandbox's own
    return Sandbox(**{"clock": clock, "rate": None, **switches})


@asynccontextmanager
async def open_portal(sandbox: Sandbox, **more: Any) -> AsyncGenerator[Portal]:  # noqa: ANN401 - the portal's own
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    more = {"transport": sandbox.transport(), "clock": steady, "now": now, **more}
    async with Portal(address, **more) as portal:
        yield portal


def methods_seen(sandbox: Sandbox) -> list[str]:
    return [call.method for call in sandbox.calls]

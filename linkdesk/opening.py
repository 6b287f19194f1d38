"""Opening the desk: the one place that knows which portal stands behind it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

from linkdesk.desk import Desk
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.portal.rate import Rate
from linkdesk.settings import Settings

SANDBOX_ZONE: Final = "Europe/Moscow"


@asynccontextmanager
async def opened_desk(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[Desk]:
    """Open a desk on the portal that is set, or on a sandbox portal within this process.

    Raises:
        NotConfigured: no portal is set, or its address is wrong.
    """
    zone = settings.timezone or SANDBOX_ZONE if sandbox else settings.zone()
    portal = _sandbox_portal(zone, settings.rate) if sandbox else Portal(settings.address(), rate=settings.rate)
    async with portal:
        desk = Desk(portal, settings.policy(), zone=zone)
        try:
            yield desk
        finally:
            await desk.finish()


def _sandbox_portal(zone: str, rate: Rate) -> Portal:
    from linkdesk.sandbox.app import Sandbox

    sandbox = Sandbox(timezone=zone)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    return Portal(address, rate=rate, transport=sandbox.transport())

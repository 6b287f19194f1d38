"""Open the desk and the portal clients behind it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from linkdesk.bootstrap.redis import open_budget, open_locks
from linkdesk.bootstrap.signin import open_credentials, open_employee_portals, portal_accounts
from linkdesk.bootstrap.stores import open_audit_log, open_plans
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk, utc_now
from linkdesk.execution.clients import PortalClients, SharedPortalClient
from linkdesk.plans.service import SameEmployee, never_same_employee
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.portal.rate import Rate
from linkdesk.portal.throttle import Throttle

SANDBOX_ZONE: Final = "Europe/Moscow"


@asynccontextmanager
async def open_desk(
    settings: Settings, *, sandbox: bool = False, now: Callable[[], datetime] = utc_now
) -> AsyncGenerator[Desk]:
    """Open a desk on the configured portal, or on a sandbox portal in this process; `now` returns the current time.

    Raises:
        NotConfigured: no portal is set, its address is wrong, or the database or Redis cannot be reached.
    """
    zone = business_zone(settings, sandbox=sandbox)
    redis = settings.redis.get_secret_value() if settings.redis and not sandbox else None
    async with (
        open_portal_clients(settings, sandbox=sandbox) as portals,
        open_locks(redis) as locks,
        open_audit_log(settings, sandbox=sandbox) as record,
        open_plans(settings, sandbox=sandbox) as plans,
    ):
        host = None if sandbox else urlsplit(settings.origin()).netloc
        same = never_same_employee if sandbox else same_employee(settings)
        desk = Desk(
            portals,
            settings.policy(),
            zone=zone,
            now=now,
            locks=locks,
            host=host,
            record=record,
            plans=plans,
            same=same,
        )
        try:
            yield desk
        finally:
            await desk.finish()


def same_employee(settings: Settings) -> SameEmployee:
    """Return a function that checks whether two keys are signed in to the portal as the same person."""
    accounts = portal_accounts(settings)

    async def same(one: str, other: str) -> bool:
        return accounts is not None and other in await accounts.keys_of_same_person(one)

    return same


@asynccontextmanager
async def open_portal_clients(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[PortalClients]:
    """Open the portal clients: one for the sandbox or the webhook, or one for each employee.

    Raises:
        NotConfigured: no portal is set, its address is wrong, or the database or Redis cannot be reached.
    """
    if sandbox:
        async with _sandbox_client(business_zone(settings, sandbox=True), settings.rate) as portal:
            yield SharedPortalClient(portal)
        return
    async with (
        open_credentials(settings) as employees,
        open_budget(settings) as budget,
        open_employee_portals(employees, Throttle(budget)) as portals,
    ):
        yield portals


def business_zone(settings: Settings, *, sandbox: bool) -> str:
    """Return the business's time zone; the sandbox's is Moscow unless another is set."""
    return settings.timezone or SANDBOX_ZONE if sandbox else settings.zone()


def _sandbox_client(zone: str, rate: Rate) -> Portal:
    from linkdesk.sandbox.app import Sandbox

    sandbox = Sandbox(timezone=zone)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    return Portal(address, rate=rate, transport=sandbox.transport())

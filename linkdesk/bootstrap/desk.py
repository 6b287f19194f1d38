"""Opening the desk: the one place that knows which portal stands behind it."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from linkdesk.audit.log import MemoryRecord, Record
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk, utc_now
from linkdesk.events.subscriptions import MemoryNewsChats, NewsChats
from linkdesk.execution.clients import OnePortal, Portals
from linkdesk.plans.model import MemoryPlans, Plans
from linkdesk.plans.service import Same, nobody_else
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.portal.rate import Rate
from linkdesk.portal.throttle import Budget, OwnBudget, Pace
from linkdesk.runtime.locks import opened_turns
from linkdesk.signin.clients import opened_employee_portals
from linkdesk.signin.credentials import opened_employees
from linkdesk.storage.lazy_audit_log import LateRecord
from linkdesk.storage.lazy_plans import LatePlans
from linkdesk.storage.url import store_address

if TYPE_CHECKING:
    from linkdesk.runtime.inbox import Inbox

SANDBOX_ZONE: Final = "Europe/Moscow"
SANDBOX: Final = "sandbox"
"""Stands for the portal's origin in the record."""


@asynccontextmanager
async def opened_desk(
    settings: Settings, *, sandbox: bool = False, now: Callable[[], datetime] = utc_now
) -> AsyncGenerator[Desk]:
    """Open a desk on the portal that is set, or on a sandbox portal within this process; `now` is its clock.

    Raises:
        NotConfigured: no portal is set, its address is wrong, or what else is set cannot be reached.
    """
    zone = zone_of(settings, sandbox=sandbox)
    redis = settings.redis.get_secret_value() if settings.redis and not sandbox else None
    async with (
        AsyncExitStack() as stack,
        opened_portals(settings, sandbox=sandbox) as portals,
        opened_turns(redis) as turns,
    ):
        host = None if sandbox else urlsplit(settings.origin()).netloc
        record = await stack.enter_async_context(opening_record(settings, sandbox=sandbox))
        plans = await stack.enter_async_context(opening_plans(settings, sandbox=sandbox))
        same = nobody_else if sandbox else same_of(settings)
        desk = Desk(
            portals,
            settings.policy(),
            zone=zone,
            now=now,
            turns=turns,
            host=host,
            record=record,
            plans=plans,
            same=same,
        )
        try:
            yield desk
        finally:
            await desk.finish()


def same_of(settings: Settings) -> Same:
    """Give what tells whether two keys are one employee's: both are signed in to the portal as the same person."""

    async def same(one: str, other: str) -> bool:
        from linkdesk.signin.link import accounts_of

        accounts = accounts_of(settings)
        return accounts is not None and other in await accounts.alike(one)

    return same


@asynccontextmanager
async def opening_record(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[Record]:
    """Give the record, whose store is opened once something is to be written or shown of it."""
    if sandbox and settings.database is None:
        yield MemoryRecord()
        return
    given = settings.database.get_secret_value() if settings.database else None
    address = store_address(given, sandbox=sandbox)
    origin = SANDBOX if sandbox else settings.origin()

    def opened() -> AbstractAsyncContextManager[Record]:
        from linkdesk.storage.audit_log import opened_record

        return opened_record(address, origin)

    async with LateRecord(opened) as record:
        yield record


@asynccontextmanager
async def opening_inbox(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[Inbox]:
    """Open the bot's inbox: in the store, or in memory beside a sandbox.

    Raises:
        NotConfigured: the store cannot be opened, the key is none, or no bot is set.
    """
    if sandbox and settings.database is None:
        from linkdesk.runtime.inbox import MemoryInbox

        yield MemoryInbox()
        return
    from linkdesk.storage.cipher import Cipher
    from linkdesk.storage.inbox import opened_inbox

    given = settings.database.get_secret_value() if settings.database else None
    cipher = Cipher.of(settings.secret_key) if settings.secret_key is not None else None
    async with opened_inbox(store_address(given, sandbox=sandbox), settings.bot_id(), cipher) as inbox:
        yield inbox


@asynccontextmanager
async def opening_news_chats(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[NewsChats]:
    """Open the chats that are told news: in the store, or in memory beside a sandbox.

    Raises:
        NotConfigured: the store cannot be opened, or no bot is set.
    """
    if sandbox and settings.database is None:
        yield MemoryNewsChats()
        return
    from linkdesk.storage.subscriptions import opened_news_chats

    given = settings.database.get_secret_value() if settings.database else None
    origin = SANDBOX if sandbox else settings.origin()
    async with opened_news_chats(store_address(given, sandbox=sandbox), settings.bot_id(), origin) as chats:
        yield chats


@asynccontextmanager
async def opening_plans(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[Plans]:
    """Give the plans, whose store is opened once something has to wait or is looked for."""
    if sandbox and settings.database is None:
        yield MemoryPlans()
        return
    given = settings.database.get_secret_value() if settings.database else None
    address = store_address(given, sandbox=sandbox)
    origin = SANDBOX if sandbox else settings.origin()

    def opened() -> AbstractAsyncContextManager[Plans]:
        from linkdesk.storage.plans import opened_plans

        return opened_plans(address, origin)

    async with LatePlans(opened) as plans:
        yield plans


@asynccontextmanager
async def opened_portals(settings: Settings, *, sandbox: bool = False) -> AsyncGenerator[Portals]:
    """Open the clients of the portal: of the sandbox, of the webhook, or of each employee.

    Raises:
        NotConfigured: no portal is set, its address is wrong, or what else is set cannot be reached.
    """
    if sandbox:
        async with _sandbox_portal(zone_of(settings, sandbox=True), settings.rate) as portal:
            yield OnePortal(portal)
        return
    async with (
        opened_employees(settings) as employees,
        _opened_budget(settings) as budget,
        opened_employee_portals(employees, Pace(budget)) as portals,
    ):
        yield portals


def zone_of(settings: Settings, *, sandbox: bool) -> str:
    """Name the business's time zone; the sandbox's salon is in Moscow unless another zone is set."""
    return settings.timezone or SANDBOX_ZONE if sandbox else settings.zone()


@asynccontextmanager
async def _opened_budget(settings: Settings) -> AsyncGenerator[Budget]:
    """Keep the portal's budget in this process, or in Redis for several."""
    own = OwnBudget(settings.rate, time.monotonic)
    if settings.redis is None:
        yield own
        return
    from redis.asyncio import Redis

    from linkdesk.portal.redis_throttle import SharedBudget

    # redis-py leaves its keyword arguments untyped.
    client = Redis.from_url(settings.redis.get_secret_value(), socket_connect_timeout=5, socket_timeout=10)  # pyright: ignore[reportUnknownMemberType]
    try:
        yield SharedBudget(client, f"linkdesk:budget:{settings.origin()}", settings.rate, own)
    finally:
        await client.aclose()


def _sandbox_portal(zone: str, rate: Rate) -> Portal:
    from linkdesk.sandbox.app import Sandbox

    sandbox = Sandbox(timezone=zone)
    address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
    return Portal(address, rate=rate, transport=sandbox.transport())

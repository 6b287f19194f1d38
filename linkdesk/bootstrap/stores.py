"""Open what is kept between requests: in memory beside a sandbox without a database, else in the database.

The openers import SQLAlchemy and the storage modules late: most processes answer before they store anything.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Final, TypeVar

from linkdesk.accounts.staff import MemoryStaffStore, StaffStore
from linkdesk.audit.log import AuditLog, MemoryAuditLog
from linkdesk.config.settings import Settings
from linkdesk.errors.codes import events as event_errors
from linkdesk.errors.codes import linkdesk as own_errors
from linkdesk.errors.codes import plans as plan_errors
from linkdesk.errors.codes import staff as staff_errors
from linkdesk.events.store import EventStore, MemoryEventStore
from linkdesk.events.subscriptions import MemorySubscriptions, Subscriptions
from linkdesk.plans.model import MemoryPlans, Plans
from linkdesk.runtime.inbox import Inbox, MemoryInbox
from linkdesk.storage.lazy import Lazy
from linkdesk.storage.url import DatabaseAddress, store_address
from tool_specs.declaration.failure import Failure

T = TypeVar("T")
SANDBOX: Final = "sandbox"
"""Replaces the portal's origin in the database."""


def database_address(settings: Settings, *, sandbox: bool = False) -> DatabaseAddress:
    """Return the address of the configured database, else of the default one.

    Raises:
        NotConfigured: LINKDESK_DATABASE is not the address of a database.
    """
    return store_address(settings.database.get_secret_value() if settings.database else None, sandbox=sandbox)


def in_memory(settings: Settings, *, sandbox: bool) -> bool:
    """Return whether everything is kept in memory, which other processes do not see."""
    return sandbox and settings.database is None


@asynccontextmanager
async def _open(
    settings: Settings,
    memory: Callable[[], T],
    opener: Callable[[DatabaseAddress], AbstractAsyncContextManager[T]],
    unavailable: Failure | None = None,
    *,
    sandbox: bool,
) -> AsyncGenerator[T]:
    """Open a repository in memory or in the database.

    Args:
        settings: name the database.
        memory: builds the repository in memory.
        opener: opens the repository in the database.
        unavailable: what to raise when the database cannot be opened at the first use; None opens it at once.
        sandbox: whether the portal is the one in this process.

    Raises:
        NotConfigured: the address of the database is wrong; or it is to be opened at once, and cannot be.
    """
    if in_memory(settings, sandbox=sandbox):
        yield memory()
        return
    address = database_address(settings, sandbox=sandbox)
    opening = opener(address) if unavailable is None else Lazy(partial(opener, address), unavailable)
    async with opening as repository:
        yield repository


def _origin(settings: Settings, *, sandbox: bool) -> str:
    return SANDBOX if sandbox else settings.origin()


def open_audit_log(settings: Settings, *, sandbox: bool = False) -> AbstractAsyncContextManager[AuditLog]:
    """Open the audit log; its database is opened at the first use."""
    origin = _origin(settings, sandbox=sandbox)

    def opener(address: DatabaseAddress) -> AbstractAsyncContextManager[AuditLog]:
        from linkdesk.storage.audit_log import open_stored_audit_log

        return open_stored_audit_log(address, origin)

    return _open(settings, MemoryAuditLog, opener, own_errors.RECORD_NOT_KEPT, sandbox=sandbox)


def open_plans(settings: Settings, *, sandbox: bool = False) -> AbstractAsyncContextManager[Plans]:
    """Open the plans that wait for a person; their database is opened at the first use."""
    origin = _origin(settings, sandbox=sandbox)

    def opener(address: DatabaseAddress) -> AbstractAsyncContextManager[Plans]:
        from linkdesk.storage.plans import open_stored_plans

        return open_stored_plans(address, origin)

    return _open(settings, MemoryPlans, opener, plan_errors.NOT_KEPT, sandbox=sandbox)


def open_staff(settings: Settings, *, sandbox: bool = False) -> AbstractAsyncContextManager[StaffStore]:
    """Open the staff list; its database is opened at the first use, as those named in the settings need none."""

    def opener(address: DatabaseAddress) -> AbstractAsyncContextManager[StaffStore]:
        from linkdesk.storage.staff import open_stored_staff

        return open_stored_staff(address)

    return _open(settings, MemoryStaffStore, opener, staff_errors.PEOPLE_NOT_KEPT, sandbox=sandbox)


def open_events(settings: Settings, *, sandbox: bool = False) -> AbstractAsyncContextManager[EventStore]:
    """Open the event store; its database is opened at the first use."""
    origin = _origin(settings, sandbox=sandbox)

    @asynccontextmanager
    async def opener(address: DatabaseAddress) -> AsyncGenerator[EventStore]:
        from linkdesk.storage.events import open_stored_events

        async with open_stored_events(address, origin) as store:
            if sandbox:
                # Every process has a sandbox portal of its own, without the bookings of the last one.
                await store.clear()
            yield store

    return _open(settings, MemoryEventStore, opener, event_errors.NEWS_NOT_KEPT, sandbox=sandbox)


def open_inbox(settings: Settings, *, sandbox: bool = False) -> AbstractAsyncContextManager[Inbox]:
    """Open the bot's inbox at once: an update that cannot be stored must not be acknowledged.

    Raises:
        NotConfigured: the database cannot be opened, the key is wrong, or no bot is set.
    """

    def opener(address: DatabaseAddress) -> AbstractAsyncContextManager[Inbox]:
        from linkdesk.storage.cipher import Cipher
        from linkdesk.storage.inbox import open_stored_inbox

        cipher = Cipher.of(settings.secret_key) if settings.secret_key is not None else None
        return open_stored_inbox(address, settings.bot_id(), cipher)

    return _open(settings, MemoryInbox, opener, sandbox=sandbox)


def open_subscriptions(settings: Settings, *, sandbox: bool = False) -> AbstractAsyncContextManager[Subscriptions]:
    """Open the chats' subscriptions to events at once.

    Raises:
        NotConfigured: the database cannot be opened, or no bot is set.
    """

    def opener(address: DatabaseAddress) -> AbstractAsyncContextManager[Subscriptions]:
        from linkdesk.storage.subscriptions import open_stored_subscriptions

        return open_stored_subscriptions(address, settings.bot_id(), _origin(settings, sandbox=sandbox))

    return _open(settings, MemorySubscriptions, opener, sandbox=sandbox)

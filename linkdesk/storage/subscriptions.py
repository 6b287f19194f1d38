"""The chats' event subscriptions in the database, shared by the processes of one bot."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, time
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, Update, delete, or_, select, update

from linkdesk.accounts.staff import now_utc
from linkdesk.events.model import EventKind
from linkdesk.events.subscriptions import LEASE, LeasedSubscription, QuietHours, Subscription
from linkdesk.runtime.processes import WORKER, is_dead
from linkdesk.storage.database import Database
from linkdesk.storage.tables import SubscriptionRow
from linkdesk.storage.url import DatabaseAddress

_NO_SYNC: Final = {"synchronize_session": False}
_KINDS: Final = frozenset(EventKind)


class StoredSubscriptions:
    """The subscribed chats of one bot and portal."""

    def __init__(
        self,
        store: Database,
        bot: int,
        origin: str,
        *,
        worker: str = WORKER,
        now: Callable[[], datetime] = now_utc,
    ) -> None:
        """Take the database, the bot's id, the portal, the name of this process, and a clock."""
        self._store = store
        self._bot = bot
        self._origin = origin
        self._worker = worker
        self._now = now

    async def find(self, chat: int, /) -> Subscription | None:
        """Return a subscription, or None."""
        async with self._store.read_session() as session:
            row = await session.get(SubscriptionRow, self._key(chat))
        return None if row is None else _chat(row)

    async def save(self, chat: Subscription, /) -> None:
        """Store a subscription, or replace it."""
        bot, origin, number = self._key(chat.chat)
        row = SubscriptionRow(
            bot=bot, origin=origin, chat=number, told=chat.last_sent, rests=chat.paused, **_wanted(chat)
        )
        async with self._store.transaction() as session:
            await session.merge(row)

    async def update(self, chat: Subscription, /) -> None:
        """Update the options of a subscription, but not its progress and pause."""
        async with self._store.transaction() as session:
            await session.execute(self._changing(chat.chat, **_wanted(chat)))

    async def delete(self, chat: int, /) -> bool:
        """Delete a subscription; return whether there was one."""
        async with self._store.transaction() as session:
            result = await session.execute(delete(SubscriptionRow).where(*self._is(chat)))
            return isinstance(result, CursorResult) and result.rowcount > 0

    async def migrate_chat(self, chat: int, to: int, /) -> None:
        """Update the chat id of a group that became a supergroup."""
        async with self._store.transaction() as session:
            if await session.get(SubscriptionRow, self._key(to)) is None:
                await session.execute(self._changing(chat, chat=to, lease_by=None, lease_until=None))
            else:
                await session.execute(delete(SubscriptionRow).where(*self._is(chat)))

    async def subscribers(self) -> Sequence[str]:
        """Return the keys of the subscribed employees."""
        query = select(SubscriptionRow.followed_by).where(*self._all(), SubscriptionRow.rests.is_(False)).distinct()
        async with self._store.read_session() as session:
            return sorted(await session.scalars(query))

    async def pending(self, latest: int, /) -> Sequence[Subscription]:
        """Return the subscriptions with unsent events that no process has leased."""
        query = select(SubscriptionRow).where(
            *self._all(), SubscriptionRow.told < latest, SubscriptionRow.rests.is_(False)
        )
        async with self._store.read_session() as session:
            rows = (await session.scalars(query.order_by(SubscriptionRow.chat))).all()
        return [_chat(row) for row in rows if self._is_free(row)]

    async def acquire(self, chat: int, /) -> LeasedSubscription | None:
        """Lease a subscription for sending; return None if another process has it, or it is paused or gone."""
        now = self._now()
        async with self._store.transaction(flushed=False) as session:
            row = await session.get(SubscriptionRow, self._key(chat))
            if row is None or row.rests or not self._is_free(row):
                return None
            # Of two processes that found it free, the second finds it leased by the first.
            as_it_was = (
                SubscriptionRow.lease_by.is_(None) if row.lease_by is None else SubscriptionRow.lease_by == row.lease_by
            )
            still_free = or_(as_it_was, SubscriptionRow.lease_until <= now)
            taken = self._changing(chat, lease_by=self._worker, lease_until=now + LEASE).where(still_free)
            result = await session.execute(taken.where(SubscriptionRow.rests.is_(False)))
            mine = isinstance(result, CursorResult) and result.rowcount > 0
            await session.refresh(row)
            return LeasedSubscription(_chat(row), self._worker) if mine else None

    async def mark_sent(self, held: LeasedSubscription, number: int, /) -> bool:
        """Store the progress of a subscription; return False if the lease was lost."""
        moved = self._changing(held.chat.chat, told=number).where(SubscriptionRow.lease_by == held.by)
        async with self._store.transaction(flushed=False) as session:
            result = await session.execute(moved.where(SubscriptionRow.told <= number))
            return isinstance(result, CursorResult) and result.rowcount > 0

    async def pause(self, held: LeasedSubscription, /) -> None:
        """Pause a subscription until somebody resumes it."""
        rests = self._changing(held.chat.chat, rests=True, lease_by=None, lease_until=None)
        async with self._store.transaction(flushed=False) as session:
            await session.execute(rests.where(SubscriptionRow.lease_by == held.by))

    async def release(self, held: LeasedSubscription, /) -> None:
        """Release the lease."""
        free = self._changing(held.chat.chat, lease_by=None, lease_until=None)
        async with self._store.transaction(flushed=False) as session:
            await session.execute(free.where(SubscriptionRow.lease_by == held.by))

    async def renew(self) -> None:
        """Renew the leases of this process."""
        mine = update(SubscriptionRow).where(*self._all(), SubscriptionRow.lease_by == self._worker)
        async with self._store.transaction(flushed=False) as session:
            await session.execute(mine.values(lease_until=self._now() + LEASE).execution_options(**_NO_SYNC))

    def _key(self, chat: int) -> tuple[int, str, int]:
        return self._bot, self._origin, chat

    def _all(self) -> list[ColumnElement[bool]]:
        return [SubscriptionRow.bot == self._bot, SubscriptionRow.origin == self._origin]

    def _is(self, chat: int) -> list[ColumnElement[bool]]:
        return [*self._all(), SubscriptionRow.chat == chat]

    def _changing(self, number: int, /, **values: Any) -> Update:  # noqa: ANN401 - the columns' values
        return update(SubscriptionRow).where(*self._is(number)).values(**values).execution_options(**_NO_SYNC)

    def _is_free(self, row: SubscriptionRow) -> bool:
        if row.lease_by is None or row.lease_until is None:
            return True
        return row.lease_until <= self._now() or is_dead(row.lease_by)


@asynccontextmanager
async def open_stored_subscriptions(
    address: DatabaseAddress, bot: int, origin: str
) -> AsyncGenerator[StoredSubscriptions]:
    """Open the database with the subscriptions.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Database.open(address) as store:
        yield StoredSubscriptions(store, bot, origin)


def _wanted(chat: Subscription) -> dict[str, Any]:
    """Return the columns with the options of a subscription."""
    quiet = chat.quiet
    return {
        "topic": chat.topic,
        "kinds": sorted(chat.kinds),
        "resources": None if chat.resources is None else sorted(chat.resources),
        "without_deal": chat.without_deal,
        "quiet_from": None if quiet is None else quiet.start.isoformat("minutes"),
        "quiet_to": None if quiet is None else quiet.end.isoformat("minutes"),
        "language": chat.language,
        "followed_by": chat.subscribed_by,
    }


def _chat(row: SubscriptionRow) -> Subscription:
    quiet = None
    if row.quiet_from is not None and row.quiet_to is not None:
        quiet = QuietHours(time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_to))
    return Subscription(
        chat=row.chat,
        topic=row.topic,
        # A kind of event that no longer exists is ignored.
        kinds=frozenset(EventKind(kind) for kind in row.kinds if kind in _KINDS),
        resources=None if row.resources is None else frozenset(row.resources),
        without_deal=row.without_deal,
        quiet=quiet,
        language="ru" if row.language == "ru" else "en",
        subscribed_by=row.followed_by,
        last_sent=row.told,
        paused=row.rests,
    )

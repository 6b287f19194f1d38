"""The inbox in the database: the messages of one bot, processed by one or several processes."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from linkdesk.runtime.inbox import LEASE, Arrival, InboxCounts, LeasedMessage, ProcessingState, is_plain
from linkdesk.runtime.processes import WORKER, is_dead
from linkdesk.storage.cipher import Cipher
from linkdesk.storage.database import Database
from linkdesk.storage.tables import InboxRow
from linkdesk.storage.url import DatabaseAddress

REMEMBERED_FOR: Final = timedelta(days=3)
"""How long the number of an answered message is kept: Telegram redelivers for a day."""
SET_ASIDE_FOR: Final = timedelta(days=30)

_NO_SYNC: Final = {"synchronize_session": False}


def _now() -> datetime:
    return datetime.now(UTC)


class StoredInbox:
    """The messages of one bot, in the database."""

    def __init__(
        self,
        store: Database,
        bot: int,
        cipher: Cipher | None,
        *,
        worker: str = WORKER,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Take the database, the bot's id, and the cipher of the messages.

        Args:
            store: the database.
            bot: the bot's id, as several bots may share a database.
            cipher: encrypts the messages; None to store them as they are until answered.
            worker: the name of this process.
            now: a clock.
        """
        self._store = store
        self._bot = bot
        self._cipher = cipher
        self._worker = worker
        self._now = now

    @property
    def kind(self) -> str:
        """The kind of storage."""
        return self._store.kind

    async def store(self, arrivals: Sequence[Arrival], /) -> int:
        """Store messages durably, ignoring known ones."""
        if not arrivals:
            return 0
        rows: list[dict[str, Any]] = [
            {
                "bot": self._bot,
                "number": one.number,
                "chat": one.chat,
                "urgent": one.urgent,
                "body": self._sealed(one.body),
                "station": ProcessingState.WAITING.value,
                "attempts": 0,
                "arrived": self._now(),
            }
            for one in arrivals
        ]
        insert = postgresql.insert if self.kind == "postgresql" else sqlite.insert
        async with self._store.transaction() as session:
            kept = insert(InboxRow).values(rows).on_conflict_do_nothing().returning(InboxRow.number)
            return len((await session.scalars(kept)).all())

    async def lease(self, most: int, /) -> list[LeasedMessage]:
        """Lease the next message of every idle chat, and the urgent ones."""
        ordered = [*self._waiting(), InboxRow.urgent.is_(False)]
        busy = select(InboxRow.chat).where(*ordered, self._is_held())
        heads = select(func.min(InboxRow.number)).where(*ordered, InboxRow.chat.not_in(busy)).group_by(InboxRow.chat)
        wanted = or_(InboxRow.number.in_(heads), and_(InboxRow.urgent, ~self._is_held()))
        async with self._store.transaction(flushed=False) as session:
            await self._alone(session)
            query = select(InboxRow.number).where(*self._waiting(), wanted).order_by(InboxRow.number).limit(most)
            return await self._begin(session, (await session.scalars(query)).all())

    async def save_answer(self, item: LeasedMessage, answer: str | None, /) -> None:
        """Store the answer before it is sent."""
        sealed = None if answer is None else self._sealed(answer)
        async with self._store.transaction(flushed=False) as session:
            await session.execute(self._changing(item, answer=sealed))

    async def finish(
        self, item: LeasedMessage, station: ProcessingState = ProcessingState.DONE, /, *, going_on: bool = True
    ) -> LeasedMessage | None:
        """Delete the text of a message, and lease the next one of its chat."""
        finished = {"station": station.value, "body": "", "answer": None, "finished": self._now()}
        async with self._store.transaction(flushed=False) as session:
            await self._alone(session)
            await session.execute(self._changing(item, **finished, lease_by=None, lease_until=None))
            if item.urgent or not going_on:
                return None
            of_chat = [*self._waiting(), InboxRow.chat == item.chat, InboxRow.urgent.is_(False)]
            if await session.scalar(select(InboxRow.number).where(*of_chat, self._is_held()).limit(1)) is not None:
                return None
            query = select(InboxRow.number).where(*of_chat).order_by(InboxRow.number).limit(1)
            found = await self._begin(session, (await session.scalars(query)).all())
        return found[0] if found else None

    async def release(self, item: LeasedMessage, /) -> None:
        """Release the lease, so that the message is taken again."""
        async with self._store.transaction(flushed=False) as session:
            await session.execute(self._changing(item, lease_by=None, lease_until=None))

    async def maintain(self) -> None:
        """Renew the leases of this process, release those of dead ones, and purge old finished messages."""
        now = self._now()
        waiting = update(InboxRow).where(*self._waiting()).execution_options(**_NO_SYNC)
        old = [
            and_(InboxRow.station == station.value, InboxRow.finished < now - age)
            for station, age in ((ProcessingState.DONE, REMEMBERED_FOR), (ProcessingState.SET_ASIDE, SET_ASIDE_FOR))
        ]
        async with self._store.transaction(flushed=False) as session:
            holders = select(InboxRow.lease_by).where(*self._waiting(), InboxRow.lease_by.is_not(None)).distinct()
            dead = [worker for worker in await session.scalars(holders) if worker is not None and is_dead(worker)]
            if dead:
                freed = waiting.where(InboxRow.lease_by.in_(dead))
                await session.execute(freed.values(lease_by=None, lease_until=None))
            await session.execute(waiting.where(InboxRow.lease_by == self._worker).values(lease_until=now + LEASE))
            await session.execute(delete(InboxRow).where(InboxRow.bot == self._bot, or_(*old)))

    async def counts(self) -> InboxCounts:
        """Count the messages that wait and those set aside."""
        query = select(
            func.count(case((InboxRow.station == ProcessingState.WAITING.value, 1))),
            func.count(case((InboxRow.station == ProcessingState.SET_ASIDE.value, 1))),
        ).where(InboxRow.bot == self._bot)
        async with self._store.read_session() as session:
            waiting, set_aside = (await session.execute(query)).one()
        return InboxCounts(waiting, set_aside)

    def _waiting(self) -> list[ColumnElement[bool]]:
        return [InboxRow.bot == self._bot, InboxRow.station == ProcessingState.WAITING.value]

    def _is_held(self) -> ColumnElement[bool]:
        return and_(InboxRow.lease_by.is_not(None), InboxRow.lease_until > self._now())

    def _changing(self, item: LeasedMessage, **values: Any) -> Any:  # noqa: ANN401 - the columns' values, and SQLAlchemy's statement
        """Update a message that this process has leased; return whether it still had."""
        own = (InboxRow.bot == self._bot, InboxRow.number == item.number, InboxRow.lease_by == self._worker)
        return update(InboxRow).where(*own).values(**values).execution_options(**_NO_SYNC)

    async def _alone(self, session: AsyncSession) -> None:
        """Lock the search for the next message between processes; in SQLite a transaction does so anyway."""
        if self.kind == "postgresql":
            await session.execute(text("SELECT pg_advisory_xact_lock(:bot)"), {"bot": self._bot})

    async def _begin(self, session: AsyncSession, numbers: Iterable[int]) -> list[LeasedMessage]:
        found = list(numbers)
        if not found:
            return []
        begun = (
            update(InboxRow)
            .where(InboxRow.bot == self._bot, InboxRow.number.in_(found))
            .values(
                lease_by=self._worker,
                lease_until=self._now() + LEASE,
                attempts=InboxRow.attempts + case((InboxRow.answer.is_(None), 1), else_=0),
            )
            .returning(
                InboxRow.number,
                InboxRow.chat,
                InboxRow.body,
                InboxRow.urgent,
                InboxRow.attempts,
                InboxRow.answer,
            )
            .execution_options(**_NO_SYNC)
        )
        rows = (await session.execute(begun)).all()
        items = [
            LeasedMessage(
                number=number,
                chat=chat,
                body=self._opened(body),
                urgent=urgent,
                attempts=attempts,
                answer=None if answer is None else self._opened(answer),
            )
            for number, chat, body, urgent, attempts, answer in rows
        ]
        return sorted(items, key=lambda item: item.number)

    def _sealed(self, plain: str) -> str:
        return plain if self._cipher is None else self._cipher.encrypt(plain)

    def _opened(self, kept: str) -> str:
        """Return a stored text; empty where no key decrypts it."""
        if is_plain(kept):
            return kept
        return self._cipher.decrypt(kept) if self._cipher is not None and self._cipher.can_decrypt(kept) else "{}"


@asynccontextmanager
async def open_stored_inbox(address: DatabaseAddress, bot: int, cipher: Cipher | None) -> AsyncGenerator[StoredInbox]:
    """Open the database with the inbox.

    Raises:
        NotConfigured: it cannot be opened.
    """
    async with await Database.open(address) as store:
        yield StoredInbox(store, bot, cipher)

"""The database: opened once per process, with its tables migrated on opening."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Error as AnySqliteError
from sqlite3 import OperationalError as SQLiteError
from types import TracebackType
from typing import Any, Final, Self

import structlog
from sqlalchemy import UpdateBase, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from linkdesk.errors.base import NotConfigured, Trouble, missing_library
from linkdesk.errors.codes import oauth as sign_in_errors
from linkdesk.errors.codes.database import OF_POSTGRESQL, OF_SQLITE, STORE
from linkdesk.storage.migrate import NewerDatabaseError, upgrade
from linkdesk.storage.sqlite import BUSY_MS, SqliteThread, prepare
from linkdesk.storage.url import DatabaseAddress
from tool_specs.declaration.failure import Failure
from tool_specs.declaration.localized import Localized

log = structlog.stdlib.get_logger()

REOPEN_DELAY_S: Final = 0.3


class Database:
    """Sessions on the database; a writing one is a transaction, during which nobody else writes to SQLite."""

    def __init__(self, engine: AsyncEngine, masked: str, thread: SqliteThread | None = None) -> None:
        """Take the engine, and the thread for single statements on a SQLite file; `Database.open` makes them."""
        self._engine = engine
        self._masked = masked
        self._thread = thread
        # SQLite admits one writer at a time, and its waiters poll for the lock in no order: tasks of this process
        # queue for an asyncio lock instead.
        self._turn: AbstractAsyncContextManager[object] = asyncio.Lock() if self.kind == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, address: DatabaseAddress, *, busy_ms: int = BUSY_MS) -> Self:
        """Open the database and migrate its tables.

        Raises:
            NotConfigured: it cannot be reached, read or written, or belongs to a newer Linkdesk.
        """
        if address.file is not None and not _create_file(address.file):
            raise NotConfigured(_not_usable(address))
        store = cls(
            _engine(address, busy_ms),
            address.masked,
            None if address.file is None else SqliteThread(address.file, busy_ms),
        )
        sentence: Localized | None = None
        try:
            try:
                await store._brought_up_to_date()
            except DBAPIError as error:
                # Two processes open a new file at once: switching on the write-ahead log does not wait for a lock.
                if "locked" not in _failure_kind(error):
                    raise
                await asyncio.sleep(REOPEN_DELAY_S)
                await store._brought_up_to_date()
        except NewerDatabaseError:
            sentence = _newer(address)
        except (SQLAlchemyError, OSError) as error:
            # The driver's text may repeat the address with its password: only the kind of error is reported.
            log.warning("store.not_opened", at=address.masked, error=_failure_kind(error))
            sentence = _not_opened(address, error)
        except BaseException:
            await store.aclose()
            raise
        if sentence is not None:
            await store.aclose()
            raise NotConfigured(sentence)
        return store

    async def _brought_up_to_date(self) -> None:
        async with self._engine.execution_options(linkdesk_write=True).begin() as connection:
            await connection.run_sync(upgrade)

    @property
    def kind(self) -> str:
        """The kind of database: "sqlite" or "postgresql"."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def read_session(self) -> AsyncGenerator[AsyncSession]:
        """Open a session for reading.

        Raises:
            Trouble: the database does not answer.
        """
        with _translating_errors():
            async with AsyncSession(self._engine, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def transaction(self, *, flushed: bool = True) -> AsyncGenerator[AsyncSession]:
        """Open a transaction, which is durable when the block has ended, or rolled back.

        Args:
            flushed: whether the changes have to survive a power cut; if they only have to survive the end of this
                process, SQLite may leave the flush to the system.

        Raises:
            Trouble: the database does not answer, or rejects the change.
        """
        engine = self._engine.execution_options(linkdesk_write=True, linkdesk_flush=flushed)
        with _translating_errors():
            async with self._turn, AsyncSession(engine, expire_on_commit=False) as session, session.begin():
                yield session

    async def ping(self) -> None:
        """Check that the database answers.

        Raises:
            Trouble: it does not.
        """
        async with self.read_session() as session:
            await session.execute(text("SELECT 1"))

    async def execute(self, statement: UpdateBase, values: Mapping[str, Any]) -> None:
        """Execute one statement atomically.

        It survives the end of this process; in SQLite the flush that survives a power cut is left to the system.

        Raises:
            Trouble: the database does not answer, or rejects the change.
        """
        with _translating_errors():
            if self._thread is not None:
                await self._thread.execute(statement, values)
                return
            async with self._engine.execution_options(linkdesk_write=True).begin() as connection:
                await connection.execute(statement, values)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._thread is not None:
            await self._thread.aclose()
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        """Return the database itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.aclose()

    def __repr__(self) -> str:
        """Show the address of the database, without a password."""
        return f"Store({self._masked})"


@contextmanager
def _translating_errors() -> Generator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # Its text holds statements and addresses.
        log.error("store.failed", error=_failure_kind(error))  # noqa: TRY400 - a trace would hold them too
        raise Trouble(_failure(error)) from None


def _engine(address: DatabaseAddress, busy_ms: int) -> AsyncEngine:
    # hide_parameters: an error of the database must not repeat the values to be written.
    options: dict[str, Any] = {"hide_parameters": True}
    try:
        if not address.url.startswith("sqlite"):
            return create_async_engine(address.url, **options, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        if address.is_memory:
            # Every connection would have a database in memory of its own: sessions share a single connection.
            options |= {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}
        engine = create_async_engine(address.url, **options)
    except ModuleNotFoundError:
        raise missing_library("LINKDESK_DATABASE", "psycopg") from None
    prepare(engine.sync_engine, busy_ms)
    return engine


def _create_file(file: Path) -> bool:
    """Create the file before SQLite does, readable by its owner alone; return whether it can be read and written.

    A file that SQLite cannot open makes aiosqlite leave a thread behind, whose traceback would follow our error. An
    existing file is only checked, not opened: closing it would release every lock of this process on it (POSIX), and
    another process, believing itself alone, would then remove the write-ahead log under our connections.
    """
    real = file.resolve()
    try:
        if not file.parent.exists():
            file.parent.mkdir(parents=True, mode=0o700)
        try:
            os.close(os.open(real, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            if real.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)) from None
            if not os.access(real, os.R_OK | os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None
    except OSError as error:
        log.warning("store.not_opened", at=str(file), error=error.strerror)
        return False
    return True


def _failure(error: SQLAlchemyError) -> Failure:
    """Return the failure to report for an error of the database."""
    inner = error.orig if isinstance(error, DBAPIError) else None
    if isinstance(inner, AnySqliteError):
        # The lowest eight bits are the primary code, the others a detail of it.
        return OF_SQLITE.get(inner.sqlite_errorcode & 0xFF, sign_in_errors.STORE_FAILED)
    return OF_POSTGRESQL.get(getattr(inner, "sqlstate", None) or "", sign_in_errors.STORE_FAILED)


def _failure_kind(error: Exception) -> str:
    inner = error.orig if isinstance(error, DBAPIError) else error
    # SQLite's texts name no value: "attempt to write a readonly database", "database is locked".
    return str(inner) if isinstance(inner, SQLiteError) else type(inner).__name__


def _not_opened(address: DatabaseAddress, error: Exception) -> Localized:
    """Build the error for a database that cannot be used."""
    failure = _failure(error) if isinstance(error, DBAPIError) else sign_in_errors.STORE_FAILED
    if failure not in STORE:
        return _not_usable(address)
    at = f"LINKDESK_DATABASE: {address.masked}"
    return Localized(en=f"{failure.what.en} {at}", ru=f"{failure.what.ru} {at}")


def _not_usable(address: DatabaseAddress) -> Localized:
    if not address.url.startswith("sqlite"):
        return Localized(
            en=f"The database {address.masked} cannot be used: check LINKDESK_DATABASE, and that the server runs and "
            "lets this user create tables.",
            ru=f"База данных {address.masked} недоступна: проверьте LINKDESK_DATABASE, работает ли сервер "
            "и может ли этот пользователь создавать таблицы.",
        )
    return Localized(
        en=f"The database file {address.masked} cannot be used: make sure that it is an SQLite database and that "
        "Linkdesk may write it and its folder, or set LINKDESK_DATABASE to another one.",
        ru=f"Файл базы данных {address.masked} использовать нельзя: проверьте, что это база SQLite и что Linkdesk "
        "может писать в него и в его папку, или укажите другой в LINKDESK_DATABASE.",
    )


def _newer(address: DatabaseAddress) -> Localized:
    return Localized(
        en=f"The database {address.masked} belongs to a newer version of Linkdesk: install that one, or name "
        "another database in LINKDESK_DATABASE.",
        ru=f"База данных {address.masked} создана более новой версией Linkdesk: обновите Linkdesk "
        "или укажите другую базу в LINKDESK_DATABASE.",
    )

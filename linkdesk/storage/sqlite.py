"""SQLite: connection settings, the start of transactions, and a thread for single statements."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, UpdateBase, create_engine, event

BUSY_MS: Final = 10_000
"""How long a connection waits for the write of another, in milliseconds."""

PRAGMAS: Final = ("foreign_keys = ON", "journal_mode = WAL")


def prepare(engine: Engine, busy_ms: int = BUSY_MS) -> None:
    """Set up every connection of an engine, and start its transactions."""

    def set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
        # The driver's own transaction handling would leave reads and schema changes outside of transactions.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in (f"busy_timeout = {busy_ms}", *PRAGMAS):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except BaseException:
            # Otherwise its thread would outlive the event loop.
            connection.close()
            raise

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    """Begin a transaction; a writing one takes the lock at once, as upgrading it later may fail.

    Writes are flushed to disk: an old refresh token is invalid once the new one was issued, so a power cut must not
    bring it back. Rows of the audit log only have to survive the end of the process,
    and each of their statements stands alone.
    """
    options = connection.get_execution_options()
    writes = options.get("linkdesk_write", False)
    synchronous = "FULL" if writes and options.get("linkdesk_flush", True) else "NORMAL"
    # A pragma costs as much as a row, so the current value is remembered with the connection.
    if connection.info.get("synchronous") != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
        connection.info["synchronous"] = synchronous
    if not options.get("linkdesk_alone", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class SqliteThread:
    """A thread that executes single statements on a SQLite file.

    The asynchronous driver switches to its thread and back for each part of a statement: to create the cursor, execute,
    close it, and commit. Each write to the portal waits for two statements, and here each takes one switch.
    """

    def __init__(self, file: Path, busy_ms: int = BUSY_MS) -> None:
        """Open nothing yet."""
        engine = create_engine(f"sqlite+pysqlite:///{file}", hide_parameters=True, pool_size=1, max_overflow=0)
        prepare(engine, busy_ms)
        self._engine = engine.execution_options(linkdesk_alone=True)
        self._thread = ThreadPoolExecutor(1, "linkdesk-sqlite")

    async def execute(self, statement: UpdateBase, values: Mapping[str, Any]) -> None:
        """Execute one statement, which SQLite makes a transaction by itself.

        Raises:
            SQLAlchemyError: it was not executed.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._carried_out, statement, values)

    def _carried_out(self, statement: UpdateBase, values: Mapping[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement, values)

    async def aclose(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()

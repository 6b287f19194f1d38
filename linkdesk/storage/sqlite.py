"""What SQLite wants done otherwise: how connections are set up, when transactions begin, a short way to its file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, UpdateBase, create_engine, event

BUSY_MS: Final = 10_000
"""How long a connection waits for another's write to end."""

PRAGMAS: Final = ("foreign_keys = ON", "journal_mode = WAL")


def prepare(engine: Engine, busy_ms: int = BUSY_MS) -> None:
    """Set every connection of an engine up, and begin its transactions."""

    def set_up(connection: Any, _record: object) -> None:  # noqa: ANN401 - a driver's connection
        # The driver's own idea of when a transaction begins would leave reads and changes of tables outside of it.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in (f"busy_timeout = {busy_ms}", *PRAGMAS):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()
        except BaseException:
            # Nobody else would: its thread would outlive the event loop.
            connection.close()
            raise

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    """Begin a transaction; one that will write takes the lock at once, as taking it later may fail.

    A write is on the disk before it counts, at the price of one flush: the old refresh token is worth nothing once the
    new one was given out, so a power cut must not bring it back. The record of changes has to outlive our own end only,
    and each of its statements stands alone.
    """
    options = connection.get_execution_options()
    writes = options.get("linkdesk_write", False)
    synchronous = "FULL" if writes and options.get("linkdesk_flush", True) else "NORMAL"
    # A pragma costs as much as a row, so what the connection is set to is remembered with it.
    if connection.info.get("synchronous") != synchronous:
        connection.exec_driver_sql(f"PRAGMA synchronous = {synchronous}")
        connection.info["synchronous"] = synchronous
    if not options.get("linkdesk_alone", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class SqliteThread:
    """A thread of its own that carries out single statements on a file.

    The asynchronous driver goes to its thread and back for each part of a statement: to make the cursor, to execute, to
    close it, to commit. Each write to the portal waits for two statements, and here each is one turn.
    """

    def __init__(self, file: Path, busy_ms: int = BUSY_MS) -> None:
        """Open nothing yet."""
        engine = create_engine(f"sqlite+pysqlite:///{file}", hide_parameters=True, pool_size=1, max_overflow=0)
        prepare(engine, busy_ms)
        self._engine = engine.execution_options(linkdesk_alone=True)
        self._thread = ThreadPoolExecutor(1, "linkdesk-sqlite")

    async def carry_out(self, statement: UpdateBase, values: Mapping[str, Any]) -> None:
        """Carry out one statement, which SQLite makes a transaction by itself.

        Raises:
            SQLAlchemyError: it was not carried out.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._carried_out, statement, values)

    def _carried_out(self, statement: UpdateBase, values: Mapping[str, Any]) -> None:
        with self._engine.begin() as connection:
            connection.execute(statement, values)

    async def aclose(self) -> None:
        """Close the connection and end the thread."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._engine.dispose)
        self._thread.shutdown()

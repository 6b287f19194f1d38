"""Migrate a database to the current tables, by one process at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

MIGRATIONS: Final = Path(__file__).with_name("migrations")

LOCK: Final = 0x6C696E6B6465736B
"""The number of the advisory lock in PostgreSQL: the eight letters "linkdesk"."""


class NewerDatabaseError(Exception):
    """The database belongs to a newer Linkdesk."""


def upgrade(connection: Connection) -> None:
    """Migrate the tables, inside the open transaction of the connection.

    Processes that start at once wait for each other: in SQLite the transaction began with the write lock (see
    `linkdesk.storage.database`), in PostgreSQL an advisory lock is held to the end of the transaction.

    Raises:
        NewerDatabaseError: the database has revisions that this Linkdesk does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK})
    script = ScriptDirectory(str(MIGRATIONS))
    present = MigrationContext.configure(connection).get_current_heads()
    known = {step.revision for step in script.walk_revisions()}
    if not set(present) <= known:
        raise NewerDatabaseError
    if set(present) == set(script.get_heads()):
        return
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")

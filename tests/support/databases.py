"""Databases for tests: an SQLite file, and a new schema in PostgreSQL if a server is configured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from linkdesk.storage.url import DatabaseAddress
from tests.support.requirements import require

KINDS = ("sqlite", "postgresql")

# Read at collection time, because each test runs in an environment without our settings.
POSTGRESQL = os.environ.get("LINKDESK_TEST_DATABASE", "")
REDIS = os.environ.get("LINKDESK_TEST_REDIS", "")


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database and delete it afterwards."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/linkdesk.sqlite3"
        return
    require("postgres", bool(POSTGRESQL), "LINKDESK_TEST_DATABASE names no database of PostgreSQL")
    import psycopg  # noqa: PLC0415 - an extra
    from psycopg import sql  # noqa: PLC0415 - the same

    schema = f"linkdesk_{uuid4().hex}"
    name = sql.Identifier(schema)
    with psycopg.connect(POSTGRESQL, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        try:
            yield f"{POSTGRESQL}?options=-csearch_path%3D{schema}"
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))


TABLES = (
    *("portals", "tokens", "sign_in_attempts", "changes", "inbox", "invitations", "handovers"),
    *("oauth_clients", "oauth_logins", "oauth_grants"),
    *("news_watch", "news", "news_seen", "news_hints"),
)


def content_of(address: str) -> bytes:
    """Return the raw content of a database, from the disk or as text."""
    file = DatabaseAddress.parse(address).file
    if file is not None:
        return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))
    import psycopg  # noqa: PLC0415 - an extra
    from psycopg import sql  # noqa: PLC0415 - the same

    every = sql.SQL("SELECT t::text FROM {} t")
    with psycopg.connect(address) as connection:
        names = [sql.Identifier(name) for name in TABLES]
        rows = [connection.execute(every.format(name)).fetchall() for name in names]
    return repr(rows).encode()


def needed_redis() -> str:
    """Return the URL of the Redis for tests, or skip the test."""
    require("redis", bool(REDIS), "LINKDESK_TEST_REDIS names no Redis")
    return REDIS

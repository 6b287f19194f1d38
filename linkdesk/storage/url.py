"""The address of the database, which may hold a password and is shown masked. Imports no database library."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from linkdesk.errors.base import NotConfigured
from tool_specs.declaration.localized import Localized

FILE: Final = "linkdesk.sqlite3"
EXAMPLES: Final = "sqlite:///linkdesk.sqlite3, postgresql://USER:PASSWORD@HOST/DATABASE"

_SQLITE: Final = re.compile(r"sqlite(?:\+aiosqlite)?://(?:/(?P<path>.*))?", re.DOTALL)
_POSTGRESQL: Final = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://(?P<rest>\S+)")


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """The address of a database."""

    url: str = field(repr=False)
    """The URL for SQLAlchemy, driver included."""
    masked: str
    """The address as it may be shown."""
    file: Path | None = None
    """The SQLite file, if it is one that we may create."""

    @property
    def is_memory(self) -> bool:
        """Whether the database lives in memory, as long as its connection."""
        return self.url.endswith(":memory:")

    @classmethod
    def parse(cls, text: str) -> DatabaseAddress:
        """Parse an address of SQLite or PostgreSQL, and add the driver.

        Raises:
            NotConfigured: it is neither; the error does not repeat it, as it may hold a password.
        """
        if (sqlite := _SQLITE.fullmatch(text.strip())) is not None:
            path = sqlite["path"] or ""
            if path.startswith("file:"):  # SQLite's own form, options included
                return cls(url=f"sqlite+aiosqlite:///{path}", masked=path.partition("?")[0])
            return cls.memory() if path in {"", ":memory:"} else cls.of_file(Path(path).expanduser())
        if (postgresql := _POSTGRESQL.fullmatch(text.strip())) is not None:
            host = postgresql["rest"].rpartition("@")[2].partition("?")[0]
            return cls(url=f"postgresql+psycopg://{postgresql['rest']}", masked=f"postgresql://{host}")
        raise NotConfigured(
            Localized(
                en=f"LINKDESK_DATABASE is wrong: it should look like one of these: {EXAMPLES}",
                ru=f"Настройка LINKDESK_DATABASE неверна: она должна выглядеть так, как одна из этих: {EXAMPLES}",
            ),
        )

    @classmethod
    def of_file(cls, file: Path) -> DatabaseAddress:
        """Return the address of a SQLite file."""
        return cls(url=f"sqlite+aiosqlite:///{file}", masked=str(file), file=file)

    @classmethod
    def memory(cls) -> DatabaseAddress:
        """Return the address of a database in memory."""
        return cls(url="sqlite+aiosqlite:///:memory:", masked="memory")

    @classmethod
    def default(cls) -> DatabaseAddress:
        """Return the address of the SQLite file in the user's data folder."""
        from platformdirs import user_data_path

        return cls.of_file(user_data_path("linkdesk", appauthor=False) / FILE)


def store_address(database: str | None, *, sandbox: bool = False) -> DatabaseAddress:
    """Return the database address: as configured, else in memory beside a sandbox, else in the user's data folder.

    Raises:
        NotConfigured: the configured address is invalid.
    """
    if database is not None:
        return DatabaseAddress.parse(database)
    return DatabaseAddress.memory() if sandbox else DatabaseAddress.default()

"""Where the store is: an address that may hold a password, and is never shown whole. Loads no database library."""

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
    """A database that the store may be kept in."""

    url: str = field(repr=False)
    """As SQLAlchemy takes it, driver included."""
    masked: str
    """As it may be shown."""
    file: Path | None = None
    """The database's file, where it is one that we may make."""

    @property
    def is_memory(self) -> bool:
        """Tell whether the database is gone with its connection."""
        return self.url.endswith(":memory:")

    @classmethod
    def parse(cls, text: str) -> DatabaseAddress:
        """Read an address of SQLite or PostgreSQL; the driver that fits is put in.

        Raises:
            NotConfigured: it is neither; the sentence does not repeat it, as it may hold a password.
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
        """Keep the store in a file of SQLite."""
        return cls(url=f"sqlite+aiosqlite:///{file}", masked=str(file), file=file)

    @classmethod
    def memory(cls) -> DatabaseAddress:
        """Keep the store in memory: it is gone when the process ends."""
        return cls(url="sqlite+aiosqlite:///:memory:", masked="memory")

    @classmethod
    def default(cls) -> DatabaseAddress:
        """Keep the store in the user's data folder."""
        from platformdirs import user_data_path

        return cls.of_file(user_data_path("linkdesk", appauthor=False) / FILE)


def store_address(database: str | None, *, sandbox: bool = False) -> DatabaseAddress:
    """Say where the store is: as set, else in memory beside a sandbox, else in the user's data folder.

    Raises:
        NotConfigured: the address that is set is none.
    """
    if database is not None:
        return DatabaseAddress.parse(database)
    return DatabaseAddress.memory() if sandbox else DatabaseAddress.default()

"""The change of a client's configuration file: computed, shown as a diff, then written."""

from __future__ import annotations

import difflib
import os
import shutil
import stat
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

from linkdesk.errors.base import NotConfigured
from server.clients import jsonc
from server.clients.jsonc import UnreadableError
from server.clients.registry import NAME, Client, Entry
from tool_specs.declaration.localized import Localized

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
OWNER_ONLY: Final = 0o600
MASK: Final = "***"
MIN_SECRET_LENGTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The content of a file before and after."""

    path: Path
    before: str | None
    """None if there is no file yet."""
    after: str
    secrets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """Existing values in the file that may be secret: our old ones, and those of other servers."""

    @property
    def needed(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after

    def shown(self) -> str:
        """Return a unified diff with the secrets masked."""
        hidden = (*self.secrets, *self.hidden)
        lines = difflib.unified_diff(
            _masked(self.before or "", hidden).splitlines(),
            _masked(self.after, hidden).splitlines(),
            "before",
            "after",
            lineterm="",
        )
        return "\n".join(lines)


def plan_change(client: Client, path: Path, entry: Entry, secrets: Iterable[str] = ()) -> Change:
    """Compute the change of a client's configuration file.

    Raises:
        NotConfigured: the file cannot be read or has an unexpected form.
    """
    target = Path(os.path.realpath(path))  # if the file is a symbolic link, its target is written
    try:
        text = _read(target)
        if path.suffix == ".toml":
            from server.clients import toml

            after = toml.with_entry(text or "", client.under, NAME, entry)
            there: dict[str, Any] = tomllib.loads(text or "")
        else:
            after = jsonc.with_entry((text or "").removeprefix("\ufeff"), client.under, NAME, entry)
            there = jsonc.read((text or "").removeprefix("\ufeff"))
    except (OSError, UnicodeDecodeError, UnreadableError) as error:
        raise NotConfigured(
            Localized(
                en=f"{path} cannot be read as a configuration of {client.name}; the file was not changed. "
                "Correct the file, or add Linkdesk by hand as docs/clients.md shows.",
                ru=f"Не удалось прочитать {path} как файл настроек {client.name}; файл не изменён. "
                "Исправьте его или добавьте Linkdesk вручную, как показано в docs/clients.md.",
            )
        ) from error
    hidden = tuple(_secret_values(there.get(client.under)))
    return Change(path=target, before=text, after=after, secrets=tuple(secrets), hidden=hidden)


def write(change: Change) -> Path | None:
    """Write the file atomically and return the backup's path; a file with secrets is readable by its owner only.

    Raises:
        NotConfigured: the file cannot be written or has changed meanwhile.
    """
    path = change.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read(path) != change.before:
            raise NotConfigured(
                Localized(
                    en=f"{path} has changed in the meantime; nothing was written. Try again.",
                    ru=f"Файл {path} за это время изменился; ничего не записано. Повторите.",
                )
            )
        mode = stat.S_IMODE(path.stat().st_mode) if change.before is not None else OWNER_ONLY
        if change.secrets:
            mode &= OWNER_ONLY
        backup = None
        if change.before is not None:
            backup = path.with_name(f"{path.name}.before-linkdesk")
            shutil.copyfile(path, backup)
            backup.chmod(mode & OWNER_ONLY)
        _replace(path, change.after, mode)
    except OSError as error:
        raise NotConfigured(
            Localized(
                en=f"{path} cannot be written; nothing was changed. Check the permissions of the file and its folder.",
                ru=f"Не удалось записать {path}; ничего не изменено. Проверьте права на файл и папку.",
            )
        ) from error
    return backup


def _read(path: Path) -> str | None:
    if not path.exists():
        return None
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableError
    return path.read_bytes().decode("utf-8")


def _replace(path: Path, text: str, mode: int) -> None:
    # mkstemp creates a file that only the owner can read.
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _secret_values(servers: object) -> Iterator[str]:
    """Yield values of the servers' variables and headers that are long enough to be secrets."""
    for server in cast("dict[str, Any]", servers).values() if isinstance(servers, dict) else ():
        for key in ("env", "headers", "http_headers"):
            values = cast("dict[str, Any]", server).get(key) if isinstance(server, dict) else None
            for value in cast("dict[str, Any]", values).values() if isinstance(values, dict) else ():
                if isinstance(value, str) and len(value) >= MIN_SECRET_LENGTH:
                    yield value


def _masked(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text

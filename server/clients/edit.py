"""What setting Linkdesk up in an assistant changes in its file: thought through, shown, then written."""

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
from server.clients import jsonc as json_text
from server.clients.jsonc import UnreadableError
from server.clients.registry import NAME, Client, Entry
from tool_specs.declaration.localized import Localized

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
OWNER_ONLY: Final = 0o600
MASK: Final = "***"
MIN_SECRET_LENGTH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file as it is and as it will be."""

    path: Path
    before: str | None
    """None where there is no file yet."""
    after: str
    secrets: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    """What may be secret of what stands there already: ours that goes, and that of other servers."""

    @property
    def needed(self) -> bool:
        """Tell whether anything changes."""
        return self.before != self.after

    def shown(self) -> str:
        """Show what changes, with the secrets masked."""
        hidden = (*self.secrets, *self.hidden)
        lines = difflib.unified_diff(
            _masked(self.before or "", hidden).splitlines(),
            _masked(self.after, hidden).splitlines(),
            "as it is",
            "as it will be",
            lineterm="",
        )
        return "\n".join(lines)


def plan_change(client: Client, path: Path, entry: Entry, secrets: Iterable[str] = ()) -> Change:
    """Think the change of a client's file through.

    Raises:
        NotConfigured: the file cannot be read, or is not what the client writes.
    """
    target = Path(os.path.realpath(path))  # where the file is a link, what it leads to is written
    try:
        text = _read(target)
        if path.suffix == ".toml":
            from server.clients import toml as toml_text

            after = toml_text.with_entry(text or "", client.under, NAME, entry)
            there: dict[str, Any] = tomllib.loads(text or "")
        else:
            after = json_text.with_entry((text or "").removeprefix("\ufeff"), client.under, NAME, entry)
            there = json_text.read((text or "").removeprefix("\ufeff"))
    except (OSError, UnicodeDecodeError, UnreadableError) as error:
        raise NotConfigured(
            Localized(
                en=f"{path} cannot be read as the configuration of {client.name}; it was left as it is. "
                "Correct the file, or add Linkdesk by hand: docs/clients.md shows how.",
                ru=f"Не удалось прочитать {path} как настройки {client.name}; файл не изменён. "
                "Исправьте его или добавьте Linkdesk вручную: как, показано в docs/clients.md.",
            )
        ) from error
    hidden = tuple(_secret_values(there.get(client.under)))
    return Change(path=target, before=text, after=after, secrets=tuple(secrets), hidden=hidden)


def write(change: Change) -> Path | None:
    """Write the file at once or not at all, and give the copy of what was there; only the owner may read a secret.

    Raises:
        NotConfigured: it cannot be written, or somebody changed it meanwhile.
    """
    path = change.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read(path) != change.before:
            raise NotConfigured(
                Localized(
                    en=f"{path} was changed meanwhile; nothing was written. Try again.",
                    ru=f"{path} за это время изменился; ничего не записано. Повторите.",
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
                en=f"{path} cannot be written; nothing was changed. Check the rights to the file and its folder.",
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
    # mkstemp makes a file that only the owner may read.
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
    """Give what servers are started or called with: the values of their variables and headers."""
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

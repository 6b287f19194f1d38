"""What setting Linkdesk up in an assistant changes in its file: thought through, shown, then written."""

from __future__ import annotations

import difflib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkdesk.errors import NotConfigured
from server.clients import json_text
from server.clients.json_text import UnreadableError
from server.clients.table import NAME, Client, Entry
from tool_specs.said import Said

LARGEST: Final = 4 * 1024 * 1024
OWNER_ONLY: Final = 0o600
MASKED: Final = "***"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A file as it is and as it will be."""

    path: Path
    before: str | None
    """None where there is no file yet."""
    after: str
    secrets: tuple[str, ...] = ()

    @property
    def needed(self) -> bool:
        """Tell whether anything changes."""
        return self.before != self.after

    def shown(self) -> str:
        """Show what changes, with the secrets masked."""
        lines = difflib.unified_diff(
            _masked(self.before or "", self.secrets).splitlines(),
            _masked(self.after, self.secrets).splitlines(),
            "as it is",
            "as it will be",
            lineterm="",
        )
        return "\n".join(lines)


def change_of(client: Client, path: Path, entry: Entry, secrets: Iterable[str] = ()) -> Change:
    """Think the change of a client's file through.

    Raises:
        NotConfigured: the file cannot be read, or is not what the client writes.
    """
    target = Path(os.path.realpath(path))  # where the file is a link, what it leads to is written
    try:
        text = _read(target)
        if path.suffix == ".toml":
            from server.clients import toml_text

            after = toml_text.having(text or "", client.under, NAME, entry)
        else:
            after = json_text.having((text or "").removeprefix("\ufeff"), client.under, NAME, entry)
    except (OSError, UnicodeDecodeError, UnreadableError) as error:
        raise NotConfigured(
            Said(
                en=f"{path} cannot be read as the configuration of {client.name}; it was left as it is. "
                "Correct the file, or add Linkdesk by hand: docs/clients.md shows how.",
                ru=f"Не удалось прочитать {path} как настройки {client.name}; файл не изменён. "
                "Исправьте его или добавьте Linkdesk вручную: как, показано в docs/clients.md.",
            )
        ) from error
    return Change(path=target, before=text, after=after, secrets=tuple(secrets))


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
                Said(
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
            Said(
                en=f"{path} cannot be written; nothing was changed. Check the rights to the file and its folder.",
                ru=f"Не удалось записать {path}; ничего не изменено. Проверьте права на файл и папку.",
            )
        ) from error
    return backup


def _read(path: Path) -> str | None:
    if not path.exists():
        return None
    if path.stat().st_size > LARGEST:
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


def _masked(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASKED)
    return text

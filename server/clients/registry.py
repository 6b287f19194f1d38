"""The supported assistants: their configuration files on each system and how each one describes a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

System: TypeAlias = Literal["darwin", "linux", "win32"]
Entry: TypeAlias = dict[str, Any]
NAME: Final = "linkdesk"
TOKEN_VARIABLE: Final = "LINKDESK_TOKEN"  # noqa: S105 - the name of a variable, no token
"""The environment variable a client reads the bearer token from, so that no file holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalServer:
    """A server started by the client: the program, its arguments and its environment."""

    command: str
    args: tuple[str, ...]
    env: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteServer:
    """A server reached by URL, and whether to send the token."""

    url: str
    token: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """The folders of a person's files."""

    home: Path
    system: System
    app_data: Path | None = None
    """%APPDATA% of Windows."""

    def applications(self) -> Path:
        """Return the folder in which desktop applications store their settings."""
        match self.system:
            case "darwin":
                return self.home / "Library" / "Application Support"
            case "win32":
                return self.app_data or self.home / "AppData" / "Roaming"
            case _:
                return self.home / ".config"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One supported assistant."""

    key: str
    """Its name on the command line."""
    name: str
    path: Callable[[Folders], Path]
    under: str
    """The key of the servers' object in the file."""
    local: Callable[[LocalServer], Entry]
    remote: Callable[[RemoteServer], Entry] | None
    """None if remote servers have to be added by hand."""


def _stdio_entry(local: LocalServer) -> Entry:
    entry: Entry = {"command": local.command, "args": [*local.args]}
    return {**entry, "env": dict(local.env)} if local.env else entry


def _typed_stdio_entry(local: LocalServer) -> Entry:
    return {"type": "stdio", **_stdio_entry(local)}


def _remote_entry(key: str, reference: str, kind: str | None = None) -> Callable[[RemoteServer], Entry]:
    """Build a function that describes a remote server; the token is a variable reference in the client's syntax."""

    def entry(remote: RemoteServer) -> Entry:
        typed: Entry = {} if kind is None else {"type": kind}
        headers = {"headers": {"Authorization": f"Bearer {reference}"}} if remote.token else {}
        return {**typed, key: remote.url, **headers}

    return entry


def _codex(remote: RemoteServer) -> Entry:
    return {"url": remote.url, **({"bearer_token_env_var": TOKEN_VARIABLE} if remote.token else {})}


_SHELL_REFERENCE: Final = f"${{{TOKEN_VARIABLE}}}"
_ENV_REFERENCE: Final = f"${{env:{TOKEN_VARIABLE}}}"

CLIENTS: Final = (
    Client(
        key="claude-desktop",
        name="Claude Desktop",
        path=lambda at: at.applications() / "Claude" / "claude_desktop_config.json",
        under="mcpServers",
        local=_stdio_entry,
        remote=None,
    ),
    Client(
        key="claude-code",
        name="Claude Code",
        path=lambda at: at.home / ".claude.json",
        under="mcpServers",
        local=_typed_stdio_entry,
        remote=_remote_entry("url", _SHELL_REFERENCE, "http"),
    ),
    Client(
        key="cursor",
        name="Cursor",
        path=lambda at: at.home / ".cursor" / "mcp.json",
        under="mcpServers",
        local=_stdio_entry,
        remote=_remote_entry("url", _ENV_REFERENCE),
    ),
    Client(
        key="vscode",
        name="VS Code",
        path=lambda at: at.applications() / "Code" / "User" / "mcp.json",
        under="servers",
        local=_typed_stdio_entry,
        remote=_remote_entry("url", _ENV_REFERENCE, "http"),
    ),
    Client(
        key="codex",
        name="Codex",
        path=lambda at: at.home / ".codex" / "config.toml",
        under="mcp_servers",
        local=_stdio_entry,
        remote=_codex,
    ),
    Client(
        key="windsurf",
        name="Windsurf",
        path=lambda at: at.home / ".codeium" / "windsurf" / "mcp_config.json",
        under="mcpServers",
        local=_stdio_entry,
        remote=_remote_entry("serverUrl", _ENV_REFERENCE),
    ),
    Client(
        key="jetbrains",
        name="JetBrains (Junie)",
        path=lambda at: at.home / ".junie" / "mcp" / "mcp.json",
        under="mcpServers",
        local=_stdio_entry,
        remote=_remote_entry("url", _ENV_REFERENCE),
    ),
)
BY_KEY: Final[Mapping[str, Client]] = {client.key: client for client in CLIENTS}

"""The command `linkdesk install`: set Linkdesk up in an assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from server.clients.registry import Client, Entry, Folders

SERVER_SETTINGS = ("PORTAL", "CLIENT_ID", "CLIENT_SECRET", "OAUTH_URL", "PUBLIC_URL", "SECRET_KEY", "DATABASE", "REDIS")
"""Settings that are written into the client's configuration, because it starts the server without our `.env`."""
RAW_SETTINGS = ("READ_ONLY", "CONFIRM", "ALLOW", "TOOLSETS", "TOOLS", "EMPLOYEE", "STAFF", "RATE", "LANG", "TIMEZONE")
"""Settings that are written unparsed, so that the same restrictions and staff apply there. The bot's token is left
out: only the bot needs it, and it gives access to every chat with the staff."""
PUBLIC_SETTINGS = frozenset({"CLIENT_ID", "OAUTH_URL", "PUBLIC_URL", *RAW_SETTINGS})
"""The settings that are not secret and are shown unmasked."""


@click.command()
@click.argument("client", required=False)
@click.option("--http", metavar="URL", help="Connect to a running server at this URL instead of starting one.")
@click.option("--token", is_flag=True, help="With --http: send the token from the LINKDESK_TOKEN variable.")
@click.option("--sandbox", is_flag=True, help="Use a sample portal in memory instead of a real one.")
@click.option("--yes", is_flag=True, help="Write without asking for confirmation.")
def install(*, client: str | None, http: str | None, token: bool, sandbox: bool, yes: bool) -> None:
    """Set up Linkdesk in the assistant CLIENT; without CLIENT, list the supported ones."""
    from linkdesk.text.language import settings_language
    from server.clients.edit import plan_change, write
    from server.clients.registry import BY_KEY, CLIENTS
    from tool_specs.declaration.localized import Localized

    language = settings_language()
    at = _folders()
    if client is None:
        width = max(len(one.key) for one in CLIENTS)
        click.echo("\n".join(f"{one.key:<{width}}  {one.name}: {one.path(at)}" for one in CLIENTS))
        return
    found = BY_KEY.get(client.strip().lower())
    if found is None:
        raise _unknown_client(client)
    secrets: tuple[str, ...] = ()
    if http is None:
        entry, secrets = _local_entry(found, sandbox=sandbox)
    else:
        entry = _remote_entry(found, http, token=token)
    change = plan_change(found, found.path(at), entry, secrets)
    if not change.needed:
        click.echo(Localized(en="Already set up; nothing to change.", ru="Уже настроено; менять нечего.").to(language))
        return
    click.echo(f"{change.path}\n{change.shown()}")
    question = Localized(en="Write these changes?", ru="Записать эти изменения?").to(language)
    if not yes and not click.confirm(question, default=False):
        click.echo(Localized(en="Nothing was changed.", ru="Ничего не изменено.").to(language))
        return
    backup = write(change)
    kept = "" if backup is None else Localized(en=f" Backup: {backup}.", ru=f" Резервная копия: {backup}.").to(language)
    done = Localized(en=f"Done. Restart {found.name}.", ru=f"Готово. Перезапустите {found.name}.")
    click.echo(done.to(language) + kept)


def _unknown_client(client: str) -> Exception:
    from linkdesk.errors.base import NotConfigured
    from linkdesk.text.sanitize import one_line
    from server.clients.registry import BY_KEY
    from tool_specs.declaration.localized import Localized

    name, known = one_line(client, 40), ", ".join(BY_KEY)
    return NotConfigured(
        Localized(
            en=f"Linkdesk does not support the assistant {name!r}. Supported: {known}.",
            ru=f"Linkdesk не поддерживает ассистента {name!r}. Поддерживаются: {known}.",
        )
    )


def _folders() -> Folders:
    import os
    import sys
    from pathlib import Path

    from server.clients.registry import Folders

    data = os.environ.get("APPDATA")
    system = sys.platform if sys.platform in {"darwin", "win32"} else "linux"
    return Folders(home=Path.home(), system=system, app_data=Path(data) if data else None)  # type: ignore[arg-type]


def _local_entry(client: Client, *, sandbox: bool) -> tuple[Entry, tuple[str, ...]]:
    """Build the entry that starts this installation with the current settings; return it and its secrets."""
    import sys
    from pathlib import Path

    from pydantic import SecretStr

    from linkdesk.config.setting import PREFIX
    from linkdesk.config.settings import load_settings
    from server.clients.registry import LocalServer

    program = str(Path(sys.executable).with_name("linkdesk"))
    if sandbox:
        return client.local(LocalServer(command=program, args=("serve", "--sandbox"), env={})), ()
    settings = load_settings()
    settings.connection()  # raises NotConfigured if a setting is missing
    env: dict[str, str] = {}
    for name in SERVER_SETTINGS:
        value: object = getattr(settings, name.lower())
        if name.lower() in settings.model_fields_set and value is not None:
            env[f"{PREFIX}{name}"] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    if settings.database is not None:
        env[f"{PREFIX}DATABASE"] = _absolute_database(settings.database.get_secret_value())
    given = _raw_settings()
    for name in RAW_SETTINGS:
        if name.lower() in settings.model_fields_set and (text := given.get(f"{PREFIX}{name}")):
            env[f"{PREFIX}{name}"] = text
    secrets = tuple(value for name, value in env.items() if name.removeprefix(PREFIX) not in PUBLIC_SETTINGS)
    return client.local(LocalServer(command=program, args=("serve",), env=env)), secrets


def _absolute_database(database: str) -> str:
    """Make the path of an SQLite database absolute, since the client starts the server in another folder."""
    from linkdesk.storage.url import DatabaseAddress

    file = DatabaseAddress.parse(database).file
    return database if file is None else f"sqlite:///{file.absolute()}"


def _raw_settings() -> dict[str, str]:
    """Return the settings as they were written; the environment takes precedence over `.env`."""
    import os

    from dotenv import dotenv_values

    given = {name.upper(): value for name, value in dotenv_values(".env").items() if value}
    return given | {name.upper(): value for name, value in os.environ.items() if value}


def _remote_entry(client: Client, url: str, *, token: bool) -> Entry:
    from urllib.parse import urlsplit

    from linkdesk.errors.base import NotConfigured
    from linkdesk.portal.address import is_loopback
    from server.clients.registry import RemoteServer
    from tool_specs.declaration.localized import Localized

    try:
        parts = urlsplit(url.strip())
        host, named = parts.hostname or "", parts.username is not None or parts.port == 0
    except ValueError:  # a malformed URL or an invalid port
        parts, host, named = urlsplit(""), "", False
    if named or not host or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))):
        raise NotConfigured(
            Localized(
                en="--http takes the server's URL, such as https://linkdesk.example.com/mcp.",
                ru="Для --http нужен адрес сервера, например https://linkdesk.example.com/mcp.",
            )
        )
    if parts.path in {"", "/"}:
        from server.http.app import MCP_PATH

        parts = parts._replace(path=MCP_PATH)
    url = parts.geturl()
    if client.remote is None:
        raise NotConfigured(
            Localized(
                en=f"{client.name} accepts remote servers only in its settings: add {url} under Connectors.",
                ru=f"{client.name} принимает адреса серверов только в своих настройках: добавьте {url} "
                "в разделе Connectors.",
            )
        )
    return client.remote(RemoteServer(url=url, token=token))

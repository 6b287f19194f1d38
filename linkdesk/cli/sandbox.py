"""The command `linkdesk sandbox`."""

from __future__ import annotations

import signal
import ssl
import sys
import tempfile
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from linkdesk.errors.base import missing_library

if TYPE_CHECKING:
    from linkdesk.sandbox.app import Sandbox

REDIRECT: Final = "http://127.0.0.1:8391/oauth/callback"
"""Where `linkdesk signin` listens by default."""


def _web_address(_context: click.Context, _option: click.Parameter, value: str) -> str:
    try:
        parts = urlsplit(value)
        named = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        named = False
    if not named:
        raise click.BadParameter(f"name a web address, such as {REDIRECT}")
    return value


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; a free one by default.")
@click.option("--empty", is_flag=True, help="Start without the salon's data.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the data and the secrets in a file; what it holds already is taken up.",
)
@click.option(
    "--tls",
    is_flag=True,
    help="Speak https; the second line printed is the file of the authority to trust, made for this run.",
)
@click.option(
    "--oauth",
    is_flag=True,
    help="Register an application that employees sign in through, and print the settings that use it.",
)
@click.option(
    "--redirect",
    default=REDIRECT,
    show_default=True,
    metavar="URL",
    callback=_web_address,
    help="With --oauth: where the browser goes after a sign-in.",
)
@click.option("--string-codes", is_flag=True, help="Answer numeric error codes as text, as newer portals do.")
def sandbox(  # noqa: PLR0913 - the options
    port: int, file: Path | None, redirect: str, *, empty: bool, tls: bool, oauth: bool, string_codes: bool
) -> None:
    """Run the sandbox portal, and print the webhook address to use."""
    from linkdesk.sandbox.app import Sandbox
    from linkdesk.sandbox.server import LOOPBACK, listening_socket, server
    from linkdesk.sandbox.state_file import StateFileError

    # uvicorn shuts down gracefully and then raises the signal again, which should end the process cleanly.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    with tempfile.TemporaryDirectory(prefix="linkdesk-sandbox-") as folder:
        context, authority = _https(Path(folder)) if tls else (None, None)
        try:
            portal = Sandbox(empty=empty, file=file, string_codes=string_codes)
        except StateFileError as problem:
            raise click.ClickException(str(problem)) from problem
        try:
            taken = listening_socket(port)
        except OSError as problem:
            raise click.ClickException(f"Port {port} of {LOOPBACK} cannot be used: {problem.strerror}.") from problem
        address = f"{'https' if tls else 'http'}://{LOOPBACK}:{taken.getsockname()[1]}"
        lines = [f"{address}{portal.webhook_path}", *([str(authority)] if authority else [])]
        if oauth:
            lines += _settings(portal, address, redirect)
        click.echo("\n".join(lines))
        click.echo("The sandbox portal is running. Ctrl+C ends it.", err=True)
        server(portal, context).run(sockets=[taken])


def _settings(portal: Sandbox, address: str, redirect: str) -> list[str]:
    """Register the application, or reuse the one in the file, and return the settings for it."""
    portal.address = address
    known = next(iter(portal.authorization.applications.values()), None)
    application = portal.add_application(
        redirect=redirect,
        client_id=known.client_id if known else None,
        client_secret=known.client_secret if known else None,
    )
    return [
        f"LINKDESK_CLIENT_ID={application.client_id}",
        f"LINKDESK_CLIENT_SECRET={application.client_secret}",
        f"LINKDESK_OAUTH_URL={address}/oauth/token/",
        f"LINKDESK_PORTAL={address}",
    ]


def _https(folder: Path) -> tuple[ssl.SSLContext, Path]:
    try:
        from linkdesk.sandbox.tls import loopback_context
    except ModuleNotFoundError as missing:
        raise click.ClickException(missing_library("--tls", "trustme").sentence.en) from missing
    return loopback_context(folder)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

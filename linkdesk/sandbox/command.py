"""The command `linkdesk sandbox`."""

from __future__ import annotations

import signal
import ssl
import sys
import tempfile
from pathlib import Path
from types import FrameType

import click


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; a free one by default.")
@click.option("--empty", is_flag=True, help="Start without the salon's data.")
@click.option(
    "--file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the data and the webhook's secret in a file; what it holds already is taken up.",
)
@click.option(
    "--tls",
    is_flag=True,
    help="Speak https; the second line printed is the file of the authority to trust, made for this run.",
)
@click.option("--string-codes", is_flag=True, help="Answer numeric error codes as text, as newer portals do.")
def sandbox(port: int, file: Path | None, *, empty: bool, tls: bool, string_codes: bool) -> None:
    """Run a portal in a box, and print the webhook address to use."""
    from linkdesk.sandbox.app import Sandbox
    from linkdesk.sandbox.serving import LOOPBACK, listening_socket, server
    from linkdesk.sandbox.state_file import StateFileProblem

    # uvicorn ends gracefully and then sends itself the signal again: by then it shall mean a clean end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    with tempfile.TemporaryDirectory(prefix="linkdesk-sandbox-") as folder:
        context, authority = _https(Path(folder)) if tls else (None, None)
        try:
            portal = Sandbox(empty=empty, file=file, string_codes=string_codes)
        except StateFileProblem as problem:
            raise click.ClickException(str(problem)) from problem
        try:
            taken = listening_socket(port)
        except OSError as problem:
            raise click.ClickException(f"Port {port} of {LOOPBACK} cannot be used: {problem.strerror}.") from problem
        address = f"{'https' if tls else 'http'}://{LOOPBACK}:{taken.getsockname()[1]}"
        click.echo("\n".join([f"{address}{portal.webhook_path}", *([str(authority)] if authority else [])]))
        click.echo("The sandbox portal is running. Ctrl+C ends it.", err=True)
        server(portal, context).run(sockets=[taken])


def _https(folder: Path) -> tuple[ssl.SSLContext, Path]:
    try:
        from linkdesk.sandbox.tls import loopback_context
    except ModuleNotFoundError as missing:
        raise click.ClickException("--tls needs the library trustme: pip install trustme.") from missing
    return loopback_context(folder)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

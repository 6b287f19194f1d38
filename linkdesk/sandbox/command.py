"""The command `linkdesk sandbox`."""

from __future__ import annotations

import signal
import sys
from types import FrameType

import click


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on 127.0.0.1; a free one by default.")
@click.option("--empty", is_flag=True, help="Start without the salon's data.")
def sandbox(port: int, *, empty: bool) -> None:
    """Run a portal in a box, and print the webhook address to use."""
    from linkdesk.sandbox.app import Sandbox
    from linkdesk.sandbox.serving import LOOPBACK, listening_socket, server

    # uvicorn ends gracefully and then sends itself the signal again: by then it shall mean a clean end.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    try:
        taken = listening_socket(port)
    except OSError as problem:
        raise click.ClickException(f"Port {port} of {LOOPBACK} cannot be used: {problem.strerror}.") from problem
    portal = Sandbox(empty=empty)
    click.echo(f"http://{LOOPBACK}:{taken.getsockname()[1]}{portal.webhook_path}")
    click.echo("The sandbox portal is running. Ctrl+C ends it.", err=True)
    server(portal).run(sockets=[taken])


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)

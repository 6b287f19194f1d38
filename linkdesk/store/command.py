"""The command `linkdesk key`."""

from __future__ import annotations

import click


@click.command()
def key() -> None:
    """Print a new key for LINKDESK_SECRET_KEY."""
    from linkdesk.store.cipher import new_key

    click.echo(new_key())

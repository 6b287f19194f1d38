"""The command `linkdesk`, which finds its subcommands in the entry-point group `linkdesk.commands`.

Each package registers its own there, so that the core imports neither server nor bot, and a subcommand loads only what
"""

from __future__ import annotations

import io
import sys
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Final

import click

GROUP: Final = "linkdesk.commands"


class Subcommands(click.Group):
    """A group whose commands are entry points, loaded when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the subcommands, without loading any."""
        return sorted({*super().list_commands(ctx), *_entry_points()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one subcommand."""
        point = _entry_points().get(cmd_name)
        return super().get_command(ctx, cmd_name) if point is None else point.load()

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the subcommand; a wrong setting is reported in one sentence with exit status 2."""
        from linkdesk.errors.base import NotConfigured

        try:
            return super().invoke(ctx)
        except NotConfigured as error:
            from linkdesk.text.language import settings_language

            click.echo(error.sentence.to(settings_language()), err=True)
            ctx.exit(2)


def _entry_points() -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP)}


@click.group(cls=Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="linkdesk")
def linkdesk() -> None:
    """Link records in Bitrix24 safely: from AI assistants, Telegram and the terminal."""


def main() -> None:
    """Run the command."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        # Both languages are printed, whatever the machine's locale is.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    linkdesk(prog_name="linkdesk")

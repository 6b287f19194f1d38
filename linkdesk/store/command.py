"""The command `linkdesk key`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linkdesk.shown import ShownChange


@click.command()
def key() -> None:
    """Print a new key for LINKDESK_SECRET_KEY."""
    from linkdesk.store.cipher import new_key

    click.echo(new_key())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
@click.option("--limit", type=click.IntRange(1, 50), default=50, show_default=True, help="At most this many.")
@click.option("--sandbox", is_flag=True, help="The record of the made-up portal, kept where LINKDESK_DATABASE is set.")
def history(*, as_json: bool, limit: int, sandbox: bool) -> None:
    """Show the record: who changed what, newest first."""
    import asyncio
    import json

    from linkdesk.log import configure_logging
    from linkdesk.settings import load_settings

    settings = load_settings()
    configure_logging(("warning",))
    if not sandbox:
        settings.connection()
    changes = asyncio.run(_history(limit, sandbox=sandbox))
    if as_json:
        rows = [change.model_dump(mode="json", exclude_none=True) for change in changes]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for change in changes:
        click.echo(_row(change))


async def _history(limit: int, *, sandbox: bool) -> list[ShownChange]:
    from linkdesk.doing.changes import shown_changes
    from linkdesk.errors import NotConfigured, Trouble
    from linkdesk.opening import opening_record, zone_of
    from linkdesk.settings import load_settings

    settings = load_settings()
    async with opening_record(settings, sandbox=sandbox) as record:
        try:
            return await shown_changes(record, await record.latest(limit), zone_of(settings, sandbox=sandbox))
        except Trouble as trouble:
            raise NotConfigured(trouble.what) from None


def _row(change: ShownChange) -> str:
    from linkdesk.one_line import one_line
    from linkdesk.outcome import said_of

    about = said_of(change.target.type, change.target.id).en
    state = "undone" if change.undone else change.state
    return f"{change.started}  {change.change_id}  {state:<8}  {one_line(change.who, 40)}  {change.tool}  {about}"

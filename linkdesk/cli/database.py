"""The commands about stored data: `linkdesk key`, `linkdesk history` and `linkdesk token`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from linkdesk.model.views import ChangeView
    from linkdesk.storage.api_tokens import ApiToken, ApiTokens
    from tool_specs.declaration.localized import Localized

    Answer = TypeVar("Answer")


@click.command()
def key() -> None:
    """Print a new key for LINKDESK_SECRET_KEY."""
    from linkdesk.storage.cipher import new_key

    click.echo(new_key())


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
@click.option("--limit", type=click.IntRange(1, 50), default=50, show_default=True, help="At most this many.")
@click.option("--sandbox", is_flag=True, help="The record of the made-up portal, kept where LINKDESK_DATABASE is set.")
def history(*, as_json: bool, limit: int, sandbox: bool) -> None:
    """Show the audit log: who changed what, newest first."""
    import asyncio
    import json

    from linkdesk.config.logging import configure_logging
    from linkdesk.config.settings import load_settings

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


async def _history(limit: int, *, sandbox: bool) -> list[ChangeView]:
    from linkdesk.bootstrap.desk import business_zone
    from linkdesk.bootstrap.stores import open_audit_log
    from linkdesk.config.settings import load_settings
    from linkdesk.errors.base import NotConfigured, Trouble
    from linkdesk.handlers.changes import change_views

    settings = load_settings()
    async with open_audit_log(settings, sandbox=sandbox) as record:
        try:
            return await change_views(record, await record.latest(limit), business_zone(settings, sandbox=sandbox))
        except Trouble as trouble:
            raise NotConfigured(trouble.what) from None


def _row(change: ChangeView) -> str:
    from linkdesk.model.outcome import format_target
    from linkdesk.text.sanitize import one_line

    about = format_target(change.target.type, change.target.id).en
    state = "undone" if change.undone else change.state
    return f"{change.started}  {change.change_id}  {state:<8}  {one_line(change.who, 40)}  {change.tool}  {about}"


@click.group()
def token() -> None:
    """Manage the API tokens with which assistants connect over HTTP."""


@token.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(["viewer", "editor", "admin"]), default="editor", show_default=True)
@click.option("--expires", "days", type=click.IntRange(1, 3650), metavar="DAYS", help="Good for so many days.")
def add_token(*, name: str, role: str, days: int | None) -> None:
    """Make a token for the employee NAME and print it: this once, as only its hash is kept."""
    from linkdesk.auth.api_tokens import NAME_PATTERN
    from linkdesk.auth.policy import Role

    if NAME_PATTERN.fullmatch(name) is None or name.isdigit():
        raise click.BadParameter("name an employee: no commas, colons or digits alone", param_hint="NAME")
    click.echo(_with_tokens(lambda bearers: bearers.add(name, Role(role), days)))


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="As a JSON list.")
def list_tokens(*, as_json: bool) -> None:
    """Show the tokens: whose they are, what they allow, and until when."""
    import json

    listed = _with_tokens(lambda bearers: bearers.all())
    if as_json:
        rows = [{**_token_row(one), "expired": one.expired} for one in listed]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in listed:
        row = _token_row(one)
        until = "expired" if one.expired else f"until {row['expires']}" if one.expires_at else "until revoked"
        click.echo(f"{row['id']:>4}  {row['role']:<6}  {row['name']}  since {row['created']}  {until}")


@token.command("revoke")
@click.argument("which", metavar="NAME|ID")
def revoke_token(*, which: str) -> None:
    """Revoke a token by its number, or all tokens of an employee; a running server refuses them at once."""
    from linkdesk.text.language import settings_language
    from tool_specs.declaration.localized import Localized

    gone = _with_tokens(lambda bearers: bearers.revoke(which))
    if not gone:
        none = Localized(
            en=f"There is no such token: {which}. See `linkdesk token list`; tokens of LINKDESK_HTTP_TOKENS are taken "
            "out there.",
            ru=f"Такого токена нет: {which}. Смотрите `linkdesk token list`; токены из LINKDESK_HTTP_TOKENS убирают "
            "из самой настройки.",
        )
        raise click.ClickException(none.to(settings_language()))
    said = Localized(en=f"Revoked: {len(gone)} ({gone[0]}).", ru=f"Отозвано токенов: {len(gone)} ({gone[0]}).")
    click.echo(said.to(settings_language()))


def _token_row(one: ApiToken) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "role": one.role.value,
        "created": one.created_at.date().isoformat(),
        "expires": one.expires_at.date().isoformat() if one.expires_at else None,
    }


def _with_tokens(do: Callable[[ApiTokens], Coroutine[None, None, Answer]]) -> Answer:
    """Open the stored tokens and run an operation on them.

    Raises:
        NotConfigured: the database cannot be used.
    """
    import asyncio

    from linkdesk.bootstrap.stores import database_address
    from linkdesk.config.logging import configure_logging
    from linkdesk.config.settings import load_settings
    from linkdesk.errors.base import NotConfigured, Trouble
    from linkdesk.storage.api_tokens import ApiTokens
    from linkdesk.storage.database import Database

    settings = load_settings()
    configure_logging(("warning",))

    async def done() -> Answer:
        async with await Database.open(database_address(settings)) as store:
            return await do(ApiTokens(store))

    failed: Localized
    try:
        return asyncio.run(done())
    except Trouble as trouble:
        failed = trouble.what
    raise NotConfigured(failed)

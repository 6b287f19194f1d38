"""The commands `linkdesk serve` and `linkdesk tools`."""

from __future__ import annotations

import gc
import json
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from mcp.server import Server

    from linkdesk.config.settings import Settings

TOOLSETS = click.option("--toolsets", metavar="A,B", help="Toolsets to offer, or all.  [default: LINKDESK_TOOLSETS]")


@click.command()
@TOOLSETS
@click.option("--tools", metavar="A,B", help="Individual tools to offer.  [default: LINKDESK_TOOLS]")
@click.option("--read-only", is_flag=True, help="Offer read-only tools and refuse every change.")
@click.option("--sandbox", is_flag=True, help="Use a sample portal in memory instead of a real one.")
@click.option("--http", metavar="HOST:PORT", help="Serve over HTTP at /mcp; clients need a token.")
def serve(*, toolsets: str | None, tools: str | None, read_only: bool, sandbox: bool, http: str | None) -> None:
    """Serve AI assistants: an MCP server on standard input and output, or over HTTP."""
    with _gc_paused():
        import asyncio

        from linkdesk.config.logging import configure_logging
        from linkdesk.config.settings import load_settings
        from linkdesk.storage.url import store_address

        settings = load_settings()
        given: dict[str, Any] = {"toolsets": toolsets, "tools": tools}
        named = {name: split_names(value) for name, value in given.items() if value is not None}
        settings = settings.model_copy(update={**named, "read_only": read_only or settings.read_only})
        # Refuse wrong settings before anything starts.
        if settings.toolsets or settings.tools:
            from server.tools.selection import select_tools

            select_tools(settings.toolsets, settings.tools, read_only=settings.read_only)
        if not sandbox:
            settings.connection()
        if settings.database is not None:
            store_address(settings.database.get_secret_value())
        # Before the SDK is imported, which would configure logging itself.
        configure_logging(settings.log)
    if http is None:
        asyncio.run(_serve(settings, sandbox=sandbox))
        return
    with _gc_paused():
        from server.http.uvicorn import parse_listen_address, serve_http

    host, port = parse_listen_address(http)
    asyncio.run(serve_http(settings, host, port, sandbox=sandbox))


@contextmanager
def _gc_paused() -> Generator[None]:
    """Pause garbage collection during imports and freeze what they created.

    Imports create no garbage; scanning their objects takes a tenth of the time to the first response.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


async def _serve(settings: Settings, *, sandbox: bool) -> None:
    with _gc_paused():
        from server.stdio.handshake import serve_stdio
    # With a webhook alone there is nothing to connect to at start-up, so no setting can turn out wrong.
    reaches = (settings.client_id, settings.client_secret, settings.redis, settings.traces or None)
    await serve_stdio(lambda: _open_server(settings, sandbox=sandbox), at_once=any(one is not None for one in reaches))


@asynccontextmanager
async def _open_server(settings: Settings, *, sandbox: bool) -> AsyncGenerator[Server[Any]]:
    """Open the desk and build the MCP server that answers everything after the handshake."""
    async with AsyncExitStack() as stack:
        with _gc_paused():
            from linkdesk.auth.policy import Actor, Face, local_user
            from linkdesk.bootstrap.desk import open_desk
            from server.auth.scopes import granted_scopes
            from server.mcp_app import build_server

        actor = Actor(name=local_user(), face=Face.MCP, employee=settings.employee or "")
        desk = await stack.enter_async_context(open_desk(settings, sandbox=sandbox))
        if settings.traces:
            from server.telemetry.setup import start_telemetry

            # Metrics are exposed over HTTP only.
            stack.enter_context(start_telemetry(settings.model_copy(update={"metrics": False}), desk))
        find_approver = None
        if settings.may_have_bot:
            # Imported only for installations with a bot, to keep start-up fast.
            from server.elicitation.telegram import open_approver_lookup

            find_approver = await stack.enter_async_context(open_approver_lookup(settings, sandbox=sandbox))
        yield build_server(desk, settings, lambda: actor, await granted_scopes(desk, actor), find_approver).protocol


@click.command()
@TOOLSETS
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def tools(*, toolsets: str | None, as_json: bool) -> None:
    """List all tools, or those of the given toolsets."""
    from server.tools.selection import ALL, is_default, select_tools

    rows = [
        {
            "name": method.name(),
            "rest": method.rest or None,
            "effect": method.effect.value,
            "toolset": method.toolset,
            "default": is_default(method),
        }
        for method in select_tools(split_names(toolsets or "") or (ALL,))
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    width = max(len(str(row["name"])) for row in rows)
    click.echo("\n".join(_row(row, width) for row in rows))
    click.echo("* offered by default")


def _row(row: dict[str, Any], width: int) -> str:
    mark = "*" if row["default"] else " "
    return f"{mark} {row['name']:<{width}}  {row['effect']:<11}  {row['toolset']:<9}  {row['rest'] or '-'}"


def split_names(value: str) -> tuple[str, ...]:
    """Split a comma-separated list of names."""
    return tuple(part.strip() for part in value.split(",") if part.strip())

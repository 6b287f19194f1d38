"""The command `linkdesk doctor`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linkdesk.config.settings import Settings
    from linkdesk.doctor.findings import Finding


@click.command()
@click.option("--sandbox", is_flag=True, help="Look at a made-up portal in memory.")
def doctor(*, sandbox: bool) -> None:
    """Check settings, portal, permissions, database and Telegram; say what to do about each."""
    import asyncio

    from linkdesk.doctor.findings import has_errors

    if has_errors(asyncio.run(_print_findings(sandbox=sandbox))):
        raise SystemExit(1)


async def _print_findings(*, sandbox: bool) -> list[Finding]:
    """Print each finding as it comes."""
    from linkdesk.config.logging import configure_logging
    from linkdesk.text.language import settings_language

    configure_logging(("error",))
    language = settings_language()
    found: list[Finding] = []
    async for finding in findings(sandbox=sandbox):
        found.append(finding)
        click.echo(finding.render(language))
    return found


async def findings(*, sandbox: bool = False) -> AsyncGenerator[Finding]:
    """Check everything that is configured."""
    from linkdesk.config.settings import load_settings
    from linkdesk.doctor.findings import SETTINGS, CheckState, Finding, check_settings
    from linkdesk.errors.base import NotConfigured

    try:
        settings = load_settings()
    except NotConfigured as error:
        yield Finding(CheckState.WRONG, SETTINGS, error.sentence)
        return
    for finding in check_settings(settings):
        yield finding
    async for finding in _portal_findings(settings, sandbox=sandbox):
        yield finding
    async for finding in _service_findings(settings):
        yield finding
    if not sandbox:
        from linkdesk.doctor.events import check_notifications

        if (news := await check_notifications(settings)) is not None:
            yield news


async def _portal_findings(settings: Settings, *, sandbox: bool) -> AsyncGenerator[Finding]:
    from linkdesk.auth.policy import Actor, Face, local_user
    from linkdesk.bootstrap.desk import open_portal_clients
    from linkdesk.doctor.checks import check_portal
    from linkdesk.doctor.findings import PORTAL, CheckState, Finding
    from linkdesk.errors.base import NotConfigured, Trouble

    try:
        async with open_portal_clients(settings, sandbox=sandbox) as portals:
            portal = await portals.client_for(Actor(local_user(), Face.CHAT))
            async for finding in check_portal(portal):
                yield finding
    except NotConfigured as error:
        yield Finding(CheckState.WRONG, PORTAL, error.sentence)
    except Trouble as trouble:
        yield Finding(CheckState.WRONG, PORTAL, trouble.what, trouble.next)


async def _service_findings(settings: Settings) -> AsyncGenerator[Finding]:
    """Check the Bot API server, the model, the database and Redis, where they are configured."""
    from linkdesk.doctor.checks import check_opens, check_telegram
    from linkdesk.doctor.findings import MODEL, REDIS, STORE, CheckState, Finding
    from linkdesk.errors.base import NotConfigured
    from tool_specs.declaration.localized import Localized

    if (finding := await check_telegram(settings)) is not None:
        yield finding
    try:
        llm = settings.llm()
    except NotConfigured as error:
        yield Finding(CheckState.WRONG, MODEL, error.sentence)
    else:
        if llm is not None:
            from linkdesk.doctor.llm import check_llm

            yield await check_llm(llm)
    fine = Localized(en="it can be used.", ru="работает.")
    if settings.database is not None:
        from linkdesk.storage.database import Database
        from linkdesk.storage.url import store_address

        address = settings.database.get_secret_value()

        @asynccontextmanager
        async def opened() -> AsyncGenerator[None]:
            async with await Database.open(store_address(address)):
                yield

        yield await check_opens(STORE, opened, fine)
    if settings.redis is not None:
        from linkdesk.bootstrap.redis import open_locks

        redis = settings.redis.get_secret_value()
        yield await check_opens(REDIS, lambda: open_locks(redis), fine)

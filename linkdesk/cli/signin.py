"""The commands `linkdesk signin` and `linkdesk signout`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linkdesk.config.settings import Settings
    from linkdesk.portal.application import Application
    from tool_specs.declaration.localized import Language, Localized


@click.command()
@click.option("--as", "who", metavar="NAME", help="Whose rights these are; for somebody in Telegram, telegram:NUMBER.")
def signin(*, who: str | None) -> None:
    """Sign in to the portal, so that Linkdesk works with your own rights."""
    import asyncio

    from linkdesk.auth.policy import local_user
    from linkdesk.bootstrap.signin import open_signin_store
    from linkdesk.config.logging import configure_logging
    from linkdesk.config.settings import load_settings
    from linkdesk.signin.terminal import sign_in

    settings = load_settings()
    configure_logging(settings.log)
    application = _application(settings)
    language = _language(settings)

    async def signed_in() -> Localized | None:
        async with open_signin_store(settings, application) as store:
            return await sign_in(store, application, who or local_user(), language=language, say=click.echo)

    ended = asyncio.run(signed_in())
    if ended is not None:
        raise click.ClickException(ended.to(language))


@click.command()
@click.option("--as", "who", metavar="NAME", help="Whose sign-in to forget.")
@click.option("--everybody", is_flag=True, help="Forget all of them, even those that the key does not open.")
def signout(*, who: str | None, everybody: bool) -> None:
    """Forget a sign-in: Linkdesk no longer works with these rights."""
    import asyncio

    from linkdesk.auth.policy import local_user
    from linkdesk.config.logging import configure_logging
    from linkdesk.config.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log)
    click.echo(asyncio.run(_sign_out(settings, _application(settings), None if everybody else who or local_user())))


async def _sign_out(settings: Settings, application: Application, who: str | None) -> str:
    from linkdesk.bootstrap.signin import open_signin_store
    from tool_specs.declaration.localized import Localized

    async with open_signin_store(settings, application, check=False) as store:
        if who is None:
            count = await store.tokens.delete_all()
            said = Localized(en=f"Signed out: {count}.", ru=f"Забыто входов: {count}.")
        elif await store.tokens.delete(who):
            said = Localized(en=f"{who} is signed out.", ru=f"Вход забыт: {who}.")
        else:
            said = Localized(en=f"{who} was not signed in.", ru=f"Входа не было: {who}.")
    return said.to(_language(settings))


def _application(settings: Settings) -> Application:
    """Return the application.

    Raises:
        NotConfigured: there is none, as nobody signs in with a webhook.
    """
    from linkdesk.errors.base import NotConfigured
    from linkdesk.portal.application import Application
    from tool_specs.declaration.localized import Localized

    connection = settings.connection()
    if isinstance(connection, Application):
        return connection
    raise NotConfigured(
        Localized(
            en="Nobody has to sign in: LINKDESK_PORTAL is a webhook, whose rights everybody uses.",
            ru="Входить не нужно: в LINKDESK_PORTAL указан вебхук, его правами пользуются все.",
        ),
    )


def _language(settings: Settings) -> Language:
    return settings.lang or "en"

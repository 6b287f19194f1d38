"""The commands `linkdesk chat` and `linkdesk bot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tool_specs.said import Language

_SANDBOX = click.option("--sandbox", is_flag=True, help="Use a made-up portal in place of the one that is set.")


def _host_and_port(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, int]:
    host, _, port = value.strip().rpartition(":")
    if not host or not (port.isascii() and port.isdecimal() and int(port) <= LAST_PORT):
        message = "HOST:PORT is wanted, such as 127.0.0.1:8081."
        raise click.BadParameter(message)
    return host.strip("[]"), int(port)


LAST_PORT = 65535


@click.command()
@_SANDBOX
@click.option("--lang", type=click.Choice(["en", "ru"]), help="Answer in this language, whatever the message's is.")
def chat(*, sandbox: bool, lang: Language | None) -> None:
    """Talk in the terminal, or a message a line from standard input."""
    import logging

    from bot.chat import talk
    from linkdesk.log import configure_logging
    from linkdesk.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log)
    if "log" not in settings.model_fields_set:
        # Between the lines of a conversation only warnings are wanted, unless somebody asked for more.
        logging.getLogger().setLevel(logging.WARNING)
    talk(settings, sandbox=sandbox, language=lang or settings.lang)


@click.command()
@_SANDBOX
@click.option(
    "--http",
    "listen",
    metavar="HOST:PORT",
    default="127.0.0.1:8081",
    show_default=True,
    callback=_host_and_port,
    help="Where to take updates in when LINKDESK_PUBLIC_URL is set.",
)
def bot(*, sandbox: bool, listen: tuple[str, int]) -> None:
    """Answer in Telegram: by polling, or by a webhook when LINKDESK_PUBLIC_URL is set."""
    import asyncio

    from bot.app import run
    from linkdesk.log import configure_logging
    from linkdesk.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log)
    asyncio.run(run(settings, sandbox=sandbox, listen=listen))

"""The commands `linkdesk chat`, `linkdesk bot` and `linkdesk parse`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tool_specs.declaration.localized import Language

_SANDBOX = click.option("--sandbox", is_flag=True, help="Use a made-up portal in place of the one that is set.")


def _host_and_port(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, int] | None:
    if value is None:
        return None
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
    """Chat in the terminal; when input is piped, read one message per line."""
    import logging

    from bot.terminal import talk
    from linkdesk.config.logging import configure_logging
    from linkdesk.config.settings import load_settings

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
    callback=_host_and_port,
    help="Where to take updates in when LINKDESK_PUBLIC_URL is set, 127.0.0.1:8081 if left out; /health is there, too.",
)
def bot(*, sandbox: bool, listen: tuple[str, int] | None) -> None:
    """Answer in Telegram: by polling, or by a webhook when LINKDESK_PUBLIC_URL is set."""
    import asyncio

    from bot.app.app import run
    from linkdesk.config.logging import configure_logging
    from linkdesk.config.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log)
    asyncio.run(run(settings, sandbox=sandbox, listen=listen))


class _Moment(click.ParamType[datetime]):
    """An ISO time, with an offset or without."""

    name = "ISO8601"

    def convert(self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time."""
        try:
            return value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO time such as 2026-11-20T12:00:00+03:00.", param, ctx)


@click.command()
@click.option("--now", type=_Moment(), help="The time to read days and hours by; the present one if left out.")
@click.argument("text", nargs=-1)
def parse(*, now: datetime | None, text: tuple[str, ...]) -> None:
    """Print what a sentence means as a line of JSON; without TEXT, read one sentence per line from standard input."""
    import sys

    from bot.nlu.message_text import host_of
    from bot.parse_command import json_line, parse_sentence
    from linkdesk.config.settings import load_settings, machine_zone

    settings = load_settings()
    zone = settings.timezone or machine_zone()
    host = host_of(settings.portal.get_secret_value()) if settings.portal else None
    moment = now or datetime.now(UTC)
    for sentence in [" ".join(text)] if text else sys.stdin:
        click.echo(json_line(parse_sentence(sentence.rstrip("\r\n"), moment, zone, host)))

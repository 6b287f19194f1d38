"""The command `linkdesk explain CODE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tool_specs.declaration.localized import Language


@click.command()
@click.argument("code")
@click.option("--lang", type=click.Choice(["en", "ru"]), help="Language of the answer.  [default: LINKDESK_LANG]")
def explain(*, code: str, lang: Language | None) -> None:
    """Explain an error CODE of Linkdesk or of Bitrix24."""
    from linkdesk.errors.lookup_text import explain, unknown_code
    from linkdesk.text.language import settings_language

    language = lang or settings_language()
    if (told := explain(code, language)) is None:
        click.echo(unknown_code(code, language), err=True)
        raise click.exceptions.Exit(1)
    click.echo(told)

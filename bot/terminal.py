"""The conversation in a terminal, or line by line from standard input."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from typing import Final

import click

from bot.commands.help import start
from bot.conversation.service import Conversation
from bot.conversation.session import Person
from bot.llm.loader import load_proposer
from bot.nlu.lexicon_data.command_words import EXIT
from bot.nlu.message_text import cleaned
from linkdesk.auth.policy import Face, Role, local_user
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.text import fold

PROMPT: Final = "> "
TO_LEAVE: Final = Localized(en="To quit: exit", ru="Чтобы выйти: выход")
INTERRUPTED: Final = Localized(
    en="Stopped. If a change was in progress, check whether it was made.",
    ru="Прервано. Если выполнялось изменение, проверьте, применилось ли оно.",
)


def person_at_terminal() -> Person:
    """Return the local user as an administrator: whoever runs the command has the credentials anyway."""
    return Person(chat=0, user=0, name=local_user(), role=Role.ADMIN, face=Face.CHAT)


def talk(settings: Settings, *, sandbox: bool, language: Language | None) -> None:
    """Talk until the input ends.

    Raises:
        NotConfigured: no portal is set, or its address is wrong.
    """
    person = person_at_terminal()
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        desk = runner.run(stack.enter_async_context(open_desk(settings, sandbox=sandbox)))
        model = load_proposer(settings, desk.host)
        conversation = Conversation(desk, language=language, portal_host=desk.host, model=model)
        try:
            answer_lines(runner, conversation, _typed(conversation, person) if sys.stdin.isatty() else _piped())
        except KeyboardInterrupt:
            click.echo(f"\n{INTERRUPTED.to(conversation.language(person))}", err=True)
            sys.exit(130)
        finally:
            runner.run(stack.aclose())


def answer_lines(runner: asyncio.Runner, conversation: Conversation, lines: Iterable[str]) -> None:
    """Answer one line after another, until one ends the conversation."""
    person = person_at_terminal()
    for line in lines:
        if ends_conversation(line):
            break
        click.echo(runner.run(conversation.say(line, person)).text)


def ends_conversation(line: str) -> bool:
    """Return whether a line ends the conversation."""
    return len(line) < MOST_EXIT and fold(cleaned(line).removeprefix("/")) in EXIT


MOST_EXIT: Final = 20


def _typed(conversation: Conversation, person: Person) -> Iterator[str]:
    """Ask for one line after another; Ctrl-C and Ctrl-D end the conversation."""
    with contextlib.suppress(ImportError):
        # Gives the prompt a history and keys to edit with, where the platform has it.
        importlib.import_module("readline")
    language = conversation.language(person)
    click.echo(f"{start(language).plain}\n{TO_LEAVE.to(language)}")
    with contextlib.suppress(EOFError, KeyboardInterrupt):
        while True:
            yield input(PROMPT)
    click.echo()


def _piped() -> Iterator[str]:
    """Read a message a line, whatever bytes come, and echo each before its answer."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8", errors="replace").removeprefix("\ufeff").rstrip("\r\n")
        click.echo(f"{PROMPT}{''.join(letter if letter.isprintable() else ' ' for letter in line)}")
        yield line

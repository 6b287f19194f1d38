"""One declaration is a command everywhere: in the terminal, in Telegram, in its menus, its help and the docs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.app.app import serve
from bot.app.wiring import StaffAccess
from bot.commands.command import Audience, Command, CommandTable, Scope
from bot.commands.forms import FORMS, TOOL_COMMANDS
from bot.commands.parser import Reading, Talk, read_command
from bot.commands.table import COMMANDS, TOOL_WORDS
from bot.conversation.command_handlers import CommandHandlers, UnknownCommandError, handles
from bot.conversation.command_request import CommandRequest
from bot.conversation.service import Conversation
from bot.conversation.session import Reply
from bot.terminal import answer_lines
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.settings import Settings
from tests.support.fake_bot_api.server import USER, FakeBotApi
from tests.support.telegram_env import (
    EDITOR,
    GROUP,
    Sleeper,
    bot_settings,
    staff_allowing_chat,
    telegram_transports,
)
from tool_specs.declaration.localized import LANGUAGES, Localized
from tool_specs.declaration.text import fold

STRANGER = 666

PING = Command(
    name="ping",
    words="пинг",
    title=Localized(en="Say pong", ru="Сказать понг"),
    help=Localized(en="/ping WORD: the word comes back.", ru="/пинг СЛОВО: слово вернётся."),
)


class Pong:
    """A service with one command."""

    @handles("ping")
    async def ping(self, request: CommandRequest) -> Reply:
        return request.reply(Localized(en="pong {words}", ru="понг {words}"), words=request.arguments)


@asynccontextmanager
async def a_bot(api: FakeBotApi, *more: Command, services: Sequence[object] = ()) -> AsyncIterator[Conversation]:
    stopped = asyncio.Event()
    async with open_desk(bot_settings(), sandbox=True) as desk:
        conversation = Conversation(desk, commands=CommandTable([*COMMANDS, *more]))
        conversation.commands.register(*services)
        staff_access = StaffAccess(await staff_allowing_chat(GROUP))
        serving = asyncio.create_task(
            serve(bot_settings(), conversation, telegram_transports(api), stopped, Sleeper(), staff_access=staff_access)
        )
        await api.until(lambda: serving.done() or api.called("getUpdates"))
        try:
            yield conversation
        finally:
            stopped.set()
            await serving


async def answer_to(api: FakeBotApi, text: str, user: int = USER, chat_id: int | None = None) -> str:
    api.user_says(text, user_id=user, chat_id=chat_id)
    (message,) = await api.answer()
    return message.text


def test_a_declared_command_is_answered_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with asyncio.Runner() as runner:

        async def conversation() -> Conversation:
            made = Conversation(await opening.__aenter__(), commands=CommandTable([*COMMANDS, PING]))
            made.commands.register(Pong())
            return made

        opening = open_desk(Settings(), sandbox=True)
        answer_lines(runner, runner.run(conversation()), ["/ping once", "/help ping", "/pnig", "ping", "/пинг дважды"])
        runner.run(opening.__aexit__(None, None, None))
    once, explained, misspelt, bare, twice = capsys.readouterr().out.splitlines()
    assert (once, twice, bare.strip()) == ("pong once", "понг дважды", "pong")
    assert explained == "/ping WORD: the word comes back."
    assert "/ping" in misspelt


async def test_a_declared_command_is_answered_in_telegram_and_stands_in_its_menus_and_help() -> None:
    api = FakeBotApi()
    async with a_bot(api, PING, services=[Pong()]):
        assert await answer_to(api, "/ping once") == "pong once"
        assert await answer_to(api, "/ping twice", chat_id=GROUP) == "pong twice"
        assert await answer_to(api, "/help ping") == "/ping WORD: the word comes back."
        assert api.menu()["ping"] == "Say pong"
        assert api.menu("ru")["ping"] == "Сказать понг"


async def test_audience_and_scope_are_enforced_and_decide_on_menus() -> None:
    api = FakeBotApi()
    only = replace(PING, audience=Audience.ADMINS, scope=Scope.PRIVATE_CHAT)
    async with a_bot(api, only, services=[Pong()]):
        assert (await answer_to(api, "/ping", EDITOR)).startswith("Only a Linkdesk administrator")
        assert (await answer_to(api, "/ping", chat_id=GROUP)).startswith("Send this command to me in a private chat")
        assert await answer_to(api, "/ping x") == "pong x"
        assert "ping" not in api.menu()
        assert "ping" not in api.menu(type="all_chat_administrators")
        assert "ping" in api.menu(type="chat", chat_id=USER)


async def test_every_declared_command_is_carried_out_by_something() -> None:
    async with a_bot(FakeBotApi()) as conversation:
        assert conversation.commands.missing() == [], (
            "Declared in bot/commands/table.py, but nothing carries it out: mark a method of a service with "
            '@handles("NAME"); bot/app/wiring.py registers the services.'
        )


def test_a_handler_of_an_undeclared_command_is_refused() -> None:
    with pytest.raises(UnknownCommandError, match=r"add it to bot/commands/table\.py"):
        CommandHandlers(COMMANDS).register(Pong())


def test_words_are_given_to_declared_tools_only() -> None:
    unknown = set(TOOL_WORDS) - set(TOOL_COMMANDS)
    assert unknown == set(), (
        "TOOL_WORDS in bot/commands/table.py names commands that no method declares a slash form for"
    )
    assert {form.command for form in FORMS} == {command.name for command in COMMANDS if command.forms}


@pytest.mark.parametrize("command", [one for one in COMMANDS if not one.forms], ids=lambda one: one.name)
def test_a_command_is_complete(command: Command) -> None:
    where = f"complete /{command.name} in bot/commands/table.py:"
    assert command.name.isascii(), f"{where} Telegram's menu takes Latin names only"
    assert any(not word.isascii() for word in command.all_words), f"{where} give it a Russian word"
    for language in LANGUAGES:
        assert 0 < len(command.title.to(language)) <= 256, f"{where} give it a title"
        first = command.help.to(language).split()[0].strip(":,")
        assert fold(first.removeprefix("/")) in command.all_words, f"{where} begin its help with the command"
    others = {word: names for word, names in COMMANDS.of_word.items() if command.name in names and len(names) > 1}
    assert others == {}, f"{where} these words belong to other commands, too"


@pytest.mark.parametrize("command", list(COMMANDS), ids=lambda one: one.name)
def test_every_word_of_a_command_reads_as_it(command: Command) -> None:
    for word in command.all_words:
        reading = read_command(f"/{word}")
        if not command.forms:
            assert isinstance(reading, Talk)
            assert reading.command == command.name


def test_the_docs_list_every_command() -> None:
    page = (Path(__file__).parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
    missing = [command.name for command in COMMANDS if f"`/{command.name}`" not in page]
    assert missing == [], "docs/commands.md is stale: run make format"


async def test_a_message_is_read_once_and_a_strangers_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    api, texts = FakeBotApi(), list[str]()

    def counted(text: str, portal_host: str | None, table: CommandTable, now: datetime, zone: str) -> Reading:
        texts.append(text)
        return read_command(text, portal_host, table, now, zone)

    monkeypatch.setattr("bot.conversation.service.read_command", counted)
    async with a_bot(api):
        await answer_to(api, "/link booking 14 deal 1", STRANGER)
        assert texts == []
        for text in ("/links booking 14", "/whoami", "/status", "/stop", "no"):
            await answer_to(api, text)
        assert texts == ["/links booking 14", "/whoami", "/status", "/stop", "no"]

"""A whole conversation in each language, in the terminal and in Telegram: the portal ends in the same right state."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import Transports, serve
from bot.conversation.service import Conversation
from bot.telegram.request import TolerantRequest
from linkdesk.auth.policy import Role
from linkdesk.config.settings import Settings
from linkdesk.sandbox.app import Sandbox
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tests.support.sandbox_server import sandbox_on_socket

LINKDESK = Path(sys.executable).parent / "linkdesk"


@dataclass(frozen=True)
class Script:
    """What a person says in turn, and what each answer holds."""

    lines: Sequence[tuple[str, str]]


RUSSIAN = Script(
    (
        ("найди Петрова", "Иван Петров"),
        ("привяжи сделку 1 к сегодняшней брони на 15:00", "Выполнить?"),
        ("да", "Привязано: бронирование 14"),
        ("нет, к пятнадцатой", "Выполнить?"),
        ("да", "Отвязано: бронирование 14"),
        ("добавь клиента Петрова к брони 16", "2. контакт 4"),
        ("2", "Выполнить?"),
        ("да", "Добавлено в клиенты: бронирование 16"),
        ("привяжи сделку 3", "Какое бронирование?"),
        ("16", "сделка 3"),
        ("отмени последнее", "Отвязано: бронирование 16"),
        ("отвяжи все сделки от брони 15", "Ничего не останется"),
        ("нет", "Отменено. Ничего не изменено."),
        ("вчера отвязал сделку 2 от брони 15", "ничего не сделано"),
        ("привяжи сделку 99 к брони 15", "Ничего не изменено"),
    )
)
ENGLISH = Script(
    (
        ("find Smith", "John Smith"),
        ("link deal 1 to today's 3 pm booking", "Do it?"),
        ("yes", "Linked: booking 14"),
        ("no, to booking 15", "Do it?"),
        ("yes", "Unlinked: booking 14"),
        ("add client Petrov to booking 16", "2. contact 4"),
        ("2", "Do it?"),
        ("yes", "Client added: booking 16"),
        ("link deal 3", "Which booking?"),
        ("booking 16", "deal 3"),
        ("undo that", "Unlinked: booking 16"),
        ("unlink all deals from booking 15", "Nothing will remain"),
        ("no", "Cancelled. Nothing was changed."),
        ("I unlinked deal 2 from booking 15 yesterday", "nothing was done"),
        ("link deal 99 to booking 15", "Nothing was changed"),
    )
)
SCRIPTS = pytest.mark.parametrize("script", [RUSSIAN, ENGLISH], ids=["ru", "en"])


async def assert_right(env: SandboxEnv) -> None:
    assert await env.deals(14) == [7]
    assert await env.deals(15) == [2, 1]
    assert await env.deals(16) == []
    assert await env.clients(16) == [("CONTACT", 4)]


@SCRIPTS
async def test_in_the_terminal(script: Script) -> None:
    sandbox = Sandbox(rate=None)
    with sandbox_on_socket(sandbox) as portal:
        settings = {
            "LINKDESK_PORTAL": portal,
            "LINKDESK_RATE": "5000/50000",
            "LINKDESK_DATABASE": "sqlite://",
            "LINKDESK_TIMEZONE": "Europe/Moscow",
        }
        talking = await asyncio.create_subprocess_exec(
            *(LINKDESK, "chat"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **settings},
        )
        said, complained = await talking.communicate("".join(f"{line}\n" for line, _ in script.lines).encode())
    assert talking.returncode == 0, complained.decode()
    answers = said.decode().removeprefix("> ").split("\n> ")
    assert len(answers) == len(script.lines)
    for (line, expected), answer in zip(script.lines, answers, strict=True):
        assert answer.startswith(line)
        assert expected in answer, answer
    bare = httpx.AsyncClient(transport=sandbox.transport(), base_url="http://127.0.0.1")
    async with open_sandbox_env(rate=None) as env, bare:
        await assert_right(SandboxEnv(sandbox, env.desk, bare))


@SCRIPTS
async def test_in_telegram(script: Script) -> None:
    api, stopped = FakeBotApi(), asyncio.Event()
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    wires = Transports(HTTPXRequest(**through), TolerantRequest(**through))
    settings = Settings(telegram_token=SecretStr(TOKEN), telegram_api="http://127.0.0.1:1", staff={USER: Role.EDITOR})
    async with open_sandbox_env(rate=None) as env:
        serving = asyncio.create_task(serve(settings, Conversation(env.desk), wires, stopped))
        await api.until(lambda: serving.done() or api.called("getUpdates"))
        for line, expected in script.lines:
            told = len(api.sent)
            api.user_says(line)
            await api.until(lambda told=told: len(api.sent) > told)  # type: ignore[misc]
            assert expected in api.sent[-1].text, (line, api.sent[-1].text)
        stopped.set()
        await serving
        await assert_right(env)

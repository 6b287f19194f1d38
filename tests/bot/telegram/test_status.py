"""What administrators are told of the bot itself: how it is doing, and what went wrong."""

from __future__ import annotations

import asyncio
import logging

import pytest
import structlog
from telegram.error import InvalidToken

from bot.app.admin_alerts import PAUSE_S, alert_text
from bot.app.app import serve
from linkdesk.bootstrap.desk import open_desk
from linkdesk.config.logging import configure_logging
from linkdesk.runtime.inbox import MemoryInbox
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.inbox_bot import FailingConversation, failing_conversation, run_inbox_bot
from tests.support.telegram_env import EDITOR, bot_settings, telegram_transports

ADMIN_CHAT = -1_001_000_000_555


@pytest.mark.parametrize(
    ("text", "language", "lines"),
    [
        ("/status", "en", ["Linkdesk ", "Telegram: polling, last answer 0:0", "Queue: 1 ", "Portal: responds in "]),
        ("/статус", "ru", ["Linkdesk ", "Telegram: опрос, последний ответ 0:0", "Очередь: 1 ", "Портал: отвечает за "]),
    ],
)
async def test_an_administrator_is_told_how_the_bot_is_doing(text: str, language: str, lines: list[str]) -> None:
    api = FakeBotApi()
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, MemoryInbox()):
        api.user_says("/links 14", language_code=language)
        await api.answer()
        api.user_says(text, language_code=language)
        (said,) = await api.answer()
    found = said.text.split("\n")
    assert [line for line, start in zip(found, lines, strict=False) if not line.startswith(start)] == []
    assert found[4:] == ["Storage: memory", f"This chat: {USER}"] or language == "ru"
    assert TOKEN.partition(":")[2] not in said.text


async def test_who_is_no_administrator_is_told_nothing_of_it() -> None:
    api = FakeBotApi()
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, MemoryInbox()):
        api.user_says("/status", user_id=EDITOR)
        assert (await api.answer())[0].text.startswith("Only a Linkdesk administrator can use this command.")


async def test_incidents_are_told_in_the_administrators_chat_once_a_minute_without_a_word_of_a_client() -> None:
    configure_logging()
    api, gate, slept = FakeBotApi(), asyncio.Event(), list[float]()
    api.open_chat(ADMIN_CHAT)

    async def waiting(seconds: float) -> None:
        slept.append(seconds)
        if seconds == PAUSE_S:
            await gate.wait()

    stopped = asyncio.Event()
    given = bot_settings(admin_chat=ADMIN_CHAT)
    async with open_desk(given, sandbox=True) as desk:
        serving = asyncio.create_task(
            serve(given, FailingConversation(desk), telegram_transports(api), stopped, waiting, inbox=MemoryInbox()),
        )
        for place in range(4):
            api.user_says("stumble over Ivan Petrov", user_id=USER)
            if place:
                api.user_says("stumble over Ivan Petrov", user_id=EDITOR)
        await api.until(lambda: len(api.sent) - len(to_admins(api)) == 7 and to_admins(api))
        assert len(to_admins(api)) == 1
        gate.set()
        await api.until(lambda: len(to_admins(api)) == 2)
        stopped.set()
        await serving
    first, second = to_admins(api)
    assert first.startswith("Incident ")
    assert "(telegram.update_set_aside, RuntimeError)" in first
    assert "more since then" in second
    assert "Petrov" not in first + second
    assert PAUSE_S in slept


def to_admins(api: FakeBotApi) -> list[str]:
    return [message.text for message in api.sent if message.chat_id == ADMIN_CHAT]


def test_several_incidents_are_one_message_in_either_language() -> None:
    incidents = [("aa", "x.failed", "KeyError"), ("bb", "x.failed", "KeyError"), ("cc", "y.failed", "OSError")]
    assert alert_text(incidents, "en").plain.endswith("2 more since then; the latest: cc.")
    assert alert_text(incidents[:1], "ru").plain.startswith("Инцидент aa (x.failed, KeyError).")


def test_with_both_faces_in_one_process_no_log_has_the_token(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(("debug",))
    from mcp.server import MCPServer  # noqa: PLC0415 - it sets logging up when it is made, in its own way

    MCPServer("x")
    secret = TOKEN.partition(":")[2]
    hook = "https://example.bitrix24.com/rest/1/plantedsecret12345/"
    for name in ("httpx", "telegram.ext", "mcp.server", "somebody.else"):
        logging.getLogger(name).warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger(name).error("%s refresh_token=plantedrefresh client_secret: plantedclient", hook)
    refused = InvalidToken(f"The token `{TOKEN}` was rejected by the server.")
    structlog.stdlib.get_logger().error("telegram.failed", url=f"https://x/bot{TOKEN}/y", exc_info=refused)
    said = capsys.readouterr()
    assert "getMe" in said.err
    assert "was rejected" in said.err
    assert [one for one in (secret, "plantedsecret12345", "plantedrefresh", "plantedclient") if one in said.err] == []
    assert len(logging.getLogger().handlers) == 1

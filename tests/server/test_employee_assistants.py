"""Assistants that employees let in by signing in with Bitrix24, and the same employees' accounts in Telegram."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import Transports, connect, opened_bot, staff_access_of
from bot.conversation.service import Conversation
from bot.telegram.polling import Polling
from bot.telegram.request import TolerantRequest
from linkdesk.auth.policy import Role
from linkdesk.bootstrap.desk import open_desk
from linkdesk.bootstrap.stores import open_staff
from linkdesk.runtime.inbox import MemoryInbox
from tests.support.fake_bot_api.server import TOKEN, FakeBotApi
from tests.support.mcp_client import error, success
from tests.support.oauth_env import Kept, OAuthEnv, open_oauth_env

KATE, ANOTHER = 1002, 1003
ALL_OF_14 = ("unset_booking_links", {"booking_id": 14, "all": True})


async def link(env: OAuthEnv, api: FakeBotApi, telegram: int, user_id: int) -> None:
    """Sign in on our page as a user of the portal, and link that to a Telegram account."""
    browser = env.browser(user_id)
    begun = await browser.http.get(f"{env.url}/oauth/start")
    page = await browser.page(await browser.sign_in(begun.headers["location"]))
    code = re.search(r"\?start=([A-Za-z0-9_-]{1,64})", page.text)
    assert code is not None, page.text
    api.user_says(f"/start {code[1]}", user_id=telegram)
    (question,) = await api.answer()
    api.press(telegram, question.message_id, "Do it")
    (answer,) = await api.answer()
    assert answer.text.startswith("Linked:"), answer.text


@pytest.mark.parametrize("user_of_kate", [1, 2])
async def test_the_account_that_is_signed_in_as_the_same_person_is_asked(tmp_path: Path, user_of_kate: int) -> None:
    given: dict[str, Any] = {
        "telegram_token": SecretStr(TOKEN),
        "staff": {KATE: Role.EDITOR, ANOTHER: Role.EDITOR},
    }
    api, stopped = FakeBotApi(), asyncio.Event()
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    wires = Transports(HTTPXRequest(**through), TolerantRequest(**through))
    async with (
        open_oauth_env(tmp_path, **given) as env,
        open_desk(env.settings) as desk,
        open_staff(env.settings) as people,
        opened_bot(
            env.settings.model_copy(update={"public_url": None, "telegram_api": "http://127.0.0.1:1"}),
            Conversation(desk),
            wires,
            MemoryInbox(),
            staff_access=staff_access_of(env.settings, desk, people, sandbox=False),
        ) as bot,
    ):
        await connect(bot.app, stopped)
        await bot.greet(env.settings)
        async with bot.working():
            polling = asyncio.create_task(Polling(bot.app.bot, wires.asking, bot.keep, stopped).run())
            await link(env, api, KATE, user_of_kate)
            await link(env, api, ANOTHER, 3 - user_of_kate)
            async with env.client(env.browser(2), Kept()) as client:
                waiting = success(await client.call_tool(*ALL_OF_14))
                plan = {"plan_id": waiting["plan_id"]}
                await bot.assistant_approvals.poll()
                (card,) = await api.answer()
                whose, other = (KATE, ANOTHER) if user_of_kate == 2 else (ANOTHER, KATE)
                press = api.press_data(other, card.message_id, f"y:{waiting['plan_id']}", card.chat_id)
                await api.until(lambda: press in api.callback_answers)
                early = error(await client.call_tool("apply_plan", plan))
                api.press(whose, card.message_id, "Approve")
                (result,) = await api.answer()
                done = success(await client.call_tool("get_plan", plan))
                changes = success(await client.call_tool("list_changes", {}))["changes"]
            stopped.set()
            await polling
    assert card.chat_id == whose
    assert card.text.startswith("mcp wants to do this on your behalf:\nBooking 14 ")
    assert api.callback_answers[press]["text"].startswith("Only the person who was asked")
    assert early["code"] == "not_approved"
    assert result.buttons[0] == "Undo"
    assert done["state"] == "done"
    assert [change["tool"] for change in changes] == ["unset_booking_links"]

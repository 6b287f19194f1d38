"""A plain python-telegram-bot bot, without our code, on the fake Bot API."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import (
    BadRequest,
)
from telegram.request import HTTPXRequest

from tests.support.fake_bot_api.server import USER, FakeBotApi

CHAT = USER

GROUP = -1_001_000_000_007


def bot_request(api: FakeBotApi) -> HTTPXRequest:
    return HTTPXRequest(httpx_kwargs={"transport": api.transport})


def start_bot(api: FakeBotApi, token: str = "") -> Bot:
    return Bot(token or api.token, request=bot_request(api), get_updates_request=bot_request(api))


def inline_keyboard(*captions: str, data: str = "y:1") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(caption, callback_data=data) for caption in captions]])


async def refusal_text(bot: Bot, method: str, **params: Any) -> str:  # noqa: ANN401 - whatever JSON a bot may send
    # In lower case because python-telegram-bot warns about methods that it has; Telegram ignores the case.
    with pytest.raises(BadRequest) as refused:
        await bot.do_api_request(method.lower(), params)
    return refused.value.message

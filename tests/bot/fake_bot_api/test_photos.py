"""Photos sent to the fake Bot API."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from telegram import (
    Bot,
)
from telegram.error import (
    BadRequest,
)

from tests.support.fake_bot import CHAT, inline_keyboard
from tests.support.fake_bot_api.server import FakeBotApi


def a_png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("P", (width, height)).save(out, "PNG")
    return out.getvalue()


async def test_a_picture_arrives_with_its_caption_and_buttons(bot: Bot, api: FakeBotApi) -> None:
    api.user_says("/picture")
    await bot.send_photo(CHAT, a_png(), caption="Friday", reply_markup=inline_keyboard("More"))
    (message,) = await api.answer()
    assert (message.text, message.buttons, message.picture) == ("Friday", ["More"], a_png())
    assert message.wire["photo"][0]["width"] == 40


@pytest.mark.parametrize(
    ("picture", "caption", "refusal"),
    [
        (b"", "", "File must be non-empty"),
        (b"no picture", "", "Image_process_failed"),
        (a_png(9_000, 1_001), "", "Photo_invalid_dimensions"),
        (a_png(2_100, 100), "", "Photo_invalid_dimensions"),
        (a_png(), "x" * 1025, "Message caption is too long"),
    ],
    ids=["empty", "no picture", "too large", "too narrow", "long caption"],
)
async def test_a_picture_that_telegram_does_not_take_is_refused(
    bot: Bot, api: FakeBotApi, picture: bytes, caption: str, refusal: str
) -> None:
    api.user_says("/picture")
    with pytest.raises(BadRequest, match=refusal):
        await bot.send_photo(CHAT, picture, caption=caption)
    assert api.sent == []


async def test_a_picture_has_no_text_to_edit(bot: Bot, api: FakeBotApi) -> None:
    api.user_says("/picture")
    sent = await bot.send_photo(CHAT, a_png(), caption="Friday")
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("Saturday", CHAT, sent.message_id)

import html
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.conversation.session import Reply
from bot.telegram.outbox import Destination
from bot.telegram.request import readable
from bot.telegram.sender import Sender, pieces_of
from tests.support.fake_bot_api.server import USER, FakeBotApi


def a_reply(text: str, card: str | None = None) -> Reply:
    return Reply(text, html.escape(text, quote=False), "en", card)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=60), min_size=1))
def test_a_long_text_is_split_without_a_loss(lines: list[str]) -> None:
    reply = a_reply("\n".join(lines))
    pieces = list(pieces_of(reply, most=40))
    assert all(units(plain) <= 40 for plain, _ in pieces)
    assert "".join(plain for plain, _ in pieces).replace("\n", "") == "".join(lines)
    assert all(html.unescape(formatted) == html.unescape(plain) or "&" in plain for plain, formatted in pieces)


async def test_a_long_answer_comes_in_several_messages_with_the_buttons_on_the_last() -> None:
    api = FakeBotApi()
    api.open_chat(USER)
    request: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    async with Bot(api.token, request=HTTPXRequest(**request), get_updates_request=HTTPXRequest(**request)) as bot:
        text = "\n".join(f"• deal {number} “<{'x' * 80}>”" for number in range(100))
        last = await Sender(bot).send(Destination(USER), a_reply(text, card="A" * 16))
    assert "\n".join(message.text for message in api.sent) == text
    assert [message.buttons for message in api.sent] == [[], [], ["Do it", "Cancel"]]
    assert last == api.sent[-1].message_id


@pytest.mark.parametrize("payload", [b"", b"no json", b"[]", b'{"ok":true}', b"\xff"])
def test_an_answer_without_updates_is_left_as_it_is(payload: bytes) -> None:
    assert readable(payload) == payload


def test_only_what_cannot_be_read_is_taken_out_of_a_batch() -> None:
    chat = {"id": 1, "type": "private"}
    good = {"update_id": 2, "message": {"message_id": 1, "date": 1, "chat": chat, "unknown_field": 1}}
    new_kind = {"update_id": 4, "something_new": {"a": 1}}
    bad = {"update_id": 3, "message": {"message_id": 1}}
    batch = [{"no": "number"}, good, bad, new_kind, "text", {"update_id": "5"}]
    with capture_logs():
        answer = json.loads(readable(json.dumps({"ok": True, "result": batch}).encode()))
    assert answer == {"ok": True, "result": [good, {"update_id": 3}, new_kind]}

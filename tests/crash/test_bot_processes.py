"""The bot as a process over sockets: Telegram refuses, fails and keeps silent, and the bot goes on."""

from __future__ import annotations

import asyncio
import socket

import httpx

from tests.support.bot_process import STAFF, start_bot, stop_bot, wait_for_end
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi

PASSING = (
    ("sendMessage", 429, "Too Many Requests: retry after 1", 1),
    ("sendMessage", 502, "Bad Gateway", None),
    ("sendMessage", 504, "Gateway Timeout", None),
    ("getUpdates", 409, "Conflict: terminated by other getUpdates request", None),
    ("getUpdates", 429, "Too Many Requests: retry after 1", 1),
    ("getUpdates", 502, "Bad Gateway", None),
)


async def test_what_passes_is_waited_for_and_the_answer_comes_once() -> None:
    api = FakeBotApi()
    async with (
        api.listening() as address,
        start_bot("--sandbox", telegram_token=TOKEN, telegram_api=address, staff=STAFF, log="debug") as bot,
    ):
        await api.until(lambda: api.called("getUpdates"), 20)
        for deal, (method, status, description, retry_after) in enumerate(PASSING, 1):
            api.fail_next(method, status, description, retry_after=retry_after)
            api.user_says(f"/link booking 15 deal {deal + 2}")
            (linked,) = await api.answer(timeout=20)
            assert linked.text.startswith("Linked: booking 15"), (method, status)
        api.user_says("/links booking 15")
        (listed,) = await api.answer(timeout=20)
        assert [listed.text.count(f"deal {deal + 2} ") for deal in range(1, 1 + len(PASSING))] == [1] * len(PASSING)
        code, said = await stop_bot(bot)
    assert code == 0
    assert "Traceback" not in said
    assert TOKEN.partition(":")[2] not in said


NOT_EDITED = (
    (403, "Forbidden: bot was blocked by the user"),
    (400, "Bad Request: message is not modified: specified new message content is the same"),
    (400, "Bad Request: message to edit not found"),
)


async def test_a_card_that_cannot_be_edited_stops_nothing_and_is_carried_out_once() -> None:
    api = FakeBotApi()
    async with (
        api.listening() as address,
        start_bot("--sandbox", telegram_token=TOKEN, telegram_api=address, staff=STAFF, log="debug") as bot,
    ):
        for booking, (status, description) in zip((14, 15, 16), NOT_EDITED, strict=True):
            await taken_off(api, booking, status, description)
        code, said = await stop_bot(bot)
    assert code == 0
    assert "Traceback" not in said


async def taken_off(api: FakeBotApi, booking: int, status: int, description: str) -> None:
    """Link a deal, and take all away by a card that Telegram does not let be edited."""
    api.user_says(f"/link booking {booking} deal 3")
    await api.until(lambda: any(f"ooking {booking}" in one.text for one in api.sent), 20)
    before = len(api.called("editMessageText"))
    api.user_says(f"/unlink booking {booking} all")
    await api.until(lambda: any(_asks_about(one, booking) for one in api.sent), 20)
    card = next(one for one in api.sent if _asks_about(one, booking))
    api.fail_next("editMessageText", status, description)
    api.press(USER, card.message_id, "Do it")
    await api.until(lambda: len(api.called("editMessageText")) > before, 20)
    api.user_says(f"/links booking {booking}")
    await api.until(lambda: any(_has_none(one.text, booking) for one in api.sent), 20)


def _asks_about(message: BotMessage, booking: int) -> bool:
    return f"ooking {booking}" in message.text and "Do it" in message.buttons


def _has_none(text: str, booking: int) -> bool:
    return f"ooking {booking}" in text and "has no deals" in text


async def test_a_bot_that_polls_says_at_an_address_that_it_is_well() -> None:
    api = FakeBotApi()
    with socket.create_server(("127.0.0.1", 0)) as free:
        here = f"127.0.0.1:{free.getsockname()[1]}"
    async with (
        api.listening() as address,
        start_bot("--sandbox", "--http", here, telegram_token=TOKEN, telegram_api=address, staff=STAFF) as bot,
        httpx.AsyncClient(base_url=f"http://{here}") as http,
    ):
        await api.until(lambda: api.called("getUpdates"), 20)
        assert (await http.get("/health")).json() == {"status": "ok"}
        api.user_says("/links booking 14")
        await api.answer(timeout=20)
        code, said = await stop_bot(bot)
    assert code == 0
    assert "Traceback" not in said


async def test_an_address_for_a_bot_that_polls_that_is_taken_is_one_sentence_and_exit_2() -> None:
    api = FakeBotApi()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        here = f"127.0.0.1:{taken.getsockname()[1]}"
        async with (
            api.listening() as address,
            start_bot("--sandbox", "--http", here, telegram_token=TOKEN, telegram_api=address, staff=STAFF) as bot,
        ):
            code, said = await asyncio.wait_for(wait_for_end(bot), 30)
    assert code == 2
    assert f"cannot listen on {here}" in said
    assert "Traceback" not in said

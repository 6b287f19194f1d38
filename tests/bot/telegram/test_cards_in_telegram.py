"""Cards over the Bot API: what they show, what they become, and who may press what, where."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app.app import serve
from bot.app.wiring import StaffAccess
from bot.conversation.service import Conversation
from linkdesk.accounts.staff import Invitation, Member, MemoryStaffStore
from linkdesk.auth.policy import Role
from linkdesk.errors.base import Trouble
from linkdesk.errors.codes.database import STORE_BUSY
from linkdesk.sandbox.store import DEAL
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import USER, FakeBotApi
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tests.support.telegram_env import (
    EDITOR,
    GROUP,
    Clock,
    Sleeper,
    bot_settings,
    staff_allowing_chat,
    telegram_transports,
)

HOST = "salon.bitrix24.ru"


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def env() -> AsyncGenerator[SandboxEnv]:
    async with open_sandbox_env(rate=None) as opened:
        opened.desk.host = HOST
        yield opened


@pytest.fixture(autouse=True)
async def bot(api: FakeBotApi, clock: Clock, env: SandboxEnv) -> AsyncIterator[None]:
    stopped = asyncio.Event()
    staffing = StaffAccess(await staff_allowing_chat(GROUP), clock=clock.seconds)
    conversation = Conversation(env.desk, year=lambda: 2026)
    serving = asyncio.create_task(
        serve(bot_settings(), conversation, telegram_transports(api), stopped, Sleeper(), staff_access=staffing)
    )
    await api.until(lambda: serving.done() or api.called("getUpdates"))
    try:
        yield
    finally:
        stopped.set()
        await serving


async def answer_to(api: FakeBotApi, text: str, **more: Any) -> BotMessage:  # noqa: ANN401 - as user_says takes it
    api.user_says(text, **more)
    (message,) = await api.answer()
    return message


def addresses(message: BotMessage) -> list[str]:
    return [key["url"] for key in message.keys if "url" in key]


async def answers_to(api: FakeBotApi, text: str, count: int, **more: Any) -> list[BotMessage]:  # noqa: ANN401 - the same
    api.user_says(text, **more)
    return await api.answer(count)


async def pressed(api: FakeBotApi, message: BotMessage, button: str) -> BotMessage:
    """Press a button, and give the message that comes of it: the same one, edited, or another."""
    api.press(USER, message.message_id, button, message.chat_id)
    (shown,) = await api.answer()
    return shown


def now(api: FakeBotApi, message: BotMessage) -> BotMessage:
    """Give a message as it stands in the chat by now."""
    there = (one for one in api.sent if (one.chat_id, one.message_id) == (message.chat_id, message.message_id))
    return next(there)


async def alert(api: FakeBotApi) -> str:
    """Give what is told to who pressed a button, once that is known."""
    told = len(api.called("answerCallbackQuery"))
    await api.until(lambda: len(api.called("answerCallbackQuery")) > told)
    return str(api.called("answerCallbackQuery")[-1].get("text"))


async def test_a_card_shows_booking_client_and_time_and_what_goes_and_stays_by_name(api: FakeBotApi) -> None:
    await answer_to(api, "/link booking 14 deal 1")
    card = await answer_to(api, "/link booking 14 deal 1 replace")
    assert card.text == (
        "Booking 14 (Fri 20 Nov, 15:00–16:00, Анна Иванова) will lose: deal 7 “Стрижка мужская”.\n"
        "Will stay: deal 1 “Стрижка и окрашивание”.\n"
        "Do it? yes / no"
    )
    await answers_to(api, "no", 2)
    russian = await answer_to(api, "отвяжи все сделки от брони 14")
    assert russian.text.startswith("У бронирования 14 (пт 20 нояб., 15:00–16:00, Анна Иванова) будет убрано: сделка 7")


async def test_a_card_becomes_its_result_with_undo_and_the_way_to_bitrix24(api: FakeBotApi, env: SandboxEnv) -> None:
    card = await answer_to(api, "/unlink booking 14 all")
    assert card.buttons == ["Do it", "Cancel"]
    done = await pressed(api, card, "Do it")
    assert done.message_id == card.message_id
    assert done.text.startswith("Unlinked")
    assert done.buttons == ["Undo", "Open in Bitrix24"]
    assert addresses(done) == [f"https://{HOST}/crm/deal/details/7/"]
    api.press(USER, done.message_id, "Undo")
    _, undone = await api.answer(2)
    assert undone.text.startswith("Linked: booking 14")
    assert undone.buttons == ["Undo", "Open in Bitrix24"]
    assert now(api, done).buttons == []
    assert await env.deals(14) == [7]


async def test_what_is_deleted_offers_neither(api: FakeBotApi) -> None:
    done = await pressed(api, await answer_to(api, "/delete booking 21"), "Do it")
    assert done.text.startswith("Deleted")
    assert done.buttons == []


async def test_the_ids_of_buttons_are_short_and_say_nothing(api: FakeBotApi) -> None:
    card = await answer_to(api, "/unlink booking 14 all")
    await answers_to(api, "no", 2)
    again = await answer_to(api, "/unlink booking 14 all")
    data = [key["callback_data"] for message in (card, again) for key in message.keys if "callback_data" in key]
    assert all(len(one.encode()) <= 64 and re.fullmatch("[yn]:[a-z0-9]{10}", one) for one in data)
    assert len({one[2:] for one in data}) == 2


async def test_undo_belongs_to_whoever_made_the_change(api: FakeBotApi, env: SandboxEnv) -> None:
    done = await answer_to(api, "/link booking 14 deal 1", chat_id=GROUP)
    data = next(key["callback_data"] for key in done.keys if "callback_data" in key)
    api.press_data(EDITOR, done.message_id, data, GROUP)
    assert (await alert(api)).startswith("Somebody else made this change.")
    assert "Undo" in now(api, done).buttons
    assert await env.deals(14) == [7, 1]


async def test_undo_that_did_not_come_about_can_be_pressed_again(api: FakeBotApi, env: SandboxEnv) -> None:
    done = await answer_to(api, "/связать бронь 14 сделка 1")
    await env.fault("*", "no_rights", 1)
    api.press(USER, done.message_id, "Отменить")
    told = await alert(api)
    assert "Ничего не изменено" in told
    # Telegram shows no more than this.
    assert len(told) <= 200
    assert "Отменить" in now(api, done).buttons
    assert await env.deals(14) == [7, 1]
    api.press(USER, done.message_id, "Отменить")
    await api.answer(2)
    assert await env.deals(14) == [7]


async def test_a_card_is_answered_in_its_chat_only_typed_or_pressed(api: FakeBotApi, env: SandboxEnv) -> None:
    card = await answer_to(api, "/unlink booking 14 all")
    number = next(key["callback_data"] for key in card.keys)[2:]
    elsewhere = await answer_to(api, f"/apply {number}", chat_id=GROUP)
    assert elsewhere.text.startswith("The question is waiting in your private chat with the bot.")
    assert now(api, card).buttons == ["Do it", "Cancel"]
    assert await env.deals(14) == [7]
    in_group = await answer_to(api, "/unlink booking 14 all", chat_id=GROUP)
    number = next(key["callback_data"] for key in in_group.keys)[2:]
    back = await answer_to(api, f"/apply {number}")
    assert back.text.startswith("The question is waiting in the group where it was asked.")
    _, applied = await answers_to(api, f"/apply {number}", 2, chat_id=GROUP)
    assert applied.text.startswith("Unlinked")
    # The buttons of the card go with the answer, however it is given.
    assert now(api, in_group).buttons == []


async def test_of_many_alike_five_are_offered_and_the_rest_by_more(api: FakeBotApi, env: SandboxEnv) -> None:
    deals = env.sandbox.store.items[DEAL]
    for number in range(101, 108):
        deals[number] = deals[7].model_copy(update={"id": number, "title": f"Кератин {number}"})
    asked = await answer_to(api, "свяжи бронь 15 со сделкой «Кератин»")
    assert [label[:2] for label in asked.buttons] == ["1.", "2.", "3.", "4.", "5.", "Ещ"]
    further = await pressed(api, asked, "Ещё…")
    assert further.message_id == asked.message_id
    numbers = re.findall(r"сделка (\d+)", " ".join([*asked.buttons, *further.buttons]))
    assert sorted(map(int, numbers)) == list(range(101, 108))
    number = int(re.findall(r"сделка (\d+)", further.buttons[0])[0])
    card = await pressed(api, further, further.buttons[0])
    assert card.buttons == ["Выполнить", "Отмена"]
    assert f"сделка {number}" in card.text
    assert (await pressed(api, card, "Выполнить")).text.startswith("Привязано")
    assert await env.deals(15) == [2, number]
    # A candidate of a question that is over does nothing.
    api.press_data(USER, asked.message_id, "c:0000000000:1")
    assert await alert(api) in {
        "This button no longer works. Nothing was changed.",
        "Эта кнопка больше не действует. Ничего не изменено.",
    }


async def test_the_number_of_a_group_is_told_to_its_administrator_whole(api: FakeBotApi) -> None:
    status = await answer_to(api, "/status", chat_id=GROUP)
    assert f"This chat: {GROUP}" in status.text


class Shaky(MemoryStaffStore):
    """A store of the staff that does not answer while it is down."""

    down = False

    async def member(self, telegram_id: int, /) -> Member | None:
        if self.down:
            raise Trouble(STORE_BUSY)
        return await super().member(telegram_id)


async def test_staff_are_not_called_strangers_while_the_store_is_down(env: SandboxEnv) -> None:
    api, people, stopped, kate = FakeBotApi(), Shaky(), asyncio.Event(), 1007
    expires = datetime.now(UTC) + timedelta(hours=1)
    code = await people.invite(Invitation(role=Role.EDITOR, name="Kate", created_by="telegram:1001", expires=expires))
    serving = asyncio.create_task(
        serve(
            bot_settings(),
            Conversation(env.desk),
            telegram_transports(api),
            stopped,
            Sleeper(),
            staff_access=StaffAccess(people),
        )
    )
    await answer_to(api, f"/start {code}", user_id=kate)
    card = await answer_to(api, "/unlink booking 14 all", user_id=kate)
    people.down = True
    said = "I can't check who you are right now. Try again in a minute."
    assert (await answer_to(api, "/links booking 14", user_id=kate)).text == said
    api.press(kate, card.message_id, "Do it")
    assert await alert(api) == said
    assert await env.deals(14) == [7]
    # Whoever is named in the settings needs no store.
    assert (await answer_to(api, "/links booking 14")).text.startswith("Deals of booking 14")
    people.down = False
    api.press(kate, card.message_id, "Do it")
    (done,) = await api.answer()
    assert done.text.startswith("Unlinked")
    stopped.set()
    await serving

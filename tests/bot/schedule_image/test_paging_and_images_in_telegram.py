"""Lists that are paged in place, and a day's schedule as a picture."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from PIL import Image
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import Transports, serve
from bot.app.wiring import StaffAccess
from bot.conversation.buttons import Button
from bot.conversation.service import Conversation
from bot.conversation.session import Reply
from bot.schedule_image.content import content_of
from bot.schedule_image.request import ImageRequest
from bot.telegram import outbox
from bot.telegram.outbox import Destination, Outgoing
from bot.telegram.request import TolerantRequest
from linkdesk.accounts.staff import Chat, MemoryStaffStore
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.config.settings import Settings
from tests.support.fake_bot_api.account import BotMessage
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.sandbox_env import SandboxEnv, open_sandbox_env
from tool_specs.methods.booking import AddBooking

EDITOR = 1002
NAME = "Анна +7 916 123-45-01"
STRANGER = 666
GROUP = -1_001_000_000_007


class Bot:
    """A running bot, the fake it talks to, and what it waited for."""

    def __init__(self, api: FakeBotApi, sandbox_env: SandboxEnv) -> None:
        self.api = api
        self.sandbox_env = sandbox_env
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    async def said(self, text: str, **more: Any) -> BotMessage:  # noqa: ANN401 - as user_says takes it
        self.api.user_says(text, **more)
        (message,) = await self.api.answer()
        return message

    async def pressed(self, message: BotMessage, button: str, user: int = USER) -> BotMessage:
        self.api.press(user, message.message_id, button, chat_id=message.chat_id)
        (shown,) = await self.api.answer()
        return shown

    async def refused(self, message: BotMessage, data: str, user: int = USER) -> str:
        """Press, and give the notice that comes in place of an answer."""
        number = self.api.press_data(user, message.message_id, data, message.chat_id)
        await self.api.until(lambda: number in self.api.callback_answers)
        return str(self.api.callback_answers[number].get("text"))

    async def wait_for(self, guests: int) -> None:
        """Put guests on the waitlist."""
        for number in range(guests):
            await self.sandbox_env.call("booking.v1.waitlist.add", fields={"note": f"Guest {number}"})


@asynccontextmanager
async def running(api: FakeBotApi) -> AsyncIterator[Bot]:
    staff = {USER: Role.ADMIN, EDITOR: Role.EDITOR}
    settings = Settings(telegram_token=SecretStr(TOKEN), telegram_api="http://127.0.0.1:1", staff=staff)
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    people = MemoryStaffStore()
    await people.allow_chat(Chat(id=GROUP, allowed_by="telegram:1001"))
    stopped = asyncio.Event()
    async with open_sandbox_env(rate=None) as sandbox_env:
        bot = Bot(api, sandbox_env)
        wires = Transports(HTTPXRequest(**through), TolerantRequest(**through))
        serving = asyncio.create_task(
            serve(settings, Conversation(sandbox_env.desk), wires, stopped, bot.sleep, staff_access=StaffAccess(people))
        )
        await api.until(lambda: serving.done() or api.called("getUpdates"))
        try:
            yield bot
        finally:
            stopped.set()
            await serving


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with running(api) as started:
        yield started


def size_of(message: BotMessage) -> tuple[int, int]:
    assert message.picture is not None
    with Image.open(io.BytesIO(message.picture)) as image:
        return image.size


def rows_of(message: BotMessage) -> list[str]:
    return [line for line in message.text.splitlines() if line.startswith("•")]


async def test_a_long_list_is_turned_over_in_place_there_and_back(bot: Bot) -> None:
    await bot.wait_for(20)
    first = await bot.said("/waitlist")
    assert len(rows_of(first)) == 10
    assert first.buttons == ["More"]
    second = await bot.pressed(first, "More")
    assert second.message_id == first.message_id
    assert len(rows_of(second)) == 10
    assert not set(rows_of(first)) & set(rows_of(second))
    assert second.buttons == ["Back", "More"]
    last = await bot.pressed(second, "More")
    assert (len(rows_of(last)), last.buttons) == (3, ["Back"])
    again = await bot.pressed(await bot.pressed(last, "Back"), "Back")
    assert (again.text, again.buttons) == (first.text, ["More"])
    assert len(bot.api.called("sendMessage")) == 1


async def test_after_a_page_was_turned_more_goes_on_from_there(bot: Bot) -> None:
    await bot.wait_for(20)
    second = await bot.pressed(await bot.said("/waitlist"), "More")
    third = await bot.said("/more")
    assert not set(rows_of(second)) & set(rows_of(third))
    assert len(rows_of(third)) == 3


async def test_the_buttons_speak_the_language_of_the_list(bot: Bot) -> None:
    await bot.wait_for(20)
    first = await bot.said("/ожидание")
    assert first.buttons == ["Ещё"]
    assert (await bot.pressed(first, "Ещё")).buttons == ["Назад", "Ещё"]


async def test_a_list_is_turned_only_by_whoever_asked_for_it(bot: Bot) -> None:
    await bot.wait_for(20)
    first = await bot.said("/waitlist", chat_id=GROUP)
    data = first.keys[0]["callback_data"]
    assert await bot.refused(first, data, EDITOR) == "This list is out of date. Please request it again."
    assert await bot.refused(first, data, STRANGER) == "This is for staff only."
    assert len(rows_of(await bot.pressed(first, "More"))) == 10


async def test_a_button_of_before_the_restart_says_so_and_a_pictures_still_works(api: FakeBotApi) -> None:
    async with running(api) as bot:
        await bot.wait_for(20)
        old = await bot.said("/waitlist")
        today = await bot.said("/today")
    async with running(api) as bot:
        assert (
            await bot.refused(old, old.keys[0]["callback_data"]) == "This list is out of date. Please request it again."
        )
        assert size_of(await bot.pressed(today, "As a picture"))[0] == 1080


@pytest.mark.parametrize("data", ["g:7k2m9q4x1z:1", "g:7k2m9q4x1z:9999", "p:2026-13-45:en"])
async def test_a_button_that_leads_nowhere_is_answered(bot: Bot, data: str) -> None:
    message = await bot.said("/today")
    assert await bot.refused(message, data) == "This list is out of date. Please request it again."


async def test_a_page_that_cannot_be_read_is_offered_again(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    await bot.wait_for(20)
    first = await bot.said("/waitlist")

    async def broken(*_: object, **_more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(type(bot.sandbox_env.desk), "do", broken)
        failed = await bot.pressed(first, "More")
    assert failed.buttons == ["Try again"]
    assert len(rows_of(await bot.pressed(failed, "Try again"))) == 10


@pytest.mark.parametrize(
    ("text", "button", "caption"),
    [("/today", "As a picture", r"Bookings: [1-9]\."), ("/сегодня", "Картинкой", r"Бронирований: [1-9]\.")],
)
async def test_a_days_list_is_shown_as_a_picture_below_it_when_wanted(
    bot: Bot, text: str, button: str, caption: str
) -> None:
    listed = await bot.said(text)
    assert listed.picture is None
    assert listed.buttons == [button]
    shown = await bot.pressed(listed, button)
    assert size_of(shown)[0] == 1080
    assert re.search(caption, shown.text)
    assert shown.message_id != listed.message_id
    assert not bot.api.called("editMessageText")


@pytest.mark.parametrize("text", ["/week", "/bookings 2026-11-16 2026-11-22", "/waitlist", "/deal 7", "/booking 14"])
async def test_only_a_day_is_offered_as_a_picture(bot: Bot, text: str) -> None:
    message = await bot.said(text)
    assert "As a picture" not in message.buttons


async def test_the_picture_has_a_command_of_its_own_with_a_day(bot: Bot) -> None:
    assert size_of(await bot.said("/picture"))[0] == 1080
    shown = await bot.said("/picture 2031-11-22")
    assert shown.text == "Saturday 22 November. Bookings: 0."


async def test_one_command_reads_the_day_once(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    desk = type(bot.sandbox_env.desk)
    do = desk.do

    async def counted(self: Any, method: Any, *rest: Any, **more: Any) -> Any:  # noqa: ANN401 - as it comes
        asked.append(method.name())
        return await do(self, method, *rest, **more)

    monkeypatch.setattr(desk, "do", counted)
    assert (await bot.said("/picture")).picture is not None
    assert asked == ["get_day_schedule"]


async def test_in_a_group_the_picture_answers_in_place_and_hides_phone_numbers(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = bot.sandbox_env.desk.today
    start, end = f"{day} 17:00", f"{day} 18:00"
    actor = Actor("docs", Face.CHAT, Role.ADMIN)
    booked = AddBooking.model_validate({"resource_ids": [1], "date_from": start, "date_to": end, "name": NAME})
    await bot.sandbox_env.desk.do(booked, actor)
    texts: list[str] = []

    def looked(*args: Any, **more: Any) -> Any:  # noqa: ANN401 - as it comes
        scene = content_of(*args, **more)
        texts.extend(visit.title for row in scene.rows for visit in row.visits)
        return scene

    monkeypatch.setattr("bot.schedule_image.service.content_of", looked)
    shown = await bot.said("/picture@fake_bot", chat_id=GROUP, thread_id=5)
    assert (shown.thread_id, shown.picture is not None) == (5, True)
    assert shown.reply_to is not None
    assert not any("123" in text for text in texts)
    texts.clear()
    await bot.said("/picture")
    assert any("916 123-45-01" in text for text in texts)


@pytest.mark.parametrize("description", ["Bad Request: PHOTO_INVALID_DIMENSIONS", "Bad Request: IMAGE_PROCESS_FAILED"])
async def test_where_telegram_takes_no_picture_the_day_is_said_in_words(bot: Bot, description: str) -> None:
    bot.api.fail_next("sendPhoto", 400, description)
    shown = await bot.said("/picture")
    assert shown.picture is None
    assert shown.text.startswith("Working hours:")


async def test_where_it_cannot_be_drawn_the_day_is_said_in_words(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **_more: object) -> None:
        raise OSError

    monkeypatch.setattr("bot.schedule_image.service.content_of", fails)
    assert (await bot.said("/picture")).text.startswith("Working hours:")


async def test_without_the_library_there_is_no_button_and_the_command_answers_in_words(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversation.pagination.can_be_drawn", lambda: False)
    assert (await bot.said("/today")).buttons == []
    assert (await bot.said("/picture")).text.startswith("Working hours:")
    assert not bot.api.called("sendPhoto")


async def test_a_picture_is_sent_again_after_the_time_that_telegram_asks_for(bot: Bot) -> None:
    bot.api.fail_next("sendPhoto", 429, "Too Many Requests: retry after 3", retry_after=3)
    assert (await bot.said("/picture")).picture is not None
    assert 3 in bot.slept


def test_what_is_kept_of_a_picture_until_it_is_sent_is_what_it_is_drawn_from() -> None:
    actor = Actor("Anna", Face.TELEGRAM, Role.EDITOR, "telegram:1001")
    picture = ImageRequest(date(2026, 11, 20), "ru", actor, masked=True)
    reply = Reply("слова", "слова", "ru", buttons=(Button("Ещё", "g:7k2m9q4x1z:1"),), picture=picture)
    kept = outbox.dump_outgoing((Outgoing(Destination(1, 2, 3), reply),))
    assert outbox.load_outgoing(kept) == (Outgoing(Destination(1, 2, 3), reply),)
    assert len(kept) < 600


def test_answers_that_were_kept_before_there_were_pictures_are_still_read() -> None:
    older = '[{"place":{"chat":1},"reply":{"text":"a","html":"a","language":"en"}}]'
    ((outgoing),) = outbox.load_outgoing(older)
    assert outgoing.reply == Reply("a", "a", "en")

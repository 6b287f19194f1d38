"""What the bot does with what came in when something goes wrong: the handlers, Telegram, the store, itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from telegram import Update

from benchmarks.fifty_people import running
from bot.app.app import serve
from bot.telegram.sender import UndeliveredError
from linkdesk.auth.policy import Confirm
from linkdesk.errors.base import NotConfigured, Trouble
from linkdesk.errors.codes.oauth import STORE_FAILED
from linkdesk.runtime.inbox import Arrival, InboxCounts, LeasedMessage, MemoryInbox
from linkdesk.storage.inbox import open_stored_inbox
from linkdesk.storage.url import DatabaseAddress
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.inbox_bot import failing_conversation, run_inbox_bot
from tests.support.telegram_env import EDITOR, Sleeper, bot_settings, telegram_transports

BOT = int(TOKEN.partition(":")[0])


class Forgetful(MemoryInbox):
    """An inbox whose process dies each time before an answer is kept, so often."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def save_answer(self, item: LeasedMessage, answer: str | None, /) -> None:
        if self.times:
            self.times -= 1
            raise UndeliveredError
        await super().save_answer(item, answer)


async def test_a_write_whose_answer_was_lost_with_the_process_is_told_and_not_done_again() -> None:
    api = FakeBotApi()
    async with (
        failing_conversation(confirm=Confirm.NEVER) as conversation,
        run_inbox_bot(api, conversation, Forgetful(2)),
    ):
        api.user_says("/towaitlist booking 15")
        (told,) = await api.answer()
        api.user_says("/waitlist")
        (listed,) = await api.answer()
    assert told.text.startswith("I was interrupted while working on this. Nothing was done twice")
    assert "waitlist entry 15" in told.text
    assert "15" in listed.text
    assert re.findall(r"\b16\b", listed.text) == []


async def test_an_undo_whose_answer_was_lost_is_not_undone_in_its_turn() -> None:
    api, inbox = FakeBotApi(), Forgetful(0)
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, inbox):
        api.user_says("/link booking 15 deal 3", language_code="ru")
        await api.answer()
        inbox.times = 1
        api.user_says("/undo", language_code="ru")
        (told,) = await api.answer()
        api.user_says("/links 15")
        (links,) = await api.answer()
    assert told.text.startswith("Работа над этим сообщением прервалась. Дважды ничего не выполнено")
    assert "deal 3" not in links.text
    assert "сделка 3" not in links.text


async def test_a_read_whose_answer_was_lost_is_simply_done_again() -> None:
    api = FakeBotApi()
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, Forgetful(2)):
        api.user_says("/links 14")
        assert (await api.answer())[0].text.startswith("Deals of booking 14")
    assert api.unheard == []


@pytest.mark.parametrize("fault", ["refused", "lost"])
async def test_an_answer_that_could_not_be_sent_is_sent_after_the_next_start_and_the_write_not_repeated(
    tmp_path: Path, fault: str
) -> None:
    api = FakeBotApi()
    database = DatabaseAddress.of_file(tmp_path / "a.sqlite3")
    never = asyncio.Event()

    async def waiting(_seconds: float) -> None:
        await never.wait()

    async with failing_conversation() as conversation, open_stored_inbox(database, BOT, None) as inbox:
        with capture_logs():
            async with run_inbox_bot(api, conversation, inbox, waiting):
                if fault == "refused":
                    api.fail_next("sendMessage", 502, "Bad Gateway")
                else:
                    api.lose_next("sendMessage")
                api.user_says("/link booking 15 deal 3")
                await api.until(lambda: api.called("sendMessage"))
        assert await inbox.counts() == InboxCounts(waiting=1, set_aside=0)
        async with run_inbox_bot(api, conversation, inbox):
            # Whether a lost one arrived nobody can know: it is said once more.
            said = await api.answer(2 if fault == "lost" else 1)
        assert await inbox.counts() == InboxCounts(waiting=0, set_aside=0)
    assert {message.text.split("\n")[0].partition(" + ")[2][:6] for message in said} == {"deal 3"}
    assert all(message.text.startswith("Linked: booking 15") for message in said)


async def test_an_update_that_the_bot_stumbles_over_is_tried_again_and_answered() -> None:
    api = FakeBotApi()
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, MemoryInbox()):
        conversation.stumbles = 2
        with capture_logs() as logged:
            api.user_says("/links 14 stumble")
            (answer,) = await api.answer()
    assert answer.text.startswith("Deals of booking 14")
    assert len([line for line in logged if line["event"] == "telegram.update_failed"]) == 2


@pytest.mark.parametrize(("language", "said"), [("en", "incident"), ("ru", "инцидента")])
async def test_an_update_that_the_bot_stumbles_over_each_time_is_set_aside_and_the_person_told_once(
    language: str, said: str
) -> None:
    api, inbox = FakeBotApi(), MemoryInbox()
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, inbox):
        with capture_logs() as logged:
            api.user_says("stumble", language_code=language)
            api.user_says("/links 14", language_code=language)
            told, after = await api.answer(2)
    (line,) = [line for line in logged if line["event"] == "telegram.update_set_aside"]
    assert line["incident"] in told.text
    assert said in told.text.lower()
    assert "14" in after.text
    assert api.unheard == []
    assert conversation.said == 3
    assert await inbox.counts() == InboxCounts(waiting=0, set_aside=1)


async def test_an_update_over_which_the_process_died_each_time_is_not_begun_again() -> None:
    api, inbox = FakeBotApi(), MemoryInbox()
    api.user_says("/links 14")
    (update,) = api.pending
    body = Update.de_json(update, None).to_json()
    await inbox.store([Arrival(number=update["update_id"], chat=USER, body=body)])
    for _ in range(3):
        await inbox.release((await inbox.lease(1))[0])
    async with failing_conversation() as conversation:
        with capture_logs() as logged:
            async with run_inbox_bot(api, conversation, inbox):
                (told,) = await api.answer()
    assert [line["event"] for line in logged if line["log_level"] == "error"] == ["telegram.update_set_aside"]
    assert "Deals" not in told.text
    assert api.unheard == []


async def test_cancel_overtakes_what_its_chat_is_at() -> None:
    api = FakeBotApi()
    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, MemoryInbox()):
        for answer in ("button", "отмена", "no"):
            api.user_says("/unlink booking 14 all")
            (card,) = await api.answer()
            api.user_says("/links slowly 14")
            api.user_says("/links 15")
            if answer == "button":
                api.press(USER, card.message_id, "Cancel")
            else:
                api.user_says(answer)
            (cancelled, *_) = await api.answer(1 if answer == "button" else 2)
            assert api.unheard == []
            conversation.go_on.set()
            first, second = await api.answer(2)
            conversation.go_on.clear()
            assert "14" in first.text
            assert "15" in second.text
            assert "Cancelled" in cancelled.text or cancelled.buttons == []


async def test_a_chat_that_telegram_wants_left_alone_keeps_nobody_else_waiting() -> None:
    api = FakeBotApi()
    gate = asyncio.Event()
    asked = asyncio.Event()
    slept: list[float] = []

    async def waiting(seconds: float) -> None:
        slept.append(seconds)
        asked.set()
        await gate.wait()

    async with failing_conversation() as conversation, run_inbox_bot(api, conversation, MemoryInbox(), waiting):
        api.fail_next("sendMessage", 429, "Too Many Requests: retry after 222", retry_after=222)
        api.user_says("/links 14")
        await asked.wait()
        for number in (15, 16, 17):
            api.user_says(f"/links {number}", user_id=EDITOR)
        said = await api.answer(3)
        assert {message.chat_id for message in said} == {EDITOR}
        gate.set()
        (late,) = await api.answer()
    assert late.chat_id == USER
    assert slept == [222]


async def test_a_bot_that_comes_second_says_so_in_one_sentence_and_ends() -> None:
    api, sleeper = FakeBotApi(), Sleeper()
    api.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request", times=99)
    async with failing_conversation() as conversation:
        with capture_logs() as logged, pytest.raises(NotConfigured) as refused:
            await serve(bot_settings(), conversation, telegram_transports(api), asyncio.Event(), sleeper)
    assert refused.value.sentence.en.startswith("Another program receives this bot's messages")
    assert refused.value.sentence.ru.startswith("Сообщения этого бота уже получает другая программа")
    assert sleeper.slept == [1, 2, 4, 8]
    assert len([line for line in logged if line["log_level"] == "warning"]) == 1


class Full(MemoryInbox):
    """An inbox that keeps nothing, so often."""

    times = 2
    tried = 0

    async def store(self, arrivals: Sequence[Arrival], /) -> int:
        self.tried += 1
        if self.tried <= self.times:
            raise Trouble(STORE_FAILED)
        return await super().store(arrivals)


async def test_an_update_is_not_confirmed_before_it_is_kept() -> None:
    api, inbox = FakeBotApi(), Full()
    with capture_logs() as logged:
        async with failing_conversation() as conversation, run_inbox_bot(api, conversation, inbox):
            api.user_says("/links 14")
            assert (await api.answer())[0].text.startswith("Deals of booking 14")
    assert inbox.tried == 3
    offsets = [call.get("offset") for call in api.called("getUpdates")]
    assert offsets[:3] == [None, None, None] or offsets[:3] == [0, 0, 0]
    assert [line["event"] for line in logged].count("telegram.updates_not_kept") == 2


async def test_what_was_taken_in_is_not_given_to_the_next_start_again() -> None:
    api = FakeBotApi()
    async with failing_conversation() as conversation:
        async with run_inbox_bot(api, conversation, MemoryInbox()):
            api.user_says("/links 14")
            await api.answer()
        assert api.pending == []


async def test_many_people_at_once_are_answered_each_in_order_and_without_an_error() -> None:
    async with running(people=10) as bot:
        bot.send(80)
        await bot.is_answered(80)
    assert bot.in_order()
    assert bot.refusals() == 0

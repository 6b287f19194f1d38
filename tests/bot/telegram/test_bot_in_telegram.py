import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.app.app import serve
from bot.conversation.service import Conversation
from linkdesk.bootstrap.desk import open_desk
from linkdesk.errors.base import NotConfigured
from linkdesk.plans.model import LIFETIME
from tests.support.fake_bot_api.server import TOKEN, USER, FakeBotApi
from tests.support.telegram_env import EDITOR, GROUP, Clock, Sleeper, bot_settings, run_bot, telegram_transports

STRANGER = 666


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sleeper() -> Sleeper:
    return Sleeper()


@pytest.fixture
async def bot(api: FakeBotApi, clock: Clock, sleeper: Sleeper) -> AsyncIterator[None]:
    async with run_bot(api, clock, sleeper):
        yield


pytestmark = pytest.mark.usefixtures("bot")


async def answer_to(api: FakeBotApi, text: str, **more: Any) -> str:  # noqa: ANN401 - as user_says takes it
    api.user_says(text, **more)
    (message,) = await api.answer()
    return message.text


async def everything_is_answered(api: FakeBotApi, **more: Any) -> None:  # noqa: ANN401 - as user_says takes it
    """Ask once more and see that nothing else was said before the answer."""
    assert (await answer_to(api, "/lang", **more)).startswith(("I answer", "Отвечаю"))
    assert api.unheard == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/links booking 14", "Deals of booking 14"),
        ("/link booking 14 deal 1", "Linked: booking 14"),
        ("/unlink booking 14 deal 7", "Unlinked: booking 14"),
        ("/clients booking 14", "Clients of booking 14"),
        ("/client booking 14 contact 2", "Client added: booking 14"),
        ("/unclient booking 14 contact 1", "Client removed: booking 14"),
        ("/bindings activity 999", "Activity 999 is bound to"),
        ("/bind activity 999 deal 1", "Bound: activity 999"),
        ("/unbind activity 70 deal 8", "Unbound: activity 70"),
        ("/move activity 999 from deal 7 to deal 8", "Moved: activity 999"),
        ("/start", "Linkdesk links deals"),
        ("/help", "Linkdesk links deals"),
        ("/lang ru", "Теперь отвечаю по-русски."),
        ("/LINKS@fake_bot 14", "Deals of booking 14"),
        ("/связи бронь 14", "Сделки бронирования 14"),
        ("links booking 14", "Deals of booking 14"),
        ("/frobnicate", "There is no command"),
        ("good morning", "Write a command"),
    ],
)
async def test_every_command_is_answered(api: FakeBotApi, text: str, answer: str) -> None:
    assert (await answer_to(api, text)).startswith(answer)


async def test_a_command_that_telegram_did_not_mark_is_read_all_the_same(api: FakeBotApi) -> None:
    assert (await answer_to(api, "/links 14", entities=[])).startswith("Deals of booking 14")


async def test_the_language_of_the_persons_telegram_is_spoken_where_the_message_has_none(api: FakeBotApi) -> None:
    assert (await answer_to(api, "/links 14", language_code="ru")).startswith("Сделки")
    assert (await answer_to(api, "/links 14", language_code=None, user_id=EDITOR)).startswith("Deals")
    # Who speaks Russian types commands as the menu has them; only their own words are English.
    assert (await answer_to(api, "/link booking 14 deal 1", language_code="ru")).startswith("Привязано")
    assert (await answer_to(api, "unlink deal 1 from booking 14", language_code="ru")).startswith("Unlinked")
    assert (await answer_to(api, "/связать бронь 14 сделка 1", language_code="en")).startswith("Привязано")


async def test_names_of_the_crm_are_escaped_and_shown_as_they_are(api: FakeBotApi) -> None:
    assert "“" in await answer_to(api, "/link booking 14 deal 1")
    assert api.called("sendMessage")[0]["parse_mode"] == "HTML"
    assert "<b>booking 14</b>" in api.called("sendMessage")[0]["text"]


async def test_a_stranger_is_told_their_number_in_private_and_nothing_in_a_group(api: FakeBotApi) -> None:
    assert str(STRANGER) in await answer_to(api, "/links 14", user_id=STRANGER)
    api.user_says("/links 14", user_id=STRANGER, chat_id=GROUP)
    api.user_says("/link@fake_bot 14 1", user_id=STRANGER, chat_id=GROUP)
    await everything_is_answered(api, chat_id=GROUP)


async def test_an_edited_message_a_channel_post_and_a_business_message_run_nothing(api: FakeBotApi) -> None:
    await answer_to(api, "/links 14")
    api.user_says("/link 14 1", edited=True)
    channel = {"message_id": 1, "date": 1, "chat": {"id": -1_002_000_000_000, "type": "channel", "title": "C"}}
    api.push({"channel_post": {**channel, "text": "/link 14 2"}})
    customer = {"id": USER, "is_bot": False, "first_name": "X"}
    private = {"message_id": 1, "date": 1, "chat": {"id": USER, "type": "private", "first_name": "X"}, "from": customer}
    api.push({"business_message": {**private, "business_connection_id": "b", "text": "/link 14 3"}})
    await everything_is_answered(api)
    assert "deal 7" in (links := await answer_to(api, "/links 14"))
    assert "deal 1" not in links


async def test_an_anonymous_administrator_is_asked_to_write_as_themselves(api: FakeBotApi) -> None:
    message = {
        "message_id": 5,
        "date": 1,
        "chat": {"id": GROUP, "type": "supergroup", "title": "G"},
        "text": "/links 14",
    }
    person = {"id": USER, "is_bot": False, "first_name": "X"}
    channel = {"id": -1_002_000_000_000, "type": "channel", "title": "C"}
    api.push({"message": {**message, "from": person, "sender_chat": channel}})
    api.push({"message": {**message, "from": person, "sender_chat": message["chat"]}})
    assert (await api.answer())[0].text.startswith("I can't tell who is writing as an anonymous administrator")
    api.push({"message": {**message, "text": "good morning", "from": person, "sender_chat": message["chat"]}})
    await everything_is_answered(api)


async def test_in_a_group_only_what_is_said_to_the_bot_is_answered(api: FakeBotApi) -> None:
    for text in ("good morning", "yes", "/link@other_bot 14 1", "/weather", "link booking 14 deal 1"):
        api.user_says(text, chat_id=GROUP)
    asked = api.user_says("/links 14", chat_id=GROUP)
    (shown,) = await api.answer()
    assert shown.text.startswith("Deals of booking 14")
    assert shown.reply_to == asked
    api.user_says("links booking 14", chat_id=GROUP, reply_to=shown.message_id)
    assert (await api.answer())[0].text.startswith("Deals")
    assert (await answer_to(api, "@fake_bot links booking 14", chat_id=GROUP)).startswith("Deals")
    await everything_is_answered(api, chat_id=GROUP)


async def test_answers_stay_in_their_topic(api: FakeBotApi) -> None:
    api.user_says("/unlink 14 all", chat_id=GROUP, thread_id=42)
    (card,) = await api.answer()
    assert card.thread_id == 42
    api.press(USER, card.message_id, "Do it", chat_id=GROUP)
    (done,) = await api.answer()
    assert (done.thread_id, done.message_id) == (42, card.message_id)


async def test_a_card_is_confirmed_by_its_button_and_becomes_the_result(api: FakeBotApi) -> None:
    api.user_says("/unlink booking 14 all")
    (card,) = await api.answer()
    assert card.buttons == ["Do it", "Cancel"]
    assert all(len(key["callback_data"].encode()) <= 64 for key in card.keys)
    press = api.press(USER, card.message_id, "Do it")
    (done,) = await api.answer()
    assert (done.message_id, done.buttons) == (card.message_id, ["Undo"])
    assert done.text.startswith("Unlinked: booking 14")
    assert api.callback_answers[press] == {"show_alert": False} or api.callback_answers[press] == {}
    assert (await answer_to(api, "/links 14")).endswith("has no deals.")


async def test_a_card_is_cancelled_by_its_button(api: FakeBotApi) -> None:
    api.user_says("/отвязать бронь 14 все")
    (card,) = await api.answer()
    assert card.buttons == ["Выполнить", "Отмена"]
    api.press(USER, card.message_id, "Отмена")
    (done,) = await api.answer()
    assert (done.text, done.buttons) == ("Отменено. Ничего не изменено.", [])
    assert "сделка 7" in await answer_to(api, "/связи бронь 14")


async def test_a_typed_yes_takes_the_buttons_off_the_card(api: FakeBotApi) -> None:
    api.user_says("/unlink booking 14 all")
    (card,) = await api.answer()
    api.user_says("да")
    stripped, done = await api.answer(2)
    assert (stripped.message_id, stripped.buttons) == (card.message_id, [])
    assert done.text.startswith("Unlinked")


async def test_a_button_pressed_many_times_does_it_once(api: FakeBotApi) -> None:
    api.user_says("/unlink booking 14 all")
    (card,) = await api.answer()
    data = card.keys[0]["callback_data"]
    presses = [api.press_data(USER, card.message_id, data) for _ in range(5)]
    await api.until(lambda: set(presses) <= set(api.callback_answers))
    alerts = [api.callback_answers[press].get("text", "") for press in presses]
    assert alerts[0] == ""
    assert all(alert.startswith("This question has already been answered.") for alert in alerts[1:])
    assert [message.text.split(":")[0] for message in await api.answer()] == ["Unlinked"]
    await everything_is_answered(api)


async def test_a_button_works_only_for_the_person_who_was_asked(api: FakeBotApi) -> None:
    api.user_says("/unlink booking 14 all", chat_id=GROUP)
    (card,) = await api.answer()
    wrong = [api.press(user, card.message_id, "Do it", chat_id=GROUP) for user in (EDITOR, STRANGER)]
    await api.until(lambda: set(wrong) <= set(api.callback_answers))
    assert [api.callback_answers[press]["text"].split("\n")[0] for press in wrong] == [
        "Only the person who was asked can answer this.",
        "This is for staff only.",
    ]
    api.press(USER, card.message_id, "Do it", chat_id=GROUP)
    assert (await api.answer())[0].text.startswith("Unlinked")


@pytest.mark.parametrize("data", ["y:AAAAAAAAAAAAAAAA", "y:short", "z", "n:" + "A" * 60])
async def test_a_forged_button_does_nothing_and_says_so(api: FakeBotApi, data: str) -> None:
    api.user_says("/unlink booking 14 all")
    (card,) = await api.answer()
    press = api.press_data(USER, card.message_id, data)
    await api.until(lambda: press in api.callback_answers)
    assert "Nothing was changed." in api.callback_answers[press]["text"]
    assert api.callback_answers[press]["show_alert"]


async def test_an_expired_button_says_so(api: FakeBotApi, clock: Clock) -> None:
    api.user_says("/unlink booking 14 all")
    (card,) = await api.answer()
    clock.now += LIFETIME
    press = api.press(USER, card.message_id, "Do it")
    await api.until(lambda: press in api.callback_answers)
    assert api.callback_answers[press]["text"].startswith("The question has expired")


async def test_a_result_that_cannot_be_put_in_place_of_the_card_is_sent(api: FakeBotApi) -> None:
    api.user_says("/unlink booking 14 all")
    (card,) = await api.answer()
    api.fail_next("editMessageText", 400, "Bad Request: message can't be edited")
    api.press(USER, card.message_id, "Do it")
    *_, done = await api.answer(2)
    assert done.message_id != card.message_id
    assert done.text.startswith("Unlinked")


async def test_the_chats_go_on_side_by_side_and_each_in_order(api: FakeBotApi) -> None:
    texts = [f"/links {number}" for number in (14, 15, 16, 17)]
    for text in texts:
        api.user_says(text)
        api.user_says(text, user_id=EDITOR)
    said = await api.answer(8)
    for chat in (USER, EDITOR):
        numbers = [re.findall(r"ooking (\d+)", message.text)[0] for message in said if message.chat_id == chat]
        assert numbers == ["14", "15", "16", "17"]


@pytest.mark.parametrize(
    "poison",
    [
        {"message": {"message_id": 1}},
        {"message": {"message_id": 1, "date": "x", "chat": {"id": 1, "type": "private"}}},
        {"message": {"message_id": 1, "date": 17_000_000_000_000, "chat": {"id": 1, "type": "private"}}},
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": {"id": USER}}},
        {"callback_query": {"id": "1", "from": {"id": USER, "is_bot": False, "first_name": "X"}, "data": "y:1"}},
        {"message": "text"},
        {"message": []},
    ],
)
async def test_an_update_that_cannot_be_read_is_skipped(api: FakeBotApi, poison: dict[str, Any]) -> None:
    with capture_logs() as logged:
        api.push(poison)
        assert (await answer_to(api, "/links 14")).startswith("Deals")
    assert len([line for line in logged if line["event"] == "telegram.update_skipped"]) <= 1
    assert len(api.called("getUpdates")) < 8


async def test_telegram_asking_to_wait_is_obeyed_and_the_answer_sent_then(api: FakeBotApi, sleeper: Sleeper) -> None:
    api.fail_next("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    assert (await answer_to(api, "/links 14")).startswith("Deals")
    assert sleeper.slept == [3]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "Forbidden: bot was blocked by the user"), (400, "Bad Request: chat not found"), (500, "Internal")],
)
async def test_an_answer_that_cannot_be_sent_stops_nothing(api: FakeBotApi, status: int, reason: str) -> None:
    api.fail_next("sendMessage", status, reason)
    api.user_says("/links 14")
    await api.until(lambda: any(call.status == status for call in api.calls))
    assert (await answer_to(api, "/links 14")).startswith("Deals")
    assert [call.status for call in api.calls if call.method == "sendMessage"] == [status, 200]


async def test_formatting_that_telegram_refuses_is_left_out(api: FakeBotApi) -> None:
    api.fail_next("sendMessage", 400, "Bad Request: can't parse entities: unsupported start tag")
    assert (await answer_to(api, "/links 14")).startswith("Deals of booking 14")
    assert "parse_mode" not in api.called("sendMessage")[-1]


async def test_a_second_copy_of_the_bot_is_complained_about_once(api: FakeBotApi) -> None:
    with capture_logs() as logged:
        api.fail_next("getUpdates", 409, "Conflict: terminated by other getUpdates request")
        api.user_says("/links 14")
        await api.answer()
        api.user_says("/links 14")
        await api.answer()
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == [
        "Another program receives this bot's messages with the same token: stop it. This one keeps trying.",
    ]


async def test_what_is_no_text_is_answered_in_private_only(api: FakeBotApi) -> None:
    person = {"id": USER, "is_bot": False, "first_name": "X"}
    sticker = {"dice": {"emoji": "x", "value": 1}}
    for chat in ({"id": GROUP, "type": "supergroup", "title": "G"}, {"id": USER, "type": "private", "first_name": "X"}):
        api.push({"message": {"message_id": 9, "date": 1, "chat": chat, "from": person, **sticker}})
    (answer,) = await api.answer()
    assert answer.text == "I can only read text. All commands: /help"
    await everything_is_answered(api)


async def test_the_menu_is_set_in_both_languages(api: FakeBotApi) -> None:
    assert api.menu()["link"] == "Link deals to a booking"
    assert api.menu("ru")["link"] == "Привязать сделки к бронированию"
    assert {"help", "lang", "move", "unclient"} < set(api.menu())
    assert api.called("getUpdates")[0]["allowed_updates"] == {"message", "callback_query"}


async def test_updates_that_came_while_the_bot_was_away_are_not_dropped(
    api: FakeBotApi, clock: Clock, sleeper: Sleeper
) -> None:
    other = FakeBotApi()
    other.user_says("/links 14")
    async with run_bot(other, clock, sleeper):
        assert (await other.answer())[0].text.startswith("Deals")
    assert not any(call.get("drop_pending_updates") for call in other.called("deleteWebhook"))
    assert api.unheard == []


async def logs_of_a_start(api: FakeBotApi) -> list[EventDict]:
    stopped = asyncio.Event()
    async with open_desk(bot_settings(), sandbox=True, now=Clock()) as desk:
        with capture_logs() as logged:
            serving = asyncio.create_task(
                serve(bot_settings(), Conversation(desk), telegram_transports(api), stopped, Sleeper())
            )
            api.user_says("/links 14")
            await asyncio.wait([serving, asyncio.create_task(api.answer())], return_when=asyncio.FIRST_COMPLETED)
            stopped.set()
            await serving
    return list(logged)


async def test_a_menu_that_cannot_be_set_stops_nothing() -> None:
    other = FakeBotApi()
    other.fail_next("setMyCommands", 404, "Not Found", times=2)
    logged = await logs_of_a_start(other)
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == ["telegram.menu_not_set"] * 2
    assert other.sent[0].text.startswith("Deals")


async def test_a_token_that_telegram_refuses_is_one_sentence_without_the_token() -> None:
    other = FakeBotApi(token="123456789:another-token-for-tests-000000")
    with pytest.raises(NotConfigured) as refused:
        await logs_of_a_start(other)
    assert "LINKDESK_TELEGRAM_TOKEN" in refused.value.sentence.en
    assert TOKEN.partition(":")[2] not in repr(refused.value) + refused.value.sentence.ru
    assert refused.value.__cause__ is None


async def test_a_token_that_is_withdrawn_later_ends_the_bot() -> None:
    other = FakeBotApi()
    async with open_desk(bot_settings(), sandbox=True, now=Clock()) as desk:
        serving = asyncio.create_task(
            serve(bot_settings(), Conversation(desk), telegram_transports(other), asyncio.Event(), Sleeper())
        )
        await other.until(lambda: other.called("getUpdates"))
        other.fail_next("getUpdates", 401, "Unauthorized", times=9)
        other.user_says("/links 14")
        with pytest.raises(NotConfigured):
            await serving

"""Updates of the fake Bot API: polling, webhooks, menus and injected failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    NetworkError,
    RetryAfter,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from tests.support.fake_bot import CHAT, GROUP, bot_request, inline_keyboard, refusal_text
from tests.support.fake_bot_api.server import USER, FakeBotApi


async def test_an_offset_confirms_what_is_below_it(bot: Bot, api: FakeBotApi) -> None:
    numbers = [api.push({"message": {}}) for _ in range(3)]
    api.pending[:] = [{"update_id": number} for number in numbers]
    assert [u.update_id for u in await bot.get_updates()] == [1, 2, 3]
    assert [u.update_id for u in await bot.get_updates(limit=2)] == [1, 2]
    assert [u.update_id for u in await bot.get_updates(offset=2)] == [2, 3]
    assert [u.update_id for u in await bot.get_updates(offset=-1)] == [3]
    assert list(await bot.get_updates(offset=4)) == []
    assert api.pending == []


async def test_a_poll_ends_with_the_first_update(bot: Bot, api: FakeBotApi) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=50))
    await api.until(lambda: len(api.called("getUpdates")) == 1)
    api.user_says("hello")
    (update,) = await poll
    assert update.message is not None
    assert update.message.text == "hello"


async def test_kinds_of_updates_not_asked_for_do_not_arrive(bot: Bot, api: FakeBotApi) -> None:
    await bot.get_updates(allowed_updates=["message"])
    said = api.user_says("helo")
    assert api.user_says("hello", edited=True) == said
    assert await bot.get_updates(allowed_updates=[]) != ()
    assert api.user_says("hello!", edited=True) == said
    first, second = await bot.get_updates()
    assert (first.message is not None, second.edited_message is not None) == (True, True)
    assert [list(update) for update in api.unwanted] == [["update_id", "edited_message"]]


async def test_of_two_polls_the_earlier_ends_in_a_conflict(bot: Bot, api: FakeBotApi) -> None:
    earlier = asyncio.create_task(bot.get_updates(timeout=50))
    await api.until(lambda: len(api.called("getUpdates")) == 1)
    assert await bot.get_updates() == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await earlier


async def test_a_webhook_excludes_polling(bot: Bot, api: FakeBotApi) -> None:
    earlier = asyncio.create_task(bot.get_updates(timeout=50))
    await api.until(lambda: len(api.called("getUpdates")) == 1)
    await bot.set_webhook("https://bot.example.com/hook", secret_token="s-1", certificate=b"PEM")
    with pytest.raises(Conflict, match="terminated by setWebhook"):
        await earlier
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    api.user_says("hello")
    info = await bot.get_webhook_info()
    assert (info.url, info.has_custom_certificate, info.pending_update_count) == (api.webhook["url"], True, 1)
    assert api.webhook["secret_token"] == "s-1"
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_a_webhook_must_be_one_that_telegram_would_call(bot: Bot) -> None:
    for url, secret, refusal in (
        ("http://a.ru", "s", "An HTTPS URL must be provided"),
        ("https://a.ru:9000", "s", "only on ports"),
        ("https://a.ru", "ы", "secret token contains"),
    ):
        with pytest.raises(BadRequest, match=f"(?i){refusal}"):
            await bot.set_webhook(url, secret_token=secret)


async def test_a_malformed_update_is_passed_on_as_it_is(api: FakeBotApi) -> None:
    poison = {"message": {"chat": "nobody", "date": "soon"}, "update_id": 70}
    assert api.push(poison) == 70
    assert api.push({"from_the_future": [1]}) == 71
    async with httpx.AsyncClient(transport=api.transport) as client:
        answer = await client.get(f"http://telegram/bot{api.token}/getUpdates")
    assert answer.json() == {"ok": True, "result": [poison, {"update_id": 71, "from_the_future": [1]}]}


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("/link@fake_bot 14 1", [("bot_command", 0, 14)]),
        ("😀 see /help, not a/b or </b", [("bot_command", 7, 5)]),
        ("/связать 14", []),
        ("@fake_bot https://a.ru/crm/deal/1/.", [("mention", 0, 9), ("url", 10, 24)]),
    ],
)
async def test_what_people_write_is_marked_as_telegram_does(
    bot: Bot, api: FakeBotApi, text: str, entities: list[tuple[str, int, int]]
) -> None:
    api.user_says(text)
    api.user_says(text, entities=(), language_code=None)
    marked, plain = [update.message for update in await bot.get_updates()]
    assert marked is not None
    assert plain is not None
    assert [(e.type, e.offset, e.length) for e in marked.entities] == entities
    assert plain.entities == ()
    assert marked.from_user is not None
    assert marked.from_user.language_code == "en"


async def test_menus_are_kept_by_scope_and_language(bot: Bot, api: FakeBotApi) -> None:
    await bot.set_my_commands([BotCommand("link", "Link deals")])
    await bot.set_my_commands([BotCommand("link", "Привязать")], BotCommandScopeChat(CHAT), "ru")
    assert (api.menu(), api.menu("ru")) == ({"link": "Link deals"}, {})
    assert api.menu("ru", type="chat", chat_id=CHAT) == {"link": "Привязать"}
    assert await bot.get_my_commands(BotCommandScopeChat(CHAT), "ru") == (BotCommand("link", "Привязать"),)
    await bot.delete_my_commands()
    assert api.menu() == {}


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"commands": [{"command": "связать", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "Link", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "l" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "link", "description": "x"}] * 2}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "link", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "link", "description": "x" * 257}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "link"}]}, 'Can\'t find field "description"'),
        ({"commands": [{}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": []} | {"language_code": "rus"}, "Invalid language_code specified"),
        ({"commands": [], "scope": {"type": "everyone"}}, "Unsupported type specified"),
        ({"commands": [], "scope": {"type": "chat"}}, 'Can\'t find field "chat_id"'),
    ],
)
async def test_a_wrong_menu_is_refused(bot: Bot, params: dict[str, Any], refusal: str) -> None:
    assert refusal.casefold() in (await refusal_text(bot, "setMyCommands", **params)).casefold()


async def test_descriptions_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("Links")
    await bot.set_my_short_description("Связи", "ru")
    assert (await bot.get_my_description("ru")).description == "Links"
    assert (await bot.get_my_short_description("ru")).short_description == "Связи"
    assert (await bot.get_my_short_description()).short_description == ""
    with pytest.raises(BadRequest, match="Short description is too long"):
        await bot.set_my_short_description("x" * 121)


async def test_calls_fail_when_the_test_says_so(bot: Bot, api: FakeBotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    api.open_chat(CHAT)
    api.fail_next("sendMessage", 429, "Too Many Requests: retry after 7", retry_after=7, times=2)
    api.fail_next("*", 502, "Bad Gateway")
    for _ in range(2):
        with pytest.raises(RetryAfter) as refused:
            await bot.send_message(CHAT, "hi")
        assert refused.value.retry_after == timedelta(seconds=7)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_chat_action(CHAT, "typing")
    await bot.send_chat_action(CHAT, "typing")
    await bot.send_message(CHAT, "hi")
    assert [call.status for call in api.calls] == [200, 429, 429, 502, 200, 200]
    assert api.chat_actions == [(CHAT, "typing")]


async def test_waiting_for_an_answer_in_vain_tells_what_was_said(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    await bot.send_message(CHAT, "hi")
    with pytest.raises(AssertionError, match=r"said \['hi'\] in 0 s, not 2 messages; it called .*sendMessage 200"):
        await api.answer(2, timeout=0)
    assert [message.text for message in await api.answer()] == ["hi"]
    assert api.unheard == []


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        words = " ".join(context.args) if context.args else update.message.text
        await update.message.reply_html(f"<b>{words}</b>", reply_markup=inline_keyboard("Again"))


async def press(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    if query := update.callback_query:
        await query.answer("Again!")
        await query.edit_message_text("pressed")


@asynccontextmanager
async def an_echo_bot(api: FakeBotApi, url: str = "") -> AsyncIterator[None]:
    builder = Application.builder().token(api.token).job_queue(None)
    if url:
        builder = builder.base_url(f"{url}/bot")
    else:
        builder = builder.request(bot_request(api)).get_updates_request(bot_request(api))
    application = builder.build()
    application.add_handler(CommandHandler("say", echo))
    application.add_handler(MessageHandler(filters.TEXT & filters.UpdateType.MESSAGE, echo))
    application.add_handler(CallbackQueryHandler(press))
    assert application.updater is not None
    async with application:
        await application.start()
        await application.updater.start_polling(allowed_updates=["message", "callback_query"])
        yield
        await application.updater.stop()
        await application.stop()


async def converse(api: FakeBotApi) -> None:
    api.user_says("hello")
    (card,) = await api.answer()
    assert (card.text, card.html, card.buttons) == ("hello", "<b>hello</b>", ["Again"])
    number = api.press(USER, card.message_id, "Again")
    (pressed,) = await api.answer()
    assert (pressed.message_id, pressed.text) == (card.message_id, "pressed")
    assert api.callback_answers[number] == {"text": "Again!"}
    api.user_says("/say привет", user_id=1002, chat_id=GROUP)
    api.user_says("bye", language_code="ru")
    assert [(message.chat_id, message.text) for message in await api.answer(2)] == [(GROUP, "привет"), (CHAT, "bye")]


async def test_a_bot_answers_in_process(api: FakeBotApi) -> None:
    async with an_echo_bot(api):
        await converse(api)
    assert api.pending == []


async def test_a_bot_answers_over_a_socket(api: FakeBotApi) -> None:
    async with api.listening() as url, an_echo_bot(api, url):
        await converse(api)


async def test_a_server_that_stops_ends_the_polls(api: FakeBotApi) -> None:
    async with httpx.AsyncClient() as client:
        async with api.listening() as url:
            poll = asyncio.create_task(client.get(f"{url}/bot{api.token}/getUpdates", params={"timeout": 50}))
            await api.until(lambda: api.called("getUpdates"))
        assert (await poll).status_code == 502

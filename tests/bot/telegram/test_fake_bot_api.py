import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from PIL import Image
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters
from telegram.request import HTTPXRequest

from tests.support.fake_bot_api.server import USER, FakeBotApi

CHAT = USER
GROUP = -1_001_000_000_007


@pytest.fixture
def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[Bot]:
    async with a_bot(api) as started:
        yield started


def a_request(api: FakeBotApi) -> HTTPXRequest:
    return HTTPXRequest(httpx_kwargs={"transport": api.transport})


def a_bot(api: FakeBotApi, token: str = "") -> Bot:
    return Bot(token or api.token, request=a_request(api), get_updates_request=a_request(api))


def keyboard(*captions: str, data: str = "y:1") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(caption, callback_data=data) for caption in captions]])


async def refusal_of(bot: Bot, method: str, **params: Any) -> str:  # noqa: ANN401 - whatever JSON a bot may send
    # In lower case, for python-telegram-bot warns of a method that it has itself; Telegram does not mind the case.
    with pytest.raises(BadRequest) as refused:
        await bot.do_api_request(method.lower(), params)
    return refused.value.message


# The wire


async def test_a_bot_learns_its_name(bot: Bot, api: FakeBotApi) -> None:
    assert (bot.username, bot.id) == ("fake_bot", 123456789)
    assert [(call.method, call.status) for call in api.calls] == [("getMe", 200)]


async def test_a_wrong_token_is_refused(api: FakeBotApi) -> None:
    with pytest.raises(InvalidToken, match="rejected by the server"):
        await a_bot(api, "123456789:wrong").initialize()


async def test_an_unknown_method_is_not_found(bot: Bot, api: FakeBotApi) -> None:
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRichMessage", {"chat_id": CHAT})
    assert api.calls[-1].status == 404


async def test_a_method_may_be_called_by_get_json_or_form_in_any_case(api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    params = {"chat_id": CHAT, "text": "hi", "reply_markup": {"inline_keyboard": [[{"text": "A", "url": "tg://x"}]]}}
    written = {
        "chat_id": "1001",
        "text": "hi",
        "reply_markup": '{"inline_keyboard": [[{"text": "A", "url": "tg://x"}]]}',
    }
    async with httpx.AsyncClient(transport=api.transport, base_url=f"http://telegram/bot{api.token}/") as client:
        answers = [
            await client.get("sendmessage", params=written),
            await client.post("SendMessage", json=params),
            await client.post("sendMessage", data=written),
            await client.post("sendMessage", data=written, files={"unused": b""}, params={}),
            await client.put("sendMessage", json=params),
            await client.post("sendMessage", content=b"{", headers={"content-type": "application/json"}),
            await client.post("sendMessage", json=[]),
        ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 400, 405, 400, 400]
    assert [message.buttons for message in api.sent] == [["A"]] * 3
    assert api.called("sendMessage")[:3] == [params] * 3


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("sendMessage", {"text": "hi"}, "Chat_id is empty"),
        ("sendMessage", {"chat_id": CHAT}, "Message text is empty"),
        ("sendMessage", {"chat_id": "many", "text": "hi"}, 'Field "chat_id" must be of type Number'),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "txet": "hi"}, 'Unknown parameter "txet"'),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "parse_mode": "Markdown"}, "Unsupported parse_mode"),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "disable_notification": "so"}, "must be of type Boolean"),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "reply_markup": "{"}, "Can't parse reply markup JSON object"),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "reply_markup": "[]"}, "Object expected as reply markup"),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "reply_markup": {"keyboard": []}}, "must be non-empty"),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "entities": [{"type": "bold"}]}, 'Can\'t find field "offset"'),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "reply_parameters": {}}, 'Can\'t find field "message_id"'),
        ("sendMessage", {"chat_id": CHAT, "text": "hi", "link_preview_options": {"off": 1}}, 'Unknown field "off"'),
        ("editMessageText", {"chat_id": CHAT, "text": "hi"}, "Message identifier is not specified"),
        ("editMessageText", {"inline_message_id": "1", "text": "hi"}, 'Unknown parameter "inline_message_id"'),
        ("answerCallbackQuery", {}, 'Parameter "callback_query_id" is required'),
        ("sendChatAction", {"chat_id": CHAT, "action": "thinking"}, "Wrong parameter action in request"),
        ("getUpdates", {"allowed_updates": ["mesage"]}, 'Unknown update type "mesage"'),
    ],
)
async def test_wrong_parameters_are_refused_by_name(
    bot: Bot, api: FakeBotApi, method: str, params: dict[str, Any], refusal: str
) -> None:
    api.open_chat(CHAT)
    assert refusal.casefold() in (await refusal_of(bot, method, **params)).casefold()
    assert api.sent == []


# Text


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<b>bold", 'Can\'t find end tag corresponding to start tag "b"'),
        ("ы <h1>title</h1>", 'Unsupported start tag "h1" at byte offset 3'),
        ("a<br/>b", 'Unsupported start tag "br/" at byte offset 1'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("1 <2", "Unclosed start tag at byte offset 2"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</b c>", "Unclosed end tag at byte offset 4"),
        ("<a href='x", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("A & B", 'Unescaped "&" at byte offset 2'),
        ("&nbsp;", 'Unescaped "&" at byte offset 0'),
    ],
)
async def test_html_that_cannot_be_parsed_is_refused(bot: Bot, api: FakeBotApi, html: str, problem: str) -> None:
    api.open_chat(CHAT)
    with pytest.raises(BadRequest, match="Can't parse entities: "):
        await bot.send_message(CHAT, html, parse_mode="HTML")
    assert api.calls[-1].description == f"Bad Request: can't parse entities: {problem}"


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("plain &lt;b&gt; &amp; &quot;&#1099;&#x44b;", 'plain <b> & "ыы', []),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("😀<b>ж<i>и</i></b>", "😀жи", [("bold", 2, 2), ("italic", 3, 1)]),
        (" \n<u>  x </u> ", "x", [("underline", 0, 1)]),
        ("<i></i>x", "x", []),
        ('<a href="https://a.ru/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ('<a href="http://localhost/">x</a>', "x", []),
        ("<a href='tg://user?id=5'>x</a>", "x", [("text_mention", 0, 1)]),
        ('<pre><code class="language-json">{}</code></pre>', "{}", [("pre", 0, 2)]),
        ("<code>x</code><tg-spoiler>y</tg-spoiler>", "xy", [("code", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
    ],
)
async def test_html_becomes_visible_text_and_entities(
    bot: Bot, api: FakeBotApi, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    api.open_chat(CHAT)
    message = await bot.send_message(CHAT, html, parse_mode="HTML")
    assert (message.text, [(e.type, e.offset, e.length) for e in message.entities]) == (text, entities)
    assert (api.sent[0].text, api.sent[0].html) == (text, html)


async def test_a_text_has_1_to_4096_characters_not_counting_markup(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    await bot.send_message(CHAT, f"<b>{'&lt;' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(CHAT, "ы" * 4097)
    for empty in (" \n", "<b> </b>"):
        with pytest.raises(BadRequest, match="Message text is empty"):
            await bot.send_message(CHAT, empty, parse_mode="HTML")


# Keyboards


async def test_callback_data_has_1_to_64_bytes(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    await bot.send_message(CHAT, "hi", reply_markup=keyboard("A", data="ы" * 32))
    for data in ("ы" * 33, ""):
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(CHAT, "hi", reply_markup=keyboard("A", data=data))


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ({"text": "A"}, "Text buttons are unallowed in the inline keyboard"),
        ({"text": " ", "callback_data": "a"}, 'Field "text" must be a non-empty String'),
        ({"text": "A", "callback_data": "a", "url": "https://a.ru"}, "Exactly one action must be used"),
        ({"text": "A", "callback": "a"}, 'Unknown field "callback"'),
        ({"text": "A", "callback_data": 1}, "BUTTON_DATA_INVALID"),
        ({"text": "A", "callback_data": "a", "style": "red"}, "Invalid style"),
        ({"text": "A", "url": "http://localhost:80/"}, "Button URL 'http://localhost:80/' is invalid: Wrong HTTP URL"),
        ({"text": "A", "url": "javascript:1"}, "Wrong HTTP URL"),
        ({"text": "A", "web_app": {"url": "http://a.ru"}}, "Only HTTPS links are allowed"),
        ({"text": "A", "login_url": {"url": "http://a.ru"}}, "Only HTTPS links are allowed"),
        ({"text": "A", "web_app": '{"url": "https://a.ru"}'}, "can't parse web app: it must not be a String"),
        ({"text": "A", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_a_wrong_button_is_refused(bot: Bot, api: FakeBotApi, button: dict[str, Any], refusal: str) -> None:
    api.open_chat(CHAT)
    markup = {"inline_keyboard": [[button]]}
    said = await refusal_of(bot, "sendMessage", chat_id=CHAT, text="hi", reply_markup=markup)
    assert refusal.casefold() in said.casefold()


async def test_a_keyboard_has_at_most_100_buttons(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(CHAT, "hi", reply_markup=keyboard(*(str(n) for n in range(101))))


# Chats


async def test_a_chat_that_never_was_is_not_found(bot: Bot, api: FakeBotApi) -> None:
    for chat in (CHAT, "@channel"):
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(chat, "hi")
    api.user_says("hello")
    await bot.send_message(CHAT, "hi")


async def test_who_blocked_the_bot_hears_nothing(bot: Bot, api: FakeBotApi) -> None:
    api.block(USER)
    api.block(GROUP, told=False)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(CHAT, "hi")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_chat_action(GROUP, "typing")
    api.unblock(USER)
    await bot.send_message(CHAT, "hi")
    changes = [update.my_chat_member for update in await bot.get_updates()]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_what_was_sent_is_remembered_in_full(bot: Bot, api: FakeBotApi) -> None:
    asked = api.user_says("hello", chat_id=GROUP, thread_id=5)
    sent = await bot.send_message(
        GROUP,
        "see <b>a.ru</b>",
        parse_mode="HTML",
        disable_notification=True,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(asked),
        message_thread_id=5,
        reply_markup=keyboard("Yes", "No"),
    )
    (message,) = api.sent
    assert (message.chat_id, message.message_id, message.thread_id, message.reply_to) == (GROUP, asked + 1, 5, asked)
    assert (message.text, message.html, message.silent) == ("see a.ru", "see <b>a.ru</b>", True)
    assert message.buttons == ["Yes", "No"]
    assert message.wire["link_preview_options"] == {"is_disabled": True}
    assert sent.reply_to_message is not None
    assert (sent.reply_to_message.text, sent.is_topic_message) == ("hello", True)


async def test_a_reply_needs_its_message_and_a_topic_must_be_there(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(CHAT, "hi", reply_parameters=ReplyParameters(77))
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(CHAT, "hi", message_thread_id=5)
    await bot.send_message(CHAT, "hi", reply_parameters=ReplyParameters(77, allow_sending_without_reply=True))


# Edits


async def test_an_edit_is_recorded_and_takes_a_keyboard_away_that_it_does_not_name(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    card = await bot.send_message(CHAT, "Link?", reply_markup=keyboard("Do it"))
    edited = await card.edit_text("<b>Linked</b>", parse_mode="HTML")
    assert isinstance(edited, Message)
    assert (edited.text, edited.reply_markup) == ("Linked", None)
    assert edited.edit_date is not None
    (message,) = api.sent
    assert (message.text, message.buttons) == ("Linked", [])
    assert [(version.text, version.markup is not None) for version in message.edits] == [("Link?", True)]
    before, after = await api.answer(2)
    assert (before.text, before.buttons, after.text, after.buttons) == ("Link?", ["Do it"], "Linked", [])


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    card = await bot.send_message(CHAT, "Link?", reply_markup=keyboard("Do it"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await card.edit_text(" Link? ", reply_markup=keyboard("Do it"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await card.edit_reply_markup(keyboard("Do it"))
    await card.edit_text("<b>Link?</b>", parse_mode="HTML", reply_markup=keyboard("Do it"))
    await card.edit_reply_markup(keyboard("Undo"))
    await card.edit_reply_markup(InlineKeyboardMarkup([]))
    assert [version.html for version in api.sent[0].edits] == ["Link?", "<b>Link?</b>", "<b>Link?</b>"]
    assert (api.sent[0].text, api.sent[0].buttons, len(api.sent[0].entities)) == ("Link?", [], 1)


async def test_only_the_bots_own_messages_without_a_reply_keyboard_can_be_edited(bot: Bot, api: FakeBotApi) -> None:
    theirs = api.user_says("hello")
    ours = await bot.send_message(CHAT, "hi", reply_markup=ReplyKeyboardMarkup([["Yes"]]))
    for message_id, refusal in (
        (theirs, "Message can't be edited"),
        (ours.message_id, "Message can't be edited"),
        (99, "Message to edit not found"),
    ):
        with pytest.raises(BadRequest, match=refusal):
            await bot.edit_message_text("bye", CHAT, message_id)
    markup = {"keyboard": [["Yes"]]}
    said = await refusal_of(bot, "editMessageReplyMarkup", chat_id=CHAT, message_id=theirs, reply_markup=markup)
    assert said == 'Can\'t parse reply markup: unknown field "keyboard"'


async def test_a_message_is_deleted_once(bot: Bot, api: FakeBotApi) -> None:
    theirs = api.user_says("hello", chat_id=GROUP)
    message = await bot.send_message(GROUP, "hi")
    await message.delete()
    for message_id, refusal in ((message.message_id, "delete not found"), (theirs, "can't be deleted")):
        with pytest.raises(BadRequest, match=refusal):
            await bot.delete_message(GROUP, message_id)
    assert api.sent[0].deleted


# Presses


async def test_a_press_is_answered_once(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    card = await bot.send_message(CHAT, "Link?", reply_markup=keyboard("Do it"))
    number = api.press(USER, card.message_id, "Do it")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert (update.callback_query.id, update.callback_query.data) == (number, "y:1")
    assert update.callback_query.message == card
    await update.callback_query.answer("Done", show_alert=True)
    assert api.callback_answers == {number: {"text": "Done", "show_alert": True}}
    for again in (number, "made up"):
        with pytest.raises(BadRequest, match="Query is too old"):
            await bot.answer_callback_query(again)


async def test_only_a_button_that_is_there_can_be_pressed(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(GROUP)
    card = await bot.send_message(GROUP, "Link?", reply_markup=keyboard("Do it"))
    with pytest.raises(AssertionError, match=r"no button \"Cancel\" to press on message 1: \['Do it'\]"):
        api.press(USER, card.message_id, "Cancel")
    with pytest.raises(AssertionError, match="no message 1 "):
        api.press(USER, card.message_id, "Do it", chat_id=CHAT)
    await card.edit_text("Linked")
    with pytest.raises(AssertionError, match='no button "Do it"'):
        api.press(USER, card.message_id, "Do it")
    api.press_data(USER, card.message_id, "y:1")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "y:1"


# Updates


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


# Menus


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
    assert refusal.casefold() in (await refusal_of(bot, "setMyCommands", **params)).casefold()


async def test_descriptions_are_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("Links")
    await bot.set_my_short_description("Связи", "ru")
    assert (await bot.get_my_description("ru")).description == "Links"
    assert (await bot.get_my_short_description("ru")).short_description == "Связи"
    assert (await bot.get_my_short_description()).short_description == ""
    with pytest.raises(BadRequest, match="Short description is too long"):
        await bot.set_my_short_description("x" * 121)


# The test's own side


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


# A whole bot


async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    if update.message and update.message.text:
        words = " ".join(context.args) if context.args else update.message.text
        await update.message.reply_html(f"<b>{words}</b>", reply_markup=keyboard("Again"))


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
        builder = builder.request(a_request(api)).get_updates_request(a_request(api))
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


def a_png(width: int = 40, height: int = 30) -> bytes:
    out = io.BytesIO()
    Image.new("P", (width, height)).save(out, "PNG")
    return out.getvalue()


async def test_a_picture_arrives_with_its_caption_and_buttons(bot: Bot, api: FakeBotApi) -> None:
    api.user_says("/picture")
    await bot.send_photo(CHAT, a_png(), caption="Friday", reply_markup=keyboard("More"))
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

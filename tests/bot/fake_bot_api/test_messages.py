from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
)

from tests.support.fake_bot import CHAT, GROUP, inline_keyboard, refusal_text, start_bot
from tests.support.fake_bot_api.server import USER, FakeBotApi

# The wire


async def test_a_bot_learns_its_name(bot: Bot, api: FakeBotApi) -> None:
    assert (bot.username, bot.id) == ("fake_bot", 123456789)
    assert [(call.method, call.status) for call in api.calls] == [("getMe", 200)]


async def test_a_wrong_token_is_refused(api: FakeBotApi) -> None:
    with pytest.raises(InvalidToken, match="rejected by the server"):
        await start_bot(api, "123456789:wrong").initialize()


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
    assert refusal.casefold() in (await refusal_text(bot, method, **params)).casefold()
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
    await bot.send_message(CHAT, "hi", reply_markup=inline_keyboard("A", data="ы" * 32))
    for data in ("ы" * 33, ""):
        with pytest.raises(BadRequest, match="Button_data_invalid"):
            await bot.send_message(CHAT, "hi", reply_markup=inline_keyboard("A", data=data))


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
    said = await refusal_text(bot, "sendMessage", chat_id=CHAT, text="hi", reply_markup=markup)
    assert refusal.casefold() in said.casefold()


async def test_a_keyboard_has_at_most_100_buttons(bot: Bot, api: FakeBotApi) -> None:
    api.open_chat(CHAT)
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(CHAT, "hi", reply_markup=inline_keyboard(*(str(n) for n in range(101))))


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
        reply_markup=inline_keyboard("Yes", "No"),
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
    card = await bot.send_message(CHAT, "Link?", reply_markup=inline_keyboard("Do it"))
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
    card = await bot.send_message(CHAT, "Link?", reply_markup=inline_keyboard("Do it"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await card.edit_text(" Link? ", reply_markup=inline_keyboard("Do it"))
    with pytest.raises(BadRequest, match="Message is not modified"):
        await card.edit_reply_markup(inline_keyboard("Do it"))
    await card.edit_text("<b>Link?</b>", parse_mode="HTML", reply_markup=inline_keyboard("Do it"))
    await card.edit_reply_markup(inline_keyboard("Undo"))
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
    said = await refusal_text(bot, "editMessageReplyMarkup", chat_id=CHAT, message_id=theirs, reply_markup=markup)
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
    card = await bot.send_message(CHAT, "Link?", reply_markup=inline_keyboard("Do it"))
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
    card = await bot.send_message(GROUP, "Link?", reply_markup=inline_keyboard("Do it"))
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


# Menus


# The test's own side


# A whole bot

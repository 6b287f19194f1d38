"""The supported Bot API methods: their parameters and their effect on the account."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from PIL import Image

from tests.support.fake_bot_api import fields as read
from tests.support.fake_bot_api.account import Account, BotMessage, Version
from tests.support.fake_bot_api.html import parse_html, utf16
from tests.support.fake_bot_api.refusal import Json, Refusal, bad_request

_MOST_TEXT = 4096
_MOST_CAPTION = 1024
_MOST_PHOTO = 10 * 1024 * 1024
_MOST_SIDES = 10_000
_MOST_RATIO = 20
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
}


@dataclass(frozen=True)
class Method:
    """The parameters of a method and the function that answers it."""

    run: Callable[[Account, Json], object | Awaitable[object]]
    required: dict[str, read.Reader] = field(default_factory=dict)
    optional: dict[str, read.Reader] = field(default_factory=dict)

    def params(self, raw: Json) -> Json:
        """Return the parsed parameters; unlike Telegram, refuse unknown ones."""
        readers = self.required | self.optional
        for name in raw:
            if name not in readers:
                raise bad_request(f'unknown parameter "{name}"')
        for name in self.required:
            if name not in raw:
                raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
        return {name: readers[name](name, value) for name, value in raw.items()}


def _content(params: Json) -> tuple[str, list[Json]]:
    """Return the stripped visible text and its entities."""
    if params.get("parse_mode"):
        text, entities = parse_html(params["text"])
    else:
        text, entities = params["text"], params.get("entities", [])
    cut = utf16(text) - utf16(text.lstrip())
    text = text.strip()
    if not text:
        raise bad_request("message text is empty")
    if len(text) > _MOST_TEXT:
        raise bad_request("message is too long")
    kept = []
    for entity in entities:
        begin = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, utf16(text))
        if end > begin:
            kept.append({**entity, "offset": begin, "length": end - begin})
    return text, kept


def _send_message(account: Account, params: Json) -> Json:
    chat = account.chat_to_write(params["chat_id"])
    text, entities = _content(params)
    message = _new_message(account, chat, params)
    return _write(account, message, params, text, entities)


def _send_photo(account: Account, params: Json) -> Json:
    """Send a photo, checking Telegram's limits of its file."""
    chat = account.chat_to_write(params["chat_id"])
    picture = params["photo"]
    if not isinstance(picture, bytes):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if len(picture) > _MOST_PHOTO:
        raise Refusal(413, "Request Entity Too Large")
    try:
        with Image.open(io.BytesIO(picture)) as image:
            image.load()
            width, height = image.size
    except (OSError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if width + height > _MOST_SIDES or max(width, height) > _MOST_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    caption = params.get("caption", "")
    text, entities = parse_html(caption) if params.get("parse_mode") else (caption, [])
    if len(text.strip()) > _MOST_CAPTION:
        raise bad_request("message caption is too long")
    message = _new_message(account, chat, params)
    message.picture = picture
    message.wire["photo"] = [
        {"file_id": "photo", "file_unique_id": "photo", "width": width, "height": height, "file_size": len(picture)}
    ]
    _put(message.wire, "caption", text.strip())
    _put(message.wire, "caption_entities", entities)
    message.markup = params.get("reply_markup")
    _put(message.wire, "reply_markup", message.markup if message.keys else None)
    account.publish(message)
    return message.wire


def thread_of_answers(chat: Json, answered: Json) -> Json:
    """Return the thread of replies in a supergroup without topics; nothing can be sent to it by its id."""
    if chat["type"] != "supergroup" or chat.get("is_forum"):
        return {}
    return {"message_thread_id": answered.get("message_thread_id", answered["message_id"])}


def _new_message(account: Account, chat: Json, params: Json) -> BotMessage:
    """Create a message of the bot without content, in its topic and replying to its message."""
    wire: Json = {"message_id": 0, "from": account.me, "chat": chat, "date": account.now()}
    if thread := params.get("message_thread_id"):
        if (chat["id"], thread) not in account.threads:
            raise bad_request("message thread not found")
        wire |= {"message_thread_id": thread, "is_topic_message": True}
    if reply := params.get("reply_parameters"):
        answered = account.messages.get((reply.get("chat_id", chat["id"]), reply["message_id"]))
        if answered:
            wire["reply_to_message"] = {key: answered[key] for key in answered if key != "reply_to_message"}
            wire |= thread_of_answers(chat, answered)
        elif not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
    wire["message_id"] = account.next_message_id(chat["id"])
    message = BotMessage(wire=wire, html="", silent=params.get("disable_notification", False))
    account.sent.append(message)
    account.messages[chat["id"], wire["message_id"]] = wire
    return message


def _write(account: Account, message: BotMessage, params: Json, text: str, entities: list[Json]) -> Json:
    """Set the content of a message and record it."""
    message.html = params.get("text", message.html)
    message.markup = params.get("reply_markup")
    if message.picture is None:
        message.wire["text"] = text
    _put(message.wire, "entities", entities)
    _put(message.wire, "reply_markup", message.markup if message.keys else None)
    if "text" in params:
        _put(message.wire, "link_preview_options", params.get("link_preview_options"))
    account.publish(message)
    return message.wire


def _put(wire: Json, name: str, value: object) -> None:
    wire.pop(name, None)
    if value:
        wire[name] = value


def _edit(account: Account, params: Json) -> Json:
    """Edit text and keyboard, or the keyboard only; an omitted keyboard is removed."""
    chat = account.chat_to_write(params["chat_id"])
    message = account.bot_message(chat["id"], params["message_id"])
    if message is None:
        known = (chat["id"], params["message_id"]) in account.messages
        raise bad_request("message can't be edited" if known else "message to edit not found")
    if message.markup and not message.keys:
        raise bad_request("message can't be edited")
    if "text" in params and message.picture is not None:
        raise bad_request("there is no text in the message to edit")
    text, entities = _content(params) if "text" in params else (message.text, message.entities)
    if (text, entities, params.get("reply_markup")) == (message.text, message.entities, message.markup):
        raise bad_request(_SAME)
    message.edits.append(Version(text=message.text, html=message.html, markup=message.markup))
    message.wire["edit_date"] = account.now()
    return _write(account, message, params, text, entities)


def _delete_message(account: Account, params: Json) -> bool:
    chat = account.chat_to_write(params["chat_id"])
    key = (chat["id"], params["message_id"])
    if key not in account.messages:
        raise bad_request("message to delete not found")
    own = account.bot_message(*key)
    if own is None and chat["type"] != "private":
        raise bad_request("message can't be deleted")
    if own:
        own.deleted = True
    del account.messages[key]
    return True


def _send_chat_action(account: Account, params: Json) -> bool:
    chat = account.chat_to_write(params["chat_id"])
    account.chat_actions.append((chat["id"], params["action"]))
    return True


def _answer_callback_query(account: Account, params: Json) -> bool:
    number = params["callback_query_id"]
    if number not in account.callbacks or number in account.callback_answers:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    account.callback_answers[number] = {key: params[key] for key in params if key != "callback_query_id"}
    return True


async def _get_updates(account: Account, params: Json) -> list[Json]:
    account.allowed = params.get("allowed_updates", account.allowed)
    return await account.poll(params.get("offset", 0), params.get("limit", 100), max(params.get("timeout", 0), 0))


def _set_webhook(account: Account, params: Json) -> bool:
    account.webhook = dict(params)
    account.allowed = params.get("allowed_updates", account.allowed)
    if params.get("drop_pending_updates"):
        account.pending.clear()
    account.end_poll("setWebhook request")
    return True


def _get_webhook_info(account: Account, _params: Json) -> Json:
    return {
        "url": account.webhook["url"],
        "has_custom_certificate": "certificate" in account.webhook,
        "pending_update_count": len(account.pending),
    }


def menu_key(params: Json) -> tuple[str, str]:
    """Return the key of a menu: its scope with ids, and its language."""
    scope = params.get("scope", {"type": "default"})
    numbers = sorted((name, number) for name, number in scope.items() if name != "type")
    return ":".join([scope["type"], *(f"{name}={number}" for name, number in numbers)]), params.get("language_code", "")


def _set_my_commands(account: Account, params: Json) -> bool:
    account.menus[menu_key(params)] = params["commands"]
    return True


def _get_my_commands(account: Account, params: Json) -> list[Json]:
    return account.menus.get(menu_key(params), [])


def _delete_my_commands(account: Account, params: Json) -> bool:
    account.menus.pop(menu_key(params), None)
    return True


def _set_description(name: str) -> Callable[[Account, Json], bool]:
    def run(account: Account, params: Json) -> bool:
        account.descriptions[name, params.get("language_code", "")] = params.get(name, "")
        return True

    return run


def _get_description(name: str) -> Callable[[Account, Json], Json]:
    def run(account: Account, params: Json) -> Json:
        default = account.descriptions.get((name, ""), "")
        return {name: account.descriptions.get((name, params.get("language_code", "")), default)}

    return run


_TEXT: dict[str, read.Reader] = {
    "parse_mode": read.parse_mode,
    "entities": read.entities,
    "link_preview_options": read.shaped(
        optional=("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"),
    ),
}
_REPLY = read.shaped(
    "message_id",
    optional=(
        "chat_id",
        "allow_sending_without_reply",
        "quote",
        "quote_parse_mode",
        "quote_entities",
        "quote_position",
    ),
)
_TARGET: dict[str, read.Reader] = {"chat_id": read.chat, "message_id": read.integer}
_MENU: dict[str, read.Reader] = {"scope": read.scope, "language_code": read.language}
_LANGUAGE: dict[str, read.Reader] = {"language_code": read.language}
_SILENCE: dict[str, read.Reader] = {"disable_notification": read.flag, "protect_content": read.flag}

METHODS: dict[str, Method] = {
    "getMe": Method(lambda account, _: account.me),
    "getUpdates": Method(
        _get_updates,
        optional={
            "offset": read.integer,
            "limit": read.limit,
            "timeout": read.integer,
            "allowed_updates": read.update_kinds,
        },
    ),
    "setWebhook": Method(
        _set_webhook,
        {"url": read.webhook_url},
        {
            "certificate": read.upload,
            "ip_address": read.string,
            "max_connections": read.integer,
            "allowed_updates": read.update_kinds,
            "drop_pending_updates": read.flag,
            "secret_token": read.secret,
        },
    ),
    "deleteWebhook": Method(
        lambda account, params: _set_webhook(account, {"url": "", **params}),
        optional={"drop_pending_updates": read.flag},
    ),
    "getWebhookInfo": Method(_get_webhook_info),
    "setMyCommands": Method(_set_my_commands, {"commands": read.commands}, _MENU),
    "getMyCommands": Method(_get_my_commands, optional=_MENU),
    "deleteMyCommands": Method(_delete_my_commands, optional=_MENU),
    "setMyDescription": Method(
        _set_description("description"),
        optional={"description": read.bounded(512, "description is too long"), **_LANGUAGE},
    ),
    "getMyDescription": Method(_get_description("description"), optional=_LANGUAGE),
    "setMyShortDescription": Method(
        _set_description("short_description"),
        optional={"short_description": read.bounded(120, "short description is too long"), **_LANGUAGE},
    ),
    "getMyShortDescription": Method(_get_description("short_description"), optional=_LANGUAGE),
    "sendMessage": Method(
        _send_message,
        {"chat_id": read.chat, "text": read.string},
        {
            **_TEXT,
            **_SILENCE,
            "message_thread_id": read.integer,
            "reply_parameters": _REPLY,
            "reply_markup": read.markup,
        },
    ),
    "sendPhoto": Method(
        _send_photo,
        {"chat_id": read.chat, "photo": read.photo},
        {
            "caption": read.string,
            "parse_mode": read.parse_mode,
            "caption_entities": read.entities,
            **_SILENCE,
            "message_thread_id": read.integer,
            "reply_parameters": _REPLY,
            "reply_markup": read.markup,
        },
    ),
    "editMessageText": Method(
        _edit,
        {**_TARGET, "text": read.string},
        {**_TEXT, "reply_markup": read.inline_keyboard},
    ),
    "editMessageReplyMarkup": Method(_edit, _TARGET, {"reply_markup": read.inline_keyboard}),
    "deleteMessage": Method(_delete_message, _TARGET),
    "sendChatAction": Method(
        _send_chat_action,
        {"chat_id": read.chat, "action": read.chat_action},
        {"message_thread_id": read.integer},
    ),
    "answerCallbackQuery": Method(
        _answer_callback_query,
        {"callback_query_id": read.string},
        {
            "text": read.bounded(200, "MESSAGE_TOO_LONG"),
            "show_alert": read.flag,
            "url": read.string,
            "cache_time": read.integer,
        },
    ),
}
"""By the documented name; Telegram ignores the case."""

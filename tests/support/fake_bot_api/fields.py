"""Readers of Bot API parameters.

Forms carry everything as text, with structures as JSON inside; JSON bodies carry the values themselves. A reader
accepts either and returns the value, or refuses it.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tests.support.fake_bot_api.refusal import Json, bad_request

Reader = Callable[[str, object], Any]

UPDATE_KINDS = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "message_reaction",
        "message_reaction_count",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "purchased_paid_media",
        "managed_bot",
        "guest_message",
    },
)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    },
)
_BUTTON_ACTIONS = frozenset(
    {
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    },
)
_BUTTON_LOOKS = frozenset({"text", "style", "icon_custom_emoji_id"})
_OTHER_MARKUP = {
    "keyboard": {"is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder", "selective"},
    "remove_keyboard": {"selective"},
    "force_reply": {"input_field_placeholder", "selective"},
}
_SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_MOST_BUTTONS = 100
_MOST_COMMANDS = 100


def string(name: str, value: object) -> str:
    """Text as it is."""
    if not isinstance(value, str):
        raise bad_request(f'field "{name}" must be of type String')
    return value


def integer(name: str, value: object) -> int:
    """A whole number, or its digits."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    raise bad_request(f'field "{name}" must be of type Number')


def flag(name: str, value: object) -> bool:
    """A boolean, or its name."""
    known = {"true": True, "false": False, "1": True, "0": False}
    word = str(value).lower()
    if not isinstance(value, bool | str | int) or word not in known:
        raise bad_request(f'field "{name}" must be of type Boolean')
    return known[word]


def chat(name: str, value: object) -> int | str:
    """The number of a chat, or its @name."""
    if value == "":
        raise bad_request("chat_id is empty")
    return value if isinstance(value, str) and value.startswith("@") else integer(name, value)


def upload(_name: str, value: object) -> str:
    """A file, kept as a marker because its content is not needed."""
    return str(value)


def photo(_name: str, value: object) -> bytes | str:
    """A picture: an uploaded file, or the address or id of one."""
    if isinstance(value, bytes):
        if not value:
            raise bad_request("file must be non-empty")
        return value
    if not isinstance(value, str) or not value:
        raise bad_request("there is no photo in the request")
    return value


def record(name: str, value: object) -> Json:
    """A JSON object."""
    read = _decoded(name, value)
    if not isinstance(read, dict):
        raise bad_request(f"object expected as {_words(name)}")
    return read


def array(name: str, value: object) -> list[Any]:
    """A JSON array."""
    read = _decoded(name, value)
    if not isinstance(read, list):
        raise bad_request(f"expected an Array of {_words(name)}")
    return read


def _decoded(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {_words(name)} JSON object") from None


def _inner(name: str, value: object) -> object:
    """A part of a structure, which cannot be JSON text again."""
    if isinstance(value, str):
        raise bad_request(f"can't parse {_words(name)}: it must not be a String")
    return value


def _words(name: str) -> str:
    return name.replace("_", " ")


def shaped(*required: str, optional: tuple[str, ...] = ()) -> Reader:
    """A reader of JSON objects with these fields and no others."""

    def read(name: str, value: object) -> Json:
        found = record(name, value)
        _known(name, found, {*required, *optional})
        for field in required:
            if field not in found:
                raise bad_request(f"can't parse {_words(name)}: Can't find field \"{field}\"")
        return found

    return read


def _known(what: str, found: Json, fields: set[str] | frozenset[str]) -> None:
    for field in found:
        if field not in fields:
            raise bad_request(f'can\'t parse {_words(what)}: unknown field "{field}"')


def bounded(most: int, refusal: str) -> Reader:
    """A reader of texts no longer than `most`."""

    def read(name: str, value: object) -> str:
        text = string(name, value)
        if len(text) > most:
            raise bad_request(refusal)
        return text

    return read


def limit(name: str, value: object) -> int:
    """How many updates at once."""
    return min(max(integer(name, value), 1), 100)


def update_kinds(name: str, value: object) -> frozenset[str]:
    """Kinds of updates; none means the default ones. Unlike Telegram, unknown names are refused."""
    kinds = array(name, value)
    for kind in kinds:
        if kind not in UPDATE_KINDS:
            raise bad_request(f'unknown update type "{kind}"')
    return frozenset(kinds) or UPDATE_KINDS - NOT_BY_DEFAULT


def chat_action(name: str, value: object) -> str:
    """A chat action."""
    if value not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return string(name, value)


def language(name: str, value: object) -> str:
    """A two-letter language code, or empty for the default."""
    code = string(name, value)
    if not re.fullmatch(r"(?:[a-z]{2})?", code):
        raise bad_request("invalid language_code specified")
    return code


def parse_mode(name: str, value: object) -> str:
    """HTML, the only parse mode supported here."""
    mode = string(name, value)
    if mode.upper() not in {"", "HTML"}:
        raise bad_request("unsupported parse_mode")
    return mode.upper()


def secret(name: str, value: object) -> str:
    """The secret token of a webhook."""
    token = string(name, value)
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", token):
        raise bad_request("secret token contains unallowed characters")
    return token


def webhook_url(name: str, value: object) -> str:
    """An https URL on a port that Telegram supports, or empty."""
    url = string(name, value)
    parts = urlsplit(url)
    if url and parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in {80, 88, 443, 8443}:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url


def commands(name: str, value: object) -> list[Json]:
    """The menu of commands."""
    menu = array(name, value)
    if len(menu) > _MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    read = shaped("command", "description")
    for command in (read("command", _inner("command", item)) for item in menu):
        if not re.fullmatch(r"[a-z0-9_]{1,32}", string("command", command["command"])):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(string("description", command["description"])) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    names = [command["command"] for command in menu]
    if len(names) != len(set(names)):
        raise bad_request("BOT_COMMAND_INVALID")
    return menu


def scope(name: str, value: object) -> Json:
    """The scope of a menu."""
    found = record(name, value)
    fields = _SCOPES.get(str(found.get("type")))
    if fields is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    return dict(shaped("type", *fields)("bot command scope", found))


def entities(name: str, value: object) -> list[Json]:
    """Entities passed separately from the text."""
    extra = ("url", "user", "language", "custom_emoji_id")
    read = shaped("type", "offset", "length", optional=extra)
    found = [read("message entity", _inner("message entity", item)) for item in array(name, value)]
    for entity in found:
        integer("offset", entity["offset"])
        integer("length", entity["length"])
    return found


def inline_keyboard(name: str, value: object) -> Json | None:
    """An inline keyboard, or None if it is empty."""
    keyboard = shaped(optional=("inline_keyboard",))(name, value).get("inline_keyboard", [])
    rows = [_list("inline keyboard row", row) for row in _list("inline keyboard", keyboard)]
    rows = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, rows)) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if rows else None


def markup(name: str, value: object) -> Json | None:
    """Any keyboard."""
    found = record(name, value)
    for kind, optional in _OTHER_MARKUP.items():
        if kind in found:
            _known(name, found, {kind, *optional})
            if kind == "keyboard" and not any(_list(kind, found[kind])):
                raise bad_request("reply keyboard must be non-empty")
            return found
    return inline_keyboard(name, found)


def _list(name: str, value: object) -> list[Any]:
    return array(name, _inner(name, value))


def _button(value: object) -> Json:
    button = record("inline keyboard button", _inner("inline keyboard button", value))
    _known("inline keyboard button", button, _BUTTON_ACTIONS | _BUTTON_LOOKS)
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be a non-empty String')
    actions = _BUTTON_ACTIONS & button.keys()
    if not actions:
        raise bad_request("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action must be used")
    if button.get("style", "primary") not in {"primary", "success", "danger"}:
        raise bad_request("can't parse inline keyboard button: invalid style")
    [action] = actions
    if check := _BUTTON_CHECKS.get(action):
        check(button[action])
    return button


def _callback_data(value: object) -> None:
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _address(value: object, kind: str = "", schemes: tuple[str, ...] = ("http", "https", "tg")) -> None:
    url = str(value)
    parts = urlsplit(url)
    prefix = f"inline keyboard button {kind}URL '{url}' is invalid"
    if parts.scheme not in schemes:
        raise bad_request(f"{prefix}: {'Only HTTPS links are allowed' if kind else 'Wrong HTTP URL'}")
    if parts.scheme != "tg" and "." not in (parts.hostname or ""):
        raise bad_request(f"{prefix}: Wrong HTTP URL")


def _web_app(value: object) -> None:
    _address(shaped("url")("web app", _inner("web app", value))["url"], "Web App ", ("https",))


def _login(value: object) -> None:
    fields = ("forward_text", "bot_username", "request_write_access")
    _address(shaped("url", optional=fields)("login url", _inner("login url", value))["url"], "login ", ("https",))


def _copied(value: object) -> None:
    text = shaped("text")("copy text button", _inner("copy text button", value))["text"]
    if not 1 <= len(string("text", text)) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


_BUTTON_CHECKS: dict[str, Callable[[object], None]] = {
    "callback_data": _callback_data,
    "url": _address,
    "web_app": _web_app,
    "login_url": _login,
    "copy_text": _copied,
}

"""Telegram's state of one bot: chats, messages, pending updates, menus, button presses."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.support.fake_bot_api.fields import NOT_BY_DEFAULT, UPDATE_KINDS
from tests.support.fake_bot_api.refusal import Json, Refusal, bad_request

_FIRST_SUPERGROUP = -1_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a message: the visible text, the source text, the keyboard."""

    text: str
    html: str
    markup: Json | None


@dataclass(slots=True, kw_only=True)
class BotMessage:
    """A message of the bot with its edit history."""

    wire: Json
    html: str
    markup: Json | None = None
    silent: bool = False
    deleted: bool = False
    picture: bytes | None = None
    """The file, if the message is a photo."""
    edits: list[Version] = field(default_factory=list)
    """Earlier versions, oldest first."""

    @property
    def chat_id(self) -> int:
        """The chat it was sent to."""
        return int(self.wire["chat"]["id"])

    @property
    def message_id(self) -> int:
        """Its id in the chat."""
        return int(self.wire["message_id"])

    @property
    def text(self) -> str:
        """The visible text without markup, or the caption of a photo."""
        return str(self.wire.get("text", self.wire.get("caption", "")))

    @property
    def entities(self) -> list[Json]:
        """Formatting, in UTF-16 offsets."""
        return list(self.wire.get("entities", []))

    @property
    def thread_id(self) -> int | None:
        """The topic it was sent to."""
        thread: int | None = self.wire.get("message_thread_id")
        return thread

    @property
    def reply_to(self) -> int | None:
        """The message it replies to."""
        answered: int | None = self.wire.get("reply_to_message", {}).get("message_id")
        return answered

    @property
    def keys(self) -> list[Json]:
        """The inline buttons, row by row in one list."""
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    @property
    def buttons(self) -> list[str]:
        """The captions of the inline buttons."""
        return [button["text"] for button in self.keys]

    def snapshot(self) -> "BotMessage":
        """A copy of the message as it is now."""
        return replace(self, wire=copy.deepcopy(self.wire), edits=list(self.edits))


@dataclass
class Call:
    """One request of the bot and its answer; `status` is 0 until it is answered."""

    method: str
    params: Json
    status: int = 0
    description: str = ""


class Account:
    """Telegram's state of one bot."""

    def __init__(self, token: str, username: str, clock: Callable[[], float]) -> None:
        self.token = token
        self.clock = clock
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Fake",
            "username": username,
        }
        self.chats: dict[int, Json] = {}
        self.threads: set[tuple[int, int]] = set()
        self.blocked: set[int] = set()
        self.migrated: dict[int, int] = {}
        self.messages: dict[tuple[int, int], Json] = {}
        self.sent: list[BotMessage] = []
        self.calls: list[Call] = []
        self.pending: list[Json] = []
        self.unwanted: list[Json] = []
        self.allowed = UPDATE_KINDS - NOT_BY_DEFAULT
        self.callbacks: set[str] = set()
        self.callback_answers: dict[str, Json] = {}
        self.chat_actions: list[tuple[int, str]] = []
        self.menus: dict[tuple[str, str], list[Json]] = {}
        self.descriptions: dict[tuple[str, str], str] = {}
        self.webhook: Json = {"url": ""}
        self.closing = False
        self.news: list[BotMessage] = []
        self._last_ids: dict[int, int] = {}
        self._last_update = 0
        self._poll: object = None
        self._poll_ended_by = ""
        self._change = asyncio.Event()

    def now(self) -> int:
        """The current time in Telegram's format."""
        return int(self.clock())

    def changed(self) -> None:
        """Wake all waiters."""
        self._change.set()
        self._change = asyncio.Event()

    async def wait_for_change(self) -> None:
        """Wait for the next change."""
        await self._change.wait()

    def open_chat(self, chat_id: int) -> Json:
        """Return the chat with that id, creating a private chat, group or supergroup if there is none."""
        if chat_id > 0:
            new: Json = {"id": chat_id, "type": "private", "first_name": f"User {chat_id}"}
        else:
            kind = "supergroup" if chat_id < _FIRST_SUPERGROUP else "group"
            new = {"id": chat_id, "type": kind, "title": f"Group {chat_id}"}
        return self.chats.setdefault(chat_id, new)

    def chat_to_write(self, chat_id: int | str) -> Json:
        """Return the chat if the bot may write there."""
        if chat_id not in self.chats:
            raise bad_request("chat not found")
        chat = self.chats[int(chat_id)]
        if chat["id"] in self.migrated:
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, words, migrate_to=self.migrated[chat["id"]])
        if chat_id in self.blocked:
            private = chat["type"] == "private"
            reason = "blocked by the user" if private else f"kicked from the {chat['type']} chat"
            raise Refusal(403, f"Forbidden: bot was {reason}")
        return chat

    def next_message_id(self, chat_id: int) -> int:
        """Return a new message id: supergroups count separately, all other chats together, as in Telegram."""
        counter = chat_id if chat_id < _FIRST_SUPERGROUP else 0
        self._last_ids[counter] = self._last_ids.get(counter, 0) + 1
        return self._last_ids[counter]

    def bot_message(self, chat_id: int, message_id: int) -> BotMessage | None:
        """Return the bot's message, or None if it was deleted."""
        return next(
            (
                message
                for message in self.sent
                if (message.chat_id, message.message_id) == (chat_id, message_id) and not message.deleted
            ),
            None,
        )

    def publish(self, message: BotMessage) -> None:
        """Record a new message or an edit."""
        self.news.append(message.snapshot())
        self.changed()

    def push(self, update: Json) -> int:
        """Queue an update, well-formed or not, and return its id.

        The id is assigned if the update has none. Updates of kinds that the bot did not request go to `unwanted`.
        """
        queued: Json = {"update_id": self._last_update + 1, **copy.deepcopy(update)}
        number = int(queued["update_id"])
        self._last_update = max(self._last_update, number)
        self._meet(queued)
        kinds = UPDATE_KINDS & queued.keys()
        (self.pending if kinds <= self.allowed else self.unwanted).append(queued)
        self.changed()
        return number

    def _meet(self, update: Json) -> None:
        """Register the chats, messages and button presses of an update as far as it is well-formed."""
        press = update.get("callback_query")
        if isinstance(press, dict) and isinstance(press.get("id"), str):
            self.callbacks.add(press["id"])
            update = {**update, "of the press": press.get("message")}
        for body in update.values():
            chat = body.get("chat") if isinstance(body, dict) else None
            if not isinstance(chat, dict) or not isinstance(chat.get("id"), int):
                continue
            self.chats.setdefault(chat["id"], chat)
            if isinstance(body.get("message_id"), int):
                self.messages[chat["id"], body["message_id"]] = body

    def end_poll(self, reason: str) -> None:
        """End a pending getUpdates with a conflict."""
        self._poll = None
        self._poll_ended_by = reason
        self.changed()

    async def poll(self, offset: int, most: int, seconds: int) -> list[Json]:
        """Return the updates from `offset` on, which confirms earlier ones; wait if there are none.

        Of two concurrent polls the earlier is ended with a conflict, as with two running copies of a bot.
        """
        if self.webhook["url"]:
            problem = (
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
            raise Refusal(409, f"Conflict: {problem}")
        self.end_poll("other getUpdates request; make sure that only one bot instance is running")
        turn = self._poll = object()
        if offset < 0:
            del self.pending[:offset]
        else:
            self.pending[:] = [update for update in self.pending if update["update_id"] >= offset]
        try:
            async with asyncio.timeout(seconds):
                while not self.pending and not self.closing:
                    await self.wait_for_change()
                    if self._poll is not turn:
                        raise Refusal(409, f"Conflict: terminated by {self._poll_ended_by}")
        except TimeoutError:
            return []
        if self.closing:
            raise Refusal(502, "Bad Gateway")
        return self.pending[:most]

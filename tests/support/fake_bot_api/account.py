"""What Telegram remembers about one bot: chats, messages, updates that wait, menus, button presses."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tests.support.fake_bot_api.fields import NOT_BY_DEFAULT, UPDATE_KINDS
from tests.support.fake_bot_api.refusal import Json, Refusal, bad_request

_FIRST_SUPERGROUP = -1_000_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a message said at one time: the visible text, the text as the bot wrote it, the keyboard."""

    text: str
    html: str
    markup: Json | None


@dataclass(slots=True, kw_only=True)
class BotMessage:
    """A message of the bot's, and how it came to be what it is."""

    wire: Json
    html: str
    markup: Json | None = None
    silent: bool = False
    deleted: bool = False
    picture: bytes | None = None
    """The file, where the message is a picture."""
    edits: list[Version] = field(default_factory=list)
    """Earlier versions, oldest first."""

    @property
    def chat_id(self) -> int:
        """The chat it was sent to."""
        return int(self.wire["chat"]["id"])

    @property
    def message_id(self) -> int:
        """Its number in the chat."""
        return int(self.wire["message_id"])

    @property
    def text(self) -> str:
        """What a person reads: no markup; below a picture its caption."""
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
        """The message it answers."""
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
        """The message as it is now, whatever becomes of it."""
        return replace(self, wire=copy.deepcopy(self.wire), edits=list(self.edits))


@dataclass
class Call:
    """One request of the bot's, and how it was answered; `status` is 0 while the answer is awaited."""

    method: str
    params: Json
    status: int = 0
    description: str = ""


class Account:
    """The memory of Telegram about one bot."""

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
        """The time as Telegram writes it."""
        return int(self.clock())

    def changed(self) -> None:
        """Wake everybody who waits for something to happen."""
        self._change.set()
        self._change = asyncio.Event()

    async def wait_for_change(self) -> None:
        """Until something happens."""
        await self._change.wait()

    def open_chat(self, chat_id: int) -> Json:
        """The chat of that number, opened when there is none: a person's, a group's or a supergroup's."""
        if chat_id > 0:
            new: Json = {"id": chat_id, "type": "private", "first_name": f"User {chat_id}"}
        else:
            kind = "supergroup" if chat_id < _FIRST_SUPERGROUP else "group"
            new = {"id": chat_id, "type": kind, "title": f"Group {chat_id}"}
        return self.chats.setdefault(chat_id, new)

    def chat_to_write(self, chat_id: int | str) -> Json:
        """The chat, if the bot may write there."""
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
        """A new number: supergroups count for themselves, everything else together, as in Telegram."""
        counter = chat_id if chat_id < _FIRST_SUPERGROUP else 0
        self._last_ids[counter] = self._last_ids.get(counter, 0) + 1
        return self._last_ids[counter]

    def bot_message(self, chat_id: int, message_id: int) -> BotMessage | None:
        """The bot's own message, unless it was deleted."""
        return next(
            (
                message
                for message in self.sent
                if (message.chat_id, message.message_id) == (chat_id, message_id) and not message.deleted
            ),
            None,
        )

    def publish(self, message: BotMessage) -> None:
        """Note that the bot said something, by a new message or an edit."""
        self.news.append(message.snapshot())
        self.changed()

    def push(self, update: Json) -> int:
        """Queue an update, well-formed or not, and return its number.

        The number is given when the update has none. An update of a kind that the bot did not ask for is not queued;
        it is kept in `unwanted`.
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
        """Get to know the chats, messages and presses that an update tells of, as far as it makes sense."""
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
        """Answer a waiting getUpdates with a conflict."""
        self._poll = None
        self._poll_ended_by = reason
        self.changed()

    async def poll(self, offset: int, most: int, seconds: int) -> list[Json]:
        """The updates from `offset` on, which confirms those below; waits for one when there is none.

        Of two polls the earlier is ended: that is how a second copy of a bot is noticed.
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

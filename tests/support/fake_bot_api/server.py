"""A strict fake of the Telegram Bot API for tests: the wire on one side, people in chats on the other.

    api = FakeBotApi()
    request = HTTPXRequest(httpx_kwargs={"transport": api.transport})       # one for getUpdates, too
    bot = Bot(api.token, request=request, get_updates_request=HTTPXRequest(...))
    api.user_says("/start")
    (card,) = await api.answer()
    api.press(1001, card.message_id, "Do it")

It refuses what Telegram refuses, with Telegram's messages, and a few things that Telegram accepts: unknown names (of
parameters, fields, kinds of updates), two actions on one button, and a bare "&" in HTML.

Not imitated: rate limits (see `fail_next`), the delivery of updates to a webhook, rights in groups, links found by
Telegram in the bot's own text, media, inline mode, business accounts, channels.
"""

import asyncio
import itertools
import re
import socket
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Literal

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.fake_bot_api.account import Account, BotMessage, Call
from tests.support.fake_bot_api.html import utf16
from tests.support.fake_bot_api.methods import METHODS, menu_key, thread_of_answers
from tests.support.fake_bot_api.refusal import Json, Refusal, bad_request

USER = 1001
TOKEN = "123456789:FAKE_token-for_tests-only-0000000"

_METHODS = {name.lower(): name for name in METHODS}
_FOUND = {
    "url": re.compile(r"https?://[^\s<>]*[^\s<>.,;:!?)\"']"),
    "bot_command": re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?!\B|[/<>])", re.ASCII),
    "mention": re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}\b"),
}


@dataclass
class _Fault:
    method: str
    refusal: Refusal
    times: int


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to the tests and stops when told, without polling."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_stop = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def main_loop(self) -> None:
        await self.told_to_stop.wait()


class _Unreliable(httpx.ASGITransport):
    """A transport to the app that can lose answers."""

    def __init__(self, app: Starlette, api: "FakeBotApi") -> None:
        super().__init__(app=app)
        self._api = api

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        method = request.url.path.rpartition("/")[2].lower()
        if method in self._api.losses:
            self._api.losses.remove(method)
            raise httpx.ReadTimeout("the answer got lost", request=request)
        return answer


class FakeBotApi(Account):
    """The Bot API for one bot, and the people who talk to it."""

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "fake_bot",
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(token, username, clock)
        path = "/bot{token}/{method}"
        self.app = Starlette(routes=[Route(path, self._serve, methods=["GET", "POST"])])
        self.transport = _Unreliable(self.app, self)
        self.losses: list[str] = []
        self._faults: list[_Fault] = []
        self._heard = 0
        self._numbers = itertools.count(1)

    # The wire

    async def _serve(self, request: Request) -> JSONResponse:
        if request.path_params["token"] != self.token:
            return JSONResponse(Refusal(401, "Unauthorized").wire(), 401)
        name = request.path_params["method"]
        call = Call(_METHODS.get(name.lower(), name), {})
        self.calls.append(call)
        try:
            call.params = await _parameters(request)
            result = await self._call(call)
        except Refusal as refusal:
            call.status, call.description = refusal.status, refusal.description
            return JSONResponse(refusal.wire(), refusal.status)
        else:
            call.status = 200
            return JSONResponse({"ok": True, "result": result})
        finally:
            self.changed()

    async def _call(self, call: Call) -> object:
        for fault in self._faults:
            if fault.method in {call.method, "*"} and fault.times:
                fault.times -= 1
                raise fault.refusal
        method = METHODS.get(call.method)
        if method is None:
            raise Refusal(404, "Not Found")
        call.params = method.params(call.params)
        result = method.run(self, call.params)
        return await result if isinstance(result, Awaitable) else result

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[str]:
        """Also serve on a loopback socket; yield the URL before `/bot<token>`."""
        config = uvicorn.Config(
            self.app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        server = _Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                self.closing = True
                self.changed()
                server.told_to_stop.set()
                await serving
                self.closing = False

    # The people

    def user_says(  # noqa: PLR0913 - each says one thing about the message
        self,
        text: str,
        user_id: int = USER,
        chat_id: int | None = None,
        language_code: str | None = "en",
        *,
        edited: bool = False,
        entities: Literal["auto"] | Sequence[Json] = "auto",
        thread_id: int | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a message of a user to the bot, and return its id.

        Args:
            text: The text.
            user_id: The sender.
            chat_id: The chat; by default the private chat with the bot; a group if negative.
            language_code: The language of the user's Telegram.
            edited: Whether to edit the user's last message there instead of sending a new one.
            entities: The entities; by default commands, links and mentions are detected as Telegram does.
            thread_id: The topic, in a forum.
            reply_to: The message replied to.
        """
        chat = self.open_chat(user_id if chat_id is None else chat_id)
        message: Json = {
            "message_id": 0,
            "from": _person(user_id, language_code),
            "chat": chat,
            "date": self.now(),
            "text": text,
        }
        if found := _entities(text) if entities == "auto" else list(entities):
            message["entities"] = found
        if thread_id is not None:
            self.threads.add((chat["id"], thread_id))
            chat["is_forum"] = True
            message |= {"message_thread_id": thread_id, "is_topic_message": True}
        if reply_to is not None:
            message["reply_to_message"] = self.messages[chat["id"], reply_to]
            message |= thread_of_answers(chat, message["reply_to_message"])
        earlier = self._last_said(chat["id"], user_id) if edited else None
        if edited:
            message["edit_date"] = self.now()
        message["message_id"] = earlier or self.next_message_id(chat["id"])
        self.push({"edited_message" if edited else "message": message})
        return int(message["message_id"])

    def _last_said(self, chat_id: int, user_id: int) -> int | None:
        said = [
            number
            for (chat, number), message in self.messages.items()
            if chat == chat_id and message.get("from", {}).get("id") == user_id
        ]
        return max(said, default=None)

    def press(self, user_id: int, message_id: int, button_text: str, chat_id: int | None = None) -> str:
        """Press a button that is on the message now, and return the id of the callback query."""
        message = self._shown(user_id, message_id, chat_id)
        data = {key["text"]: key.get("callback_data") for key in message.keys}.get(button_text)
        if data is None:
            raise AssertionError(f'no button "{button_text}" to press on message {message_id}: {message.buttons}')
        return self.press_data(user_id, message_id, data, message.chat_id)

    def press_data(self, user_id: int, message_id: int, data: str, chat_id: int | None = None) -> str:
        """Send arbitrary callback data, such as that of a removed button; otherwise like `press`."""
        message = self._shown(user_id, message_id, chat_id)
        number = str(4_000_000_000_000 + next(self._numbers))
        press = {
            "id": number,
            "from": _person(user_id, "en"),
            "message": message.wire,
            "chat_instance": str(message.chat_id),
            "data": data,
        }
        self.push({"callback_query": press})
        return number

    def _shown(self, user_id: int, message_id: int, chat_id: int | None) -> BotMessage:
        """Find a message in the given chat, or in the private chat, or in the latest one that has this id."""
        there = [message for message in self.sent if message.message_id == message_id and not message.deleted]
        own = [message for message in there if message.chat_id == (user_id if chat_id is None else chat_id)]
        found = own or (there if chat_id is None else [])
        if not found:
            raise AssertionError(f"the bot has no message {message_id} to press a button on")
        return found[-1]

    def block(self, chat_id: int = USER, *, told: bool = True) -> None:
        """Block the bot, or remove it from a group; the bot is notified unless `told` is False."""
        self._membership(chat_id, "member", "kicked", told=told)
        self.blocked.add(chat_id)

    def migrate(self, chat_id: int, to: int, *, told: bool = True) -> None:
        """Migrate a group to a supergroup; both chats announce it unless `told` is False."""
        self.migrated[chat_id] = to
        for chat, service in ((chat_id, {"migrate_to_chat_id": to}), (to, {"migrate_from_chat_id": chat_id})):
            where = self.open_chat(chat)
            number = self.next_message_id(chat)
            message = {"message_id": number, "from": _person(USER, "en"), "chat": where, "date": self.now(), **service}
            if told:
                self.push({"message": message})

    def unblock(self, chat_id: int = USER, *, told: bool = True) -> None:
        """Unblock the bot."""
        self.blocked.discard(chat_id)
        self._membership(chat_id, "kicked", "member", told=told)

    def _membership(self, chat_id: int, before: str, after: str, *, told: bool) -> None:
        chat = self.open_chat(chat_id)
        until = {"kicked": {"until_date": 0}, "member": {}}
        change = {
            "chat": chat,
            "from": _person(max(chat_id, USER), "en"),
            "date": self.now(),
            "old_chat_member": {"user": self.me, "status": before, **until[before]},
            "new_chat_member": {"user": self.me, "status": after, **until[after]},
        }
        if told:
            self.push({"my_chat_member": change})

    # The test

    def fail_next(
        self,
        method: str,
        status: int,
        description: str,
        retry_after: int | None = None,
        times: int = 1,
    ) -> None:
        """Refuse the next calls of a method ("*": of any) with this message, without any effect."""
        self._faults.append(_Fault(method, Refusal(status, description, retry_after), times))

    def lose_next(self, method: str, times: int = 1) -> None:
        """Carry out the next calls of a method but lose their answers; over `transport` only."""
        self.losses += [method.lower()] * times

    def called(self, method: str) -> list[Json]:
        """The parameters of every call of a method so far."""
        return [call.params for call in self.calls if call.method == method]

    def menu(self, language_code: str = "", **scope: object) -> dict[str, str]:
        """The menu set for a language and a scope (`type="chat", chat_id=1`): description by command."""
        key = menu_key({"language_code": language_code, "scope": scope or {"type": "default"}})
        return {command["command"]: command["description"] for command in self.menus.get(key, [])}

    @property
    def unheard(self) -> list[BotMessage]:
        """The messages of the bot that `answer` has not returned yet."""
        return self.news[self._heard :]

    async def answer(self, n: int = 1, timeout: float = 5) -> list[BotMessage]:  # noqa: ASYNC109 - a test's patience
        """Return the next `n` messages or edits of the bot in order, each as it was at that moment."""
        try:
            await self.until(lambda: len(self.unheard) >= n, timeout)
        except TimeoutError:
            said = [message.text for message in self.unheard]
            done = [f"{call.method} {call.status}" for call in self.calls if call.method != "getUpdates"]
            raise AssertionError(f"the bot said {said} in {timeout} s, not {n} messages; it called {done}") from None
        said_now = self.unheard[:n]
        self._heard += n
        return said_now

    async def until(self, condition: Callable[[], object], timeout: float = 5) -> None:  # noqa: ASYNC109 - as above
        """Wait until a condition is true; it is checked again after every request, answer and update."""
        async with asyncio.timeout(timeout):
            while not condition():
                await self.wait_for_change()


def _person(user_id: int, language_code: str | None) -> Json:
    person: Json = {"id": user_id, "is_bot": False, "first_name": f"User {user_id}"}
    return person if language_code is None else {**person, "language_code": language_code}


def _entities(text: str) -> list[Json]:
    """Detect commands, links and mentions as Telegram does in users' messages."""
    found: list[Json] = []
    taken: set[int] = set()
    for kind, pattern in _FOUND.items():
        for match in pattern.finditer(text):
            if taken.isdisjoint(range(*match.span())):
                taken.update(range(*match.span()))
                found.append({"type": kind, "offset": utf16(text[: match.start()]), "length": utf16(match[0])})
    return sorted(found, key=lambda entity: int(entity["offset"]))


async def _parameters(request: Request) -> Json:
    """Return the parameters in the URL and the body, JSON or a form of either kind."""
    params: Json = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("JSON object expected")
        return params | body
    async with request.form() as form:
        files = {
            name: (await value.read() if name == "photo" else value.filename)
            for name, value in form.items()
            if not isinstance(value, str)
        }
        return _attached(params | {name: value for name, value in form.items() if isinstance(value, str)}, files)


def _attached(params: Json, files: Json) -> Json:
    """Return the parameters with uploaded files; `attach://name` refers to the part of that name."""
    for name, value in list(params.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            params[name] = files.pop(value.removeprefix("attach://"), "")
    return params | files

"""Fifty people send a thousand messages: each chat in order, no error, flat memory, and how long a card takes.

All of it is in one process and without a network: a fake Bot API, the bot with its inbox in SQLite, the sandbox portal.
"""

from __future__ import annotations

import asyncio
import logging
import re
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import structlog
from pydantic import SecretStr
from telegram.request import HTTPXRequest

from bot.app.app import Transports, serve
from bot.conversation.service import Conversation
from bot.telegram.request import TolerantRequest
from linkdesk.auth.policy import Role
from linkdesk.config.settings import Settings
from linkdesk.desk import Desk
from linkdesk.portal.address import WebhookAddress
from linkdesk.portal.client import Portal
from linkdesk.portal.rate import Rate
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.inbox import open_stored_inbox
from linkdesk.storage.url import DatabaseAddress
from tests.support.fake_bot_api.server import TOKEN, FakeBotApi

FIRST: Final = 5001
BOOKINGS: Final = (14, 15, 16, 17, 18, 19, 20, 21)
CARDS: Final = 60
ASKING: Final = 6
OURS: Final = [tracemalloc.Filter(inclusive=True, filename_pattern=f"*/{name}/*") for name in ("bot", "linkdesk")]


class Timed(httpx.AsyncBaseTransport):
    """A way to the portal that knows how long the portal took."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        """Take the way itself."""
        self.inner = inner
        self.seconds = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on."""
        began = time.perf_counter()
        try:
            return await self.inner.handle_async_request(request)
        finally:
            self.seconds += time.perf_counter() - began


@dataclass
class Running:
    """A bot that runs beside a fake Bot API."""

    api: FakeBotApi
    portal: Timed
    people: int
    asked: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def send(self, count: int) -> None:
        """Let everybody send messages, in turn."""
        for number in range(count):
            person = FIRST + number % self.people
            asked = self.asked.setdefault(person, [])
            asked.append(BOOKINGS[len(asked) % len(BOOKINGS)])
            self.api.user_says(f"/links {asked[-1]}", person)

    async def is_answered(self, count: int) -> None:
        """Wait until so many messages in all were answered."""
        await self.api.until(lambda: len(self.api.sent) >= count, 600)

    def in_order(self) -> bool:
        """Tell whether everybody was answered what they asked, in the order in which they asked."""
        heard: dict[int, list[int]] = {person: [] for person in self.asked}
        for message in self.api.sent:
            heard[message.chat_id] += [int(number) for number in re.findall(r"^[^\n]*?ooking (\d+)", message.text)]
        return heard == self.asked

    def refusals(self) -> int:
        """Count what Telegram refused."""
        return sum(call.status not in {0, 200} for call in self.api.calls)


@asynccontextmanager
async def running(people: int) -> AsyncGenerator[Running]:
    """Run a bot for so many people."""
    api, sandbox = FakeBotApi(), Sandbox(rate=None, operating_budget=None)
    portal = Timed(sandbox.transport())
    through: dict[str, Any] = {"httpx_kwargs": {"transport": api.transport}}
    wires = Transports(HTTPXRequest(**through), TolerantRequest(**through))
    staff = {FIRST + number: Role.EDITOR for number in range(people)}
    settings = Settings(telegram_token=SecretStr(TOKEN), telegram_api="http://127.0.0.1:1", staff=staff)
    stopped = asyncio.Event()
    with tempfile.TemporaryDirectory() as folder:
        database = DatabaseAddress.of_file(Path(folder) / "a.sqlite3")
        address = WebhookAddress.parse(f"http://127.0.0.1{sandbox.webhook_path}")
        async with (
            Portal(address, rate=Rate(leak=9999, bucket=99_999), transport=portal) as client,
            open_stored_inbox(database, settings.bot_id(), None) as inbox,
        ):
            conversation = Conversation(Desk(client))
            serving = asyncio.create_task(serve(settings, conversation, wires, stopped, inbox=inbox))
            try:
                yield Running(api, portal, people)
            finally:
                stopped.set()
                await serving


async def crowd(people: int, messages: int) -> str:
    """Say what comes of so many messages of so many people."""
    async with running(people) as bot:
        began = time.perf_counter()
        bot.send(messages)
        await bot.is_answered(messages)
        seconds = time.perf_counter() - began
    order = "every chat in order" if bot.in_order() else "OUT OF ORDER"
    return f"{people} people, {messages} messages: {order}, {bot.refusals()} errors, {messages / seconds:.0f} a second"


async def memory(people: int, messages: int) -> str:
    """Say how much memory of ours a second helping of messages leaves taken."""
    async with running(people) as bot:
        bot.send(messages)
        await bot.is_answered(messages)
        tracemalloc.start()
        bot.send(messages)
        await bot.is_answered(2 * messages)
        taken = sum(one.size for one in tracemalloc.take_snapshot().filter_traces(OURS).statistics("filename"))
        tracemalloc.stop()
    return f"memory of ours that {messages} more messages leave taken: {taken / messages:.0f} bytes a message"


async def cards() -> str:
    """Say how long it takes from a message to its card."""
    whole: list[float] = []
    without: list[float] = []
    # Each of them stays below what one person may say in a minute.
    async with running(ASKING) as bot:
        for number in range(CARDS):
            before, began, told = bot.portal.seconds, time.perf_counter(), len(bot.api.sent)
            bot.api.user_says("/unlink booking 14 all", FIRST + number % ASKING)
            while len(bot.api.sent) == told:  # noqa: ASYNC110 - what is measured is the time until then
                await asyncio.sleep(0.001)
            whole.append(1000 * (time.perf_counter() - began))
            without.append(whole[-1] - 1000 * (bot.portal.seconds - before))
    return (
        f"message to card: median {statistics.median(whole):.0f} ms, without the portal's time "
        f"{statistics.median(without):.0f} ms (p95 {sorted(without)[int(CARDS * 0.95)]:.0f} ms)"
    )


def main() -> None:
    """Print the figures."""
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(asyncio.run(cards()))
    print(asyncio.run(crowd(50, 1000)))
    print(asyncio.run(memory(50, 250)))


if __name__ == "__main__":
    main()

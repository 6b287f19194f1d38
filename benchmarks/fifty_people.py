"""Fifty people send a thousand messages: order within each chat, errors, memory, and the time to a card.

It runs in one process without a network: a fake Bot API, the bot with its inbox in SQLite, and the sandbox portal.
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
    """A transport that measures the portal's time."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        """Wrap the transport to the portal."""
        self.inner = inner
        self.seconds = 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Forward a request and add its duration."""
        began = time.perf_counter()
        try:
            return await self.inner.handle_async_request(request)
        finally:
            self.seconds += time.perf_counter() - began


@dataclass
class Running:
    """A bot running on a fake Bot API."""

    api: FakeBotApi
    portal: Timed
    people: int
    asked: dict[int, list[int]] = field(default_factory=dict[int, list[int]])

    def send(self, count: int) -> None:
        """Send messages from all people in turn."""
        for number in range(count):
            person = FIRST + number % self.people
            asked = self.asked.setdefault(person, [])
            asked.append(BOOKINGS[len(asked) % len(BOOKINGS)])
            self.api.user_says(f"/links {asked[-1]}", person)

    async def is_answered(self, count: int) -> None:
        """Wait until this many messages have been answered in total."""
        await self.api.until(lambda: len(self.api.sent) >= count, 600)

    def in_order(self) -> bool:
        """Return whether everyone received the right answers in order."""
        heard: dict[int, list[int]] = {person: [] for person in self.asked}
        for message in self.api.sent:
            heard[message.chat_id] += [int(number) for number in re.findall(r"^[^\n]*?ooking (\d+)", message.text)]
        return heard == self.asked

    def refusals(self) -> int:
        """Count the requests that Telegram refused."""
        return sum(call.status not in {0, 200} for call in self.api.calls)


@asynccontextmanager
async def running(people: int) -> AsyncGenerator[Running]:
    """Run a bot for this many people."""
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
    """Measure throughput, order and errors for this many people and messages."""
    async with running(people) as bot:
        began = time.perf_counter()
        bot.send(messages)
        await bot.is_answered(messages)
        seconds = time.perf_counter() - began
    order = "every chat in order" if bot.in_order() else "OUT OF ORDER"
    return f"{people} people, {messages} messages: {order}, {bot.refusals()} errors, {messages / seconds:.0f} a second"


async def memory(people: int, messages: int) -> str:
    """Measure the memory of our code that a second batch of messages leaves allocated."""
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
    """Measure the time from a message to its card."""
    whole: list[float] = []
    without: list[float] = []
    # Few enough per person to stay below the rate limit.
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

"""The bot as a real process that is killed while it tells news: each chat hears of all of them, in order."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from linkdesk.accounts.staff import Chat
from linkdesk.events.diff import BookingChange, SnapshotDiff
from linkdesk.events.model import BookingState, EventKind
from linkdesk.events.subscriptions import Subscription
from linkdesk.sandbox.app import Sandbox
from linkdesk.storage.database import Database
from linkdesk.storage.events import StoredEvents
from linkdesk.storage.staff import StoredStaff
from linkdesk.storage.subscriptions import StoredSubscriptions
from linkdesk.storage.url import DatabaseAddress
from tests.support.bot_process import start_bot, stop_bot
from tests.support.fake_bot_api.server import USER, FakeBotApi
from tests.support.notifications_env import BOT
from tests.support.sandbox_server import sandbox_on_socket

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")

GROUPS = [-1_001_000_000_000 - number for number in range(12)]
NEWS = 4


async def kept(address: str, origin: str) -> None:
    """Subscribe the groups, and keep news that nobody was told yet."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    async with await Database.open(DatabaseAddress.parse(address)) as store:
        people, chats, news = StoredStaff(store), StoredSubscriptions(store, BOT, origin), StoredEvents(store, origin)
        for group in GROUPS:
            await people.allow_chat(Chat(id=group, allowed_by="telegram:1001"))
            await chats.save(Subscription(chat=group, subscribed_by=f"telegram:{USER}", last_sent=0))
        assert await news.acquire_lease(datetime.now(UTC))
        happened = tuple(
            BookingChange(EventKind.DELETED, BookingState(900 + number, "Cut", tomorrow, tomorrow, (1,), (), ()), None)
            for number in range(NEWS)
        )
        assert await news.save(SnapshotDiff(happened), now=datetime.now(UTC), looked=None, done=())
        await news.release_lease()


async def test_killed_while_it_tells_it_tells_the_rest_after_the_next_start_and_in_order(tmp_path: Path) -> None:
    api, sandbox = FakeBotApi(), Sandbox(rate=None, operating_budget=None)
    database = f"sqlite:///{tmp_path}/a.sqlite3"
    for group in GROUPS:
        api.open_chat(group)
    with sandbox_on_socket(sandbox) as portal:
        parts = urlsplit(portal)
        await kept(database, f"{parts.scheme}://{parts.netloc}")
        async with api.listening() as address:
            environment = {
                "telegram_token": api.token,
                "telegram_api": address,
                "staff": f"{USER}:admin",
                "portal": portal,
                "rate": "5000/50000",
                "database": database,
            }
            for share in (0.25, 0.6):
                async with start_bot(**environment) as bot:
                    await api.until(partial(has_told, api, int(share * NEWS * len(GROUPS))), 30)
                    bot.send_signal(signal.SIGKILL)
                    assert await bot.wait() == -signal.SIGKILL
            async with start_bot(**environment) as bot:
                await api.until(lambda: all(len(set(told(api, group))) == NEWS for group in GROUPS), 30)
                code, said = await stop_bot(bot)
    assert code == 0, said
    for group in GROUPS:
        # What was on its way when the process died may come twice, directly after itself.
        in_order = list(dict.fromkeys(told(api, group)))
        assert in_order == sorted(in_order)
        assert len(told(api, group)) <= NEWS + 2


def has_told(api: FakeBotApi, enough: int) -> bool:
    return len(api.sent) >= enough


def told(api: FakeBotApi, group: int) -> list[str]:
    return [message.text for message in api.sent if message.chat_id == group]

"""The chats that are told news, in memory and in every database they may be kept in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from linkdesk.events.model import EventKind
from linkdesk.events.subscriptions import LEASE, MemorySubscriptions, QuietHours, Subscription, Subscriptions
from linkdesk.runtime.processes import WORKER
from linkdesk.storage.database import Database
from linkdesk.storage.subscriptions import StoredSubscriptions
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import KINDS, fresh_database

BOT, GROUP, SUPERGROUP = 123456789, -7, -1_001_000_000_007
PLAIN = Subscription(chat=1001, subscribed_by="telegram:1001", last_sent=5)
FULL = Subscription(
    chat=GROUP,
    topic=33,
    kinds=frozenset({EventKind.CREATED, EventKind.DELETED}),
    resources=frozenset({1, 3}),
    without_deal=True,
    quiet=QuietHours(time(22, 30), time(8)),
    language="ru",
    subscribed_by="telegram:1002",
    last_sent=0,
)


@dataclass
class Desk:
    """The chats of one process, and what gives those of another over the same store."""

    chats: Subscriptions
    another: Callable[[str], Subscriptions] | None
    now: datetime = field(default=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture(params=["memory", *KINDS])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    if request.param == "memory":
        opened = Desk(MemorySubscriptions(now=lambda: opened.now), None)
        yield opened
        return
    with fresh_database(request.param, tmp_path / "store") as address:
        async with AsyncExitStack() as stack:
            stores = [
                await stack.enter_async_context(await Database.open(DatabaseAddress.parse(address))) for _ in "12"
            ]

            def opening(worker: str, origin: str = "https://salon.bitrix24.ru") -> Subscriptions:
                store = stores[worker != WORKER]
                return StoredSubscriptions(store, BOT, origin, worker=worker, now=lambda: opened.now)

            opened = Desk(opening(WORKER), opening)
            yield opened


in_databases = pytest.mark.parametrize("desk", KINDS, indirect=True)


def in_store(desk: Desk) -> Callable[[str], Subscriptions]:
    assert desk.another is not None
    return desk.another


@pytest.mark.parametrize("chat", [PLAIN, FULL], ids=["plain", "full"])
async def test_what_is_kept_is_given_back_to_the_letter(desk: Desk, chat: Subscription) -> None:
    await desk.chats.save(chat)
    assert await desk.chats.find(chat.chat) == chat
    assert await desk.chats.find(404) is None
    assert await desk.chats.delete(chat.chat)
    assert not await desk.chats.delete(chat.chat)
    assert await desk.chats.find(chat.chat) is None


async def test_a_change_of_what_is_wanted_leaves_how_far_the_chat_was_told(desk: Desk) -> None:
    await desk.chats.save(PLAIN)
    held = await desk.chats.acquire(PLAIN.chat)
    assert held is not None
    assert await desk.chats.mark_sent(held, 9)
    await desk.chats.update(replace(PLAIN, kinds=frozenset({EventKind.DELETED}), last_sent=1, paused=True))
    assert await desk.chats.find(PLAIN.chat) == replace(PLAIN, kinds=frozenset({EventKind.DELETED}), last_sent=9)
    await desk.chats.update(FULL)
    assert await desk.chats.find(GROUP) is None


async def test_the_number_told_last_only_rises(desk: Desk) -> None:
    await desk.chats.save(PLAIN)
    held = await desk.chats.acquire(PLAIN.chat)
    assert held is not None
    await desk.chats.mark_sent(held, 9)
    await desk.chats.mark_sent(held, 7)
    known = await desk.chats.find(PLAIN.chat)
    assert known is not None
    assert known.last_sent == 9


async def test_only_chats_that_are_behind_free_and_not_at_rest_are_told(desk: Desk) -> None:
    await desk.chats.save(PLAIN)
    await desk.chats.save(FULL)
    assert [chat.chat for chat in await desk.chats.pending(5)] == [GROUP]
    assert {chat.chat for chat in await desk.chats.pending(6)} == {GROUP, PLAIN.chat}
    held = await desk.chats.acquire(GROUP)
    assert held is not None
    assert held.chat == FULL
    assert [chat.chat for chat in await desk.chats.pending(6)] == [PLAIN.chat]
    await desk.chats.pause(held)
    assert await desk.chats.acquire(GROUP) is None
    assert [chat.chat for chat in await desk.chats.pending(6)] == [PLAIN.chat]
    assert await desk.chats.subscribers() == ["telegram:1001"]
    await desk.chats.save(replace(FULL, last_sent=6))
    assert await desk.chats.subscribers() == ["telegram:1001", "telegram:1002"]


@in_databases
async def test_a_chat_is_told_by_one_process_at_a_time_until_it_is_put_down_or_its_lease_is_over(desk: Desk) -> None:
    await desk.chats.save(PLAIN)
    other = in_store(desk)("elsewhere:1:0")
    taken = await asyncio.gather(*(one.acquire(PLAIN.chat) for one in (desk.chats, other, desk.chats, other)))
    (held,) = [one for one in taken if one is not None]
    mine, theirs = (desk.chats, other) if held.by == WORKER else (other, desk.chats)
    assert await theirs.pending(9) == []
    await mine.release(held)
    again = await theirs.acquire(PLAIN.chat)
    assert again is not None
    assert not await mine.mark_sent(held, 8)
    desk.now += LEASE - timedelta(seconds=1)
    await theirs.renew()
    desk.now += LEASE - timedelta(seconds=1)
    assert await mine.acquire(PLAIN.chat) is None
    desk.now += timedelta(seconds=1)
    assert await mine.acquire(PLAIN.chat) is not None
    assert not await theirs.mark_sent(again, 8)


@in_databases
async def test_what_a_dead_process_held_is_free_at_once(desk: Desk) -> None:
    await desk.chats.save(PLAIN)
    dead = in_store(desk)(f"{WORKER.partition(':')[0]}:{2**22 + 1}:0")
    assert await dead.acquire(PLAIN.chat) is not None
    assert [chat.chat for chat in await desk.chats.pending(9)] == [PLAIN.chat]
    assert await desk.chats.acquire(PLAIN.chat) is not None


async def test_a_group_that_has_another_number_keeps_what_it_is_told(desk: Desk) -> None:
    await desk.chats.save(FULL)
    await desk.chats.acquire(GROUP)
    await desk.chats.migrate_chat(GROUP, SUPERGROUP)
    assert await desk.chats.find(GROUP) is None
    assert await desk.chats.find(SUPERGROUP) == replace(FULL, chat=SUPERGROUP)
    assert await desk.chats.acquire(SUPERGROUP) is not None
    await desk.chats.migrate_chat(404, 405)
    assert await desk.chats.find(405) is None


async def test_the_chat_that_a_group_becomes_stays_as_it_is_where_it_is_known_already(desk: Desk) -> None:
    known = replace(PLAIN, chat=SUPERGROUP)
    await desk.chats.save(known)
    await desk.chats.save(FULL)
    await desk.chats.migrate_chat(GROUP, SUPERGROUP)
    assert await desk.chats.find(SUPERGROUP) == known
    assert await desk.chats.find(GROUP) is None


async def test_another_portal_and_another_bot_have_chats_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    async with await Database.open(DatabaseAddress.parse(f"sqlite:///{tmp_path}/store/linkdesk.sqlite3")) as store:
        ours = StoredSubscriptions(store, BOT, "https://salon.bitrix24.ru")
        others = [
            StoredSubscriptions(store, BOT, "https://other.bitrix24.ru"),
            StoredSubscriptions(store, 7, "https://salon.bitrix24.ru"),
        ]
        await ours.save(PLAIN)
        for other in others:
            assert await other.pending(9) == []
            assert await other.subscribers() == []
            assert await other.acquire(PLAIN.chat) is None
            assert not await other.delete(PLAIN.chat)


MOSCOW, BERLIN = "Europe/Moscow", "Europe/Berlin"


@pytest.mark.parametrize(
    ("quiet", "zone", "moment", "held"),
    [
        (QuietHours(time(22), time(8)), MOSCOW, "2026-11-20T21:59+03:00", False),
        (QuietHours(time(22), time(8)), MOSCOW, "2026-11-20T22:00+03:00", True),
        (QuietHours(time(22), time(8)), MOSCOW, "2026-11-21T00:00+03:00", True),
        (QuietHours(time(22), time(8)), MOSCOW, "2026-11-21T05:00+00:00", False),
        (QuietHours(time(13), time(14)), MOSCOW, "2026-11-20T13:30+03:00", True),
        (QuietHours(time(13), time(14)), MOSCOW, "2026-11-20T14:00+03:00", False),
        # Clocks go back at 03:00 on 25 October: both hours from two to three are quiet, and eight is eight.
        (QuietHours(time(22), time(8)), BERLIN, "2026-10-25T00:30+00:00", True),
        (QuietHours(time(22), time(8)), BERLIN, "2026-10-25T01:30+00:00", True),
        (QuietHours(time(22), time(8)), BERLIN, "2026-10-25T06:59+00:00", True),
        (QuietHours(time(22), time(8)), BERLIN, "2026-10-25T07:00+00:00", False),
        # And forward at 02:00 on 29 March: a night that ends in the hour that is left out ends with it.
        (QuietHours(time(22), time(2, 30)), BERLIN, "2026-03-29T00:59+00:00", True),
        (QuietHours(time(22), time(2, 30)), BERLIN, "2026-03-29T01:00+00:00", False),
    ],
)
def test_quiet_hours_go_by_the_clock_on_the_wall(quiet: QuietHours, zone: str, moment: str, *, held: bool) -> None:
    assert quiet.contains(datetime.fromisoformat(moment), zone) is held

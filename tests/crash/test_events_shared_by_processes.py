"""Several processes watch one portal over one database: one looks, and nothing is told twice or lost."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from linkdesk.events.model import EventKind
from linkdesk.events.poller import Poller
from linkdesk.events.store import LEASE, CompletedPoll
from linkdesk.storage.database import Database
from linkdesk.storage.events import StoredEvents
from linkdesk.storage.url import DatabaseAddress
from tests.support.booking_events import ORIGIN, created
from tests.support.databases import KINDS, fresh_database
from tests.support.polling_env import MINUTE, PollingEnv, kinds_and_ids, open_polling_env
from tests.support.sandbox_env import NOW

TOMORROW = NOW + timedelta(days=1)
CREATED, DELETED = EventKind.CREATED, EventKind.DELETED


@pytest.fixture(params=KINDS)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Database]:
    with fresh_database(request.param, tmp_path / "store") as address:
        async with await Database.open(DatabaseAddress.parse(address)) as opened:
            yield opened


def beside(watched: PollingEnv, news: StoredEvents) -> PollingEnv:
    """Poll the same portal in another process."""
    watch = Poller(news, watched.sandbox_env.desk.portals, MINUTE, now=watched.clock)
    return PollingEnv(watched.sandbox_env, news, watch, watched.clock)


async def test_only_one_process_looks_and_the_next_goes_on_where_it_stopped(store: Database) -> None:
    async with open_polling_env(StoredEvents(store, ORIGIN, worker="elsewhere:1:a")) as one:
        two = beside(one, StoredEvents(store, ORIGIN, worker="elsewhere:2:b"))
        await one.look()
        number = await one.add(TOMORROW)
        one.sandbox_env.sandbox.calls.clear()
        assert await two.look() == []
        assert one.sandbox_env.sandbox.calls == []
        assert kinds_and_ids(await one.look()) == [(CREATED, number)]
        await one.sandbox_env.call("booking.v1.booking.delete", id=number)
        await one.news.release_lease()
        assert kinds_and_ids(await two.look()) == [(CREATED, number), (DELETED, number)]
        assert kinds_and_ids(await one.look()) == [(DELETED, number)]


async def test_a_process_that_is_gone_is_replaced_when_its_lease_is_over(store: Database) -> None:
    async with open_polling_env(StoredEvents(store, ORIGIN, worker="elsewhere:1:a")) as one:
        two = beside(one, StoredEvents(store, ORIGIN, worker="elsewhere:2:b"))
        await one.look()
        number = await one.add(TOMORROW)
        assert await two.look(LEASE - timedelta(seconds=1)) == []
        assert kinds_and_ids(await two.look(timedelta(seconds=2))) == [(CREATED, number)]


async def test_a_process_of_this_machine_that_is_gone_is_replaced_at_once(store: Database) -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    dead = f"{socket.gethostname()[:100]}:{gone.pid}:a"
    assert await StoredEvents(store, ORIGIN, worker=dead).acquire_lease(NOW)
    assert await StoredEvents(store, ORIGIN).acquire_lease(NOW)


async def test_what_was_seen_before_another_process_took_over_is_not_written(store: Database) -> None:
    late, other = (
        StoredEvents(store, ORIGIN, worker="elsewhere:1:a"),
        StoredEvents(store, ORIGIN, worker="elsewhere:2:b"),
    )
    assert await late.acquire_lease(NOW)
    await late.add_hint(5, NOW)
    (hint,) = await late.hints(10)
    assert await other.acquire_lease(NOW + LEASE)
    assert await other.save(created(1), now=NOW, looked=CompletedPoll(NOW, 1, 0), done=())
    assert not await late.save(created(1, 2), now=NOW, looked=CompletedPoll(NOW, 2, 0), done=[hint.number])
    assert [one.number for one in await late.after(0, 10)] == [1]
    assert list(await late.hints(10)) == [hint]
    await late.release_lease()
    assert not await late.acquire_lease(NOW + LEASE)


async def test_many_that_want_to_look_at_once_are_told_that_one_does(store: Database) -> None:
    workers = [StoredEvents(store, ORIGIN, worker=f"elsewhere:{number}:x") for number in range(8)]
    held = await asyncio.gather(*(worker.acquire_lease(NOW) for worker in workers))
    assert held.count(True) == 1
    again = await asyncio.gather(*(worker.acquire_lease(NOW) for worker in workers))
    assert again == held


async def test_two_portals_in_one_database_know_nothing_of_each_other(store: Database) -> None:
    one, two = StoredEvents(store, ORIGIN, worker="elsewhere:1:a"), StoredEvents(store, "https://other", worker="e:2:b")
    assert await one.acquire_lease(NOW)
    assert await two.acquire_lease(NOW)
    assert await one.save(created(1), now=NOW, looked=CompletedPoll(NOW, 1, 0), done=())
    await one.add_hint(1, NOW)
    await one.save_binding("hash", "anna")
    assert (await two.latest(), list(await two.after(0, 10)), list(await two.hints(10))) == (0, [], [])
    assert await two.snapshot() is None
    assert (await two.status()).binding is None


async def test_what_happened_while_no_process_ran_is_told_after_the_start(store: Database) -> None:
    async with open_polling_env(StoredEvents(store, ORIGIN)) as before:
        await before.look()
        await before.watch._release()  # noqa: SLF001 - as when the process leaves
        number = await before.add(TOMORROW)
        after = beside(before, StoredEvents(store, ORIGIN))
        assert kinds_and_ids(await after.look(timedelta(hours=3))) == [(CREATED, number)]

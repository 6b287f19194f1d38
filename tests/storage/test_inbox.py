"""The inbox, in memory and in both databases: nothing is lost, each chat is in order, nobody else's work is taken."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from linkdesk.runtime.inbox import LEASE, Arrival, Inbox, InboxCounts, LeasedMessage, MemoryInbox, ProcessingState
from linkdesk.runtime.processes import WORKER
from linkdesk.storage.cipher import Cipher, new_key
from linkdesk.storage.database import Database
from linkdesk.storage.inbox import REMEMBERED_FOR, StoredInbox
from linkdesk.storage.tables import InboxRow
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import KINDS, content_of, fresh_database

BOT = 123456789
ELSEWHERE = "another-machine:7:abcd"
DEAD = f"{WORKER.partition(':')[0]}:{2**22 + 1}:dead"


@dataclass
class Clock:
    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def arrived(number: int, chat: int = 1, *, urgent: bool = False) -> Arrival:
    return Arrival(number=number, chat=chat, body=json.dumps({"text": f"planted {number}"}), urgent=urgent)


def numbers(items: list[LeasedMessage]) -> list[int]:
    return [item.number for item in items]


@dataclass
class InboxEnv:
    """A store, and the inboxes that processes have over it."""

    store: Database
    address: str
    clock: Clock

    def inbox(self, worker: str = WORKER, cipher: Cipher | None = None, bot: int = BOT) -> StoredInbox:
        return StoredInbox(self.store, bot, cipher, worker=worker, now=self.clock)


@asynccontextmanager
async def an_office(kind: str, folder: Path) -> AsyncIterator[InboxEnv]:
    with fresh_database(kind, folder) as address:
        async with await Database.open(DatabaseAddress.parse(address)) as store:
            yield InboxEnv(store, address, Clock())


@pytest.fixture(params=KINDS)
async def env(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[InboxEnv]:
    async with an_office(request.param, tmp_path) as found:
        yield found


@pytest.fixture(params=["memory", *KINDS])
async def inbox(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Inbox]:
    if request.param == "memory":
        yield MemoryInbox()
        return
    async with an_office(request.param, tmp_path) as found:
        yield found.inbox()


async def test_chats_go_on_side_by_side_and_each_in_the_order_of_its_numbers(inbox: Inbox) -> None:
    assert await inbox.store([arrived(2), arrived(1), arrived(3, chat=2), arrived(4)]) == 4
    first = await inbox.lease(10)
    assert numbers(first) == [1, 3]
    assert await inbox.lease(10) == []
    assert (after := await inbox.finish(first[0])) is not None
    assert after.number == 2
    # What comes late does not overtake what is being worked on.
    await inbox.store([arrived(0)])
    assert await inbox.lease(10) == []
    assert await inbox.finish(first[1]) is None
    assert (late := await inbox.finish(after)) is not None
    assert late.number == 0
    assert await inbox.finish(late, going_on=False) is None
    assert numbers(await inbox.lease(10)) == [4]


async def test_what_is_urgent_waits_for_nothing_of_its_chat(inbox: Inbox) -> None:
    await inbox.store([arrived(1), arrived(2)])
    (first,) = await inbox.lease(10)
    await inbox.store([arrived(3, urgent=True)])
    (urgent,) = await inbox.lease(10)
    assert urgent.number == 3
    assert await inbox.finish(urgent) is None
    assert (after := await inbox.finish(first)) is not None
    assert after.number == 2


async def test_no_more_are_taken_than_there_is_room_for(inbox: Inbox) -> None:
    await inbox.store([arrived(number, chat=number) for number in range(1, 6)])
    assert numbers(await inbox.lease(2)) == [1, 2]
    assert numbers(await inbox.lease(2)) == [3, 4]


async def test_what_comes_twice_is_kept_once_even_when_it_is_done(inbox: Inbox) -> None:
    assert await inbox.store([arrived(1), arrived(2)]) == 2
    assert await inbox.store([arrived(1)]) == 0
    (first,) = await inbox.lease(10)
    await inbox.finish(first)
    assert await inbox.store([arrived(1), arrived(3)]) == 1
    assert await inbox.counts() == InboxCounts(waiting=2, set_aside=0)
    assert await inbox.store([]) == 0


async def test_an_answer_is_kept_until_it_is_sent_and_is_no_new_attempt(inbox: Inbox) -> None:
    await inbox.store([arrived(1)])
    (item,) = await inbox.lease(10)
    assert (item.attempts, item.answer) == (1, None)
    await inbox.release(item)
    (item,) = await inbox.lease(10)
    assert item.attempts == 2
    await inbox.save_answer(item, '{"said": "Привет"}')
    await inbox.release(item)
    (item,) = await inbox.lease(10)
    assert (item.attempts, item.answer) == (2, '{"said": "Привет"}')
    await inbox.finish(item, ProcessingState.SET_ASIDE)
    await inbox.maintain()
    assert await inbox.counts() == InboxCounts(waiting=0, set_aside=1)
    assert await inbox.lease(10) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_encrypted", [True, False])
async def test_what_people_wrote_is_deleted_once_it_is_answered_and_encrypted_until_then(
    kind: str, tmp_path: Path, *, is_encrypted: bool
) -> None:
    async with an_office(kind, tmp_path) as env:
        cipher = Cipher.of(SecretStr(new_key())) if is_encrypted else None
        inbox = env.inbox(cipher=cipher)
        await inbox.store([arrived(1)])
        await inbox.save_answer((await inbox.lease(1))[0], '{"said": "planted answer"}')
        assert (b"planted" in content_of(env.address)) is not is_encrypted
        await inbox.finish(LeasedMessage(number=1, chat=1, body=""))
        async with env.store.read_session() as session:
            rows = await session.execute(select(InboxRow.body, InboxRow.answer))
            assert rows.all() == [("", None)]


async def test_what_a_process_elsewhere_works_on_is_left_to_it_until_its_lease_is_over(env: InboxEnv) -> None:
    theirs, ours = env.inbox(ELSEWHERE), env.inbox()
    await ours.store([arrived(1), arrived(2)])
    (item,) = await theirs.lease(10)
    await ours.maintain()
    assert await ours.lease(10) == []
    env.clock.now += LEASE - timedelta(seconds=1)
    await theirs.maintain()
    env.clock.now += timedelta(seconds=2)
    assert await ours.lease(10) == []
    env.clock.now += LEASE
    (again,) = await ours.lease(10)
    assert (again.number, again.attempts) == (1, 2)
    # Whoever comes back late does not end what is another's now.
    assert await theirs.finish(item) is None
    await theirs.save_answer(item, "{}")
    assert (await ours.counts()).waiting == 2


async def test_what_a_dead_process_of_this_machine_left_is_taken_at_once(env: InboxEnv) -> None:
    ours = env.inbox()
    await ours.store([arrived(1), arrived(2, chat=2)])
    await env.inbox(DEAD).lease(1)
    await ours.maintain()
    assert numbers(await ours.lease(10)) == [1, 2]


async def test_processes_that_look_at_once_never_take_the_same(env: InboxEnv) -> None:
    workers = [env.inbox(f"machine-{number}:1:x") for number in range(4)]
    await workers[0].store([arrived(number, chat=number % 5) for number in range(1, 31)])
    done: dict[int, list[int]] = {}

    async def work(inbox: StoredInbox) -> None:
        while items := await inbox.lease(2):
            for item in items:
                done.setdefault(item.chat, []).append(item.number)
                await inbox.finish(item, going_on=False)

    await asyncio.gather(*(work(inbox) for inbox in workers))
    assert done == {chat: [number for number in range(1, 31) if number % 5 == chat] for chat in range(5)}


async def test_numbers_of_what_is_done_are_forgotten_after_some_days(env: InboxEnv) -> None:
    inbox = env.inbox()
    await inbox.store([arrived(1)])
    await inbox.finish((await inbox.lease(1))[0])
    env.clock.now += REMEMBERED_FOR - timedelta(minutes=1)
    await inbox.maintain()
    assert await inbox.store([arrived(1)]) == 0
    env.clock.now += timedelta(minutes=2)
    await inbox.maintain()
    assert await inbox.store([arrived(1)]) == 1


async def test_bots_that_share_a_database_see_nothing_of_each_other(env: InboxEnv) -> None:
    await env.inbox().store([arrived(1)])
    other = env.inbox(bot=2)
    assert await other.lease(10) == []
    assert await other.store([arrived(1)]) == 1
    assert await other.counts() == InboxCounts(1, 0)


async def test_what_no_key_opens_any_more_is_read_as_an_update_that_says_nothing(env: InboxEnv) -> None:
    await env.inbox(cipher=Cipher.of(SecretStr(new_key()))).store([arrived(1)])
    (item,) = await env.inbox(cipher=Cipher.of(SecretStr(new_key()))).lease(1)
    assert item.body == "{}"

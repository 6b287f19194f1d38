"""News told by several processes of one bot over one store, and groups that become supergroups."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from linkdesk.events.subscriptions import LEASE, Subscriptions
from linkdesk.runtime.processes import WORKER
from linkdesk.storage.database import Database
from linkdesk.storage.events import StoredEvents
from linkdesk.storage.subscriptions import StoredSubscriptions
from linkdesk.storage.url import DatabaseAddress
from tests.support.databases import KINDS, fresh_database
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import (
    BOT,
    GROUP,
    LATER,
    SUPERGROUP,
    NotificationsEnv,
    open_notifications_env,
    texts,
)


@pytest.fixture(params=KINDS)
async def env(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[NotificationsEnv]:
    """Two processes: each has a connection to the store of its own, and a name of its own."""
    (tmp_path / "store").mkdir()
    with fresh_database(request.param, tmp_path / "store") as given:
        address = DatabaseAddress.parse(given)
        async with await Database.open(address) as store, await Database.open(address) as other:
            news, more = StoredEvents(store, "sandbox"), StoredEvents(other, "sandbox", worker="elsewhere:2:0")
            async with open_notifications_env(news=news) as opened:
                opened.chats = StoredSubscriptions(store, BOT, "sandbox", worker="elsewhere:1:0", now=opened.clock)
                theirs = StoredSubscriptions(other, BOT, "sandbox", worker="elsewhere:2:0", now=opened.clock)
                await opened.begin()
                await opened.begin(chats=theirs, news=more, polls=False)
                yield opened


def chats_of(env: NotificationsEnv, place: int) -> Subscriptions:
    return env.bots[place].sources.chats


async def test_two_bots_that_look_at_once_tell_each_chat_once(env: NotificationsEnv) -> None:
    await env.follow()
    await env.follow(chat_id=GROUP)
    numbers = [await env.book(LATER + timedelta(hours=place)) for place in range(3)]
    await env.notice()
    await asyncio.gather(*(bot.notifier.poll() for bot in (*env.bots, *env.bots)))
    for bot in env.bots:
        await bot.notifier.wait_until_sent()
    messages = await env.api.answer(len(env.api.unheard))
    assert await env.tell() == []
    for chat in (USER, GROUP):
        told = [text.split(":")[0] for text in texts([one for one in messages if one.chat_id == chat])]
        assert told == [f"New booking {number}" for number in numbers]


async def test_what_one_process_had_taken_when_it_was_killed_is_told_by_the_next(env: NotificationsEnv) -> None:
    await env.follow()
    dead = StoredSubscriptions(
        chats_of(env, 0)._store,  # type: ignore[attr-defined]  # noqa: SLF001 - the same store, another process
        BOT,
        "sandbox",
        worker=f"{WORKER.partition(':')[0]}:{2**22 + 1}:0",
        now=env.clock,
    )
    number = await env.book()
    held = await dead.acquire(USER)
    assert held is not None
    (message,) = await env.told()
    assert message.text.startswith(f"New booking {number}")


async def test_what_a_process_elsewhere_left_is_told_when_its_lease_is_over(env: NotificationsEnv) -> None:
    await env.follow()
    await env.book()
    gone = StoredSubscriptions(
        chats_of(env, 0)._store,  # type: ignore[attr-defined]  # noqa: SLF001 - as above
        BOT,
        "sandbox",
        worker="far:1:0",
        now=env.clock,
    )
    held = await gone.acquire(USER)
    assert held is not None
    await env.notice(timedelta(0))
    env.watch._due = None  # noqa: SLF001 - an event
    await env.notice(timedelta(seconds=1))
    assert await env.tell() == []
    env.clock.now += LEASE
    assert len(await env.tell()) == 1
    assert not await gone.mark_sent(held, 99)


async def test_a_bot_that_has_to_wait_for_telegram_when_it_is_stopped_leaves_it_to_the_next(
    env: NotificationsEnv,
) -> None:
    await env.follow()
    number = await env.book()
    env.api.fail_next("sendMessage", 429, "Too Many Requests: retry after 600", retry_after=600)
    await env.notice()
    await env.bots[0].notifier.poll()
    await env.api.until(lambda: [call.status for call in env.api.calls if call.method == "sendMessage"][-1] == 429)
    await env.end(env.bots[0])
    await env.bots[0].notifier.poll()
    await env.bots[0].notifier.wait_until_sent()
    (message,) = await env.api.answer()
    assert message.text.startswith(f"New booking {number}")
    assert (
        len([call for call in env.api.calls if call.status == 200 and "New booking" in str(call.params.get("text"))])
        == 1
    )


@pytest.mark.parametrize("told", [True, False])
async def test_a_group_that_becomes_a_supergroup_goes_on_being_told(env: NotificationsEnv, *, told: bool) -> None:
    await env.follow("/notify on new quiet 03:00-04:00", chat_id=GROUP)
    before = await env.chats.find(GROUP)
    assert before is not None
    env.api.migrate(GROUP, SUPERGROUP, told=told)
    number = await env.book()
    if told:
        # A message after it is answered when what came before it is done.
        await env.said("/status")
    messages = await env.told()
    messages = messages or await env.tell()
    assert [(one.chat_id, one.text.split(":")[0]) for one in messages] == [(SUPERGROUP, f"New booking {number}")]
    after = await env.chats.find(SUPERGROUP)
    assert after is not None
    assert replace(after, chat=GROUP, last_sent=before.last_sent) == before
    assert (await env.people.chat(GROUP), (await env.people.chat(SUPERGROUP)) is not None) == (None, True)
    assert (await env.said("/notify", chat_id=SUPERGROUP)).text.startswith("Booking notifications arrive here: new.")


async def test_an_answer_of_telegrams_that_is_lost_tells_twice_and_never_not_at_all(env: NotificationsEnv) -> None:
    await env.follow()
    await env.book()
    env.api.lose_next("sendMessage")
    await env.notice()
    await env.bots[0].notifier.poll()
    messages = await env.api.answer(2)
    assert len(set(texts(messages))) == 1
    await env.bots[0].notifier.wait_until_sent()
    assert await env.tell() == []

"""Faults of our own in what runs beside the answers: told as incidents, and gone on from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.app.supervisor import AFTER_FAULT_S, keep_running
from bot.notifications.sender import AFTER_FAULT
from linkdesk.storage.database import Database
from linkdesk.storage.events import StoredEvents
from linkdesk.storage.url import DatabaseAddress
from tests.support.fake_bot_api.server import USER
from tests.support.notifications_env import GROUP, NotificationsEnv, open_notifications_env


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(DatabaseAddress.parse(f"sqlite:///{tmp_path}/news.sqlite")) as opened:
        yield opened


@pytest.fixture
async def env(store: Database) -> AsyncIterator[NotificationsEnv]:
    async with open_notifications_env(news=StoredEvents(store, "sandbox")) as opened:
        await opened.begin()
        yield opened


async def rewritten(store: Database, statement: str) -> None:
    async with store.transaction() as session:
        await session.execute(text(statement))


async def test_work_that_stumbles_is_an_incident_and_begins_again_until_it_ends() -> None:
    begun, waited = 0, list[float]()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise ZeroDivisionError

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    with capture_logs() as logged:
        await keep_running("work.failed", work, sleep)
    assert (begun, waited) == (3, [AFTER_FAULT_S] * 2)
    assert [(one["event"], type(one["exc_info"])) for one in logged] == [("work.failed", ZeroDivisionError)] * 2
    assert all(one["incident"] for one in logged)


async def test_work_that_is_cancelled_is_over() -> None:
    working = asyncio.create_task(keep_running("work.failed", asyncio.Event().wait, asyncio.sleep))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    working.cancel()
    with capture_logs() as logged, pytest.raises(asyncio.CancelledError):
        await working
    assert logged == []


async def test_what_was_seen_and_cannot_be_read_is_an_incident_and_the_watch_goes_on(
    env: NotificationsEnv, store: Database
) -> None:
    await env.follow()
    number = await env.book()
    await rewritten(store, "CREATE TABLE kept AS SELECT * FROM news_seen")
    await rewritten(store, "UPDATE news_seen SET seen = '{}'")
    env.clock.now += timedelta(minutes=1)
    looks = 0

    async def watch() -> None:
        nonlocal looks
        looks += 1
        await env.watch.poll_if_due(env.chats.subscribers)

    async def mended(_seconds: float) -> None:
        await rewritten(store, "DELETE FROM news_seen")
        await rewritten(store, "INSERT INTO news_seen SELECT * FROM kept")
        env.clock.now += timedelta(minutes=1)

    with capture_logs() as logged:
        await keep_running("news.watch_failed", watch, mended)
    assert looks == 2
    assert [one["event"] for one in logged if "incident" in one] == ["news.watch_failed"]
    (message,) = await env.tell()
    assert message.text.startswith(f"New booking {number}:")


async def test_news_that_cannot_be_read_are_an_incident_once_and_are_told_when_they_can(
    env: NotificationsEnv, store: Database
) -> None:
    await env.follow()
    await env.follow(chat_id=GROUP)
    number = await env.book()
    await env.notice()
    await rewritten(store, "UPDATE news SET kind = 'of another version'")
    with capture_logs() as logged:
        assert await env.tell() == []
        assert await env.tell() == []
    assert [one["event"] for one in logged if "incident" in one] == ["telegram.news_not_told"] * 2
    await rewritten(store, "UPDATE news SET kind = 'created'")
    env.clock.now += AFTER_FAULT
    messages = await env.tell()
    assert sorted(one.chat_id for one in messages) == sorted([USER, GROUP])
    assert all(one.text.startswith(f"New booking {number}:") for one in messages)

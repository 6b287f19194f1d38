"""What is kept of the news: the same in memory and in every database."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from linkdesk.events.diff import BookingChange, SnapshotDiff
from linkdesk.events.model import EventKind
from linkdesk.events.store import RETENTION, CompletedPoll, EventStore, MemoryEventStore
from linkdesk.storage.events import open_stored_events
from linkdesk.storage.url import DatabaseAddress
from tests.support.booking_events import MOSCOW, ORIGIN, booking, created
from tests.support.databases import fresh_database

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def news(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[EventStore]:
    if request.param == "memory":
        yield MemoryEventStore()
        return
    with fresh_database(request.param, tmp_path / "store") as address:
        async with open_stored_events(DatabaseAddress.parse(address), ORIGIN) as opened:
            yield opened


async def looked(news: EventStore, noticed: SnapshotDiff, at: datetime = NOW, highest: int = 0) -> None:
    assert await news.acquire_lease(at)
    assert await news.save(noticed, now=at, looked=CompletedPoll(at, highest, 3), done=())


async def test_news_come_back_as_they_were_in_their_order(news: EventStore) -> None:
    assert (await news.latest(), list(await news.after(0, 10))) == (0, [])
    moved = BookingChange(EventKind.CHANGED, booking(1), booking(1, "Стрижка"))
    gone = BookingChange(EventKind.DELETED, booking(2), None)
    await looked(news, SnapshotDiff((moved, gone)))
    await looked(news, created(3))
    told = list(await news.after(0, 10))
    assert [one.number for one in told] == [1, 2, 3]
    assert [(one.kind, one.before, one.after) for one in told[:2]] == [
        (EventKind.CHANGED, booking(1), booking(1, "Стрижка")),
        (EventKind.DELETED, booking(2), None),
    ]
    assert told[2].after is not None
    assert told[2].after.date_from.tzinfo == MOSCOW
    assert {one.noticed for one in told} == {NOW}
    assert await news.latest() == 3
    assert [one.number for one in await news.after(1, 1)] == [2]


async def test_news_are_forgotten_after_a_week_and_their_numbers_are_not_used_again(news: EventStore) -> None:
    await looked(news, created(1, 2))
    await looked(news, SnapshotDiff(), NOW + RETENTION + timedelta(seconds=1))
    assert list(await news.after(0, 10)) == []
    assert await news.latest() == 2
    await looked(news, created(3), NOW + RETENTION * 2)
    assert [one.number for one in await news.after(0, 10)] == [3]


async def test_what_was_seen_is_changed_row_by_row(news: EventStore) -> None:
    assert await news.snapshot() is None
    await looked(news, created(1, 2), highest=2)
    await looked(news, SnapshotDiff(updated={2: booking(2, "New")}, removed=frozenset({1, 99})), highest=5)
    snapshot = await news.snapshot()
    assert snapshot is not None
    assert snapshot.bookings == {2: booking(2, "New")}
    assert (snapshot.highest, snapshot.cursor, snapshot.looked) == (5, 3, NOW)


async def test_a_look_at_single_bookings_leaves_the_last_whole_look_as_it_was(news: EventStore) -> None:
    await looked(news, created(1), highest=1)
    later = NOW + timedelta(minutes=5)
    assert await news.save(created(2), now=later, looked=None, done=())
    snapshot = await news.snapshot()
    assert snapshot is not None
    assert (snapshot.looked, sorted(snapshot.bookings)) == (NOW, [1, 2])


async def test_what_was_seen_is_forgotten_and_the_news_stay(news: EventStore) -> None:
    await looked(news, created(1))
    await news.add_hint(5, NOW)
    await news.clear()
    assert await news.snapshot() is None
    assert list(await news.hints(10)) == []
    assert [one.number for one in await news.after(0, 10)] == [1]


async def test_hints_are_crossed_out_by_their_own_number(news: EventStore) -> None:
    assert await news.acquire_lease(NOW)
    for number in (14, 15, 14):
        await news.add_hint(number, NOW)
    first, second, third = await news.hints(10)
    assert [one.booking_id for one in (first, second, third)] == [14, 15, 14]
    assert [one.booking_id for one in await news.hints(2)] == [14, 15]
    assert await news.save(SnapshotDiff(), now=NOW, looked=None, done=[first.number, second.number])
    assert list(await news.hints(10)) == [third]
    assert await news.save(SnapshotDiff(), now=NOW, looked=None, done=[third.number])
    await news.add_hint(16, NOW)
    (fourth,) = await news.hints(10)
    assert fourth.number > third.number


async def test_a_hint_that_nobody_looked_at_for_a_week_goes(news: EventStore) -> None:
    await news.add_hint(14, NOW)
    await news.add_hint(15, NOW + RETENTION)
    assert [one.booking_id for one in await news.hints(10)] == [14, 15]
    await news.add_hint(16, NOW + RETENTION + timedelta(seconds=1))
    assert [one.booking_id for one in await news.hints(10)] == [15, 16]


async def test_who_brings_events_is_learned_once(news: EventStore) -> None:
    assert (await news.status()).binding is None
    assert await news.pin_sender("secret-hash", "portal", "hash-1") is None
    bound = await news.save_binding("secret-hash", "telegram:1001")
    assert (bound.secret_hash, bound.who, bound.token_hash) == ("secret-hash", "telegram:1001", None)
    assert (await news.status()).binding == bound
    assert await news.pin_sender("another-hash", "portal", "hash-1") is None
    pinned = await news.pin_sender("secret-hash", "portal", "hash-1")
    assert pinned is not None
    assert (pinned.member_id, pinned.token_hash) == ("portal", "hash-1")
    assert await news.pin_sender("secret-hash", "another", "hash-2") == pinned
    again = await news.save_binding("secret-hash-2", "anna")
    assert (again.secret_hash, again.who, again.token_hash) == ("secret-hash-2", "anna", None)
    await news.delete_binding()
    assert (await news.status()).binding is None


async def test_a_refusal_is_kept_until_it_is_over(news: EventStore) -> None:
    assert await news.acquire_lease(NOW)
    await news.record_refusal("ACCESS_DENIED")
    assert (await news.status()).refused == "ACCESS_DENIED"
    await news.record_refusal(None)
    assert (await news.status()).refused is None


async def test_a_hash_of_the_token_stands_in_no_repr(news: EventStore) -> None:
    await news.save_binding("secret-hash", "anna")
    assert "tokenhash" not in repr(await news.pin_sender("secret-hash", "portal", "tokenhash"))

"""The pace: the portal never has to refuse, people go first, and several processes share one bucket."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkdesk.portal.rate import Rate
from linkdesk.portal.redis_throttle import RedisBucket
from linkdesk.portal.throttle import BucketLevel, LocalBucket, Throttle, bulk, bulk_capacity, capacity
from linkdesk.sandbox.limits import LeakyBucket
from tests.support.requirements import require
from tests.support.virtual_time import run, steady

REDIS = "redis://127.0.0.1:6379/0"
RATE = Rate(leak=2, bucket=50)

rates = st.builds(Rate, leak=st.floats(0.1, 20), bucket=st.integers(1, 300))
calls = st.lists(st.tuples(st.floats(0, 30), st.booleans()), max_size=80)


def new_pace(rate: Rate = RATE, **more: Any) -> Throttle:  # noqa: ANN401 - the pace's own
    return Throttle(LocalBucket(rate, steady), **more)


async def locks(pace: Throttle, count: int, name: str, log: list[tuple[str, float]], *, in_bulk: bool = False) -> None:
    async def one() -> None:
        await pace.acquire()
        log.append((name, steady()))

    async def several() -> None:
        await asyncio.gather(*(one() for _ in range(count)))

    if in_bulk:
        with bulk():
            await asyncio.create_task(several())
    else:
        await several()


@given(rate=rates, calls=calls)
def test_no_stretch_of_time_sees_more_requests_than_the_bucket_and_what_leaks_meanwhile(
    rate: Rate,
    calls: list[tuple[float, bool]],
) -> None:
    level, at, sent = BucketLevel.initial(rate, 0), 0.0, list[float]()
    for pause, in_bulk in calls:
        at += pause
        level = level.leaked(rate, at)
        at += level.wait_s(rate, bulk=in_bulk)
        level = level.leaked(rate, at)
        assert level.wait_s(rate, bulk=in_bulk) < 1e-6
        level = level.with_request(rate)
        sent.append(at)
    for first, start in enumerate(sent):
        for last, end in enumerate(sent[first:], first):
            assert last - first + 1 <= capacity(rate) + rate.leak * (end - start) + 1e-3


@given(rate=rates, calls=calls, filled=st.floats(0, 1))
def test_bulk_work_is_not_refused_however_full_others_left_the_bucket(
    rate: Rate,
    calls: list[tuple[float, bool]],
    filled: float,
) -> None:
    theirs = LeakyBucket(rate.leak, rate.bucket)
    for _ in range(int(rate.bucket * filled)):
        theirs.admit(0)
    level, at = BucketLevel.initial(rate, 0), 0.0
    for pause, _ in calls:
        at += pause
        level = level.leaked(rate, at)
        at += level.wait_s(rate, bulk=True)
        level = level.leaked(rate, at).with_request(rate)
        assert theirs.admit(at) or rate.bucket == 1


def test_a_clock_that_runs_backwards_gives_no_room() -> None:
    level = BucketLevel(ours=10, worst=10, at=100)
    assert level.leaked(RATE, 90) == level
    assert level.leaked(RATE, 90).leaked(RATE, 101).ours == 8


def test_a_burst_fills_the_bucket_but_for_the_margin_and_the_rest_goes_as_it_leaks() -> None:
    async def main() -> None:
        log: list[tuple[str, float]] = []
        start = steady()
        await locks(new_pace(), 60, "x", log)
        times = [round(at - start, 3) for _, at in log]
        assert times[:49] == [0] * 49
        assert times[49:] == [0.5 * n for n in range(1, 12)]

    run(main())


def test_bulk_work_leaves_room_for_people_who_then_need_not_wait() -> None:
    async def main() -> None:
        pace, log = new_pace(), list[tuple[str, float]]()
        await asyncio.sleep(25)  # what others may have sent has leaked
        start = steady()
        scan = asyncio.create_task(locks(pace, 100, "bulk", log, in_bulk=True))
        await asyncio.sleep(0.01)
        assert len(log) == bulk_capacity(RATE) == 40
        await locks(pace, 9, "person", log)
        assert [at - start for name, at in log if name == "person"] == [pytest.approx(0.01)] * 9
        await scan

    run(main())


def test_who_comes_while_bulk_work_waits_goes_first() -> None:
    async def main() -> None:
        pace, log = new_pace(Rate(leak=1, bucket=2)), list[tuple[str, float]]()
        await asyncio.sleep(10)
        scan = asyncio.create_task(locks(pace, 4, "bulk", log, in_bulk=True))
        await asyncio.sleep(0.5)
        await locks(pace, 3, "person", log)
        await scan
        assert [name for name, _ in log] == ["bulk", "person", "person", "person", "bulk", "bulk", "bulk"]

    run(main())


def test_callers_of_one_kind_are_served_in_the_order_in_which_they_came() -> None:
    async def main() -> None:
        pace, log = new_pace(Rate(leak=1, bucket=1)), list[tuple[str, float]]()
        await asyncio.gather(*(locks(pace, 1, str(number), log) for number in range(20)))
        assert [name for name, _ in log] == [str(number) for number in range(20)]

    run(main())


def test_who_gives_up_waiting_takes_no_room_and_blocks_nobody() -> None:
    async def main() -> None:
        pace, log = new_pace(Rate(leak=1, bucket=1)), list[tuple[str, float]]()
        await locks(pace, 1, "first", log)
        gone = [asyncio.create_task(locks(pace, 1, "gone", log)) for _ in range(5)]
        await asyncio.sleep(0.5)
        for task in gone:
            task.cancel()
        await locks(pace, 1, "second", log)
        assert [name for name, _ in log] == ["first", "second"]
        assert log[1][1] - log[0][1] == pytest.approx(1)
        with bulk():
            await asyncio.wait_for(pace.acquire(), 10)

    run(main())


def test_a_refusal_holds_everybody_back_the_longer_the_more_often_it_came() -> None:
    async def main() -> None:
        for times, wait in ((1, 1), (2, 1.5), (5, 3), (100, 6)):
            pace, log = new_pace(unlimited_until_refused=True), list[tuple[str, float]]()
            await locks(pace, 100, "free", log)
            await pace.report_refusal(times)
            start = steady()
            await pace.acquire()
            assert steady() - start == pytest.approx(wait)

    run(main())


def test_the_sandboxs_bucket_never_refuses_what_the_pace_lets_through() -> None:
    async def main() -> None:
        theirs = LeakyBucket(2, 50)
        pace = new_pace()

        async def one(at: float, *, in_bulk: bool) -> None:
            await asyncio.sleep(at)
            if in_bulk:
                with bulk():
                    await pace.acquire()
            else:
                await pace.acquire()
            assert theirs.admit(datetime.fromtimestamp(steady(), UTC).timestamp())

        await asyncio.gather(*(one(n % 37 * 1.7, in_bulk=n % 3 == 0) for n in range(300)))

    run(main())


@pytest.fixture
def redis_asyncio() -> ModuleType:
    try:
        import redis.asyncio as module  # noqa: PLC0415 - may be missing
        from redis import Redis  # noqa: PLC0415 - the same
        from redis.exceptions import RedisError  # noqa: PLC0415 - the same
    except ImportError:
        require("redis", present=False, reason="redis-py is not installed: pip install redis")
        raise
    try:
        with Redis.from_url(REDIS, socket_connect_timeout=1) as client:
            client.ping()
    except (RedisError, OSError):
        require("redis", present=False, reason=f"nothing answers at {REDIS}: start redis-server")
    return module


@pytest.fixture
async def clients(redis_asyncio: ModuleType) -> AsyncGenerator[list[Any]]:
    opened = [redis_asyncio.Redis.from_url(REDIS) for _ in range(3)]
    yield opened
    for client in opened:
        await client.aclose()


async def test_several_processes_share_one_bucket_in_redis(clients: list[Any]) -> None:
    rate, key = Rate(leak=100, bucket=20), f"linkdesk:test:{uuid.uuid4()}"
    paces = [Throttle(RedisBucket(client, key, rate, LocalBucket(rate, time.monotonic))) for client in clients]
    sent: list[float] = []

    async def one(pace: Throttle) -> None:
        await pace.acquire()
        sent.append(time.monotonic())

    start = time.monotonic()
    try:
        await asyncio.gather(*(one(pace) for pace in paces for _ in range(15)))
        took = time.monotonic() - start
        assert len(sent) == 45
        assert took >= (45 - capacity(rate)) / rate.leak - 0.005
        with bulk():
            await paces[0].acquire()
        await paces[0].report_refusal(1)
        assert await RedisBucket(clients[1], key, rate, LocalBucket(rate, time.monotonic)).take(bulk=False) > 0
    finally:
        await clients[0].delete(key)


async def test_redis_counts_as_this_process_does(clients: list[Any]) -> None:
    rate, key = Rate(leak=0.001, bucket=10), f"linkdesk:test:{uuid.uuid4()}"
    own = LocalBucket(rate, lambda: 0.0)
    shared = RedisBucket(clients[0], key, rate, LocalBucket(rate, lambda: 0.0))
    try:
        for step in range(30):
            if step == 20:
                await own.report_overflow(3)
                await shared.report_overflow(3)
            in_bulk = step % 3 == 0
            assert await shared.take(bulk=in_bulk) == pytest.approx(await own.take(bulk=in_bulk), abs=2)
    finally:
        await clients[0].delete(key)


async def test_while_redis_is_away_each_process_keeps_its_own_account(redis_asyncio: ModuleType) -> None:
    rate = Rate(leak=1, bucket=3)
    client = redis_asyncio.Redis.from_url("redis://127.0.0.1:1/0")
    shared = RedisBucket(client, "linkdesk:test:away", rate, LocalBucket(rate, lambda: 0.0))
    assert [await shared.take(bulk=False) for _ in range(3)] == [0, 0, pytest.approx(1)]
    await shared.report_overflow(0)
    assert await shared.take(bulk=False) == pytest.approx(2)
    await client.aclose()

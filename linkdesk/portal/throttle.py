"""Client-side throttling: requests are held back so that the portal does not have to refuse them.

The portal counts requests in a leaky bucket. `BucketLevel` is our own estimate of its level, a pure value that says how
long to wait. A `Bucket` keeps the level in this process or in Redis; `Throttle` queues the requests in front of it and
lets interactive requests pass bulk work.
Source: https://apidocs.bitrix24.com/limits.html
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final, Protocol

from linkdesk.portal.rate import Rate

MARGIN: Final = 1
"""Requests of room that stay unused: the network delays some requests more than others."""
BULK_SHARE: Final = 0.8
"""How much of the bucket bulk work may fill; the rest is for people, who then need not wait."""
ROUNDING: Final = 1e-6
MAX_RESERVE: Final = 10

_bulk: Final[ContextVar[bool]] = ContextVar("linkdesk_bulk", default=False)


@contextmanager
def bulk() -> Generator[None]:
    """Mark the calls made within as bulk work, which gives way to interactive requests."""
    token = _bulk.set(True)
    try:
        yield
    finally:
        _bulk.reset(token)


def is_bulk() -> bool:
    """Return whether the current calls are bulk work."""
    return _bulk.get()


@dataclass(frozen=True, slots=True)
class BucketLevel:
    """The estimated level of the bucket: from our own requests, and the worst case with those of other clients."""

    ours: float
    worst: float
    at: float
    """The time of this account, in seconds of any steady clock."""

    @classmethod
    def initial(cls, rate: Rate, now: float) -> BucketLevel:
        """Start with nothing sent; in the worst case other clients have filled the bucket."""
        return cls(ours=0, worst=rate.bucket, at=now)

    def leaked(self, rate: Rate, now: float) -> BucketLevel:
        """Return the level after the time passed; a clock that runs backwards changes nothing."""
        gone = max(0.0, now - self.at) * rate.leak
        return BucketLevel(max(0.0, self.ours - gone), max(0.0, self.worst - gone), max(now, self.at))

    def wait_s(self, rate: Rate, *, bulk: bool) -> float:
        """Return the seconds a request has to wait; bulk work assumes the worst case."""
        room = capacity(rate)
        over = self.ours + 1 - (bulk_capacity(rate) if bulk else room)
        if bulk:
            over = max(over, self.worst + 1 - room)
        return over / rate.leak if over > ROUNDING else 0.0

    def with_request(self, rate: Rate) -> BucketLevel:
        """Return the level with one more request."""
        return replace(self, ours=self.ours + 1, worst=min(rate.bucket, self.worst + 1))

    def overflowed(self, rate: Rate, extra: float) -> BucketLevel:
        """Return the level after a refusal: full, with some reserve for the clients that filled it."""
        full = rate.bucket + extra
        return replace(self, ours=max(self.ours, full), worst=max(self.worst, full))


def capacity(rate: Rate) -> float:
    """Return the level up to which we fill the bucket."""
    return max(1, rate.bucket - MARGIN)


def bulk_capacity(rate: Rate) -> float:
    """Return the level up to which bulk work fills the bucket."""
    return max(1, min(capacity(rate), rate.bucket * BULK_SHARE))


class Bucket(Protocol):
    """Keeps the level of a portal's bucket."""

    async def take(self, *, bulk: bool) -> float:
        """Reserve room for one request and return 0, or return the seconds to wait before asking again."""
        ...

    async def report_overflow(self, extra: float) -> None:
        """Record that the portal refused a request, and keep room for `extra` more requests of other clients."""
        ...


class LocalBucket:
    """The bucket level as known to this process."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        """Keep the rate limit and a monotonic clock."""
        self._rate = rate
        self._clock = clock
        self._level = BucketLevel.initial(rate, clock())

    async def take(self, *, bulk: bool) -> float:
        """Reserve room for one request and return 0, or return the seconds to wait before asking again."""
        self._level = self._level.leaked(self._rate, self._clock())
        wait = self._level.wait_s(self._rate, bulk=bulk)
        if not wait:
            self._level = self._level.with_request(self._rate)
        return wait

    async def report_overflow(self, extra: float) -> None:
        """Record that the portal refused a request."""
        self._level = self._level.leaked(self._rate, self._clock()).overflowed(self._rate, extra)


class Throttle:
    """The queue in front of a portal: first come, first served, but bulk work gives way to interactive requests.

    Every client of the same portal has to share one, since the portal counts them together.
    """

    def __init__(
        self,
        bucket: Bucket,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        unlimited_until_refused: bool = False,
    ) -> None:
        """Keep the bucket; with `unlimited_until_refused`, nothing is held back until the portal refuses a request."""
        self._bucket = bucket
        self._sleep = sleep
        self._unlimited = unlimited_until_refused
        self._interactive_lock, self._bulk_lock = asyncio.Lock(), asyncio.Lock()
        self._interactive_waiting = 0
        self._no_interactive = asyncio.Event()
        self._no_interactive.set()

    async def acquire(self) -> None:
        """Wait until one request may be sent."""
        if self._unlimited:
            return
        if is_bulk():
            await self._acquire_bulk()
        else:
            await self._acquire_interactive()

    async def report_refusal(self, times: int) -> None:
        """Slow everybody down: the portal has refused a request `times` times."""
        self._unlimited = False
        await self._bucket.report_overflow(min(times - 1, MAX_RESERVE))

    async def _acquire_interactive(self) -> None:
        self._interactive_waiting += 1
        self._no_interactive.clear()
        try:
            async with self._interactive_lock:
                while wait := await self._bucket.take(bulk=False):
                    await self._sleep(wait)
        finally:
            self._interactive_waiting -= 1
            if not self._interactive_waiting:
                self._no_interactive.set()

    async def _acquire_bulk(self) -> None:
        async with self._bulk_lock:
            while True:
                await self._no_interactive.wait()
                if not (wait := await self._bucket.take(bulk=True)):
                    return
                await self._sleep(wait)

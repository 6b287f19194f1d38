"""Calling no faster than the portal allows, so that it never has to refuse; people's calls go before bulk work.

The portal counts requests in a bucket that leaks steadily. `Level` is our own account of it, pure: it says how long to
wait. A `Budget` keeps the level, in this process or in Redis; `Pace` is the line in front of it.
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
MOST_EXTRA: Final = 10

_bulk: Final[ContextVar[bool]] = ContextVar("linkdesk_bulk", default=False)


@contextmanager
def bulk() -> Generator[None]:
    """Let the calls made within wait for everybody else's: scans, plans of many steps."""
    token = _bulk.set(True)
    try:
        yield
    finally:
        _bulk.reset(token)


def is_bulk() -> bool:
    """Tell whether the calls made now are bulk work."""
    return _bulk.get()


@dataclass(frozen=True, slots=True)
class Level:
    """How full the portal's bucket is: by what we sent, and at worst, by what others may have sent before we began."""

    ours: float
    worst: float
    at: float
    """The time of this account, in seconds of any steady clock."""

    @classmethod
    def at_start(cls, rate: Rate, now: float) -> Level:
        """Begin: we sent nothing yet; at worst the bucket is full already."""
        return cls(ours=0, worst=rate.bucket, at=now)

    def leaked(self, rate: Rate, now: float) -> Level:
        """Let time pass; a clock that runs backwards lets none pass."""
        gone = max(0.0, now - self.at) * rate.leak
        return Level(max(0.0, self.ours - gone), max(0.0, self.worst - gone), max(now, self.at))

    def wait(self, rate: Rate, *, bulk: bool) -> float:
        """Tell how many seconds from this account a request has to wait; bulk work believes the worst."""
        room = room_of(rate)
        over = self.ours + 1 - (bulk_room_of(rate) if bulk else room)
        if bulk:
            over = max(over, self.worst + 1 - room)
        return over / rate.leak if over > ROUNDING else 0.0

    def poured(self, rate: Rate) -> Level:
        """Count one request."""
        return replace(self, ours=self.ours + 1, worst=min(rate.bucket, self.worst + 1))

    def overfull(self, rate: Rate, extra: float) -> Level:
        """Learn from a refusal that the bucket is full, and keep some distance from those who filled it."""
        full = rate.bucket + extra
        return replace(self, ours=max(self.ours, full), worst=max(self.worst, full))


def room_of(rate: Rate) -> float:
    """Tell how full we let the bucket become."""
    return max(1, rate.bucket - MARGIN)


def bulk_room_of(rate: Rate) -> float:
    """Tell how full we let the bucket become by bulk work."""
    return max(1, min(room_of(rate), rate.bucket * BULK_SHARE))


class Budget(Protocol):
    """Keeps the level of a portal's bucket."""

    async def take(self, *, bulk: bool) -> float:
        """Take room for one request and give 0, or give the seconds after which to ask again."""
        ...

    async def overfull(self, extra: float) -> None:
        """Learn that the portal refused a request; `extra` more requests of room are kept free for others."""
        ...


class OwnBudget:
    """The level as this process knows it."""

    def __init__(self, rate: Rate, clock: Callable[[], float]) -> None:
        """Take the portal's rate and a steady clock."""
        self._rate = rate
        self._clock = clock
        self._level = Level.at_start(rate, clock())

    async def take(self, *, bulk: bool) -> float:
        """Take room for one request and give 0, or give the seconds after which to ask again."""
        self._level = self._level.leaked(self._rate, self._clock())
        wait = self._level.wait(self._rate, bulk=bulk)
        if not wait:
            self._level = self._level.poured(self._rate)
        return wait

    async def overfull(self, extra: float) -> None:
        """Learn that the portal refused a request."""
        self._level = self._level.leaked(self._rate, self._clock()).overfull(self._rate, extra)


class Pace:
    """The line in front of a portal: first come, first served, but bulk work lets everybody else pass.

    Every client of the same portal has to share one, since the portal counts them together.
    """

    def __init__(
        self,
        budget: Budget,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        trusting: bool = False,
    ) -> None:
        """Take the budget and a way to wait; a trusting pace holds nothing back until the portal has refused once."""
        self._budget = budget
        self._sleep = sleep
        self._free = trusting
        self._people, self._bulk = asyncio.Lock(), asyncio.Lock()
        self._hurried = 0
        self._quiet = asyncio.Event()
        self._quiet.set()

    async def turn(self) -> None:
        """Wait until one request may be sent."""
        if self._free:
            return
        if is_bulk():
            await self._bulk_turn()
        else:
            await self._peoples_turn()

    async def refused(self, times: int) -> None:
        """Hold everybody back: the portal refused one request, this many times by now."""
        self._free = False
        await self._budget.overfull(min(times - 1, MOST_EXTRA))

    async def _peoples_turn(self) -> None:
        self._hurried += 1
        self._quiet.clear()
        try:
            async with self._people:
                while wait := await self._budget.take(bulk=False):
                    await self._sleep(wait)
        finally:
            self._hurried -= 1
            if not self._hurried:
                self._quiet.set()

    async def _bulk_turn(self) -> None:
        async with self._bulk:
            while True:
                await self._quiet.wait()
                if not (wait := await self._budget.take(bulk=True)):
                    return
                await self._sleep(wait)

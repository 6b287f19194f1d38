"""A sandbox with an event poller, on a clock that the test moves."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from linkdesk.events.model import BookingEvent, EventKind
from linkdesk.events.poller import Poller
from linkdesk.events.store import EventStore, MemoryEventStore
from tests.support.sandbox_env import NOW, SandboxEnv, open_sandbox_env

MINUTE = timedelta(minutes=1)
ZONE = "Europe/Moscow"


@dataclass
class Clock:
    """A clock that stands still until the test moves it."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class PollingEnv:
    """The sandbox and the poller, and the position up to which the test has read events."""

    sandbox_env: SandboxEnv
    news: EventStore
    watch: Poller
    clock: Clock
    wanted: list[str] = field(default_factory=lambda: ["telegram:1001"])
    read: int = 0

    async def who(self) -> Sequence[str]:
        return self.wanted

    async def look(self, later: timedelta = MINUTE) -> list[BookingEvent]:
        """Advance the clock, poll once, and return the events since the last read."""
        self.clock.now += later
        await self.watch.poll_if_due(self.who)
        return await self.told()

    async def told(self) -> list[BookingEvent]:
        found = list(await self.news.after(self.read, 1000))
        self.read = found[-1].number if found else self.read
        return found

    async def count(self) -> int:
        """Return the number of bookings in the snapshot."""
        snapshot = await self.news.snapshot()
        return len(snapshot.bookings) if snapshot else 0

    async def add(self, start: datetime, name: str = "", *, resource: int = 3, minutes: int = 30) -> int:
        """Add a booking directly on the portal, as staff do."""
        fields = {"name": name, "resourceIds": [resource], "datePeriod": period(start, minutes)}
        return int(await self.sandbox_env.call("booking.v1.booking.add", fields=fields))

    async def update(self, number: int, **fields: Any) -> None:  # noqa: ANN401 - the vendor's fields
        await self.sandbox_env.call("booking.v1.booking.update", id=number, fields=fields)


def period(start: datetime, minutes: int = 30) -> dict[str, Any]:
    """Build a period in the portal's form."""
    ends = (start, start + timedelta(minutes=minutes))
    return {
        name: {"timestamp": int(end.timestamp()), "timezone": ZONE}
        for name, end in zip(("from", "to"), ends, strict=True)
    }


def kinds_and_ids(news: Sequence[BookingEvent]) -> list[tuple[EventKind, int]]:
    """Return the kind and booking id of each event."""
    return [(one.kind, one.booking_id) for one in news]


@asynccontextmanager
async def open_polling_env(
    news: EventStore | None = None,
    every: int = 60,
    **options: Any,  # noqa: ANN401 - the sandbox's own
) -> AsyncGenerator[PollingEnv]:
    """Open a sandbox with an event poller."""
    kept, clock = news or MemoryEventStore(), Clock()
    async with open_sandbox_env(rate=None, **options) as sandbox_env:
        watch = Poller(kept, sandbox_env.desk.portals, timedelta(seconds=every), now=clock)
        yield PollingEnv(sandbox_env, kept, watch, clock)

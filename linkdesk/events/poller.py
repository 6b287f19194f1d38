"""Poll the portal's bookings for changes while at least one chat is subscribed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Final, TypeAlias, TypeVar

import structlog

from linkdesk.errors.base import PortalError, Refused, Trouble
from linkdesk.events.diff import SnapshotDiff, compare
from linkdesk.events.fetch import fetch_all, fetch_bookings
from linkdesk.events.store import RETENTION, EventStore
from linkdesk.events.webhooks import EventWebhooks, viewer_for
from linkdesk.execution.clients import PortalClients
from linkdesk.execution.context import PortalApi

log = structlog.stdlib.get_logger()

T = TypeVar("T")

SubscriberKeys: TypeAlias = Callable[[], Awaitable[Sequence[str]]]
"""Returns the employee keys of the subscribers; empty if there are none."""
Sleep: TypeAlias = Callable[[float], Awaitable[object]]

MAX_PAUSE_S: Final = 15.0
"""How often the subscribers are checked and the lease is renewed."""
IDLE_PAUSE_S: Final = 2.0
"""The same while nobody is subscribed; short, since changes before the first poll go unnoticed."""
HINT_PAUSE_S: Final = 2.0
POLL_INTERVAL_WITH_EVENTS: Final = timedelta(minutes=15)
"""How often everything is polled where webhook events arrive, since a lost event is not sent again."""
RETRY_AFTER: Final = timedelta(minutes=1)
"""When a failed poll is retried, if the regular interval is longer."""
HINT_BATCH: Final = 100
"""How many hints are handled together."""
ACCESS_DENIED_STATUSES: Final = frozenset({401, 403})
"""HTTP statuses of refusals that another employee may not get."""


class Poller:
    """Polls the bookings of one portal; of several processes only the lease holder does."""

    def __init__(  # noqa: PLR0913 - the collaborators, each named
        self,
        store: EventStore,
        portals: PortalClients,
        every: timedelta,
        *,
        events: EventWebhooks | None = None,
        now: Callable[[], datetime],
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """Keep the collaborators.

        Args:
            store: the snapshot and the events.
            portals: the portal client of each employee.
            every: the polling interval.
            events: binds our webhook handler; None to poll only.
            now: a clock.
            sleep: waits.
        """
        self._store = store
        self._portals = portals
        self._every = every
        self._events = events
        self._now = now
        self._sleep = sleep
        self._keys: Sequence[str] = ()
        """The subscribers, while this process holds the lease."""
        self._to_clear = events is not None
        """Whether there is state to clear once nobody is subscribed, such as handlers bound by an earlier process."""
        self._proven = False
        """Whether webhook events arrive reliably: one did, and no poll since has found a change without one."""
        self._due: datetime | None = None
        self._trouble: str | None = None

    async def run(self, wanted: SubscriberKeys) -> None:
        """Poll until cancelled; failures are logged and retried."""
        try:
            while True:
                pause = await self._logging_failures(self.poll_if_due(wanted)) or MAX_PAUSE_S
                end = self._now() + timedelta(seconds=pause)
                while (left := (end - self._now()).total_seconds()) > 0:
                    hinted = self._events is not None and bool(self._keys) and self._trouble is None
                    await self._sleep(min(left, HINT_PAUSE_S) if hinted else left)
                    if hinted:
                        await self._logging_failures(self.poll_hinted())
        finally:
            await self._release()

    async def poll_if_due(self, wanted: SubscriberKeys) -> float:
        """Check for subscribers and poll if it is due; return the seconds until the next check.

        Raises:
            Trouble: the store does not answer, or no subscriber is signed in.
            PortalError: the portal does not answer.
        """
        keys = await wanted()
        self._keys = ()
        if not keys:
            await self._reset()
            return IDLE_PAUSE_S
        self._to_clear = True
        store = self._store
        if not await store.acquire_lease(self._now()):
            return MAX_PAUSE_S
        self._keys = keys
        if self._events is not None:
            await self._events.bind(store, self._portals, keys, self._now())
        if self._due is None or self._due <= self._now():
            self._due = self._now() + min(self._every, RETRY_AFTER)
            if await self._poll_all(store):
                often = self._events is None or not self._proven
                self._due = self._now() + (self._every if often else max(self._every, POLL_INTERVAL_WITH_EVENTS))
        elif self._events is not None:
            await self.poll_hinted()
        return min(MAX_PAUSE_S, max(1.0, (self._due - self._now()).total_seconds()))

    async def poll_hinted(self) -> None:
        """Fetch the bookings that webhook events have hinted at.

        Raises:
            Trouble: the store does not answer, or no subscriber is signed in.
            PortalError: the portal does not answer; the hints stay pending.
        """
        store = self._store
        hints = await store.hints(HINT_BATCH)
        snapshot = await store.snapshot() if hints else None
        if snapshot is None:
            return
        now, seen = self._now(), snapshot.bookings
        found = await self._read_as_subscriber(
            lambda portal: fetch_bookings(portal, [hint.booking_id for hint in hints], seen)
        )
        noticed = compare(seen, found, snapshot.highest, now)
        if await store.save(noticed, now=now, looked=None, done=[hint.number for hint in hints]):
            self._proven = True
            if found.unknown:
                self._due = now

    async def _poll_all(self, store: EventStore) -> bool:
        """Fetch all bookings and return whether that succeeded; pending hints are settled by it."""
        now = self._now()
        hints = await store.hints(HINT_BATCH) if self._events is not None else ()
        stale = await store.snapshot()
        snapshot = stale if stale is not None and stale.looked > now - RETENTION else None
        async with self._renewing_lease(store):
            found, looked = await self._read_as_subscriber(lambda portal: fetch_all(portal, snapshot, now))
        if snapshot is not None:
            noticed = compare(snapshot.bookings, found, snapshot.highest, now)
        elif found.unknown:
            log.warning("news.not_read_whole", bookings=len(found.present), unread=len(found.unknown))
            return False
        else:
            noticed = SnapshotDiff(
                updated=found.present, removed=frozenset(stale.bookings if stale else ()) - set(found.present)
            )
        if not await store.save(noticed, now=now, looked=looked, done=[hint.number for hint in hints]):
            return False
        told = {hint.booking_id for hint in hints}
        came = self._proven or bool(told)
        self._proven = came and all(one.booking_id in told for one in noticed.changes)
        log.info("news.looked", bookings=len(found.present), news=len(noticed.changes))
        return True

    @asynccontextmanager
    async def _renewing_lease(self, store: EventStore) -> AsyncGenerator[None]:
        """Keep renewing the lease within the block, since a poll of many bookings outlasts it."""

        async def hold() -> None:
            while True:
                await self._sleep(MAX_PAUSE_S)
                with suppress(Trouble):
                    await store.acquire_lease(self._now())

        holding = asyncio.create_task(hold())
        try:
            yield
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def _read_as_subscriber(self, read: Callable[[PortalApi], Awaitable[T]]) -> T:
        """Read with the rights of the first subscriber whom the portal accepts.

        Raises:
            Trouble: none of them is signed in.
            PortalError: the portal does not answer, or refuses all of them.
        """
        tried: list[PortalApi] = []
        why: Trouble | Refused | None = None
        for key in self._keys:
            try:
                portal = await self._portals.client_for(viewer_for(key))
                if portal in tried:
                    continue
                tried.append(portal)
                return await read(portal)
            except Trouble as trouble:
                why = why or trouble
            except Refused as refused:
                if refused.status not in ACCESS_DENIED_STATUSES:
                    raise
                why = refused
        if why is None:
            message = "no subscribers"
            raise RuntimeError(message)
        raise why

    async def _reset(self) -> None:
        """Drop the snapshot when nobody is subscribed, so that later subscribers get only later changes."""
        if not self._to_clear:
            return
        store = self._store
        if await store.acquire_lease(self._now()):
            if self._events is not None:
                await self._events.unbind(store, self._portals)
            await store.clear()
            await store.release_lease()
        self._to_clear, self._due, self._proven = False, None, False

    async def _logging_failures(self, doing: Awaitable[T]) -> T | None:
        """Await something; log a failure once, not at every try."""
        try:
            done = await doing
        except (Trouble, PortalError) as error:
            said = error.failure.code if isinstance(error, Trouble) else str(error)
            if said != self._trouble:
                log.warning("news.not_looked", error=said)
            self._trouble = said
            return None
        self._trouble = None
        return done

    async def _release(self) -> None:
        if self._keys:
            with suppress(Trouble):
                await self._store.release_lease()

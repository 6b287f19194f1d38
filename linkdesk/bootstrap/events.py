"""The booking events of one installation: where they are stored, and the poller that finds them.

    async with open_event_service(settings, desk.portals, sandbox=sandbox) as events:
        polling = asyncio.create_task(events.run(wanted))    # cancelled at shutdown
        since = await events.log.latest()
        ...
        for event in await events.log.after(since, 50): ...

`wanted` returns the keys of the employees who subscribed and is called every few seconds; while there are none, nothing
is read, bound or opened. Beside a sandbox without a database events are kept in memory, else in the database: every
process may read the log there, and only one of them polls. Polling resumes after a restart: the first poll finds what
happened meanwhile. Where employees sign in and there is a public address, `events.routes` receives the portal's
events: `linkdesk serve --http` serves the route through the entry points, and `linkdesk bot` beside its own webhook.
Without events, polling alone does the job.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from linkdesk.bootstrap.event_routes import event_webhooks, events_route
from linkdesk.bootstrap.stores import open_events
from linkdesk.config.settings import Settings
from linkdesk.desk import utc_now
from linkdesk.events.model import EventLog
from linkdesk.events.poller import Poller, Sleep, SubscriberKeys
from linkdesk.execution.clients import PortalClients

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class EventService:
    """The event log, and the poller that fills it."""

    log: EventLog
    """The event log, which may be read whether or not this process polls."""
    watch: Poller
    routes: Sequence[BaseRoute] = field(default=())
    """The routes that receive the portal's events; empty where it sends none."""

    async def run(self, wanted: SubscriberKeys) -> None:
        """Poll until cancelled, as long as somebody subscribed; retry what does not answer."""
        await self.watch.run(wanted)


@asynccontextmanager
async def open_event_service(
    settings: Settings,
    portals: PortalClients,
    *,
    sandbox: bool = False,
    now: Callable[[], datetime] = utc_now,
    sleep: Sleep = asyncio.sleep,
) -> AsyncGenerator[EventService]:
    """Open the events of the configured portal; the database is opened at the first subscription.

    Args:
        settings: the portal, the database, and the polling interval.
        portals: the provider of each employee's portal client: `desk.portals`.
        sandbox: whether the portal is the one in this process.
        now: returns the current time.
        sleep: sleeps for some seconds.

    Raises:
        NotConfigured: the portal or the address of the database is wrong.
    """
    every = timedelta(seconds=settings.news_every)
    events = None if sandbox else event_webhooks(settings)
    async with open_events(settings, sandbox=sandbox) as store:
        watch = Poller(store, portals, every, events=events, now=now, sleep=sleep)
        yield EventService(store, watch, [] if events is None else [events_route(store, now)])

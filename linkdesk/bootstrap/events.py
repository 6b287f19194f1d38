"""The news of one installation, for whoever delivers them: where they are kept, and what looks for them.

    async with opened_news(settings, desk.portals, sandbox=sandbox) as news:
        watching = asyncio.create_task(news.run(wanted))    # cancelled when the process leaves
        since = await news.log.latest()
        ...
        for one in await news.log.after(since, 50): ...

`wanted` gives the employee keys of those who subscribed, asked every few seconds; while it gives none, nothing is read,
nothing is bound and nothing is opened. In memory beside a sandbox without a database, else in the store: every process
may read the log there, and of those that run only one looks. Nothing has to be begun anew after a restart: the first
look tells what happened meanwhile. Where employees sign in and there is a public address, `news.routes` takes the
portal's events in: `linkdesk serve --http` serves them through the entry points, and `linkdesk bot` passes them to
`bot.telegram.webhook.served(..., also=news.routes)`. Without them, looking does the work.
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
    """Where news are kept, and what looks for them."""

    log: EventLog
    """The news, oldest first; it may be read whether or not this process looks."""
    watch: Poller
    routes: Sequence[BaseRoute] = field(default=())
    """What takes the portal's events in; none where it brings none."""

    async def run(self, wanted: SubscriberKeys) -> None:
        """Look for news until cancelled, whenever somebody wants to be told; what does not answer is tried again."""
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
    """Give the news of the portal that is set; the store is opened once somebody wants to be told.

    Args:
        settings: name the portal, the database, and how often to look.
        portals: knows each employee's client of the portal: `desk.portals`.
        sandbox: whether the portal is the one in this process.
        now: a clock.
        sleep: waits.

    Raises:
        NotConfigured: the portal or the address of the database is wrong.
    """
    every = timedelta(seconds=settings.news_every)
    events = None if sandbox else event_webhooks(settings)
    async with open_events(settings, sandbox=sandbox) as store:
        watch = Poller(store, portals, every, events=events, now=now, sleep=sleep)
        yield EventService(store, watch, [] if events is None else [events_route(store, now)])

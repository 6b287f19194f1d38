"""The event log, the subscriptions, and the task that polls for events."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkdesk.bootstrap.events import EventService
from linkdesk.events.model import EventLog
from linkdesk.events.poller import SubscriberKeys
from linkdesk.events.store import MemoryEventStore
from linkdesk.events.subscriptions import MemorySubscriptions, Subscriptions

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


async def nothing_happens(_wanted: SubscriberKeys) -> None:
    """Look for nothing: others do."""


@dataclass(frozen=True, slots=True)
class NotificationSources:
    """Event log, subscriptions and poller; by default in memory, without a poller."""

    log: EventLog = field(default_factory=MemoryEventStore)
    chats: Subscriptions = field(default_factory=MemorySubscriptions)
    look: Callable[[SubscriberKeys], Awaitable[None]] = nothing_happens
    """Looks for news until cancelled, whenever somebody wants to be told."""
    routes: Sequence[BaseRoute] = ()
    """What takes the portal's events in, where the bot listens itself."""

    @classmethod
    def of(cls, news: EventService, chats: Subscriptions) -> NotificationSources:
        """Put together what was opened."""
        return cls(news.log, chats, news.run, news.routes)

"""Where news of bookings come from, and who is told them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkdesk.bootstrap.events import EventService
from linkdesk.events.model import NewsLog
from linkdesk.events.poller import Wanted
from linkdesk.events.store import MemoryNews
from linkdesk.events.subscriptions import MemoryNewsChats, NewsChats

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


async def nothing_happens(_wanted: Wanted) -> None:
    """Look for nothing: others do."""


@dataclass(frozen=True, slots=True)
class NotificationSources:
    """The news, the chats that are told, and what looks for news; by default all of it in memory, and nothing looks."""

    log: NewsLog = field(default_factory=MemoryNews)
    chats: NewsChats = field(default_factory=MemoryNewsChats)
    look: Callable[[Wanted], Awaitable[None]] = nothing_happens
    """Looks for news until cancelled, whenever somebody wants to be told."""
    routes: Sequence[BaseRoute] = ()
    """What takes the portal's events in, where the bot listens itself."""

    @classmethod
    def of(cls, news: EventService, chats: NewsChats) -> NotificationSources:
        """Put together what was opened."""
        return cls(news.log, chats, news.run, news.routes)

"""Chats subscribed to booking events: filters, quiet hours, whose rights names are read with, and progress.

A chat is told by one process at a time: who tells holds it by a lease, and the number told last moves with every
message that arrived. Whatever ends in between is told again by the next.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from linkdesk.accounts.staff import now_utc
from linkdesk.events.model import EventKind
from linkdesk.runtime.processes import WORKER, is_dead
from tool_specs.declaration.localized import Language

LEASE: Final = timedelta(seconds=60)
"""How long a lease of a subscription lasts; the process renews it while it sends."""
ALL_KINDS: Final = frozenset(EventKind)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours without notifications, in the business's time zone; they may span midnight."""

    start: time
    end: time

    def contains(self, moment: datetime, zone: str) -> bool:
        """Return whether a moment is within the quiet hours."""
        clock = moment.astimezone(ZoneInfo(zone)).time()
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A chat's subscription to booking events."""

    chat: int
    topic: int | None = None
    """The topic in which notifications were switched on."""
    kinds: frozenset[EventKind] = ALL_KINDS
    resources: frozenset[int] | None = None
    """Of which resources; None: of all."""
    without_deal: bool = False
    """Whether only bookings without a deal are reported."""
    quiet: QuietHours | None = None
    language: Language = "en"
    subscribed_by: str
    """The employee who subscribed: names are read with their rights."""
    last_sent: int
    """The number of the newest event that the chat was notified of, or did not want."""
    paused: bool = False
    """Whether that employee may no longer see bookings: nothing is sent until somebody subscribes again."""


@dataclass(frozen=True, slots=True)
class LeasedSubscription:
    """A subscription leased by one process."""

    chat: Subscription
    by: str


class Subscriptions(Protocol):
    """Stores the subscriptions of one bot and portal. Every method raises `Trouble` if the store does not answer."""

    async def find(self, chat: int, /) -> Subscription | None:
        """Find a chat."""
        ...

    async def save(self, chat: Subscription, /) -> None:
        """Create or replace a subscription, including `last_sent` and `paused`."""
        ...

    async def update(self, chat: Subscription, /) -> None:
        """Update a subscription's options; `last_sent` and `paused` stay."""
        ...

    async def delete(self, chat: int, /) -> bool:
        """Delete a subscription; return whether there was one."""
        ...

    async def migrate_chat(self, chat: int, to: int, /) -> None:
        """Move a subscription to a group's new id."""
        ...

    async def subscribers(self) -> Sequence[str]:
        """Return the keys of the employees who have subscribed chats."""
        ...

    async def pending(self, latest: int, /) -> Sequence[Subscription]:
        """Return the subscriptions with pending events that no process holds."""
        ...

    async def acquire(self, chat: int, /) -> LeasedSubscription | None:
        """Lease a subscription for sending; return None if it is leased, paused or gone."""
        ...

    async def mark_sent(self, held: LeasedSubscription, number: int, /) -> bool:
        """Record the last sent event; return False if the lease was lost."""
        ...

    async def pause(self, held: LeasedSubscription, /) -> None:
        """Pause a subscription until somebody switches it on again."""
        ...

    async def release(self, held: LeasedSubscription, /) -> None:
        """Release the lease of a subscription."""
        ...

    async def renew(self) -> None:
        """Renew the leases of this process."""
        ...


class MemorySubscriptions:
    """Subscriptions in memory."""

    def __init__(self, *, worker: str = WORKER, now: Callable[[], datetime] = now_utc) -> None:
        """Start empty; keep the name of this process and a clock."""
        self._worker = worker
        self._now = now
        self._chats: dict[int, Subscription] = {}
        self._leases: dict[int, tuple[str, datetime]] = {}

    async def find(self, chat: int, /) -> Subscription | None:
        """Find a chat."""
        return self._chats.get(chat)

    async def save(self, chat: Subscription, /) -> None:
        """Create or replace a subscription."""
        self._chats[chat.chat] = chat

    async def update(self, chat: Subscription, /) -> None:
        """Update a subscription's options."""
        if (known := self._chats.get(chat.chat)) is not None:
            self._chats[chat.chat] = replace(chat, last_sent=known.last_sent, paused=known.paused)

    async def delete(self, chat: int, /) -> bool:
        """Delete a subscription."""
        self._leases.pop(chat, None)
        return self._chats.pop(chat, None) is not None

    async def migrate_chat(self, chat: int, to: int, /) -> None:
        """Move a subscription to a group's new id."""
        known = self._chats.pop(chat, None)
        self._leases.pop(chat, None)
        if known is not None and to not in self._chats:
            self._chats[to] = replace(known, chat=to)

    async def subscribers(self) -> Sequence[str]:
        """Return the keys of the employees who have subscribed chats."""
        return sorted({chat.subscribed_by for chat in self._chats.values() if not chat.paused})

    async def pending(self, latest: int, /) -> Sequence[Subscription]:
        """Return the subscriptions with pending events."""
        return [
            chat
            for chat in self._chats.values()
            if chat.last_sent < latest and not chat.paused and self._is_free(chat.chat)
        ]

    async def acquire(self, chat: int, /) -> LeasedSubscription | None:
        """Lease a subscription for sending."""
        known = self._chats.get(chat)
        if known is None or known.paused or not self._is_free(chat):
            return None
        self._leases[chat] = (self._worker, self._now() + LEASE)
        return LeasedSubscription(known, self._worker)

    async def mark_sent(self, held: LeasedSubscription, number: int, /) -> bool:
        """Record the last sent event."""
        if not self._is_mine(held):
            return False
        known = self._chats[held.chat.chat]
        self._chats[held.chat.chat] = replace(known, last_sent=max(known.last_sent, number))
        return True

    async def pause(self, held: LeasedSubscription, /) -> None:
        """Pause a subscription."""
        if self._is_mine(held):
            self._chats[held.chat.chat] = replace(self._chats[held.chat.chat], paused=True)
            del self._leases[held.chat.chat]

    async def release(self, held: LeasedSubscription, /) -> None:
        """Release the lease of a subscription."""
        if self._is_mine(held):
            del self._leases[held.chat.chat]

    async def renew(self) -> None:
        """Renew the leases of this process."""
        for chat, (worker, _) in self._leases.items():
            if worker == self._worker:
                self._leases[chat] = (worker, self._now() + LEASE)

    def _is_free(self, chat: int) -> bool:
        by, until = self._leases.get(chat, ("", None))
        return until is None or until <= self._now() or is_dead(by)

    def _is_mine(self, held: LeasedSubscription) -> bool:
        return held.chat.chat in self._chats and self._leases.get(held.chat.chat, ("",))[0] == held.by

"""The inbox: what came in is kept before its sender is told so, worked on chat by chat, and forgotten once answered.

A message lives here through three stations: kept, answered (the answer is kept before it is sent, so that whoever was
killed in between sends it again instead of doing the work again), and done (what it said is deleted then).
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol

LEASE: Final = timedelta(seconds=60)
"""For how long a process has a message to itself; it renews the lease while it works."""
MAX_REMEMBERED: Final = 10_000
"""How many finished messages are known again, in memory."""


class ProcessingState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set_aside"
    """It could not be dealt with, and is not tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What came in."""

    number: int
    """The sender's own number of it, by which it is known when it comes a second time."""
    chat: int
    """Messages of one chat are worked on in the order of their numbers, one at a time."""
    body: str
    urgent: bool = False
    """Whether it is taken at once, whatever its chat is at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedMessage:
    """A message that a process has to itself."""

    number: int
    chat: int
    body: str
    urgent: bool = False
    attempts: int = 0
    """How often it was begun, this time included."""
    answer: str | None = None
    """What it is answered, if that is known: then only the answer is still to be sent."""


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How full the inbox is."""

    waiting: int
    set_aside: int


class Inbox(Protocol):
    """Keeps what came in; every method raises `Trouble` when the store does not answer."""

    @property
    def kind(self) -> str:
        """Name what it is kept in: memory, sqlite or postgresql."""
        ...

    async def keep(self, arrivals: Sequence[Arrival], /) -> int:
        """Keep what came in, safely on the disk; what is known already is left as it is. Give how many were new."""
        ...

    async def take(self, most: int, /) -> list[LeasedMessage]:
        """Take the next message of every chat that nobody is at, and the urgent ones."""
        ...

    async def answered(self, item: LeasedMessage, answer: str | None, /) -> None:
        """Keep the answer before it is sent; None where nothing is left to send."""
        ...

    async def done(
        self, item: LeasedMessage, station: ProcessingState = ProcessingState.DONE, /, *, going_on: bool = True
    ) -> LeasedMessage | None:
        """Delete what a message said, and take the next one of its chat unless told not to go on."""
        ...

    async def put_back(self, item: LeasedMessage, /) -> None:
        """Let somebody else take it, or oneself later."""
        ...

    async def look_after(self) -> None:
        """Renew the leases of this process, free those of dead ones, forget what is long done."""
        ...

    async def counts(self) -> InboxCounts:
        """Count what waits, answered or not, and what was set aside."""
        ...


class MemoryInbox:
    """An inbox that is gone with the process."""

    kind = "memory"

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: dict[int, LeasedMessage] = {}
        self._taken: set[int] = set()
        self._known: OrderedDict[int, ProcessingState] = OrderedDict()

    async def keep(self, arrivals: Sequence[Arrival], /) -> int:
        """Keep what came in."""
        new = [one for one in arrivals if one.number not in self._waiting and one.number not in self._known]
        for one in new:
            self._waiting[one.number] = LeasedMessage(
                number=one.number, chat=one.chat, body=one.body, urgent=one.urgent
            )
        return len(new)

    async def take(self, most: int, /) -> list[LeasedMessage]:
        """Take the next message of every chat that nobody is at, and the urgent ones."""
        busy = {item.chat for number, item in self._waiting.items() if number in self._taken and not item.urgent}
        found: list[int] = []
        for number in sorted(self._waiting):
            item = self._waiting[number]
            if number in self._taken or (item.chat in busy and not item.urgent) or len(found) == most:
                continue
            found.append(number)
            if not item.urgent:
                busy.add(item.chat)
        return [self._begun(number) for number in found]

    async def answered(self, item: LeasedMessage, answer: str | None, /) -> None:
        """Keep the answer before it is sent."""
        if item.number in self._waiting:
            self._waiting[item.number] = replace(self._waiting[item.number], answer=answer)

    async def done(
        self, item: LeasedMessage, station: ProcessingState = ProcessingState.DONE, /, *, going_on: bool = True
    ) -> LeasedMessage | None:
        """Forget what a message said, and take the next one of its chat."""
        self._waiting.pop(item.number, None)
        self._taken.discard(item.number)
        self._known[item.number] = station
        while len(self._known) > MAX_REMEMBERED:
            self._known.popitem(last=False)
        if item.urgent or not going_on:
            return None
        of_chat = [number for number, one in self._waiting.items() if one.chat == item.chat and not one.urgent]
        if not of_chat or not self._taken.isdisjoint(of_chat):
            return None
        return self._begun(min(of_chat))

    async def put_back(self, item: LeasedMessage, /) -> None:
        """Let it be taken again."""
        self._taken.discard(item.number)

    async def look_after(self) -> None:
        """Need nothing: leases are for several processes."""

    async def counts(self) -> InboxCounts:
        """Count what waits and what was set aside."""
        return InboxCounts(len(self._waiting), sum(one is ProcessingState.SET_ASIDE for one in self._known.values()))

    def _begun(self, number: int) -> LeasedMessage:
        item = self._waiting[number]
        item = self._waiting[number] = replace(item, attempts=item.attempts + (item.answer is None))
        self._taken.add(number)
        return item


def is_plain(text: str) -> bool:
    """Tell whether a text is JSON that was kept as it is, and not what a cipher made of it."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

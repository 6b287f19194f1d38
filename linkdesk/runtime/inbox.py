"""The inbox: messages are stored before they are acknowledged, processed chat by chat, and deleted once answered.

A message is first stored, then answered (the answer is stored before it is sent, so that a killed process sends it
again instead of repeating the request), and then done (its text is deleted).
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
"""How long a process owns a message; it renews the lease while it works."""
MAX_REMEMBERED: Final = 10_000
"""How many finished messages are remembered, to recognise redeliveries."""


class ProcessingState(StrEnum):
    """The processing state of a message."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set_aside"
    """Processing failed too often and is not retried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An incoming message."""

    number: int
    """The sender's number of the message, by which a redelivery is recognised."""
    chat: int
    """Messages of one chat are processed one at a time, in the order of their numbers."""
    body: str
    urgent: bool = False
    """Whether it is processed at once, ahead of its chat's other messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedMessage:
    """A message that a process has leased."""

    number: int
    chat: int
    body: str
    urgent: bool = False
    attempts: int = 0
    """How often processing started, this time included."""
    answer: str | None = None
    """The stored answer, if there is one: then it only has to be sent."""


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """The number of messages in the inbox."""

    waiting: int
    set_aside: int


class Inbox(Protocol):
    """Stores incoming messages; every method raises `Trouble` when the database does not answer."""

    @property
    def kind(self) -> str:
        """The kind of storage: "memory", "sqlite" or "postgresql"."""
        ...

    async def store(self, arrivals: Sequence[Arrival], /) -> int:
        """Store messages durably, ignoring known ones, and return how many were new."""
        ...

    async def lease(self, most: int, /) -> list[LeasedMessage]:
        """Lease the next message of every idle chat, and the urgent ones."""
        ...

    async def save_answer(self, item: LeasedMessage, answer: str | None, /) -> None:
        """Store the answer before it is sent; None where nothing is left to send."""
        ...

    async def finish(
        self, item: LeasedMessage, station: ProcessingState = ProcessingState.DONE, /, *, going_on: bool = True
    ) -> LeasedMessage | None:
        """Delete the text of a message, and lease the next one of its chat unless told not to."""
        ...

    async def release(self, item: LeasedMessage, /) -> None:
        """Release the lease, so that the message is taken again."""
        ...

    async def maintain(self) -> None:
        """Renew the leases of this process, release those of dead ones, and purge old finished messages."""
        ...

    async def counts(self) -> InboxCounts:
        """Count the messages that wait, answered or not, and those set aside."""
        ...


class MemoryInbox:
    """An inbox in memory."""

    kind = "memory"

    def __init__(self) -> None:
        """Start empty."""
        self._waiting: dict[int, LeasedMessage] = {}
        self._taken: set[int] = set()
        self._known: OrderedDict[int, ProcessingState] = OrderedDict()

    async def store(self, arrivals: Sequence[Arrival], /) -> int:
        """Store messages, and return how many were new."""
        new = [one for one in arrivals if one.number not in self._waiting and one.number not in self._known]
        for one in new:
            self._waiting[one.number] = LeasedMessage(
                number=one.number, chat=one.chat, body=one.body, urgent=one.urgent
            )
        return len(new)

    async def lease(self, most: int, /) -> list[LeasedMessage]:
        """Lease the next message of every idle chat, and the urgent ones."""
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

    async def save_answer(self, item: LeasedMessage, answer: str | None, /) -> None:
        """Store the answer before it is sent."""
        if item.number in self._waiting:
            self._waiting[item.number] = replace(self._waiting[item.number], answer=answer)

    async def finish(
        self, item: LeasedMessage, station: ProcessingState = ProcessingState.DONE, /, *, going_on: bool = True
    ) -> LeasedMessage | None:
        """Delete the text of a message, and lease the next one of its chat."""
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

    async def release(self, item: LeasedMessage, /) -> None:
        """Release the lease."""
        self._taken.discard(item.number)

    async def maintain(self) -> None:
        """Do nothing: leases matter between processes only."""

    async def counts(self) -> InboxCounts:
        """Count the messages that wait and those set aside."""
        return InboxCounts(len(self._waiting), sum(one is ProcessingState.SET_ASIDE for one in self._known.values()))

    def _begun(self, number: int) -> LeasedMessage:
        item = self._waiting[number]
        item = self._waiting[number] = replace(item, attempts=item.attempts + (item.answer is None))
        self._taken.add(number)
        return item


def is_plain(text: str) -> bool:
    """Return whether a stored text is plain JSON rather than encrypted."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True

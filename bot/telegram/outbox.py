"""Outbox: replies are stored before they are sent, so that a killed process sends them again, and only them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from pydantic import TypeAdapter

from bot.conversation.session import Reply


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a reply is sent: the chat, its topic, and in groups the message it replies to."""

    chat: int
    topic: int | None = None
    answers: int | None = None


def request_key_prefix(bot_id: int, chat: int) -> str:
    """Return the prefix of the request keys of a chat's updates."""
    return f"telegram:{bot_id}:{chat}:"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply with its destination."""

    place: Destination
    reply: Reply
    instead_of: int | None = None
    """The message that it takes the place of; None for a new one."""


_OUTGOINGS: Final = TypeAdapter(tuple[Outgoing, ...])


@dataclass(slots=True)
class Outbox:
    """The replies to one update that were not delivered yet."""

    keep: Callable[[str | None], Awaitable[None]]
    _unsent: list[Outgoing] = field(default_factory=list[Outgoing])

    async def put(self, outgoing: Outgoing) -> None:
        """Store a reply before it is sent."""
        self._unsent.append(outgoing)
        await self.keep(dump_outgoing(tuple(self._unsent)))

    def sent(self, outgoing: Outgoing) -> None:
        """Remove a reply that was delivered, or never can be."""
        self._unsent.remove(outgoing)


def dump_outgoing(outgoings: tuple[Outgoing, ...]) -> str:
    """Serialize replies."""
    return _OUTGOINGS.dump_json(outgoings).decode()


def load_outgoing(text: str) -> tuple[Outgoing, ...]:
    """Deserialize replies.

    Raises:
        ValueError: the text is none of ours, or an older Linkdesk's.
    """
    return _OUTGOINGS.validate_json(text)


_OPEN: Final[ContextVar[Outbox | None]] = ContextVar("outbox", default=None)


def open_outbox() -> Outbox | None:
    """Return the outbox of the update that is being worked on, if any."""
    return _OPEN.get()


@contextmanager
def collect_answers(outbox: Outbox) -> Generator[None]:
    """Collect what is sent within the block as the answer to an update."""
    token = _OPEN.set(outbox)
    try:
        yield
    finally:
        _OPEN.reset(token)

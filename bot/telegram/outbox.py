"""What an update is answered, kept before it is sent: whoever is killed in between sends it again, and no more."""

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
    """Where an answer goes: the chat, its topic, and in groups the message it answers."""

    chat: int
    topic: int | None = None
    answers: int | None = None


def request_key_prefix(bot_id: int, chat: int) -> str:
    """Give what the names of a chat's updates begin with, by which the record knows where a change was asked for."""
    return f"telegram:{bot_id}:{chat}:"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way."""

    place: Destination
    reply: Reply
    instead_of: int | None = None
    """The message that it takes the place of; None for a new one."""


_OUTGOINGS: Final = TypeAdapter(tuple[Outgoing, ...])


@dataclass(slots=True)
class Outbox:
    """What is said in answer to one update and has not arrived yet."""

    keep: Callable[[str | None], Awaitable[None]]
    _unsent: list[Outgoing] = field(default_factory=list[Outgoing])

    async def put(self, outgoing: Outgoing) -> None:
        """Keep a reply that is about to be sent."""
        self._unsent.append(outgoing)
        await self.keep(dump_outgoing(tuple(self._unsent)))

    def sent(self, outgoing: Outgoing) -> None:
        """Forget a reply that arrived, or never will."""
        self._unsent.remove(outgoing)


def dump_outgoing(outgoings: tuple[Outgoing, ...]) -> str:
    """Write replies down."""
    return _OUTGOINGS.dump_json(outgoings).decode()


def load_outgoing(text: str) -> tuple[Outgoing, ...]:
    """Read replies that were written down.

    Raises:
        ValueError: the text is none of ours, or an older Linkdesk's.
    """
    return _OUTGOINGS.validate_json(text)


_OPEN: Final[ContextVar[Outbox | None]] = ContextVar("outbox", default=None)


def open_outbox() -> Outbox | None:
    """Give the outbox of the update that is being worked on, if any."""
    return _OPEN.get()


@contextmanager
def collect_answers(outbox: Outbox) -> Generator[None]:
    """Let what is said within the block be the answer to an update."""
    token = _OPEN.set(outbox)
    try:
        yield
    finally:
        _OPEN.reset(token)

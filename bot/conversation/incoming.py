"""An incoming message: read once, and passed on as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.commands.parser import Reading
from bot.conversation.session import Person


@dataclass(frozen=True, slots=True)
class Place:
    """The chat in which a message was written."""

    private: bool = True
    """Whether nobody else reads it."""
    title: str = ""
    topic: int | None = None
    """The topic of the group."""


PRIVATE: Final = Place()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message from somebody who may write to us."""

    text: str
    reading: Reading
    agreed: bool | None
    """Whether the text is a yes or a no; None for anything else."""
    person: Person
    place: Place = PRIVATE
    reply_to: int | None = None
    """The message that the answer refers to, in a group."""

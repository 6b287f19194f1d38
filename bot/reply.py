"""What is said in answer; it can be written down as JSON, since it is kept until it has arrived."""

from __future__ import annotations

from dataclasses import dataclass

from bot.keys import Key
from bot.picture.wanted import Picture
from tool_specs.said import Language


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer, plain and as HTML; `card` is the id of the question it asks, `closes` of the one it answers."""

    text: str
    html: str
    language: Language
    card: str | None = None
    closes: str | None = None
    strip: int | None = None
    """The number of the message whose question is answered by this, where it is known."""
    keys: tuple[Key, ...] = ()
    """The buttons that only show something."""
    picture: Picture | None = None
    """What is shown in place of the text, where it can be drawn and the chat can show it."""

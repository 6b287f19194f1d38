"""A slash command as somebody sent it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.incoming import PRIVATE, Place
from bot.conversation.session import Person, Reply, Session
from bot.rendering.markup import Text, filled
from tool_specs.declaration.localized import Language, Localized


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command with the words after it, and where it was sent."""

    session: Session
    arguments: str
    place: Place = PRIVATE

    @property
    def person(self) -> Person:
        """Who sent it."""
        return self.session.person

    @property
    def language(self) -> Language:
        """The language to answer in."""
        return self.session.language

    def reply(self, said: Localized | Text, **parts: Text | str) -> Reply:
        """Answer in the person's language."""
        text = said if isinstance(said, Text) else filled(said.to(self.language), **parts)
        return Reply(text.plain, text.html, self.language)

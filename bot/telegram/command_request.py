"""A command about the staff, as it was asked."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Chat

from bot.conversation.session import Person, Reply
from bot.rendering.markup import Text, filled
from tool_specs.declaration.localized import Language, Localized


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command of the office: who asks, in which chat, in which language."""

    person: Person
    chat: Chat
    language: Language
    rest: str
    topic: int | None = None
    """The topic of the group in which it is said."""

    @property
    def private(self) -> bool:
        """Whether nobody else reads it."""
        return self.chat.type == Chat.PRIVATE

    def reply(self, said: Localized | Text, **parts: Text | str) -> Reply:
        """Answer in the language of the person."""
        text = said if isinstance(said, Text) else filled(said.to(self.language), **parts)
        return Reply(text.plain, text.html, self.language)

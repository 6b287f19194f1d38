"""Who writes, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from linkdesk.access import Actor, Face, Role
from linkdesk.people import telegram_employee
from tool_specs.method import Toolset
from tool_specs.said import Language

Where: TypeAlias = tuple[int, int]
"""A chat and a person in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who writes, and where; `language` is the one their program speaks, if it said."""

    chat: int
    user: int
    name: str
    role: Role
    face: Face
    language: Language | None = None
    chosen: Language | None = None
    """The language they once chose, where that is kept."""
    employee: str = ""
    """As whom the desk knows them, where that is not said by the face."""
    within: frozenset[Toolset] | None = None
    """What may be asked for in this chat; None: whatever they may."""
    request_key: str | None = None
    """The update that they wrote it in, where it may be delivered a second time."""

    @property
    def where(self) -> Where:
        """The chat and the person: what is remembered is remembered for both together."""
        return self.chat, self.user

    @property
    def place(self) -> str:
        """The chat, as plans name where they were asked."""
        return f"{self.face.value}:{self.chat}"

    @property
    def actor(self) -> Actor:
        """The person as the desk knows them."""
        # Someone in Telegram is known by their number there: the name beside it is what they call themselves.
        given = telegram_employee(self.user) if self.face is Face.TELEGRAM else self.name
        return Actor(
            self.name, self.face, self.role, self.employee or given, within=self.within, request_key=self.request_key
        )

"""Values of a conversation: person, session, memory and reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from bot.conversation.buttons import Button
from bot.conversation.follow_up import CandidateQuestion
from bot.nlu.result import Understood
from bot.rendering.markup import Text
from bot.schedule_image.request import ImageRequest
from linkdesk.accounts.staff import telegram_employee
from linkdesk.auth.policy import Actor, Face, Role
from linkdesk.plans.model import StoredPlan
from tool_specs.declaration.localized import Language
from tool_specs.declaration.method import Method, Toolset

ConversationKey: TypeAlias = tuple[int, int]
"""A chat and a person in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """The sender of a message and its chat; `language` is the one of their program, if known."""

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
    def conversation_key(self) -> ConversationKey:
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
            self.name,
            self.face,
            self.role,
            self.employee or given,
            toolsets=self.within,
            request_key=self.request_key,
            place=self.place,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, plain and as HTML; `card` is the id of the question it asks, `closes` of the one it settles."""

    text: str
    html: str
    language: Language
    card: str | None = None
    closes: str | None = None
    strip: int | None = None
    """The number of the message whose question is answered by this, where it is known."""
    buttons: tuple[Button, ...] = ()
    """What may be pressed beside the two of a question, a row each."""
    approves: bool = False
    """The question is an assistant's, which the person approves or rejects."""
    refused: bool = False
    """Nothing that was asked for came about, so that it may be asked for again."""
    of_ourselves: bool = False
    """Nothing of clients is in it: a long number is no phone."""
    picture: ImageRequest | None = None
    """What is shown in place of the text, where it can be drawn and the chat can show it."""


ReportProgress: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Session:
    """The context of one message: its sender, the language to answer in, and the plan that waited."""

    person: Person
    language: Language
    card: StoredPlan | None
    tell: ReportProgress | None
    typed: str = ""
    """What they wrote."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the next message may continue: a question, candidates, or the last request and its change."""

    until: datetime
    asked: Understood | None = None
    candidate_question: CandidateQuestion | None = None
    last: Method[Any] | None = None
    change_id: str | None = None


@dataclass(slots=True)
class Memory:
    """What is remembered of a person in a chat."""

    chosen: Language | None = None
    last: Language | None = None
    more: Method[Any] | None = None
    """What shows the rest of the last list."""
    failed: str = ""
    """The code of the last error, which a bare `/explain` explains."""
    context: Context | None = None
    """What the next message may go on from."""
    why: Understood | None = None
    """How the last sentence was understood."""


def reply(text: Text, language: Language, *, card: str | None = None, closed: StoredPlan | None = None) -> Reply:
    """Make an answer of a text; `card` is the question it asks, `closed` the one it answers."""
    strip = None if closed is None else closed.message
    return Reply(text.plain, text.html, language, card, None if closed is None else closed.id, strip)

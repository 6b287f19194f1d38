"""Confirmations of staff operations: bound to a person in a chat, answered once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.conversation.session import ConversationKey, Reply
from linkdesk.plans.model import LIFETIME, new_plan_id

MOST: Final = 1000


@dataclass(slots=True)
class Confirmation:
    """A question that waits, with what settles it."""

    id: str
    conversation_key: ConversationKey
    until: float
    settle: Callable[[bool], Awaitable[Reply]]
    message: int | None = None
    """The message that asks."""


class Confirmations:
    """The questions that wait, at most one for a person in a chat."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take the clock that expiry goes by, in seconds."""
        self._clock = clock
        self._waiting: OrderedDict[str, Confirmation] = OrderedDict()

    def put(self, conversation_key: ConversationKey, settle: Callable[[bool], Awaitable[Reply]]) -> str:
        """Store a question and return its id."""
        for old in [
            confirmation.id
            for confirmation in self._waiting.values()
            if confirmation.conversation_key == conversation_key
        ]:
            del self._waiting[old]
        confirmation = Confirmation(new_plan_id(), conversation_key, self._clock() + LIFETIME.total_seconds(), settle)
        self._waiting[confirmation.id] = confirmation
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        return confirmation.id

    def at(self, conversation_key: ConversationKey) -> Confirmation | None:
        """Return the question that can still be answered there, or None."""
        found = (
            confirmation
            for confirmation in self._waiting.values()
            if confirmation.conversation_key == conversation_key and self._clock() < confirmation.until
        )
        return next(found, None)

    def shown(self, confirmation_id: str, message: int) -> bool:
        """Remember the message that asks; False where this is none of the questions here."""
        confirmation = self._waiting.get(confirmation_id)
        if confirmation is not None:
            confirmation.message = message
        return confirmation is not None

    def claim(self, conversation_key: ConversationKey, confirmation_id: str) -> Confirmation | None:
        """Remove and return a question, so that it is answered once; None for somebody else's."""
        confirmation = self._waiting.get(confirmation_id)
        if confirmation is None or confirmation.conversation_key != conversation_key:
            return None
        del self._waiting[confirmation_id]
        return confirmation if self._clock() < confirmation.until else None

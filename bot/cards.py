"""Plans that wait for a person's yes: bound to the person and the chat, claimed once, gone after ten minutes."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, TypeAlias

from linkdesk.outcome import AnyPlan
from tool_specs.said import Language

LIFETIME_S: Final = 600
MOST_CARDS: Final = 10_000
"""Beyond that the oldest are dropped: what nobody answered must not fill the memory."""

Where: TypeAlias = tuple[int, int]
"""A chat and a person in it."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a person is asked to agree to."""

    id: str
    where: Where
    plans: tuple[AnyPlan, ...]
    language: Language
    until: float


class Gone(Enum):
    """Why a card cannot be answered."""

    NOTHING_WAITS = auto()
    EXPIRED = auto()
    NOT_YOURS = auto()


class Cards:
    """The cards that wait, at most one for a person in a chat."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take the clock that expiry goes by, in seconds."""
        self._clock = clock
        self._waiting: OrderedDict[Where, Card] = OrderedDict()

    def put(self, where: Where, plans: tuple[AnyPlan, ...], language: Language) -> Card:
        """Let plans wait, in place of any that waited there."""
        card = Card(secrets.token_urlsafe(12), where, plans, language, self._clock() + LIFETIME_S)
        self._waiting.pop(where, None)
        self._waiting[where] = card
        while len(self._waiting) > MOST_CARDS:
            self._waiting.popitem(last=False)
        return card

    def drop(self, where: Where) -> None:
        """Forget what waits there."""
        self._waiting.pop(where, None)

    def at(self, where: Where) -> Card | None:
        """Look at what waits there, expired or not."""
        return self._waiting.get(where)

    def waiting(self, where: Where) -> Card | None:
        """Look at what waits there and can still be answered."""
        card = self._waiting.get(where)
        return card if card is not None and self._clock() < card.until else None

    def claim(self, where: Where, card_id: str | None = None) -> Card | Gone:
        """Take the card that waits there out, so that nobody takes it a second time.

        Args:
            where: who answers, and in which chat.
            card_id: the card whose button was pressed; None for a typed answer.
        """
        if card_id is not None and self._belongs_to_another(where, card_id):
            return Gone.NOT_YOURS
        card = self._waiting.get(where)
        if card is None or (card_id is not None and card.id != card_id):
            return Gone.NOTHING_WAITS
        del self._waiting[where]
        return card if self._clock() < card.until else Gone.EXPIRED

    def _belongs_to_another(self, where: Where, card_id: str) -> bool:
        return any(card.id == card_id and card.where != where for card in self._waiting.values())

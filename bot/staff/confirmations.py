"""Questions about the staff that wait for a person's yes: bound to the person and the chat, answered once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.conversation.session import Reply, Where
from linkdesk.plans.model import LIFETIME, new_plan_id

MOST: Final = 1000


@dataclass(slots=True)
class Offer:
    """What is done once the person says yes, and what otherwise."""

    id: str
    where: Where
    until: float
    settle: Callable[[bool], Awaitable[Reply]]
    message: int | None = None
    """The message that asks."""


class Offers:
    """The questions that wait, at most one for a person in a chat."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take the clock that expiry goes by, in seconds."""
        self._clock = clock
        self._waiting: OrderedDict[str, Offer] = OrderedDict()

    def put(self, where: Where, settle: Callable[[bool], Awaitable[Reply]]) -> str:
        """Let a question wait, and give its id."""
        for old in [offer.id for offer in self._waiting.values() if offer.where == where]:
            del self._waiting[old]
        offer = Offer(new_plan_id(), where, self._clock() + LIFETIME.total_seconds(), settle)
        self._waiting[offer.id] = offer
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        return offer.id

    def at(self, where: Where) -> Offer | None:
        """Look at what waits there and can still be answered."""
        found = (offer for offer in self._waiting.values() if offer.where == where and self._clock() < offer.until)
        return next(found, None)

    def shown(self, offer_id: str, message: int) -> bool:
        """Remember the message that asks; False where this is none of the questions here."""
        offer = self._waiting.get(offer_id)
        if offer is not None:
            offer.message = message
        return offer is not None

    def claim(self, where: Where, offer_id: str) -> Offer | None:
        """Take a question out, so that nobody answers it a second time; another's question is left alone."""
        offer = self._waiting.get(offer_id)
        if offer is None or offer.where != where:
            return None
        del self._waiting[offer_id]
        return offer if self._clock() < offer.until else None

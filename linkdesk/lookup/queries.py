"""Reads for lookups go through the desk, with the rights, rate limit and allow lists of the person who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from linkdesk.auth.policy import Actor
from linkdesk.desk import Desk
from linkdesk.model.outcome import ReadResult
from linkdesk.model.record_label import RecordLabel
from linkdesk.model.views import View
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.method import Method

A = TypeVar("A", bound=View)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate for one argument: as it is shown, and the CRM item or the booking's id."""

    label: Localized
    value: object


@dataclass(frozen=True, slots=True)
class LookupReader:
    """Reads for a lookup, with an actor's rights."""

    desk: Desk
    actor: Actor

    async def read(self, method: Method[Any], answer: type[A]) -> A:
        """Return the result of a read, which may be a minute old.

        Raises:
            Trouble: it cannot be read, or not by this person.
        """
        actor, lookup_cache = self.actor, self.desk.lookup_cache
        asked = method.model_dump_json(exclude_unset=True)
        key = (actor.who, actor.face, actor.role, actor.toolsets, method.name(), asked)
        found, writes = lookup_cache.get(key), lookup_cache.writes
        if found is None:
            outcome = await self.desk.do(method, actor)
            if not isinstance(outcome, ReadResult):
                message = f"{method.name()} shows nothing"
                raise TypeError(message)
            found = outcome
            lookup_cache.put(key, found, writes)
        if not isinstance(found.shown, answer):
            message = f"{method.name()} shows no {answer.__name__}"
            raise TypeError(message)
        return found.shown


async def run_together(lookups: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Run several lookups concurrently; the client coalesces them into one request.

    Raises:
        Trouble: the first that came, after all of them ended.
    """
    answers = await asyncio.gather(*lookups, return_exceptions=True)
    found: list[T] = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        found.append(answer)
    return found


def candidate_label(known: RecordLabel, *beside: str) -> Localized:
    """Format a candidate: "contact 3 “Иван Петров”", "booking 14, Fri 20 Nov, 15:00–16:00, Анна Иванова"."""
    details = known.details
    said = (
        known.shown
        if known.when is None
        else Localized(en=f"{known.said.en}, {details.en}", ru=f"{known.said.ru}, {details.ru}")
    )
    more = "".join(f", {text}" for text in beside if text)
    return Localized(en=f"{said.en}{more}", ru=f"{said.ru}{more}")

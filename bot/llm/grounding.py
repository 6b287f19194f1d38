"""Grounding of a model's answer: the ids a message names, and whether it may be an order at all. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from bot.nlu.danger_kinds import Danger
from bot.nlu.sentence import Sentence, analyze

NO_ORDER: Final = frozenset(Danger) - {
    *(Danger.SUBJECT, Danger.OR, Danger.EXCEPT, Danger.LATER, Danger.PAST, Danger.STATEMENT, Danger.QUESTION),
}
"""A no, a doubt, a condition or somebody's words: no model may talk these away."""
_HARMLESS: Final = frozenset({"could", "would", "can", "бы"})
"""What makes the reader hesitate, which knows words alone; a whole sentence tells what they are there for."""


@dataclass(frozen=True, slots=True)
class Message:
    """The ids and signs found in a message."""

    text: str
    numbers: frozenset[int]
    hosts: frozenset[str]
    """The portals of the addresses of cards in it."""
    no_order: bool
    """Whether it says no, doubts, supposes, quotes or tells of the past: whatever it is, nothing is to be changed."""

    def has(self, value: object) -> bool:
        """Return whether an id was said: a number, or the letters and digits of a change."""
        return value in self.numbers if isinstance(value, int) else str(value).casefold() in self.text.casefold()


def message_of(text: str, now: datetime) -> Message:
    """Analyze a cleaned message with the reader's tokenizer and lexicon.

    Args:
        text: the message.
        now: the time in the business's zone.
    """
    sentence = analyze(text, now)
    numbers = {int(digits) for digits in re.findall(r"(?<![0-9])[0-9]{1,10}(?![0-9])", text)}
    numbers.update(number for token in sentence.tokens for number in token.ids)
    numbers.update(number for mention in sentence.mentions for number in mention.ids)
    numbers.update(ref.id for mention in sentence.mentions for ref in mention.refs)
    hosts = frozenset(unit.host.lower() for unit in sentence.scene().units if unit.host)
    return Message(text, frozenset(numbers), hosts, _is_no_order(sentence))


def _is_no_order(sentence: Sentence) -> bool:
    told = {Danger.STATEMENT, Danger.PAST} & (sentence.dangers | sentence.distant)
    words = any(token.dangers & NO_ORDER and token.word not in _HARMLESS for token in sentence.tokens)
    return words or Danger.QUOTED in sentence.dangers or (bool(told) and not sentence.orders)


def ids_in(name: str, value: object) -> Iterator[int | str]:
    """Return the ids that an argument names, those of CRM items in it too."""
    if name.endswith(("_id", "_ids")):
        yield from (one for one in _each(value) if isinstance(one, int | str))
    for one in _each(value):
        if isinstance(one, Mapping):
            parts = cast("Mapping[str, Any]", one)
            if set(parts) == {"type", "id"}:
                yield parts["id"]


def _each(value: object) -> Iterable[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]

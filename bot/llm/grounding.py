"""What a message itself says: the numbers that may be ids, and what forbids to take it for an order. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from bot.nlu.analysis import Scene, scene_of
from bot.nlu.lexicon import acts_of
from bot.nlu.tokens import Mood, Sort
from bot.nlu.verifier import has_quoted_order
from linkdesk.text.language import detect_language
from tool_specs.declaration.localized import Language

_HARMLESS: Final = frozenset(
    {
        *("could", "would", "can", "will", "i", "we", "you", "he", "she", "they", "am", "is", "are", "was", "were"),
        *("has", "have", "had", "do", "does", "be", "been", "being", "as", "or", "because", "since"),
        *("бы", "я", "мы", "вы", "он", "она", "они", "чтобы", "ведь", "или", "либо", "потому", "будет", "будут"),
    },
)
"""What makes the reader hesitate, which knows words alone; a whole sentence tells what they are there for."""


@dataclass(frozen=True, slots=True)
class Message:
    """What was found in a message."""

    text: str
    numbers: frozenset[int]
    hosts: frozenset[str]
    """The portals of the addresses of cards in it."""
    no_order: bool
    """Whether it says no, doubts, supposes, quotes or tells of the past: whatever it is, nothing is to be changed."""

    def has(self, value: object) -> bool:
        """Tell whether an id was said: a number, or the letters and digits of a change."""
        return value in self.numbers if isinstance(value, int) else str(value).casefold() in self.text.casefold()


def message_of(text: str, now: datetime) -> Message:
    """Look at a cleaned message, with the reader's own eyes.

    Args:
        text: the message.
        now: the time in the business's zone.
    """
    languages: tuple[Language, ...] = ("en", "ru") if detect_language(text) == "ru" else ("en",)
    scene = scene_of(text, languages[-1], languages, now)
    numbers = {int(digits) for digits in re.findall(r"(?<![0-9])[0-9]{1,10}(?![0-9])", text)}
    numbers.update(number for unit in scene.units for number in unit.ids)
    numbers.update(number for mention in scene.mentions for number in mention.ids)
    numbers.update(unit.ref.id for unit in scene.units if unit.ref is not None)
    hosts = frozenset(unit.host.lower() for unit in scene.units if unit.host)
    return Message(text, frozenset(numbers), hosts, _is_no_order(scene))


def _is_no_order(scene: Scene) -> bool:
    """Tell whether a no, a doubt, a condition, somebody's words or the past are in it: no model may talk these away."""
    told = False
    for unit in scene.units:
        if unit.has(Sort.POLITE) or unit.taken not in {"", "preposition"}:
            continue
        if unit.has(Sort.NOT, Sort.SAYING) or (unit.has(Sort.UNSURE) and unit.word not in _HARMLESS):
            return True
        told = told or (unit.has(Sort.VERB) and not acts_of(unit, Mood.ORDER))
    return has_quoted_order(scene.units) or (told and not scene.orders)


def ids_in(name: str, value: object) -> Iterator[int | str]:
    """Give the ids that an argument names, those of CRM items in it too."""
    if name.endswith(("_id", "_ids")):
        yield from (one for one in _each(value) if isinstance(one, int | str))
    for one in _each(value):
        if isinstance(one, Mapping):
            parts = cast("Mapping[str, Any]", one)
            if set(parts) == {"type", "id"}:
                yield parts["id"]


def _each(value: object) -> Iterable[object]:
    return cast("list[object]", value) if isinstance(value, list) else [value]

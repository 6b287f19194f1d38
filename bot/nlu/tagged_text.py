"""The units of a text with their meanings, for the stages that rewrite it before a sentence is analysed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bot.nlu.lexicon import acts_of, language_of_word
from bot.nlu.numerals import with_numbers
from bot.nlu.tagging import tag, with_spelled_numbers
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Mood, Unit
from tool_specs.declaration.intents import Act


@lru_cache(maxsize=64)
def tagged(text: str) -> tuple[Unit, ...]:
    """Take a text apart and give its units their meanings; nobody may change them afterwards."""
    units = units_of(text)
    with_spelled_numbers(units)
    return tuple(tag(with_numbers(units, cyrillic=language_of_word(text) == "ru")))


def verb_of(units: Iterable[Unit]) -> Unit | None:
    """Return the first verb that orders."""
    return next((unit for unit in units if acts_of(unit, Mood.ORDER)), None)


def acts_in(text: str) -> frozenset[Act]:
    """Return every act that the verbs of a text order."""
    return frozenset(act for unit in tagged(text) for act in acts_of(unit, Mood.ORDER))

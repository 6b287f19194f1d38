"""The units of a text with their meanings, for the stages that rewrite it before a sentence is analysed."""

from __future__ import annotations

from functools import lru_cache

from bot.nlu.lexicon import language_of_word
from bot.nlu.numerals import with_numbers
from bot.nlu.tagging import tag, with_spelled_numbers
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Unit


@lru_cache(maxsize=64)
def tagged(text: str) -> tuple[Unit, ...]:
    """Take a text apart and give its units their meanings; nobody may change them afterwards."""
    units = units_of(text)
    with_spelled_numbers(units)
    return tuple(tag(with_numbers(units, cyrillic=language_of_word(text) == "ru")))

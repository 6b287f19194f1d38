"""Ordinary words, ours or not: what is one of them is no slip of the finger."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import is_known, parses


@cache
def english_words() -> dict[str, int]:
    """Return the commonest English words with their ranks, the commonest at 0."""
    text = (files("bot.nlu.lexicon_data") / "ordinary_words.txt").read_text(encoding="utf-8")
    words = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {word: rank for rank, word in enumerate(words)}


_FUNCTION_WORDS: Final = frozenset({"NPRO", "CONJ", "PREP", "PRCL", "INTJ"})
_ENDINGS: Final = ("'s", "s", "ed", "d", "ing", "er", "ers", "ly")


@lru_cache(maxsize=50_000)
def is_ordinary(word: str) -> bool:
    """Tell whether a folded word is one of the language of its letters, or a regular form of one."""
    if language_of_word(word) == "ru":
        # The dictionary has every letter, and many a pair of them as a unit of measure.
        return is_known(word) if len(word) > 2 else parses(word)[0].tag.POS in _FUNCTION_WORDS  # noqa: PLR2004
    stems = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
    known = english_words()
    return word in known or any(stem in known for stem in stems if len(stem) > 3)  # noqa: PLR2004 - no chance match

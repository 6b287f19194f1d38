"""Ordinary words, ours or not: what is one of them is no slip of the finger."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import is_known


@cache
def english_words() -> dict[str, int]:
    """Return the commonest English words with their ranks, the commonest at 0."""
    text = (files("bot.nlu.lexicon_data") / "ordinary_words.txt").read_text(encoding="utf-8")
    words = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {word: rank for rank, word in enumerate(words)}


def is_ordinary(word: str) -> bool:
    """Tell whether a folded word is one of the language of its letters."""
    return is_known(word) if language_of_word(word) == "ru" else word.removesuffix("'s") in english_words()

"""Misspelt words: the word of ours that one is most likely a slip of. Ordinary words are left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import LONGEST
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.tokens import Meaning, Mood, Sort
from bot.nlu.typo_weights import weight
from bot.nlu.words import lexicon, spelled
from tool_specs.declaration.intents import DESTRUCTIVE_ACTS, READING_ACTS, Act
from tool_specs.declaration.localized import Language

LIKELY: Final = 0.85
"""What a likely slip weighs at most: two letters swapped, a neighbour on the keyboard, a letter left out."""
MOST: Final = ((4, LIKELY), (7, 1.3), (10_000, 1.7))
"""What the slips in a word weigh at most, by its length."""
ONE_LETTER: Final = 4
"""Up to this length one letter may be wrong, beyond it two."""
ORDERING: Final = 0.6
"""By how much a verb that orders is preferred to another word."""
TOLD: Final = 0.3
"""How near a form may be that tells what was done: "оставии" may be "оставили"."""
NOUN_BEFORE_NUMBER: Final = 0.45
"""By how much a noun is preferred right before a number."""
WAYS: Final = frozenset({Sort.TOWARDS, Sort.AWAY, Sort.EITHER})
NEITHER_WAY: Final = {"en": "of", "ru": "по"}
"""The preposition that stands for one that may lead either way."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a misspelt word was meant to be."""

    word: str
    weight: float
    opposite: bool = False
    """Whether a verb of another side is nearly as likely."""


@lru_cache(maxsize=20_000)
def nearest(word: str, *, before_number: bool = False, leads: bool = False) -> Slip | None:
    """Find the word of ours that a misspelt one is most likely a slip of; None where there is none.

    Args:
        word: the word, folded.
        before_number: whether a number follows: then it is rather a noun.
        leads: whether it stands between two records: then it is rather a preposition.
    """
    language = language_of_word(word)
    if not 1 < len(word) <= LONGEST or not word.replace("-", "").replace("'", "").isalpha() or is_ordinary(word):
        return None
    found = dict(candidates(word, language))
    if not found:
        return None
    costs = {
        text: slips - _preference(text, language, before_number=before_number, leads=leads)
        for text, slips in found.items()
    }
    best = min(costs, key=lambda text: (costs[text], text))
    if (led := _led(found, costs, best, language)) is not None:
        return led
    acts = _acts(best, language)
    opposite = any(
        slips <= found[best] + LIKELY and _are_opposite(acts, others)
        for text, slips in found.items()
        if acts and (others := _acts(text, language))
    )
    told = acts and any(slips < found[best] + TOLD and _only_tells(text, language) for text, slips in found.items())
    return Slip(best, found[best], opposite or bool(told))


def _led(found: dict[str, float], costs: dict[str, float], best: str, language: Language) -> Slip | None:
    """Leave a preposition undecided that may as well lead the other way."""
    ways = {text: way for text in found if (way := _way(text, language)) is not None}
    if best not in ways:
        return None
    near = {ways[text] for text in ways if costs[text] <= costs[best] + LIKELY / 2}
    return Slip(NEITHER_WAY[language], found[best]) if {Sort.TOWARDS, Sort.AWAY} <= near else None


def candidates(word: str, language: Language) -> Iterable[tuple[str, float]]:
    """Yield the words of ours near a misspelt one, with the weight of the slips."""
    wrong = 1 if len(word) <= ONE_LETTER else 2
    most = next(slips for length, slips in MOST if len(word) <= length)
    return near(word, by_length(language), wrong, most)


def near(
    word: str, by_length: Callable[[int], tuple[str, ...]], wrong: int, most: float
) -> Iterable[tuple[str, float]]:
    """Yield the words of a list within so many wrong letters and so much weight."""
    for length in range(max(len(word) - wrong, 1), len(word) + wrong + 1):
        for text, _, _ in process.extract(word, by_length(length), scorer=OSA.distance, score_cutoff=wrong, limit=None):
            if (slips := weight(word, text)) <= most:
                yield text, slips


@cache
def by_length(language: Language) -> Callable[[int], tuple[str, ...]]:
    """Return the words of ours by their length."""
    lengths: dict[int, list[str]] = {}
    for word in sorted(spelled(language)):
        lengths.setdefault(len(word), []).append(word)
    fixed = {length: tuple(several) for length, several in lengths.items()}
    return lambda length: fixed.get(length, ())


def _meanings(word: str, language: Language) -> list[Meaning]:
    return lexicon(language).words.get(word, [])


def _preference(word: str, language: Language, *, before_number: bool, leads: bool) -> float:
    meanings = _meanings(word, language)
    if leads:
        return ORDERING if any(one.sort in WAYS for one in meanings) else 0.0
    if before_number and any(one.sort is Sort.NOUN for one in meanings):
        return NOUN_BEFORE_NUMBER * min(len(word), ONE_LETTER)
    if not before_number and any(one.sort is Sort.VERB and one.mood is Mood.ORDER for one in meanings):
        return ORDERING
    return 0.0


def _acts(word: str, language: Language) -> frozenset[Act]:
    return frozenset(
        act
        for one in _meanings(word, language)
        if one.sort is Sort.VERB and one.mood is Mood.ORDER and not one.acts <= READING_ACTS
        for act in one.acts
    )


def _only_tells(word: str, language: Language) -> bool:
    moods = {one.mood for one in _meanings(word, language) if one.sort in {Sort.VERB, Sort.KEEP}}
    return bool(moods) and Mood.ORDER not in moods


def _are_opposite(acts: frozenset[Act], others: frozenset[Act]) -> bool:
    return not acts & others and bool(acts & DESTRUCTIVE_ACTS) is not bool(others & DESTRUCTIVE_ACTS)


def _way(word: str, language: Language) -> Sort | None:
    return next((one.sort for one in _meanings(word, language) if one.sort in WAYS), None)

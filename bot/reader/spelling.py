"""Misspelt words: what they were meant to be, where that is beyond doubt; what they may be, where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.reader.english import WORDS
from bot.reader.lexicon import language_of_word, lexicon
from bot.reader.morphology import is_known
from bot.reader.units import Meaning, Mood, Sort
from tool_specs.said import Language
from tool_specs.speech import READS

MARGIN: Final = 0.15
"""How much closer a misspelt verb has to be to its own side than to any other."""
SHORT: Final = 3
LONG: Final = 6
"""From this length on two letters may be wrong."""
TIE: Final = 0.02
ARTICLE: Final = "the"
GUARDS: Final = frozenset({Sort.NOT, Sort.ONLY, Sort.ALL, Sort.INSTEAD})

ENGLISH: Final = frozenset(WORDS.split())
"""Ordinary words near to those of requests: they are never taken for them."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a misspelt word was meant to be; the rivals, where it is one of several and nobody can tell which."""

    word: str = ""
    rivals: tuple[str, ...] = ()


@cache
def _spelled(language: Language) -> tuple[str, ...]:
    """Give the words that others are compared with; full participles are left out, they are many and rare."""
    return tuple(sorted(word for word in lexicon(language).spelled() if len(word) >= SHORT))


@cache
def _prepositions(language: Language) -> dict[str, Sort]:
    known = lexicon(language).words
    sorts = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
    return {word: one.sort for word, meanings in known.items() for one in meanings if one.sort in sorts}


@cache
def _guarding(language: Language) -> tuple[str, ...]:
    """Give the small words that must never be taken for a preposition: a no, "only", "all"."""
    return tuple(word for word in lexicon(language).words if len(word) > 1 and _guards(word, language, GUARDS))


def _guards(word: str, language: Language, sorts: frozenset[Sort]) -> bool:
    return any(one.sort in sorts for one in lexicon(language).words.get(word, ()))


@lru_cache(maxsize=20_000)
def corrected(word: str, *, before_number: bool = False) -> Correction | None:
    """Find what a word that is in no lexicon was meant to be; None where it is a word of its own, or like none.

    Args:
        word: the word, folded.
        before_number: whether a number follows: then it is a noun, even if it looks like a word of another meaning.
    """
    language = language_of_word(word)
    if not re.fullmatch(r"[^\W\d_]+(?:['-][^\W\d_]+)*", word):
        return None
    if len(word) < SHORT:
        return None
    if not before_number and (word in ENGLISH or (language == "ru" and is_known(word))):
        return None
    wrong = 2 if len(word) >= LONG and not before_number else 1
    cutoff = 1 - wrong / max(len(word), SHORT)
    found = process.extract(
        word, _spelled(language), scorer=OSA.normalized_similarity, score_cutoff=cutoff - MARGIN, limit=40
    )
    near = [(text, score) for text, score, _ in found]
    if before_number:
        near = [(text, score) for text, score in near if _nouns(text, language)]
    close = [(text, score) for text, score in near if OSA.distance(word, text) <= wrong and score >= cutoff - TIE]
    return _chosen(word, close, near, language, before_number=before_number) if close else None


def preposition(word: str) -> str | None:
    """Name the one preposition a short word is a slip of; where it may be several, the one that fits both ways."""
    language = language_of_word(word)
    if len(word) > SHORT + 2 or word in ENGLISH:
        return None
    if language == "en" and len(word) >= SHORT and OSA.distance(word, ARTICLE) == 1:
        return ARTICLE
    near = [known for known in _prepositions(language) if OSA.distance(word, known) == 1 and len(word + known) > 2]  # noqa: PLR2004
    if not near or any(OSA.distance(word, known) == 1 for known in _guarding(language)):
        return None
    sorts = {_prepositions(language)[known] for known in near}
    if sorts <= {Sort.TOWARDS, Sort.EITHER} or sorts <= {Sort.AWAY, Sort.EITHER}:
        return min(near, key=lambda known: (_prepositions(language)[known] is Sort.EITHER, known))
    return "of" if language == "en" else "по"


def _chosen(
    word: str, close: list[tuple[str, float]], near: list[tuple[str, float]], language: Language, *, before_number: bool
) -> Correction | None:
    """Choose among what is near; a verb has to be clearly nearer to its own side than to any other."""
    best = max(score for _, score in close)
    fewest = min(OSA.distance(word, text) for text, _ in close)
    top = [text for text, _ in close if OSA.distance(word, text) == fewest]
    verbs = [(text, score) for text, score in near if _orders(text, language)]
    top.sort(key=lambda text: (not _orders(text, language), text))
    if len(word) <= SHORT and len({tuple(lexicon(language).words.get(text, ())) for text in top}) > 1:
        return None
    chosen = top[0]
    sides = _orders(chosen, language)
    if sides:
        acts = frozenset(act for one in sides for act in one.acts)
        against = [
            text
            for text, score in verbs
            if score > best - (TIE if _only_reads(text, language) else MARGIN)
            and not acts & {act for one in _orders(text, language) for act in one.acts}
            and not (acts <= READS and {act for one in _orders(text, language) for act in one.acts} <= READS)
        ]
        return Correction(rivals=tuple(dict.fromkeys([chosen, *against]))) if against else Correction(chosen)
    guarded = [text for text in top if _guards(text, language, GUARDS | {Sort.UNSURE})]
    if guarded and not _nouns(chosen, language):
        return Correction(guarded[0])
    nouns = [set(_nouns(text, language)) for text in top if _nouns(text, language)]
    if nouns and not any(all(noun in others for others in nouns) for noun in nouns[0]):
        return Correction(rivals=tuple(top))
    if len(word) <= SHORT and nouns and not before_number:
        # "lol" is no "log".
        return None
    return Correction(next((text for text in top if _nouns(text, language)), chosen))


def _only_reads(word: str, language: Language) -> bool:
    return {act for one in _orders(word, language) for act in one.acts} <= READS


def _orders(word: str, language: Language) -> list[Meaning]:
    known = lexicon(language).words.get(word, ())
    return [one for one in known if one.sort is Sort.VERB and one.mood is Mood.ORDER]


def _nouns(word: str, language: Language) -> list[str]:
    return [one.value for one in lexicon(language).words.get(word, ()) if one.sort is Sort.NOUN]

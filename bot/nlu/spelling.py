"""Misspelt words: what they were meant to be, where that is beyond doubt; what they may be, where it is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.english_words import WORDS
from bot.nlu.lexicon import language_of_word, lexicon
from bot.nlu.morphology import is_known
from bot.nlu.tokens import Meaning, Mood, Sort
from bot.nlu.typo_weights import weight
from tool_specs.declaration.intents import DESTRUCTIVE_ACTS, READING_ACTS, Act
from tool_specs.declaration.localized import Language

MARGIN: Final = 0.85
"""How much likelier a slip of a verb has to be than one of any verb of another side, in the weights of slips."""
LIKELY: Final = 0.85
"""What a slip in a short verb weighs at most: another letter makes another word of it."""
NOT_OPPOSITE: Final = 0.6
"""The same, where neither of the two takes anything away."""
TOLD: Final = 0.3
"""The same, for a form that orders and one that tells what was done: "оставии" may be "оставили"."""
MOST: Final = 1.6
"""What the slips in one word weigh at most."""
MOST_SIGN: Final = 1.1
"""What they weigh in a word of days and times."""
CLOSE: Final = 0.5
"""How much likelier one noun has to be than another."""
SHORT: Final = 3
LONG: Final = 6
"""From this length on two letters may be wrong."""
TIE: Final = 0.1
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
def _politely(language: Language) -> frozenset[str]:
    """Give the words of polite phrases."""
    phrases = [several for known in lexicon(language).phrases.values() for several in known]
    return frozenset(word for words, meaning in phrases if meaning.sort is Sort.POLITE for one in words for word in one)


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
    found = process.extract(word, _spelled(language), scorer=OSA.distance, score_cutoff=wrong + 1, limit=None)
    near = [(text, weight(word, text)) for text, _, _ in found if not before_number or _nouns(text, language)]
    close = [
        (text, slips) for text, slips in near if slips <= _most(text, language) and OSA.distance(word, text) <= wrong
    ]
    return _chosen(word, close, near, language, before_number=before_number) if close else None


def preposition(word: str) -> str | None:
    """Name the one preposition a short word is a slip of; where it may be several, the one that fits both ways."""
    language = language_of_word(word)
    if len(word) > SHORT + 2 or word in ENGLISH:
        return None
    if language == "en" and len(word) >= SHORT and OSA.distance(word, ARTICLE) == 1:
        return ARTICLE
    near = [
        known
        for known in _prepositions(language)
        if OSA.distance(word, known) == 1 and weight(word, known) <= LIKELY and len(word + known) > 2  # noqa: PLR2004
    ]
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
    fewest = min(OSA.distance(word, text) for text, _ in close)
    slips = {text: weighed for text, weighed in close if OSA.distance(word, text) == fewest}
    least = min(slips.values())
    top = [text for text, weighed in slips.items() if weighed <= least + CLOSE]
    top = [text for text in top if slips[text] <= LIKELY or not _acts(text, language) - READING_ACTS] or top
    top.sort(key=lambda text: (not _orders(text, language), slips[text], text))
    if len(word) <= SHORT and len({tuple(lexicon(language).words.get(text, ())) for text in top}) > 1:
        return None
    chosen = top[0]
    sides = _orders(chosen, language)
    if sides:
        return _chosen_verb(chosen, slips[chosen], near, language)
    guarded = [text for text in top if _guards(text, language, GUARDS | {Sort.UNSURE})]
    if guarded and not _nouns(chosen, language):
        # "Hould" is rather "should" than "could", which may be polite.
        return Correction(min(guarded, key=lambda text: text in _politely(language)))
    nouns = [set(_nouns(text, language)) for text in top if _nouns(text, language)]
    if nouns and not any(all(noun in others for others in nouns) for noun in nouns[0]):
        return Correction(rivals=tuple(top))
    signs = _guards(chosen, language, frozenset({Sort.SIGN}))
    others = [text for text, weighed in near if weighed < slips[chosen] + MARGIN]
    # "Lol" is no "log", and "rhs" no "hrs"; "oday" is "today", or "Monday" without two letters.
    small = len(word) <= SHORT and (signs or (nouns and not before_number))
    if small or (signs and any(_is_other_sign(text, chosen, language) for text in others)):
        return None
    return Correction(next((text for text in top if _nouns(text, language)), chosen))


def _is_other_sign(word: str, chosen: str, language: Language) -> bool:
    """Tell whether a word is one of days and times, and of another meaning."""
    signs = {one.value for one in lexicon(language).words.get(word, ()) if one.sort is Sort.SIGN}
    return bool(signs) and not signs & {one.value for one in lexicon(language).words[chosen]}


def _most(word: str, language: Language) -> float:
    if _guards(word, language, frozenset({Sort.ONLY, Sort.ALL, Sort.INSTEAD, Sort.POLITE})):
        return LIKELY
    if language == "en" and len(word) < LONG - 1:
        # "Groom" is a word of its own sooner than a "room".
        return LIKELY
    return MOST_SIGN if _guards(word, language, frozenset({Sort.SIGN})) else MOST


def _chosen_verb(chosen: str, slips: float, near: list[tuple[str, float]], language: Language) -> Correction | None:
    """Take a misspelt verb for the likeliest one, unless a verb of another side is nearly as likely."""
    acts = _acts(chosen, language)
    reads = bool(acts) and acts <= READING_ACTS
    if not reads and slips > LIKELY and len(chosen) < LONG:
        return None
    against = [
        text
        for text, others in near
        if others < slips + (TIE if reads else MARGIN if _are_opposite(acts, _acts(text, language)) else NOT_OPPOSITE)
        and _orders(text, language)
        and not (acts & _acts(text, language) or (not acts and not _acts(text, language)))
        and not (reads and _acts(text, language) <= READING_ACTS)
    ]
    told = [text for text, others in near if not reads and others < slips + TOLD and _tells(text, language)]
    rivals = tuple(dict.fromkeys([chosen, *against, *told]))
    return Correction(rivals=rivals) if len(rivals) > 1 else Correction(chosen)


def _are_opposite(acts: frozenset[Act], others: frozenset[Act]) -> bool:
    """Tell whether one of two verbs takes away what the other does not."""
    return bool(acts & DESTRUCTIVE_ACTS) is not bool(others & DESTRUCTIVE_ACTS)


def _tells(word: str, language: Language) -> bool:
    """Tell whether a verb says what was or will be, and orders nothing."""
    moods = {one.mood for one in lexicon(language).words.get(word, ()) if one.sort in {Sort.VERB, Sort.KEEP}}
    return bool(moods) and Mood.ORDER not in moods


def _acts(word: str, language: Language) -> frozenset[Act]:
    """Give what a verb orders; nothing for one that says to keep."""
    return frozenset(act for one in _orders(word, language) for act in one.acts)


def _orders(word: str, language: Language) -> list[Meaning]:
    known = lexicon(language).words.get(word, ())
    return [one for one in known if one.sort in {Sort.VERB, Sort.KEEP} and one.mood is Mood.ORDER]


def _nouns(word: str, language: Language) -> list[str]:
    return [one.value for one in lexicon(language).words.get(word, ()) if one.sort is Sort.NOUN]

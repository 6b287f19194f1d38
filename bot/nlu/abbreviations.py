"""Shortened nouns before a number, nouns and numbers written together, and "n" for "and"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from bot.nlu.groups import ITEMS, OWNERS, PEOPLE
from bot.nlu.lexicon import language_of_word, listed
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.numerals import english, russian
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.record_words import case_at, inflected
from bot.nlu.revision import Change, Revision, revised
from bot.nlu.tokens import Mood, Sort
from bot.nlu.words import harmless_at, meanings_of
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

NUMBERED: Final = OWNERS | ITEMS | PEOPLE | {"activity", "resource", "plan"}
"""Nouns that a number follows."""
_GLUED: Final = re.compile(r"(?<![\w/@.#№-])(?P<noun>[^\W\d_]{2,})\.?[-_=]?(?P<number>\d{1,10})(?![\w-]|[.:/]\d)")
_GLUED_BEFORE: Final = re.compile(r"(?<![\w/@.:#№-])(?P<number>\d{1,10})(?P<noun>[^\W\d_]{3,})(?!\w)")
_AND: Final = re.compile(r"(?<=\s)(?P<and>'?n'?)(?=\s+(?P<verb>[^\W\d_]{2,}))", re.IGNORECASE)
_LETTER: Final = re.compile(r"(?<![\w/@.#№'’-])(?P<noun>[a-z])(?P<number>\d{1,6})(?![\w-]|[.:/]\d)", re.IGNORECASE)
_SHORT: Final = re.compile(r"(?<![\w/@.'’-])(?P<noun>[^\W\d_]{2,})(?P<dot>\.?)(?=\s?[#№]?\d{1,10}(?![\w]|[.:/]\d))")


def in_full(text: str) -> Revision:
    """Write shortened nouns in full, and part those that are written together with their numbers."""
    return Revision(text).then(_joints).then(_single_letters).then(_glued).then(_abbreviations)


@lru_cache(maxsize=20_000)
def noun_of_abbreviation(word: str, *, dotted: bool = False) -> str | None:
    """Return the noun that a shortened one stands for, where it is the beginning, or the consonants, of one alone.

    Args:
        word: the shortened word, folded.
        dotted: whether a full stop follows: then it may be an ordinary word too.
    """
    language = language_of_word(word)
    known = _nouns(language)
    if _is_word(word, language, dotted=dotted):
        return None
    begins = _first(known, [noun for noun in known if noun.startswith(word)])
    if begins:
        return next(iter(begins.values())) if len(begins) == 1 else None
    spelled = re.compile(".*".join(re.escape(letter) for letter in word))
    consonants = _first(known, [noun for noun in known if noun[0] == word[0] and spelled.match(noun)])
    vowels = re.search("[aeiouаеиоуыэюя]", word[1:])
    return next(iter(consonants.values())) if len(consonants) == 1 and not vowels else None


def _is_word(word: str, language: Language, *, dotted: bool) -> bool:
    """Tell whether a word stands for itself."""
    ours = bool(meanings_of(word)) or word in _small(language) or harmless_at([word], 0) > 0
    return len(word) < 2 or ours or (not dotted and is_ordinary(word))  # noqa: PLR2004 - a letter is short for nothing


def _first(known: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    """Return for each noun its first word out of some."""
    return {known[word]: word for word in reversed(words)}


@cache
def _nouns(language: Language) -> dict[str, str]:
    """Return the dictionary forms of numbered nouns, in the order they are listed, with the names of the nouns."""
    words = [
        (word.rstrip("*"), noun.name)
        for noun in NOUNS
        if noun.name in NUMBERED
        for word in listed(noun.words.to(language))
        if " " not in word
    ]
    return {fold(word): name for word, name in words}


@cache
def _small(language: Language) -> frozenset[str]:
    """Return the words that are never short for anything."""
    dangers = {fold(word) for said in WORDS.values() for phrase in listed(said.to(language)) for word in phrase.split()}
    return frozenset(dangers | set(russian() if language == "ru" else english()) | {"no", "nr", "nos", "at", "x", "g"})


def _glued(text: str) -> Revision:
    """Part a noun from the number that is written together with it."""
    edits = [
        (one.start(), one.end(), f"{one['noun']} {one['number']}")
        for one in _GLUED.finditer(text)
        if _is_noun(fold(one["noun"]))
    ]
    edits += [
        (one.start(), one.end(), f"{one['number']} {one['noun']}")
        for one in _GLUED_BEFORE.finditer(text)
        if NUMBERED & {meaning.value for meaning in meanings_of(fold(one["noun"])) if meaning.sort is Sort.NOUN}
    ]
    return revised(text, edits, Change.GLUED)


def _is_noun(word: str) -> bool:
    known = any(one.sort is Sort.NOUN for one in meanings_of(word))
    return known or noun_of_abbreviation(word, dotted=True) is not None


def _abbreviations(text: str) -> Revision:
    edits: list[tuple[int, int, str]] = []
    for one in _SHORT.finditer(text):
        noun = noun_of_abbreviation(fold(one["noun"]), dotted=bool(one["dot"]))
        if noun is not None:
            edits.append((one.start(), one.end(), inflected(noun, case_at(text, one.start()))))
    return revised(text, edits, Change.ABBREVIATION)


def _joints(text: str) -> Revision:
    """Write a lone "n" before a verb as the "and" that it is."""
    found = [one for one in _AND.finditer(text) if any(m.mood is Mood.ORDER for m in meanings_of(fold(one["verb"])))]
    return revised(text, [(one.start("and"), one.end("and"), "and") for one in found], Change.ABBREVIATION)


def _single_letters(text: str) -> Revision:
    """Read `d5` and `b14` where two records are written so, and one noun alone begins with each letter."""
    found = list(_LETTER.finditer(text))
    language = language_of_word(text)
    edits: list[tuple[int, int, str]] = []
    for one in found:
        letter = fold(one["noun"])
        names = {name for name in _nouns(language).values() if name.startswith(letter)}
        if len(names) == 1:
            edits.append((one.start(), one.end(), f"{next(iter(names))} {one['number']}"))
    glued = sum(_is_noun(fold(one["noun"])) for one in _GLUED.finditer(text))
    return revised(text, edits if len(edits) + glued > 1 and language == "en" else [], Change.ABBREVIATION)

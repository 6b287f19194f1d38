"""The words that carry meaning for requests, in both languages; harmless ones are a frozen list beside them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Final

from bot.nlu import lexicon as forms
from bot.nlu.lexicon import Lexicon, language_of_word, listed
from bot.nlu.lexicon_data import function_words as small
from bot.nlu.tokens import Kind, Meaning, Sort, Unit
from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.text import fold

SINGLE: Final[tuple[tuple[Sort, Localized], ...]] = (
    (Sort.TOWARDS, small.TOWARDS),
    (Sort.AWAY, small.AWAY),
    (Sort.EITHER, small.EITHER),
    (Sort.SILENT, small.SILENT),
    (Sort.POINTING, small.POINTING),
    (Sort.LAST, small.LAST),
    (Sort.NUMBER_SIGN, small.NUMBER_SIGN),
    (Sort.NAMED, small.NAMED),
    (Sort.BACK, small.BACK),
)
LISTED: Final[tuple[tuple[Sort, Localized], ...]] = (
    (Sort.ALL, small.ALL),
    (Sort.ONLY, small.ONLY),
    (Sort.INSTEAD, small.INSTEAD),
    (Sort.MINE, small.MINE),
    (Sort.AND, small.AND),
)
HARMLESS: Final[tuple[tuple[Sort, Localized], ...]] = (
    (Sort.FOR_ASKING, small.FOR_ASKING),
    (Sort.ASKING, small.ASKING),
    (Sort.POLITE, small.POLITE),
)
"""Frozen: they only buy one tap less, and must not grow. A phrase of several is of the last sort."""


@cache
def lexicon(language: Language) -> Lexicon:
    """Make the lexicon of a language, once."""
    made = Lexicon()
    for sort, said in SINGLE:
        for word in said.to(language).split():
            made.add(word, Meaning(sort))
    for sort, said in LISTED:
        for phrase in listed(said.to(language)):
            _add(made, phrase, Meaning(sort))
    for words, meaning in chain(forms.verbs_of(language), forms.nouns_of(language), forms.signs_of(language)):
        made.add_forms(words, meaning)
    for known in made.words.values():
        known.sort(key=lambda one: forms.MEANING_ORDER.index(one.mood))
    for several in made.phrases.values():
        several.sort(key=lambda one: -len(one[0]))
    return made


def _add(made: Lexicon, phrase: str, meaning: Meaning) -> None:
    made.add_forms([frozenset({fold(word)}) for word in phrase.split()], meaning)


@cache
def spelled(language: Language) -> frozenset[str]:
    """Return every word of the lexicon, those inside phrases too."""
    return lexicon(language).spelled()


def meanings_of(word: str) -> tuple[Meaning, ...]:
    """Return what a word may mean by itself."""
    return tuple(lexicon(language_of_word(word)).words.get(word, ()))


@cache
def _harmless(language: Language) -> dict[str, list[tuple[tuple[str, ...], Sort]]]:
    """Return the harmless phrases by their first word, longest first."""
    phrases = {tuple(fold(phrase).split()): sort for sort, said in HARMLESS for phrase in listed(said.to(language))}
    firsts: dict[str, list[tuple[tuple[str, ...], Sort]]] = {}
    for phrase in sorted(phrases, key=lambda one: (-len(one), one)):
        firsts.setdefault(phrase[0], []).append((phrase, phrases[phrase]))
    return firsts


def harmless_phrase(words: Sequence[str], at: int) -> tuple[int, Sort]:
    """Count the words of the longest harmless phrase that begins there, 0 where none does, and tell its sort."""
    for phrase, sort in _harmless(language_of_word(words[at])).get(words[at], ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return len(phrase), sort
    return 0, Sort.POLITE


def harmless_at(words: Sequence[str], at: int) -> int:
    """Count the words of the longest harmless phrase that begins there; 0 where none does."""
    return harmless_phrase(words, at)[0]


def is_harmless(word: str) -> bool:
    """Tell whether a word is harmless by itself."""
    return harmless_at([word], 0) > 0


def phrase_at(units: Sequence[Unit], at: int) -> tuple[int, tuple[Meaning, ...]]:
    """Find the longest phrases that begin there: how many units they take, and what they mean."""
    longest, meanings = 1, list[Meaning]()
    for words, meaning in lexicon(language_of_word(units[at].word)).phrases.get(units[at].word, ()):
        if len(words) < longest or at + len(words) > len(units):
            continue
        spoken = zip(units[at : at + len(words)], words, strict=True)
        if all(unit.kind is Kind.WORD and not unit.person and unit.word in word for unit, word in spoken):
            meanings = [*(meanings if len(words) == longest else []), meaning]
            longest = len(words)
    return longest, tuple(meanings)

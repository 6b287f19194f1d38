"""English names of people in small letters or with a title: told by first names and by the place they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import language_of_word, listed
from bot.nlu.lexicon_data import first_names
from bot.nlu.lexicon_data import function_words as small
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.morphology import forms_of
from bot.nlu.slips import nearest
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.words import is_harmless, meanings_of, spelled
from tool_specs.declaration.intents import Act
from tool_specs.declaration.text import fold

FIRST_NAMES: Final = frozenset(first_names.FIRST_NAMES.split())
AMBIGUOUS: Final = frozenset(first_names.ORDINARY.split())
POSSESSIVE: Final = ("'s", "’s")
OWNED: Final = frozenset({"booking", "deal", "waitlist"})
PEOPLE: Final = frozenset({"client", "contact"})
ASKED: Final = frozenset({"does", "is", "has", "when's", "did"})
ASKED_FOR: Final = frozenset({"have", "booked", "coming", "scheduled", "registered", "got", "in"})
"""Between these an unknown word in small letters is a name: a question changes nothing."""
BESIDE_DAYS: Final = frozenset(["in", "on", "during", "until", "till", "since", "from", "next", "last", "this", "by"])
SHORTEST: Final = 3
MOST: Final = 3


@cache
def titles() -> frozenset[str]:
    """Return what stands before a name and is no part of it: "Mr", "госпожа"."""
    inflected, _, fixed = small.TITLES.ru.partition("|")
    forms = [form.word for word in inflected.split() for form in forms_of(word, "NOUN")]
    return frozenset({*small.TITLES.en.split(), *forms, *map(fold, fixed.split())})


@cache
def _dangerous() -> frozenset[str]:
    return frozenset(word for kind in Danger if kind in WORDS for word in listed(WORDS[kind].en))


def bare(unit: Unit) -> str:
    """Return the word without its possessive ending."""
    return unit.word[:-2] if unit.word.endswith(POSSESSIVE) else unit.word


def mark_people(units: Sequence[Unit]) -> None:
    """Mark the words of English names, so that they are not taken for misspelt ones, nor for months."""
    at = 0
    while at < len(units):
        length = _name_at(units, at)
        for unit in units[at : at + length]:
            unit.person = True
        at += max(length, 1)


def _name_at(units: Sequence[Unit], at: int) -> int:
    """Count the words of the name that begins there; 0 where none does."""
    unit = units[at]
    if unit.kind is not Kind.WORD or language_of_word(unit.word) != "en" or fold(unit.text).rstrip(".") in titles():
        return 0
    titled = bool(at) and fold(units[at - 1].text).rstrip(".") in titles()
    if not (titled or _is_first_name(units, at) or _is_placed(units, at)):
        return 0
    length = 1
    while length < MOST and at + length < len(units) and not units[at + length - 1].text.endswith(POSSESSIVE):
        if not _goes_on(units[at + length], capital=unit.text[:1].isupper()):
            break
        length += 1
    return length


def _goes_on(unit: Unit, *, capital: bool) -> bool:
    """Tell whether a word after a first name is its surname."""
    word = bare(unit)
    if unit.kind is not Kind.WORD or language_of_word(word) != "en" or _is_ours(word):
        return False
    if unit.text[:1].isupper():
        return True
    return not capital and len(word) >= SHORTEST and nearest(word) is None and nearest(word, before_number=True) is None


def _is_ours(word: str) -> bool:
    """Tell whether a word means something to us, or is a function word."""
    return bool(meanings_of(word)) or word in spelled("en") or is_harmless(word) or word in _dangerous()


def _is_first_name(units: Sequence[Unit], at: int) -> bool:
    """Tell whether it is a first name; one that is an ordinary word too needs a capital letter and a place."""
    unit, word = units[at], bare(units[at])
    if word not in FIRST_NAMES:
        return False
    followed = at + 1 < len(units) and _goes_on(units[at + 1], capital=unit.text[:1].isupper())
    signs = [one.value for one in meanings_of(word) if one.sort is Sort.SIGN]
    if any(sign.startswith("M:") for sign in signs) and at and units[at - 1].word in BESIDE_DAYS:
        return False
    if _is_ours(word):
        if unit.text[:1].isupper():
            return followed and units[at + 1].text[:1].isupper()
        return bool(signs) and followed and _is_expected(units, at)
    if word in AMBIGUOUS and unit.text.islower():
        return followed and _is_expected(units, at)
    return True


def _is_expected(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a name may stand there: after "add", "client", "of"."""
    if not at:
        return True
    before = units[at - 1]
    meanings = meanings_of(before.word)
    if any(one.value in PEOPLE for one in meanings if one.sort is Sort.NOUN):
        return True
    acts = {act for one in meanings if one.sort is Sort.VERB and one.mood is Mood.ORDER for act in one.acts}
    return bool(acts & {Act.JOIN, Act.PART, Act.FIND}) or before.word in {"of", "for", "with", "me", "show", "cancel"}


def _is_placed(units: Sequence[Unit], at: int) -> bool:
    """Tell whether an unknown word stands where only a name can: "smith's booking", "the booking for smith"."""
    unit, word = units[at], bare(units[at])
    if len(word) < SHORTEST or _is_ours(word) or nearest(word) is not None:
        return False
    if unit.text.endswith(POSSESSIVE):
        return _owns(units, at)
    if at and at + 1 < len(units) and units[at - 1].word in ASKED and units[at + 1].word in ASKED_FOR:
        return True
    if at < 2 or units[at - 1].word not in {"for", "of"} or len(word) <= SHORTEST:  # noqa: PLR2004 - what, and whose
        return False
    booked = any(one.value in {"booking", "waitlist"} for one in meanings_of(units[at - 2].word))
    following = units[at + 1] if at + 1 < len(units) else None
    return booked and (following is None or following.kind is not Kind.WORD or _is_ours(following.word))


def _owns(units: Sequence[Unit], at: int) -> bool:
    """Tell whether the record of the one before follows: "smith's Friday appointment"."""
    for unit in units[at + 1 : at + 5]:
        meanings = meanings_of(unit.word)
        if any(one.sort is Sort.NOUN and one.value in OWNED for one in meanings):
            return True
        if unit.kind not in {Kind.CLOCK, Kind.NUMBER} and not any(one.sort is Sort.SIGN for one in meanings):
            return False
    return False

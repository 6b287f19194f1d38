"""Giving the units of a sentence their meanings: phrases first, then words, then what is misspelt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA

from bot.nlu.english_names import FIRST_NAMES, mark_people
from bot.nlu.lexicon import is_spelled, language_of_word, meanings_of, phrase_at
from bot.nlu.morphology import is_naming, participle_of
from bot.nlu.numerals import near_numeral
from bot.nlu.spelling import corrected, preposition
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from tool_specs.declaration.localized import Language

SHORTEST: Final = 2
BEFORE_DAYS: Final = frozenset({"on", "to", "for", "until", "till", "next", "this"})
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SUFFIXES: Final = ("-ка", "-то", "-с", "'s", "s'")


def understood(units: Sequence[Unit], languages: Sequence[Language]) -> list[Unit]:
    """Give every word its meanings, and make one unit of a phrase."""
    mark_people(units)
    for at, unit in enumerate(units):
        if (
            at
            and units[at - 1].spelled
            and len(unit.word) > SHORTEST + 1
            and not unit.person
            and unit.kind is Kind.WORD
        ):
            silent = [one for one in meanings_of(unit.word) if one.sort in {Sort.SILENT, Sort.POLITE, Sort.POINTING}]
            if silent and (numeral := near_numeral(unit.word, cyrillic=False)) is not None:
                # "Twenty there" may be "twenty three".
                unit.rivals = (numeral,)
                continue
        if (
            unit.kind is Kind.WORD
            and not unit.person
            and not any(is_spelled(unit.word, language) for language in languages)
        ):
            beside = [units[place] for place in (at - 1, at + 1) if 0 <= place < len(units)]
            if any(one.spelled for one in beside) and (numeral := _nearly_a_number(unit.word)) is not None:
                unit.rivals = (numeral,)
                continue
            following = units[at + 1] if at + 1 < len(units) else None
            led = at > 0 and units[at - 1].word in BEFORE_DAYS
            _correct(unit, before_number=following is not None and following.kind is Kind.NUMBER, led=led)
    _tell_too(units)
    done: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        length, meanings = phrase_at(units, at, languages) if unit.kind is Kind.WORD and not unit.person else (0, ())
        if length > 1:
            several = units[at : at + length]
            done.append(
                replace(
                    unit,
                    text=" ".join(one.text for one in several),
                    word=" ".join(one.word for one in several),
                    meanings=meanings,
                    corrected=" ".join(one.word for one in several) if any(one.corrected for one in several) else "",
                    fitted=any(one.fitted for one in several),
                )
            )
        else:
            unit.meanings = unit.meanings or (
                meanings_of(unit.word) if unit.kind is Kind.WORD and not unit.person else ()
            )
            done.append(unit)
        at += max(length, 1)
    _tell_lone_letters(done)
    return done


def _tell_too(units: Sequence[Unit]) -> None:
    """Read "too" as "to" where it stands before a noun or a "be"."""
    for unit, following in pairwise(units):
        leads = following.word == "be" or any(one.sort is Sort.NOUN for one in meanings_of(following.word))
        if unit.word == "too" and unit.kind is following.kind is Kind.WORD and leads:
            unit.word = unit.corrected = "to"


def _tell_lone_letters(units: Sequence[Unit]) -> None:
    """Let "а" mean nothing between a number and a noun: there it is a slip, and nobody knows of which preposition."""
    for before, unit, after in zip(units, units[1:], units[2:], strict=False):
        if unit.word == "а" and before.kind is Kind.NUMBER and after.has(Sort.NOUN) and not unit.fitted:
            unit.meanings = ()


def _nearly_a_number(word: str) -> str | None:
    most = 2 if len(word) > SHORTEST + 1 else 1
    return near_numeral(word, cyrillic=language_of_word(word) == "ru", most=most)


def _is_a_form(unit: Unit, word: str, language: Language) -> bool:
    """Find the meaning of a form that the lexicon leaves out: with a suffix, or a participle."""
    for suffix in _SUFFIXES:
        bare = word.removesuffix(suffix)
        if bare != word and meanings_of(bare):
            unit.word, unit.meanings = bare, meanings_of(bare)
            return True
        correction = corrected(bare) if bare != word and suffix == "-ка" else None
        if correction is not None and correction.word:
            unit.word = unit.corrected = correction.word
            return True
    verb = participle_of(word) if language == "ru" else None
    known = [one for one in meanings_of(verb) if one.sort is Sort.VERB] if verb else []
    if known:
        unit.meanings = (Meaning(Sort.VERB, acts=known[0].acts, mood=Mood.STATE),)
    return bool(known)


def _weekday(word: str) -> str | None:
    """Give the day of the week that a word with a capital letter is a likely slip of, after "on" and the like."""
    correction = corrected(word)
    signs = [one.value for one in meanings_of(correction.word)] if correction and len(word) > SHORTEST + 2 else []
    return correction.word if correction and any(sign.startswith("W:") for sign in signs) else None


def _near_weekday(word: str) -> str:
    """Give the day of the week that is one or two letters away; nothing where there is none."""
    if len(word) <= SHORTEST + 2 or meanings_of(word):
        return ""
    return next((day for day in WEEKDAYS if OSA.distance(word, day, score_cutoff=2) <= 2), "")  # noqa: PLR2004 - two letters


def _tell_weekday(unit: Unit) -> None:
    """Take a word with a capital letter for the day of the week it is a slip of, or ask: "for Moday" is no name."""
    if weekday := _weekday(unit.word):
        unit.word = unit.corrected = weekday
    elif near := _near_weekday(unit.word):
        unit.rivals = (near,)


def _correct(unit: Unit, *, before_number: bool, led: bool) -> None:
    """Find what a word that is not in the lexicon was meant to be, unless it is a name."""
    word, language = unit.word, language_of_word(unit.word)
    if _is_a_form(unit, word, language) or (word in FIRST_NAMES and not before_number):
        return
    if not before_number and unit.text[:1].isupper() and not unit.text.isupper() and not unit.initial:
        if led and language == "en":
            _tell_weekday(unit)
        return
    if not before_number and language == "ru" and len(word) > SHORTEST and is_naming(word):
        return
    meant = preposition(word) if not before_number and (language == "en" or len(word) > 1) else None
    correction = None if meant else corrected(word, before_number=before_number)
    if correction is None and before_number:
        correction = corrected(word)
    if correction is None and (numeral := near_numeral(word, cyrillic=language == "ru")) is not None and not meant:
        unit.rivals = (numeral,)
    elif meant is not None:
        unit.corrected, unit.word = meant, meant
    elif correction is not None and correction.word:
        unit.corrected, unit.word = correction.word, correction.word
    elif correction is not None:
        unit.rivals = correction.rivals

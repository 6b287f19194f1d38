"""Giving the units of a sentence their meanings: phrases first, then words, then what is misspelt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.reader.lexicon import language_of_word, lexicon, lone_requests, meanings_of, phrase_at
from bot.reader.morphology import is_naming, participle_of
from bot.reader.numerals import near_numeral
from bot.reader.people import FIRST_NAMES, mark_people
from bot.reader.spelling import corrected, preposition
from bot.reader.units import Kind, Meaning, Mood, Sort, Unit
from tool_specs.said import Language

SHORTEST: Final = 2
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
        if unit.kind is Kind.WORD and not unit.person and not _is_known(unit.word, languages):
            beside = [units[place] for place in (at - 1, at + 1) if 0 <= place < len(units)]
            if any(one.spelled for one in beside) and (numeral := _nearly_a_number(unit.word)) is not None:
                unit.rivals = (numeral,)
                continue
            following = units[at + 1] if at + 1 < len(units) else None
            _correct(unit, before_number=following is not None and following.kind is Kind.NUMBER)
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
    return done


def _nearly_a_number(word: str) -> str | None:
    most = 2 if len(word) > SHORTEST + 1 else 1
    return near_numeral(word, cyrillic=language_of_word(word) == "ru", most=most)


def _is_known(word: str, languages: Sequence[Language]) -> bool:
    return any(word in lexicon(language).words or word in _inside(language) for language in languages)


_INSIDE: dict[Language, frozenset[str]] = {}


def _inside(language: Language) -> frozenset[str]:
    """Give the words that are known only as parts of phrases."""
    if language not in _INSIDE:
        spoken = {word for words in lone_requests(language) for word in words}
        _INSIDE[language] = (lexicon(language).spelled() | spoken) - frozenset(lexicon(language).words)
    return _INSIDE[language]


def _is_a_form(unit: Unit, word: str, language: Language) -> bool:
    """Find the meaning of a form that the lexicon leaves out: with a suffix, or a participle."""
    for suffix in _SUFFIXES:
        bare = word.removesuffix(suffix)
        if bare != word and meanings_of(bare):
            unit.word, unit.meanings = bare, meanings_of(bare)
            return True
    verb = participle_of(word) if language == "ru" else None
    known = [one for one in meanings_of(verb) if one.sort is Sort.VERB] if verb else []
    if known:
        unit.meanings = (Meaning(Sort.VERB, acts=known[0].acts, mood=Mood.STATE),)
    return bool(known)


def _correct(unit: Unit, *, before_number: bool) -> None:
    """Find what a word that is not in the lexicon was meant to be, unless it is a name."""
    word, language = unit.word, language_of_word(unit.word)
    if _is_a_form(unit, word, language) or (word in FIRST_NAMES and not before_number):
        return
    if not before_number and unit.text[:1].isupper() and not unit.text.isupper() and not unit.initial:
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

"""Words whose meaning depends on what stands around them: a part that is played, a relative clause, something new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from bot.nlu.lexicon import language_of_word, meanings_of
from bot.nlu.lexicon_data import function_words as small
from bot.nlu.morphology import forms_of, parses
from bot.nlu.rewrite_idioms import tell_sayings
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Localized
from tool_specs.declaration.text import fold

MADE: Final = frozenset({"booking", "waitlist", "resource", "resource_type"})
"""What "new" alone orders."""
PLAYED: Final = frozenset({"client", "contact", "company"})
"""What somebody is added as."""
_SILENT: Final = (Meaning(Sort.SILENT),)
_BY: Final = frozenset({"by", "with", "per", "по", "via"})


@cache
def _words(said: Localized) -> frozenset[str]:
    """Give the words of both languages."""
    return frozenset(fold(word) for text in (said.en, said.ru) for word in text.split())


@cache
def _phrases(said: Localized) -> frozenset[str]:
    return frozenset(fold(part.strip()) for text in (said.en, said.ru) for part in text.split(",") if part.strip())


@cache
def _new() -> frozenset[str]:
    return frozenset({*small.NEW.en.split(), *(form.word for form in forms_of(small.NEW.ru, "ADJF"))})


@cache
def _titles() -> frozenset[str]:
    inflected, _, fixed = small.TITLES.ru.partition("|")
    forms = [form.word for word in inflected.split() for form in forms_of(word, "NOUN")]
    return frozenset({*small.TITLES.en.split(), *forms, *map(fold, fixed.split())})


def frame(units: list[Unit]) -> None:
    """Settle what stands around each word."""
    _part_phrases(units)
    for at, unit in enumerate(units):
        if unit.kind is not Kind.WORD or unit.taken:
            continue
        _tell_addresses(units, at)
        _tell_gerund(units, at)
        _tell_part(units, at)
        _tell_clause(units, at)
        _tell_verb(units, at)
        _tell_title(units, at)
        _tell_getting(units, at)
        _tell_permission(units, at)
        _tell_phone(units, at)
    _tell_new(units)
    tell_sayings(units)


def _part_phrases(units: list[Unit]) -> None:
    """Make two words of "call off" in "take the call off deal 9": one verb orders already."""
    for at, unit in enumerate(units):
        noun, _, rest = unit.word.partition(" ")
        ordered = any(one.mood is Mood.ORDER for other in units[:at] for one in other.meanings if one.sort is Sort.VERB)
        if ordered and rest and unit.has(Sort.VERB) and noun in _words(small.CALLS) and not unit.corrected:
            parts = unit.text.split()
            if len(parts) == 2:  # noqa: PLR2004 - the noun and the preposition
                units[at : at + 1] = [
                    Unit(Kind.WORD, part, word=word, meanings=meanings_of(word))
                    for part, word in zip(parts, (noun, rest), strict=True)
                ]
                return


def _after(units: Sequence[Unit], at: int, *sorts: Sort) -> int:
    """Give the place of the first unit from there that is of none of these sorts."""
    while at < len(units) and units[at].has(*sorts) and not units[at].has(Sort.NOUN):
        at += 1
    return at


def _noun_at(units: Sequence[Unit], at: int) -> bool:
    return at < len(units) and units[at].has(Sort.NOUN)


def _tell_addresses(units: Sequence[Unit], at: int) -> None:
    """Tell an email that is written to somebody from the address of a client: "email 81", "by email"."""
    unit = units[at]
    if "activity" not in unit.nouns or not unit.has(Sort.SILENT):
        return
    numbered = at + 1 < len(units) and (units[at + 1].kind is Kind.NUMBER or units[at + 1].has(Sort.NUMBER_SIGN))
    if any(one.kind is Kind.EMAIL for one in units) or (at and units[at - 1].word in _BY and not numbered):
        unit.meanings = tuple(one for one in unit.meanings if one.sort is not Sort.NOUN)
    else:
        unit.meanings = tuple(one for one in unit.meanings if one.sort is not Sort.SILENT)


def _tell_gerund(units: Sequence[Unit], at: int) -> None:
    """Read "would you mind unlinking …" as an order."""
    unit = units[at]
    minds = at > 0 and units[at - 1].word in _phrases(small.MINDING)
    if minds and unit.word.endswith("ing") and unit.has(Sort.VERB) and not unit.corrected:
        unit.meanings = tuple(replace(one, mood=Mood.ORDER) for one in unit.meanings if one.sort is Sort.VERB)


def _tell_part(units: Sequence[Unit], at: int) -> None:
    """Let "as" before a client cast no doubt."""
    if units[at].word in _words(small.AS) and not units[at].corrected:
        noun = _after(units, at + 1, Sort.SILENT, Sort.POINTING, Sort.ONLY)
        if noun < len(units) and set(units[noun].nouns) & (PLAYED | {"deal"}):
            units[at].meanings = _SILENT


def _tell_clause(units: Sequence[Unit], at: int) -> None:
    """Read "the booking that is tomorrow at 4": what stands before the day says nothing."""
    if units[at].word not in _words(small.RELATIVE) or not at or units[at].corrected:
        return
    before = at - 1
    while before > 0 and units[before].kind is Kind.COMMA:
        before -= 1
    if not set(units[before].nouns) & {"booking", "waitlist"}:
        return
    end = at + 1
    while end < len(units) and units[end].word in _words(small.BEING):
        end += 1
    led = _after(units, end, Sort.EITHER)
    if led < len(units) and (units[led].has(Sort.SIGN) or units[led].kind in {Kind.DAY, Kind.CLOCK, Kind.NUMBER}):
        for unit in units[at:end]:
            unit.meanings = _SILENT


def _tell_verb(units: Sequence[Unit], at: int) -> None:
    """Read "for booking 17 link deal 6": after a number and before a noun with one, it is the verb."""
    unit = units[at]
    verb = unit.meaning(Sort.VERB)
    if verb is None or not unit.has(Sort.NOUN) or verb.mood is not Mood.ORDER or unit.corrected:
        return
    if not at or units[at - 1].kind not in {Kind.NUMBER, Kind.CARD, Kind.COMMA}:
        return
    if any(one.mood is Mood.ORDER for other in units[:at] for one in other.meanings if one.sort is Sort.VERB):
        return
    noun = _after(units, at + 1, Sort.SILENT, Sort.POINTING)
    if noun < len(units) and (_noun_at(units, noun) or units[noun].kind is Kind.CARD):
        unit.meanings = tuple(one for one in unit.meanings if one.sort is not Sort.NOUN)


def _tell_getting(units: Sequence[Unit], at: int) -> None:
    """Read "get deal 7 off booking 14" as taking it off."""
    off = any(unit.word in {"off", "out"} and not unit.corrected for unit in units[at + 1 :])
    if units[at].word == "get" and units[at].has(Sort.VERB) and off and not units[at].corrected:
        units[at].meanings = (Meaning(Sort.VERB, acts=frozenset({Act.PART}), mood=Mood.ORDER),)


def _tell_permission(units: Sequence[Unit], at: int) -> None:
    """Tell "можно удалить бронь 29?" from "бронь 29 можно удалять", which only allows it."""
    if units[at].word != small.ALLOWED or at + 1 >= len(units) or not units[at + 1].has(Sort.VERB):
        return
    if any(one.tag.POS == "INFN" and "impf" in one.tag for one in parses(units[at + 1].word)):
        units[at].meanings = (Meaning(Sort.UNSURE),)


def _tell_phone(units: Sequence[Unit], at: int) -> None:
    """Let "whose phone is" before a number or an address ask nothing."""
    if units[at].word not in _words(small.WHOSE) or not at or not set(units[at - 1].nouns) & PLAYED:
        return
    end = at + 1
    while end < len(units) and units[end].kind is Kind.WORD and end < at + 4:
        end += 1
    if end < len(units) and units[end].kind in {Kind.PHONE, Kind.EMAIL}:
        for unit in units[at:end]:
            unit.meanings = _SILENT


def _tell_title(units: Sequence[Unit], at: int) -> None:
    """Let go of a "Mr" before a name, and take what follows for a name."""
    if not is_title(units[at]) or at + 1 >= len(units):
        return
    named = units[at + 1]
    units[at].person = False
    if named.kind is Kind.WORD and (named.person or not (named.meanings or named.rivals)):
        units[at].meanings, units[at].corrected, units[at].rivals, units[at].word = (
            _SILENT,
            "",
            (),
            fold(units[at].text),
        )
        named.person = named.person or language_of_word(named.word) == "en"


def _tell_new(units: Sequence[Unit]) -> None:
    """Make an order of "new" before a record at the beginning, where nothing else orders or asks."""
    words = [at for at, unit in enumerate(units) if not unit.has(Sort.POLITE) and unit.kind is not Kind.COMMA]
    if len(words) < 2 or units[words[0]].word not in _new():  # noqa: PLR2004 - "new", and what
        return
    if any(unit.kind is Kind.ASKS or unit.has(Sort.VERB, Sort.ASKING) for unit in units if not unit.has(Sort.NOUN)):
        return
    noun = units[words[1]]
    known = [one for one in noun.meanings if one.sort is Sort.NOUN and one.value in MADE]
    numbered = len(words) > 2 and units[words[2]].kind is Kind.NUMBER and words[2] == words[1] + 1  # noqa: PLR2004 - "new", what, and its number
    if known and known[0].plural is not True and not numbered and not noun.corrected:
        units[words[0]].meanings = (Meaning(Sort.VERB, acts=frozenset({Act.CREATE}), mood=Mood.ORDER),)


def orders_anew(units: Sequence[Unit]) -> bool:
    """Tell whether only "new" orders it, and no verb: then a card asks first."""
    return any(unit.word in _new() and unit.has(Sort.VERB) for unit in units)


def is_title(unit: Unit) -> bool:
    """Tell whether a word stands before somebody's name and is no part of it: "Mr", "госпожа"."""
    return fold(unit.text).rstrip(".") in _titles()


def asks_of_the_past(units: Sequence[Unit]) -> bool:
    """Tell whether it asks who did something, when or why: no list of what is now can answer that."""
    words = [unit for unit in units if unit.kind is Kind.WORD and unit.taken != "when"]
    if any(unit.word in _phrases(small.WHY) for unit in words):
        return True
    for asked in words:
        if asked.word not in _phrases(small.DOERS) | _phrases(small.WHEN_DONE):
            continue
        when = asked.word in _phrases(small.WHEN_DONE)
        being = any(unit.word in _words(small.BEING) | {"were", "am", "been", "who's"} for unit in words)
        for unit in words:
            # "Linked deals" are one phrase: its verb counts by itself.
            meanings = [one for word in unit.word.split() for one in meanings_of(word) if one.sort is Sort.VERB]
            moods = {one.mood for one in meanings if not _only_reads(one)}
            linking = any(one.linking for one in meanings)
            russian = language_of_word(unit.word) == "ru"
            if Mood.PAST in moods and (russian or not being):
                return True
            if when and linking and moods & {Mood.PAST, Mood.STATE}:
                return True
            if asked.word == fold("кем") and moods & {Mood.PAST, Mood.STATE}:
                return True
    return False


def _only_reads(meaning: Meaning) -> bool:
    return meaning.acts <= {Act.SHOW, Act.FIND}

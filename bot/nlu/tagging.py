"""The meaning of every word: phrases, single words, slips; whether it is a verb or a noun where it may be both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any, Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import language_of_word, listed
from bot.nlu.lexicon_data import function_words as small
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.lexicon_data.verbs import NOMINAL
from bot.nlu.morphology import forms_of, is_naming, parses, participle_of
from bot.nlu.numerals import english, russian
from bot.nlu.ordinary_words import english_words, is_ordinary
from bot.nlu.people import FIRST_NAMES, PEOPLE, mark_people, titles
from bot.nlu.slips import LIKELY, nearest
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from bot.nlu.typo_weights import is_within, weight
from bot.nlu.words import harmless_phrase, is_harmless, meanings_of, phrase_at, spelled
from tool_specs.declaration.intents import Act
from tool_specs.declaration.text import fold

SUFFIXES: Final = ("-ка", "-то", "-с", "'s", "s'")
CONTENT: Final = frozenset({"NOUN", "ADJF", "PRTF", None})
"""Parts of speech of Russian words that may be names; all others are words of no meaning to us."""
COMMONEST: Final = 1500
"""Words of a higher rank may be names, where a name is expected."""
SHORT: Final = 4
"""A misspelt preposition is not longer."""
DETERMINERS: Final = frozenset({"the", "a", "an", "this", "that", "my", "our", "his", "her", "their"})
MADE: Final = frozenset({"booking", "waitlist", "resource", "resource_type"})
"""What "new" alone orders."""
QUESTION_WORDS: Final = frozenset(
    {"what", "which", "who", "whose", "whom", "where", "какие", "какой", "какая", "какую", "какое", "каких"}
    | {"кто", "кого", "кому", "что", "где", "сколько", "чей", "чья", "чье", "чьи", "what's", "who's"}
)
EXCEPT: Final = frozenset({"except", "but", "кроме", "excluding", "apart", "besides", "помимо"})
WANTING: Final = re.compile(
    r"(?:need|needs|has|have|must|ought|is|are|got|gotta|should|want|wants|deserves) (?:to )?(?:be|get|go)(?: please)?$"
    r"|^(?:please )?to be$"
)
"""What makes an order of the participle after it: "needs to be linked"."""
MINDING: Final = re.compile(r"(?:would|do|could) (?:you|u) mind(?: please)?$|(?:please|kindly) be$")
NEEDING: Final = re.compile(r"(?:need|needs|want|wants)$")
"""What makes an order of the form in -ing after it: "deal 5 needs linking"."""
GETTING: Final = frozenset({"get", "have", "want", "need", "like", "see"})
"""With a record after them they make an order of the participle: "get deal 5 unlinked"."""
_POLITE: Final = (Meaning(Sort.POLITE),)
_ORDINARY: Final = (Meaning(Sort.ORDINARY),)


@cache
def dangerous() -> frozenset[str]:
    """Return the words of the closed class, those inside its phrases too."""
    return frozenset(
        fold(word)
        for said in WORDS.values()
        for text in (said.en, said.ru)
        for phrase in listed(text)
        for word in phrase.split()
    )


def tag(units: Sequence[Unit]) -> list[Unit]:
    """Give every word its meanings, make one unit of each phrase, and settle verbs and nouns."""
    mark_people(units)
    for at, unit in enumerate(units):
        if unit.kind is Kind.WORD and not unit.person:
            _correct(units, at)
    done = _with_meanings(units)
    _pass_over(done)
    _titles(done)
    _wanted(done)
    _settle(done)
    _new(done)
    _nominal(done)
    _asked(done)
    _all_but(done)
    return done


def with_spelled_numbers(units: Sequence[Unit]) -> None:
    """Put misspelt numerals right that can be one number alone."""
    for unit in units:
        word = unit.word
        numerals = russian() if language_of_word(word) == "ru" else english()
        known = word in numerals or word in FIRST_NAMES or word in spelled(language_of_word(word))
        if unit.kind is not Kind.WORD or len(word) < SHORT - 1 or known or is_ordinary(word):
            continue
        close = (one for one in numerals if abs(len(one) - len(word)) <= 1)
        found = {one: weight(word, one) for one in close if is_within(word, one, LIKELY)}
        if len({numerals[one] for one in found}) == 1 and nearest(word) is None:
            unit.word = unit.corrected = min(found, key=lambda one: (found[one], one))


def _correct(units: Sequence[Unit], at: int) -> None:
    """Put a misspelt word right; a name, an ordinary word and one of the closed class are none."""
    unit = units[at]
    word, language = unit.word, language_of_word(unit.word)
    before_number = at + 1 < len(units) and units[at + 1].kind is Kind.NUMBER
    if word in spelled(language) or word in dangerous() or is_harmless(word) or _is_a_form(unit):
        return
    if word in FIRST_NAMES and not before_number:
        return
    if not before_number and unit.text[:1].isupper() and not unit.text.isupper() and not unit.initial:
        return
    if not before_number and language == "ru" and len(word) > 2 and is_naming(word):  # noqa: PLR2004
        return
    leads = 0 < at < len(units) - 1 and not before_number and units[at - 1].kind in {Kind.NUMBER, Kind.CARD}
    slip = nearest(word, before_number=before_number, leads=leads and len(word) <= SHORT)
    if slip is not None:
        unit.word = unit.corrected = slip.word
        unit.rivals = ("",) if slip.opposite else ()


def _is_a_form(unit: Unit) -> bool:
    """Find the meaning of a form that the lexicon leaves out: with a suffix, or a participle."""
    for suffix in SUFFIXES:
        bare = unit.word.removesuffix(suffix)
        if bare != unit.word and meanings_of(bare):
            unit.word, unit.meanings = bare, meanings_of(bare)
            return True
    if language_of_word(unit.word) != "ru":
        return False
    verb = participle_of(unit.word)
    known = [one for one in meanings_of(verb) if one.sort is Sort.VERB] if verb else []
    if known:
        unit.meanings = (Meaning(Sort.VERB, acts=known[0].acts, mood=Mood.STATE),)
    return bool(known)


def _with_meanings(units: Sequence[Unit]) -> list[Unit]:
    done: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        plain = unit.kind is Kind.WORD and not unit.person
        length, meanings = phrase_at(units, at) if plain else (1, ())
        if (
            length > 1
            and at
            and units[at - 1].word in DETERMINERS
            and any(one.sort is Sort.VERB for one in meanings[:1])
        ):
            # "Take the call off deal 9": after "the" no verb begins.
            length, meanings = 1, ()
        if length > 1:
            several = units[at : at + length]
            words = " ".join(one.word for one in several)
            corrected = words if any(one.corrected for one in several) else ""
            text = " ".join(one.text for one in several)
            end = several[-1].end
            done.append(replace(unit, text=text, word=words, end=end, meanings=meanings, corrected=corrected))
        else:
            unit.meanings = unit.meanings or (meanings_of(unit.word) if plain else ())
            done.append(unit)
        at += length
    return done


def _pass_over(units: Sequence[Unit]) -> None:
    """Mark what is harmless, and what is an ordinary word: neither is a name, nor misspelt."""
    words = [fold(unit.text).replace("’", "'") if unit.kind is Kind.WORD else "#" for unit in units]
    at = 0
    while at < len(units):
        plain = units[at].kind is Kind.WORD and not units[at].person
        length, sort = harmless_phrase(words, at) if plain else (0, Sort.POLITE)
        for unit in units[at : at + length]:
            if not unit.meanings or (length > 1 and sort is Sort.POLITE and not unit.has(Sort.NOUN)):
                unit.meanings = (Meaning(sort),)
        at += max(length, 1)
    for before, unit in pairwise([Unit(Kind.STOP, ""), *units]):
        if unit.kind is not Kind.WORD or unit.meanings or unit.person or unit.corrected:
            continue
        named = unit.text[:1].isupper() and not unit.initial
        expected = bool(set(before.nouns) & PEOPLE) and english_words().get(unit.word, 0) > COMMONEST
        if unit.word in dangerous() or (not named and not expected and _is_plain(unit.word)):
            unit.meanings = _ORDINARY


def _is_plain(word: str) -> bool:
    """Tell whether a word in small letters is no name."""
    if language_of_word(word) == "en":
        return is_ordinary(word) and word not in FIRST_NAMES
    if len(word) < 3:  # noqa: PLR2004 - no name
        return True
    first: Any = parses(word)[0]
    return first.tag.POS not in CONTENT and bool(first.is_known)


def _titles(units: Sequence[Unit]) -> None:
    """Let a title before a name say nothing."""
    for unit, following in pairwise(units):
        named = following.kind is Kind.WORD and (following.person or not following.meanings)
        if named and fold(unit.text).rstrip(".") in titles():
            unit.meanings, unit.corrected, unit.person = (Meaning(Sort.SILENT),), "", False
            unit.word = fold(unit.text)


def _wanted(units: Sequence[Unit]) -> None:
    """Make an order of a participle that is wanted: "needs to be linked", "get deal 5 unlinked"."""
    if any(unit.kind is Kind.ASKS or unit.word == "by" for unit in units) and not _minds(units):
        return
    for at, unit in enumerate(units):
        verbs = [one for one in unit.meanings if one.sort is Sort.VERB]
        if not at or not verbs or unit.corrected or any(one.mood is Mood.ORDER for one in verbs):
            continue
        if language_of_word(unit.word) != "en":
            continue
        line = " ".join(fold(one.text).replace("’", "'") for one in units[max(0, at - 5) : at])
        state = any(one.mood is Mood.STATE for one in verbs)
        numbered = units[at - 1].kind in {Kind.NUMBER, Kind.CARD}
        gets = numbered and any(one.word in GETTING or fold(one.text) == "i'd" for one in units[max(0, at - 8) : at])
        minds = unit.word.endswith("ing") and MINDING.search(line) is not None
        needs = unit.word.endswith("ing") and not unit.has(Sort.NOUN) and (gets or NEEDING.search(line) is not None)
        if (state and (WANTING.search(line) is not None or gets)) or minds or needs:
            unit.meanings = tuple(replace(one, mood=Mood.ORDER) for one in verbs)
            unit.passive = not minds
            for getting in units[:at] if gets else ():
                if getting.word in GETTING:
                    getting.meanings = _POLITE


def _minds(units: Sequence[Unit]) -> bool:
    return any(unit.word == "mind" for unit in units)


def _settle(units: Sequence[Unit]) -> None:
    """Leave a word that is verb and noun one of them: the first that can order is a verb, others are nouns."""
    ordered = False
    for at, unit in enumerate(units):
        verb = next((one for one in unit.meanings if one.sort is Sort.VERB), None)
        if unit.has(Sort.NAMED) and unit.has(Sort.NOUN):
            unit.meanings = without(unit, Sort.NOUN)
        if "activity" in unit.nouns and unit.has(Sort.SILENT):
            unit.meanings = without(unit, Sort.NOUN if _is_address(units, at) else Sort.SILENT)
        if verb is None:
            continue
        if unit.has(Sort.NOUN):
            before = next((one for one in reversed(units[:at]) if one.kind is not Kind.COMMA), None)
            if verb.mood is not Mood.ORDER or ordered or (before is not None and _calls_for_noun(before, units, at)):
                unit.meanings = without(unit, Sort.VERB)
                continue
            unit.meanings = without(unit, Sort.NOUN)
        ordered = ordered or verb.mood is Mood.ORDER


def _is_address(units: Sequence[Unit], at: int) -> bool:
    """Tell an email address of a client from an email that is an activity."""
    numbered = at + 1 < len(units) and (units[at + 1].kind is Kind.NUMBER or units[at + 1].has(Sort.NUMBER_SIGN))
    led = bool(at) and units[at - 1].word in {"by", "with", "per", "по", "via"}
    return any(one.kind is Kind.EMAIL for one in units) or (led and not numbered)


def _calls_for_noun(before: Unit, units: Sequence[Unit], at: int) -> bool:
    if before.word in {"to", "do"} or before.has(Sort.POLITE, Sort.AND):
        return False
    if before.kind in {Kind.NUMBER, Kind.CARD}:
        # "For booking 17 link deal 6": before a record it is the verb.
        following = next((one for one in units[at + 1 :] if not one.has(Sort.SILENT, Sort.POINTING)), None)
        return following is None or not (following.has(Sort.NOUN) or following.kind is Kind.CARD)
    sorts = (Sort.ALL, Sort.SILENT, Sort.LAST, Sort.NOUN, Sort.AWAY, Sort.EITHER, Sort.TOWARDS, Sort.SIGN, Sort.MINE)
    return before.has(*sorts) or before.word in {"what", "which", "any", "whose", "how"}


@cache
def new_words() -> frozenset[str]:
    """Return the forms of "new"."""
    return frozenset({*small.NEW.en.split(), *(form.word for form in forms_of(small.NEW.ru, "ADJF"))})


def _new(units: Sequence[Unit]) -> None:
    """Make an order of "new" before a record at the beginning, where nothing else orders or asks."""
    words = [unit for unit in units if unit.kind is not Kind.COMMA and not unit.has(Sort.POLITE)]
    if len(words) < 2 or words[0].word not in new_words():  # noqa: PLR2004 - "new", and what
        return
    verbs = any(unit.has(Sort.VERB) or unit.kind is Kind.ASKS for unit in units)
    nouns = [one for one in words[1].meanings if one.sort is Sort.NOUN and one.value in MADE and one.plural is not True]
    numbered = len(words) > 2 and words[2].kind is Kind.NUMBER  # noqa: PLR2004 - its number
    if nouns and not verbs and not numbered:
        words[0].meanings = (Meaning(Sort.VERB, acts=frozenset({Act.CREATE}), mood=Mood.ORDER),)


@cache
def nominal_verbs() -> dict[str, frozenset[Act]]:
    """Return the nouns that stand for a verb, with its acts."""
    found: dict[str, frozenset[Act]] = {}
    for act, said in NOMINAL.items():
        for word in (*said.en.split(), *said.ru.split()):
            found[word] = found.get(word, frozenset()) | {act}
    return found


def _nominal(units: Sequence[Unit]) -> None:
    """Let what is done, said as a noun, order where no verb does and nothing is asked: "отмена брони 8"."""
    if any(unit.has(Sort.VERB, Sort.KEEP) or unit.kind is Kind.ASKS for unit in units):
        return
    for unit in units:
        acts = nominal_verbs().get(unit.word)
        if acts and not unit.has(Sort.NOUN):
            unit.meanings = (Meaning(Sort.VERB, acts=acts, mood=Mood.ORDER),)
            return


def _asked(units: Sequence[Unit]) -> None:
    """Let a verb after a question word order nothing, and one before it ask: "укажите, какие сделки …"."""
    words = [unit for unit in units if unit.kind is Kind.WORD and not unit.has(Sort.POLITE)]
    for unit, following in pairwise(words):
        orders = [one for one in unit.meanings if one.sort is Sort.VERB and one.mood is Mood.ORDER]
        if orders and following.word in QUESTION_WORDS:
            unit.meanings = (Meaning(Sort.VERB, acts=frozenset({Act.SHOW}), mood=Mood.ORDER),)
    if words and words[0].word in QUESTION_WORDS:
        for unit in words[1:]:
            if language_of_word(unit.word) == "en" and not unit.passive:
                unit.meanings = tuple(
                    replace(one, mood=Mood.STATE) if one.sort is Sort.VERB and one.mood is Mood.ORDER else one
                    for one in unit.meanings
                )


def _all_but(units: Sequence[Unit]) -> None:
    """Read "take everything off booking 8 except deal 2" as leaving deal 2 alone there."""
    parts = [unit for unit in units if _orders_to_part(unit)]
    every = next((at for at, unit in enumerate(units) if unit.has(Sort.ALL)), len(units))
    place = next((at for at, unit in enumerate(units) if at > every and unit.word in EXCEPT), len(units))
    noun, number = (units[at] if at < len(units) else None for at in (place + 1, place + 2))
    if len(parts) != 1 or noun is None or number is None:
        return
    if noun.has(Sort.NOUN) and number.kind is Kind.NUMBER and not set(noun.nouns) & {"booking", "waitlist"}:
        parts[0].meanings = (Meaning(Sort.VERB, acts=frozenset({Act.REPLACE}), mood=Mood.ORDER),)
        units[every].meanings = (Meaning(Sort.SILENT),)
        units[place].meanings = (Meaning(Sort.ONLY),)


def _orders_to_part(unit: Unit) -> bool:
    verbs = [one for one in unit.meanings if one.sort is Sort.VERB and one.mood is Mood.ORDER]
    return any(Act.PART in one.acts for one in verbs) and not any(Act.JOIN in one.acts for one in verbs)


def without(unit: Unit, sort: Sort) -> tuple[Meaning, ...]:
    """Return the meanings of a unit but for those of a sort."""
    return tuple(one for one in unit.meanings if one.sort is not sort)


def near_word(written: str, words: Sequence[str], most: float = LIKELY) -> str | None:
    """Return the word that a misspelt one is most likely a slip of, out of a list."""
    found = [(weight(written, word), word) for word in words if abs(len(word) - len(written)) <= 1]
    best = min(found, default=None)
    return best[1] if best is not None and best[0] <= most else None


__all__ = ["Danger", "dangerous", "near_word", "tag", "with_spelled_numbers", "without"]

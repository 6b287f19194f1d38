"""Words that are verbs and nouns alike: which of the two they are where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from bot.nlu.lexicon import language_of_word, lexicon
from bot.nlu.spelling import LIKELY, MARGIN
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from bot.nlu.typo_weights import weight
from tool_specs.declaration.text import fold


def settle(units: Sequence[Unit]) -> None:
    """Leave every word one of the two: "link deal 8" orders, "every link" names."""
    _tell_minded(units)
    _tell_passives(units)
    _tell_noes(units)
    _tell_near_noes(units)
    _tell_sunday(units)
    ordered = False
    for at, unit in enumerate(units):
        if unit.has(Sort.NAMED) and unit.has(Sort.NOUN):
            # "с названием «Анна»" leads to a name and is none of the things that are changed.
            unit.meanings = _without(unit, Sort.NOUN)
        if unit.word == "just" and at and units[at - 1].has(Sort.KEEP):
            unit.meanings = (Meaning(Sort.ONLY),)
        verb = unit.meaning(Sort.VERB)
        if verb is None:
            continue
        if unit.has(Sort.NOUN):
            before = _before(units, at)
            if verb.mood is not Mood.ORDER or ordered or (before is not None and _calls_for_a_noun(before)):
                unit.meanings = _without(unit, Sort.VERB)
                continue
            unit.meanings = _without(unit, Sort.NOUN)
        ordered = ordered or verb.mood is Mood.ORDER


def _tell_minded(units: Sequence[Unit]) -> None:
    """Make an order of "would you mind linking …" and a time of "после обеда"; beside an order "нужна" says nothing."""
    ordered = any(one.sort is Sort.VERB and one.mood is Mood.ORDER for unit in units for one in unit.meanings)
    for unit in units:
        if ordered and unit.word in {"нужна", "нужны", "нужен"}:
            unit.meanings = (Meaning(Sort.POLITE),)
    for before, unit in pairwise(units):
        if before.word in {"would you mind", "do you mind"} and unit.word.endswith("ing"):
            unit.meanings = tuple(replace(one, mood=Mood.ORDER) for one in unit.meanings)
        if before.word == "после" and unit.word == "обеда":
            before.meanings = (Meaning(Sort.SILENT),)


NEEDED: Final = frozenset({"needs to be", "need to be", "has to be", "have to be", "must be"})
"""Before a participle they order: "deal 1 needs to be linked to booking 14"."""
PAST: Final = ("needed", "had", "not")
WANTED: Final = frozenset(
    {"i need", "i want", "we need", "we want", "i'd like", "i would like", "we'd like", "we would like"}
)


def _tell_passives(units: Sequence[Unit]) -> None:
    """Make an order of a participle that something says is wanted, unless it is a question or somebody did it."""
    if any(unit.kind is Kind.ASKS or unit.word == "by" for unit in units):
        return
    if any(one.mood is Mood.ORDER for unit in units for one in unit.meanings if one.sort is Sort.VERB):
        _tell_gotten(units)
        orders = [
            unit for unit in units if any(one.mood is Mood.ORDER for one in unit.meanings) and not unit.has(Sort.NOUN)
        ]
        if orders:
            return
    wanted = next((at for at, unit in enumerate(units) if unit.word in WANTED), None)
    for at, unit in enumerate(units):
        states = [one for one in unit.meanings if one.sort is Sort.VERB and one.mood is Mood.STATE]
        if not at or not states or language_of_word(unit.word) != "en" or _may_be_opposite(unit, states):
            continue
        needed = units[at - 1].word in NEEDED and not _may_be_past(units[at - 1])
        numbered = wanted is not None and wanted < at - 1 and units[at - 1].kind in {Kind.NUMBER, Kind.CARD}
        if needed or numbered:
            unit.meanings = tuple(replace(one, mood=Mood.ORDER) for one in states)
            unit.passive = True


def _may_be_past(needing: Unit) -> bool:
    """Tell whether a misspelt "needs to be" may be "needed to be"."""
    return bool(needing.corrected) and any(
        weight(fold(word), past) <= LIKELY for word in needing.text.split() for past in PAST
    )


def _may_be_opposite(unit: Unit, states: Sequence[Meaning]) -> bool:
    """Tell whether a misspelt participle is nearly as near to one of another side: "ulinked"."""
    if not unit.corrected:
        return False
    acts = frozenset(act for one in states for act in one.acts)
    slips = weight(fold(unit.text), unit.corrected)
    return any(
        weight(fold(unit.text), word) < slips + MARGIN and not acts & one.acts
        for word, known in lexicon("en").words.items()
        for one in known
        if one.sort is Sort.VERB and one.mood in {Mood.STATE, Mood.ORDER}
    )


def _tell_gotten(units: Sequence[Unit]) -> None:
    """Read "get deal 5 unlinked from booking 19": the participle orders, and "get" says nothing."""
    getting = [unit for unit in units if unit.word in {"get", "have"} and unit.has(Sort.VERB)]
    for at, unit in enumerate(units[:-1]):
        states = [one for one in unit.meanings if one.sort is Sort.VERB and one.mood is Mood.STATE]
        led = units[at + 1].has(Sort.TOWARDS, Sort.AWAY)
        if len(getting) == 1 and at and states and led and units[at - 1].kind is Kind.NUMBER and not unit.corrected:
            unit.meanings = tuple(replace(one, mood=Mood.ORDER) for one in states)
            unit.passive = True
            getting[0].meanings = (Meaning(Sort.POLITE),)
            return


def _tell_noes(units: Sequence[Unit]) -> None:
    """Tell "link deal 8 to booking 21, no" from "deal no 8": it is a sign between a noun and its number, else a no."""
    for at, unit in enumerate(units):
        if unit.kind is not Kind.WORD or unit.word != "no":
            continue
        led = at > 0 and (units[at - 1].has(Sort.NOUN, Sort.AND) or units[at - 1].kind is Kind.COLON)
        after = next((one for one in units[at + 1 :] if one.kind is not Kind.STOP), None)
        if not (led and after is not None and after.kind is Kind.NUMBER):
            unit.meanings = (Meaning(Sort.NOT),)


def _tell_sunday(units: Sequence[Unit]) -> None:
    """Ask what "вс" means before a plural: "all" with a letter left out, or Sunday."""
    for unit, following in pairwise(units):
        plural = any(one.sort is Sort.NOUN and one.plural is not False for one in following.meanings)
        if unit.word == "вс" and plural:
            unit.rivals, unit.meanings = ("все", "воскресенье"), ()


NOES: Final = ("не", "ни", "no", "not", "never", "dont")
NEED: Final = ("надо", "нужно", "необходимо", "need")


def _tell_near_noes(units: Sequence[Unit]) -> None:
    """Take for a no what is a slip away from one, and stands where only a no makes sense: "на отменяй бронь 14"."""
    for unit, following in pairwise(units):
        if unit.word == "bot" and any(one.mood is Mood.ORDER for one in following.meanings):
            # "Bot link deal 8 …" is said to the bot, or begins with a "not": it is no exact order.
            unit.corrected = unit.word
    numbered = any(unit.kind in {Kind.NUMBER, Kind.CARD, Kind.CODE} for unit in units)
    for unit, following in pairwise(units):
        written = unit.text.lower()
        if unit.kind is not Kind.WORD or " " in unit.word or unit.has(Sort.POLITE, Sort.VERB, Sort.NOUN, Sort.NOT):
            continue
        if not (unit.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER, Sort.POINTING) or unit.corrected or not unit.meanings):
            continue
        orders = any(one.sort in {Sort.VERB, Sort.KEEP} and one.mood is Mood.ORDER for one in following.meanings)
        needs = following.has(Sort.POLITE) and following.word.startswith(NEED)
        leads = following.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER) and language_of_word(written) == "ru"
        if unit.has(Sort.POINTING) and (not numbered or written != unit.word):
            # "Её отмени" points at what was spoken of.
            continue
        if (needs or leads or (orders and written != "to")) and _is_near_a_no(written):
            unit.meanings = (Meaning(Sort.NOT),)


def _is_near_a_no(written: str) -> bool:
    return any(language_of_word(no) == language_of_word(written) and weight(written, no) <= LIKELY for no in NOES)


def _without(unit: Unit, sort: Sort) -> tuple[Meaning, ...]:
    return tuple(one for one in unit.meanings if one.sort is not sort)


def _before(units: Sequence[Unit], at: int) -> Unit | None:
    return next((unit for unit in reversed(units[:at]) if unit.kind is not Kind.COMMA), None)


def _calls_for_a_noun(unit: Unit) -> bool:
    if unit.word in {"to", "do"} or unit.has(Sort.POLITE, Sort.AND):
        return False
    if unit.kind is Kind.NUMBER:
        return True
    sorts = (Sort.ALL, Sort.SILENT, Sort.LAST, Sort.NOUN, Sort.AWAY, Sort.EITHER, Sort.TOWARDS, Sort.SIGN, Sort.ASKING)
    return unit.has(*sorts, Sort.MINE)

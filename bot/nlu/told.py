"""Which clauses of a message only tell something, and which speak against its orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.nlu.clauses import SUBJECTS, Clause, dangers_of, ordering_verb
from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import parses
from bot.nlu.pairs import INSTEAD, orders_of
from bot.nlu.tagged_text import tagged
from bot.nlu.tokens import Kind, Sort, Unit

FORBIDDING: Final = frozenset({Danger.IDIOM, Danger.HOLD, Danger.CONDITION, Danger.EXCEPT, Danger.OR, Danger.DOUBT})
"""What forbids an order wherever in a message it stands."""
REPORTING: Final = frozenset({Danger.REPORT, Danger.SUBJECT, Danger.STATEMENT, Danger.PAST, Danger.LATER})
"""What makes of an order something that only is told of, where another clause orders: "she wants to cancel"."""
TIMES: Final = frozenset({"till", "until", "til", "when", "while", "once", "когда", "пока"})
"""Conditions that in a clause with a subject before them tell how long something lasts."""
_SELVES: Final = frozenset({"i", "we", "я", "мы", "you", "ты", "вы"})


def is_reported(text: str) -> bool:
    """Tell whether the order in a clause is only told of: "she wants to cancel", "she can't make it"."""
    dangers = dangers_of(text)
    return bool(dangers & REPORTING) or (Danger.NEGATION in dangers and _denies_for_itself(text))


def forbids(clauses: Sequence[Clause], at: int, orders: frozenset[int]) -> bool:
    """Tell whether a clause speaks against the orders of the message, and does not only tell something."""
    clause, dangers = clauses[at], dangers_of(clauses[at].text)
    if at in orders:
        several = len(orders_of(clause.text).texts) > 1
        exchanges = frozenset({Danger.EXCEPT} if INSTEAD.search(clause.text) and several else ())
        # What is written out anew has lost the words that stood around it.
        return bool(dangers - exchanges if several else dangers - REPORTING)
    if ordering_verb(clause.text) is not None:
        return bool(dangers - REPORTING - {Danger.DOUBT, Danger.NEGATION})
    before = at < min(orders, default=0)
    attached = any(clauses[one].sentence == clause.sentence for one in orders)
    reported = Danger.REPORT in dangers and (not before or not _says_what(clause.text))
    told = _only_told(clause.text, before=before, attached=attached)
    if dangers & FORBIDDING - told or (clause.asks and not before) or (reported and attached):
        return True
    return Danger.NEGATION in dangers and not _denies_for_itself(clause.text)


def _only_told(text: str, *, before: bool, attached: bool) -> set[Danger]:
    """Return what a clause with a subject of its own only tells of: "she is away till then", "клиент передумал"."""
    units = tagged(text)
    if not _has_subject(units):
        return set()
    told = {Danger.DOUBT} if before and not attached else set[Danger]()
    told |= {Danger.IDIOM} if before and _is_led_by_subject(units, Danger.IDIOM) else set[Danger]()
    timed = [unit for unit in units if Danger.CONDITION in dangers_of(unit.text)]
    if timed and all(unit.word in TIMES for unit in timed) and _is_led_by_subject(units, Danger.CONDITION):
        told.add(Danger.CONDITION)
    return told


def _is_led_by_subject(units: Sequence[Unit], danger: Danger) -> bool:
    """Tell whether a subject stands before the first word of a danger, and so does what that word tells."""
    # A danger of several words ("as soon as") is in no unit alone: nobody can tell what stands before it.
    place = next((at for at, unit in enumerate(units) if danger in dangers_of(unit.text)), 0)
    return _has_subject(units[:place])


def _says_what(text: str) -> bool:
    """Tell "she said that she is ill" from "she said", after which an order is hers."""
    units = tagged(text)
    places = [at for at, unit in enumerate(units) if Danger.REPORT in dangers_of(unit.text)]
    return bool(places) and len([unit for unit in units[places[-1] + 1 :] if unit.kind is Kind.WORD]) > 1


def _denies_for_itself(text: str) -> bool:
    """Tell "she isn't coming" and "клиент не тот" from "don't" and "не надо": the no has a subject of its own."""
    units = tagged(text)
    places = [at for at, unit in enumerate(units) if Danger.NEGATION in dangers_of(unit.text)]
    for at in places:
        if not _has_subject(units[:at]) and not _is_told(units, at) and not _is_slip_of_ours(units, at):
            return False
    return bool(places)


def _is_slip_of_ours(units: Sequence[Unit], at: int) -> bool:
    """Tell "я не то нажала" from "я не просила": what we did was not the right thing."""
    following = [unit.word for unit in units[at + 1 : at + 3]]
    return following[:1] in (["то"], ["туда"], ["тот"], ["ту"], ["та"], ["там"]) and len(following) > 1


def _has_subject(units: Sequence[Unit]) -> bool:
    return any(_is_subject(unit) for unit in units)


def _is_subject(unit: Unit) -> bool:
    if unit.word in _SELVES:
        return False
    pronoun = unit.has(Sort.POINTING) or unit.word in SUBJECTS | {"who"}
    return pronoun or unit.person or unit.has(Sort.NOUN) or _is_nominative(unit)


def _is_nominative(unit: Unit) -> bool:
    if unit.kind is not Kind.WORD or language_of_word(unit.word) != "ru":
        return unit.kind is Kind.WORD and unit.text[:1].isupper() and not unit.meanings
    first: Any = parses(unit.word.partition(" ")[0])[0]
    return first.tag.POS in {"NOUN", "NPRO"} and "nomn" in first.tag


def _is_told(units: Sequence[Unit], at: int) -> bool:
    """Tell whether what follows a Russian no says what is, was or will be: "не придёт", "нет оплаты"."""
    following = units[at + 1] if at + 1 < len(units) else None
    if following is None or language_of_word(following.word) != "ru" or following.kind is not Kind.WORD:
        return False
    tags: list[Any] = [one.tag for one in parses(following.word.partition(" ")[0])[:1]]
    third = any(tag.POS == "VERB" and ("3per" in tag or "past" in tag) for tag in tags)
    return third or any(tag.POS == "NOUN" and "gent" in tag for tag in tags)

"""Messages of several sentences, clauses or orders: which of them order, which only tell, and what each order is about.

The result is one text for each order, written out so that it can be read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from bot.nlu.danger import find_dangers
from bot.nlu.danger_kinds import Danger
from bot.nlu.free_text import cut_tail
from bot.nlu.groups import Side, groups_of
from bot.nlu.lexicon import acts_of, language_of_word
from bot.nlu.morphology import parses
from bot.nlu.pairs import INSTEAD, orders_of
from bot.nlu.references import ONE, SEVERAL, Completed, Record, complete, records_in
from bot.nlu.tagged_text import tagged
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.words import meanings_of
from tool_specs.declaration.intents import READING_ACTS, Act

MOST: Final = 60
"""Marks at which a message may be parted; one with more is no list of orders."""
LONGEST: Final = 250
"""Words and signs of a message that is parted."""
FORBIDDING: Final = frozenset({Danger.IDIOM, Danger.HOLD, Danger.CONDITION, Danger.EXCEPT, Danger.OR, Danger.DOUBT})
"""What forbids an order wherever in a message it stands."""
JOINERS: Final = frozenset(
    {"and", "then", "also", "but", "so", "after", "that", "next", "а", "и", "но", "потом", "затем", "еще", "также"}
    | {"далее", "поэтому", "because", "as", "since", "cause", "cos", "так", "потому", "что", "ведь", "plus", "плюс"}
)
"""Words between two clauses."""
_REASON: Final = re.compile(
    r"(?<!\w)(?:because|since|cos|as(?=\s(?:he|she|they|the|it)\b)|так как|т\.\s?к|потому что|поскольку|ведь)(?!\w)",
    re.IGNORECASE,
)
_INSTEAD_OF_IT: Final = re.compile(
    r"(?<!\w)(?:(?:вместо|взамен)\s+(?:не[её]|него|них|этого|того|этой|той)|instead(?:\s+of\s+(?:it|that|them|him|her))?)(?!\w)",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(r"(?P<lead>[^.!?;:\n]+):(?=\s)")
_RELATIVE: Final = re.compile(r"\s*(?:что|котор\w+|which|that|whose|who)(?!\w)", re.IGNORECASE)
REPORTING: Final = frozenset({Danger.REPORT, Danger.SUBJECT, Danger.STATEMENT, Danger.PAST, Danger.LATER})
"""What makes of an order something that only is told of, where another clause orders: "she wants to cancel"."""
SUBJECTS: Final = frozenset({"he", "she", "they", "it", "it's", "he's", "she's", "they're", "он", "она", "они", "оно"})
"""Pronouns that are nothing but a subject."""
TIMES: Final = frozenset({"till", "until", "til", "when", "while", "once", "когда", "пока"})
"""Conditions that in a clause with a subject before them tell how long something lasts."""
_SELVES: Final = frozenset({"i", "we", "я", "мы", "you", "ты", "вы"})


@dataclass(frozen=True, slots=True)
class Parts:
    """The orders of a message, each a text of its own, and what was left out."""

    orders: tuple[str, ...]
    told: tuple[str, ...] = ()
    """The clauses that only tell something."""
    loose: tuple[Record, ...] = ()
    """Records of those clauses that no order is about."""
    crossed: bool = False
    """Whether nothing says which of several things belongs to which record."""


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    sentence: int
    asks: bool = False


def parts_of(text: str) -> Parts | None:
    """Part a message into its orders.

    None where there is nothing to part: one clause, a text that is to be written down, or something that forbids.
    """
    units = tagged(text)
    marks = sum(_may_part(unit) or unit.kind is Kind.STOP for unit in units)
    if len(units) > LONGEST or marks > MOST or cut_tail(text) is not None:
        return None
    clauses = _without_reading(_in_the_place(_clauses(text)))
    if len(clauses) == 1 and (alone := orders_of(clauses[0].text)).texts == (clauses[0].text,) and not alone.crossed:
        return None
    clean = [at for at, clause in enumerate(clauses) if _orders(clause.text) and not _is_reported(clause.text)]
    orders = frozenset(
        at
        for at, one in enumerate(clauses)
        if _orders(one.text) and (at in clean or not any(at < other for other in clean))
    )
    introduced = any(_introduces(one["lead"]) for one in _LEAD.finditer(text))
    if introduced or any(_forbids(clauses, at, orders) for at in range(len(clauses))):
        return None
    made, told, crossed, used = _read(clauses, orders) if orders else _without_verb(clauses)
    if not made:
        return None
    if any(_lacks_record(order) for order in made):
        # What is told in other clauses may not be what it is about.
        return Parts((), tuple(told), crossed=True) if told else None
    loose = [record for clause in told for record in records_in(clause) if record not in used]
    named = {(record.noun, record.number) for order in made for record in records_in(order)}
    left = tuple(one for one in dict.fromkeys(loose) if (one.noun, one.number) not in named)
    parted = len(made) > 1 or bool(told) or crossed or bool(used)
    return Parts(tuple(dict.fromkeys(made)), tuple(told), left, crossed) if parted else None


def _introduces(lead: str) -> bool:
    """Tell whether what stands before a colon says of the orders after it that they are none: "she said:"."""
    dangers = _dangers(lead)
    return Danger.REPORT in dangers or (bool(dangers) and not groups_of(tagged(lead)))


def _lacks_record(text: str) -> bool:
    """Tell whether an order that is about a record names none: "link" in "link and unlink deal 1"."""
    acts = {act for unit in tagged(text) for act in acts_of(unit, Mood.ORDER)}
    about = bool(acts & {Act.JOIN, Act.PART, Act.MOVE, Act.CHANGE, Act.DELETE})
    return about and not groups_of(tagged(text)) and not any(unit.nouns for unit in tagged(text))


def _in_the_place(clauses: Sequence[_Clause]) -> list[_Clause]:
    """Leave out "instead of it" in the order after one that takes something off."""
    done: list[_Clause] = []
    for clause in clauses:
        ordered = any((unit := _orders(one.text)) and Act.PART in acts_of(unit, Mood.ORDER) for one in done)
        text = _INSTEAD_OF_IT.sub(" ", clause.text).strip(" ,") if ordered and _orders(clause.text) else clause.text
        done.append(replace(clause, text=text))
    return done


def _without_reading(clauses: Sequence[_Clause]) -> list[_Clause]:
    """Leave out "please see below": a verb of showing without anything to show, where others order."""
    orders = [(clause, unit) for clause in clauses if (unit := _orders(clause.text)) is not None]
    if len(orders) < 2:  # noqa: PLR2004 - it alone is a question
        return list(clauses)
    empty = [
        clause
        for clause, unit in orders
        if acts_of(unit, Mood.ORDER) <= READING_ACTS
        and not any(one.nouns or one.ids or one.word in ONE | SEVERAL or one.person for one in tagged(clause.text))
    ]
    return [clause for clause in clauses if clause not in empty]


def _is_reported(text: str) -> bool:
    """Tell whether the order in a clause is only told of: "she wants to cancel", "she can't make it"."""
    dangers = _dangers(text)
    return bool(dangers & REPORTING) or (Danger.NEGATION in dangers and _denies_for_itself(text))


_Read = tuple[list[str], list[str], bool, set[Record]]


def _without_verb(clauses: Sequence[_Clause]) -> _Read:
    """Read pairs that no verb stands with: "deal 1 to booking 14, deal 2 to booking 15"."""
    made = [text for clause in clauses if _is_pair(clause.text, heading=False) for text in orders_of(clause.text).texts]
    whole = all(_is_pair(clause.text, heading=False) and not clause.asks for clause in clauses)
    return (made, [], False, set()) if whole and len(made) > 1 else ([], [], False, set())


def _read(clauses: Sequence[_Clause], orders: frozenset[int]) -> _Read:
    """Write each order out: with the verb of the one before, and with the records that were spoken of."""
    made: list[str] = []
    told: list[str] = []
    context: list[Record] = []
    told_in: list[tuple[int, Record]] = []
    used: set[Record] = set()
    crossed, verb, heading = False, "", ""
    for at, clause in enumerate(clauses):
        ordering = _orders(clause.text) if at in orders else None
        carried = not ordering and bool(verb) and _is_pair(clause.text, heading=bool(heading))
        if not ordering and not carried:
            told.append(clause.text)
            told_in += [(clause.sentence, record) for record in records_in(clause.text)]
            context += records_in(clause.text)
            continue
        if ordering:
            verb = ordering.text
        completed = _with_context(clause, told_in, context) if ordering else None
        if completed == Completed(clause.text) and not groups_of(tagged(clause.text)):
            completed = _with_what_follows(clauses, at, orders)
        parted = orders_of(completed.text if completed else clause.text, "" if ordering else verb)
        if ordering:
            heading = "" if groups_of(tagged(clause.text)) or completed != Completed(clause.text) else clause.text
        used |= completed.used if completed else set()
        crossed = crossed or parted.crossed
        context += records_in(clause.text)
        if carried and heading and made[-1:] == [heading]:
            # It only announces a list: "link these:".
            made.pop()
        made += [f"{one}?" if clause.asks else one for one in parted.texts]
    return made, told, crossed, used


def _with_context(clause: _Clause, told: Sequence[tuple[int, Record]], context: Sequence[Record]) -> Completed:
    """Complete an order from its own sentence first, then from all that was named before."""
    own = [record for sentence, record in told if sentence == clause.sentence]
    near = complete(clause.text, own)
    return near if near.used else complete(clause.text, context)


def _with_what_follows(clauses: Sequence[_Clause], at: int, orders: frozenset[int]) -> Completed:
    """Complete an order that names nothing from what is named after it: "Cancel please. Booking 14."."""
    after = [one.text for place, one in enumerate(clauses) if place > at and place not in orders]
    if any(_is_pair(text, heading=False) for text in after):
        return Completed(clauses[at].text)
    return complete(clauses[at].text, [record for text in after for record in records_in(text)])


def _is_pair(text: str, *, heading: bool) -> bool:
    """Tell whether a clause without a verb goes on with the order before it: "deal 6 to booking 16"."""
    if _dangers(text):
        return False
    sides = {group.side for group in groups_of(tagged(text)) if group.numbered}
    led = any(group.preposition for group in groups_of(tagged(text)))
    pair = len(sides - {Side.UNKNOWN}) > 1 or (Side.UNKNOWN in sides and led)
    return pair or (heading and bool(sides))


# --- clauses -------------------------------------------------------------------------------------------------------


def _clauses(text: str) -> list[_Clause]:
    found: list[_Clause] = []
    for number, (sentence, asks) in enumerate(_sentences(text)):
        found += [_Clause(clause, number, asks) for clause in _in_sentence(sentence)]
    # "Then" goes on with what was said before; at the beginning it says when.
    found = [replace(one, text=_without_joiners(one.text)) if at else one for at, one in enumerate(found)]
    return [one for one in found if one.text]


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Part a text at full stops, question marks, semicolons and line breaks."""
    start = 0
    units = tagged(text)
    for at, unit in enumerate(units):
        following = units[at + 1].start if at + 1 < len(units) else len(text)
        ends = unit.kind in {Kind.STOP, Kind.ASKS} or (unit.kind is Kind.COMMA and unit.text == ";")
        spaced = "\n" in unit.text or "!" in unit.text or unit.kind is not Kind.STOP or following > unit.end
        shortened = unit.kind is Kind.STOP and re.search(r"(?<!\w)т\.\s?к$", text[: unit.start]) is not None
        if ends and (spaced or following == len(text)) and not shortened:
            if text[start : unit.start].strip(" ,-–—"):
                yield text[start : unit.start].strip(), unit.kind is Kind.ASKS
            start = unit.end
    if text[start:].strip(" ,-–—"):
        yield text[start:].strip(), False


def _in_sentence(sentence: str) -> list[str]:
    """Part a sentence into clauses: each has at most one verb that orders, or only tells something."""
    clauses: list[str] = []
    current = ""
    for mark, atom in _atoms(sentence):
        if not current:
            current = atom
        elif _begins(current, atom, mark):
            clauses.append(current)
            current = atom
        else:
            current = f"{current}{mark}{atom}"
    return [stripped for one in [*clauses, current] if (stripped := one.strip(" ,;:-–—\n\t"))]


def _atoms(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces between commas, dashes and joining words, each with the mark before it."""
    start, before = 0, ""
    marks = [(unit.start, unit.end) for unit in tagged(sentence) if _may_part(unit)]
    marks += [(reason.start(), reason.start()) for reason in _REASON.finditer(sentence) if reason.start()]
    marks += [(unit.start, unit.start) for unit in _unmarked_subjects(sentence)]
    for begin, end in sorted(marks):
        if begin < start or not sentence[start:begin].strip():
            continue
        yield before, sentence[start:begin]
        before, start = sentence[begin:end], end
    if sentence[start:].strip():
        yield before, sentence[start:]


def _unmarked_subjects(sentence: str) -> Iterator[Unit]:
    """Yield the pronouns that begin a clause with no mark before it: "… booking 95 she is away"."""
    units = tagged(sentence)
    for before, unit in pairwise(units):
        ends = before.kind in {Kind.NUMBER, Kind.CARD, Kind.PHONE} or before.person or before.taken == "when"
        if ends and unit.word in SUBJECTS:
            yield unit


def _may_part(unit: Unit) -> bool:
    joins = unit.has(Sort.AND) or unit.word in {"then", "but", "а", "но", "потом", "затем", "so", "поэтому"}
    return unit.kind in {Kind.COMMA, Kind.DASH, Kind.COLON} or (unit.kind is Kind.WORD and joins)


def _begins(current: str, atom: str, mark: str) -> bool:
    """Tell whether a piece begins a new clause, after the one that goes on until there."""
    ordering = _orders(atom)
    if ordering is not None:
        return _orders(current) is not None or _tells(current) or _is_context(current, atom)
    if _RELATIVE.match(atom):
        # "К брони, что отменили" says which one it is.
        return False
    plain = mark.strip() in {",", "-", "–", "—", ":", ""} or fold_joiner(mark) in {"but", "а", "но", "so"}
    return plain and _orders(current) is not None and _tells(atom)


def _is_context(current: str, atom: str) -> bool:
    """Tell whether a piece without a verb names what the order after it only points at."""
    named = [
        group for group in groups_of(tagged(atom)) if group.numbered and group.side not in {Side.TIME, Side.UNKNOWN}
    ]
    return bool(records_in(current)) and (not named or any(unit.word in ONE | SEVERAL for unit in tagged(atom)))


def fold_joiner(mark: str) -> str:
    """Return a joining word as it is compared."""
    return mark.strip().casefold()


def _without_joiners(clause: str) -> str:
    """Take off the words that only join a clause to the one before it."""
    text = clause.strip(" ,;:-–—\n\t")
    while (found := re.match(r"([^\W\d_]+)[\s,]+(?=\S)", text)) is not None and found[1].casefold() in JOINERS:
        word = found[1].casefold()
        if word in {"as", "since", "after", "that", "так", "что", "потому"} and not _REASON.match(text):
            break
        text = text[found.end() :]
    return text


@lru_cache(maxsize=256)
def _orders(text: str) -> Unit | None:
    """Return the verb of ours that orders in a clause; a word that may be a noun has to lead to a record."""
    units = tagged(_without_joiners(text))
    for at, unit in enumerate(units):
        if not acts_of(unit, Mood.ORDER) or unit.person:
            continue
        nouns = any(one.sort is Sort.NOUN for one in meanings_of(unit.word))
        following = next((one for one in units[at + 1 :] if not one.has(Sort.SILENT, Sort.POLITE)), None)
        if not nouns or (following is not None and _leads_on(following)) or not at:
            return unit
    return None


def _leads_on(unit: Unit) -> bool:
    record = unit.has(Sort.NOUN) or unit.kind in {Kind.NUMBER, Kind.CARD, Kind.PHONE, Kind.QUOTE}
    return record or unit.has(Sort.POINTING) or unit.person


# --- what a clause says --------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _dangers(text: str) -> frozenset[Danger]:
    units = list(tagged(text))
    found, _ = find_dangers(text, units)
    return frozenset(danger for one in found for danger in one)


def _tells(text: str) -> bool:
    """Tell whether a clause without an order of ours says what is or was."""
    return _orders(text) is None and bool(_dangers(text) - {Danger.QUOTED})


def _forbids(clauses: Sequence[_Clause], at: int, orders: frozenset[int]) -> bool:
    """Tell whether a clause speaks against the orders of the message, and does not only tell something."""
    clause, dangers = clauses[at], _dangers(clauses[at].text)
    if at in orders:
        several = len(orders_of(clause.text).texts) > 1
        exchanges = {Danger.EXCEPT} if INSTEAD.search(clause.text) and several else set()
        # What is written out anew has lost the words that stood around it.
        return bool(dangers - exchanges if several else dangers - REPORTING)
    if _orders(clause.text) is not None:
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
    timed = [unit for unit in units if Danger.CONDITION in _dangers(unit.text)]
    if timed and all(unit.word in TIMES for unit in timed) and _is_led_by_subject(units, Danger.CONDITION):
        told.add(Danger.CONDITION)
    return told


def _is_led_by_subject(units: Sequence[Unit], danger: Danger) -> bool:
    """Tell whether a subject stands before the first word of a danger, and so does what that word tells."""
    # A danger of several words ("as soon as") is in no unit alone: nobody can tell what stands before it.
    place = next((at for at, unit in enumerate(units) if danger in _dangers(unit.text)), 0)
    return _has_subject(units[:place])


def _says_what(text: str) -> bool:
    """Tell "she said that she is ill" from "she said", after which an order is hers."""
    units = tagged(text)
    places = [at for at, unit in enumerate(units) if Danger.REPORT in _dangers(unit.text)]
    return bool(places) and len([unit for unit in units[places[-1] + 1 :] if unit.kind is Kind.WORD]) > 1


def _denies_for_itself(text: str) -> bool:
    """Tell "she isn't coming" and "клиент не тот" from "don't" and "не надо": the no has a subject of its own."""
    units = tagged(text)
    places = [at for at, unit in enumerate(units) if Danger.NEGATION in _dangers(unit.text)]
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

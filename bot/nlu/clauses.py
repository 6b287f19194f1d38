"""The sentences and clauses of a message: each clause has at most one verb that orders, or only tells something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bot.nlu.danger import find_dangers
from bot.nlu.danger_kinds import Danger
from bot.nlu.groups import Side, groups_of
from bot.nlu.lexicon import acts_of
from bot.nlu.references import ONE, SEVERAL, records_in
from bot.nlu.tagged_text import tagged
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.words import meanings_of

JOINERS: Final = frozenset(
    {"and", "then", "also", "but", "so", "after", "that", "next", "а", "и", "но", "потом", "затем", "еще", "также"}
    | {"далее", "поэтому", "because", "as", "since", "cause", "cos", "так", "потому", "что", "ведь", "plus", "плюс"}
)
"""Words between two clauses."""
_REASON: Final = re.compile(
    r"(?<!\w)(?:because|since|cos|as(?=\s(?:he|she|they|the|it)\b)|так как|т\.\s?к|потому что|поскольку|ведь)(?!\w)",
    re.IGNORECASE,
)
_RELATIVE: Final = re.compile(r"\s*(?:что|котор\w+|which|that|whose|who)(?!\w)", re.IGNORECASE)
SUBJECTS: Final = frozenset({"he", "she", "they", "it", "it's", "he's", "she's", "they're", "он", "она", "они", "оно"})
"""Pronouns that are nothing but a subject."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause, and the sentence it belongs to."""

    text: str
    sentence: int
    asks: bool = False
    """Whether a question mark follows."""


def clauses_of(text: str) -> list[Clause]:
    """Part a message into its clauses."""
    found: list[Clause] = []
    for number, (sentence, asks) in enumerate(_sentences(text)):
        found += [Clause(clause, number, asks) for clause in _in_sentence(sentence)]
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
    marks = [(unit.start, unit.end) for unit in tagged(sentence) if may_part(unit)]
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


def may_part(unit: Unit) -> bool:
    """Tell whether a clause may end at a unit."""
    joins = unit.has(Sort.AND) or unit.word in {"then", "but", "а", "но", "потом", "затем", "so", "поэтому"}
    return unit.kind in {Kind.COMMA, Kind.DASH, Kind.COLON} or (unit.kind is Kind.WORD and joins)


def _begins(current: str, atom: str, mark: str) -> bool:
    """Tell whether a piece begins a new clause, after the one that goes on until there."""
    ordering = ordering_verb(atom)
    if ordering is not None:
        return ordering_verb(current) is not None or tells(current) or _is_context(current, atom)
    if _RELATIVE.match(atom):
        # "К брони, что отменили" says which one it is.
        return False
    plain = mark.strip() in {",", "-", "–", "—", ":", ""} or mark.strip().casefold() in {"but", "а", "но", "so"}
    return plain and ordering_verb(current) is not None and tells(atom)


def _is_context(current: str, atom: str) -> bool:
    """Tell whether a piece without a verb names what the order after it only points at."""
    named = [
        group for group in groups_of(tagged(atom)) if group.numbered and group.side not in {Side.TIME, Side.UNKNOWN}
    ]
    return bool(records_in(current)) and (not named or any(unit.word in ONE | SEVERAL for unit in tagged(atom)))


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
def ordering_verb(text: str) -> Unit | None:
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


@lru_cache(maxsize=256)
def dangers_of(text: str) -> frozenset[Danger]:
    """Return all that a clause speaks against an order."""
    units = list(tagged(text))
    found, _ = find_dangers(text, units)
    return frozenset(danger for one in found for danger in one)


def tells(text: str) -> bool:
    """Tell whether a clause without an order of ours says what is or was."""
    return ordering_verb(text) is None and bool(dangers_of(text) - {Danger.QUOTED})

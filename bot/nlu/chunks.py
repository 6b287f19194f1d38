"""Pieces of a text that a correction may replace: a number, a record, a noun, a time, a verb, a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.nlu.lexicon import acts_of
from bot.nlu.tokens import Kind, Mood, Sort, Unit

WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)


class Literal(Enum):
    """What a correction may replace."""

    NUMBER = auto()
    RECORD = auto()
    """A noun with its number."""
    NOUN = auto()
    TIME = auto()
    VERB = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the text that a correction replaces, or puts there."""

    literal: Literal
    start: int
    end: int
    inner: int
    """Where it begins without its preposition."""
    noun: str = ""
    preposition: str = ""


Reader = Callable[[Sequence[Unit], int], Chunk | None]


def chunk_at(units: Sequence[Unit], at: int) -> Chunk | None:
    """Read the piece that begins there: a preposition perhaps, then a noun, a number, a time, a verb or a name."""
    lead = units[at]
    if _only_leads(lead) and at + 1 < len(units):
        return _piece(units, at + 1, lead, lead.word)
    return _piece(units, at, lead, "")


def led_chunk(units: Sequence[Unit], at: int) -> Chunk | None:
    """Read a piece with the preposition before it; a preposition itself begins none."""
    if _only_leads(units[at]):
        return None
    before = at - 1
    while before >= 0 and units[before].has(Sort.SILENT, Sort.NUMBER_SIGN):
        before -= 1
    led = before >= 0 and units[before].has(*WAYS)
    lead = units[before] if led else units[at]
    return _piece(units, at, lead, lead.word if led else "")


def bare_literal(units: Sequence[Unit], at: int) -> Chunk | None:
    """Read a number or a time by itself, whatever noun stands before it."""
    unit = units[at]
    literal = {Kind.NUMBER: Literal.NUMBER, Kind.CLOCK: Literal.TIME}.get(unit.kind)
    return Chunk(literal, unit.start, unit.end, unit.start) if literal is not None else None


def noun_alone(units: Sequence[Unit], at: int) -> Chunk | None:
    """Read a noun by itself, whatever number stands after it."""
    unit = units[at]
    return Chunk(Literal.NOUN, unit.start, unit.end, unit.start, unit.nouns[0]) if unit.has(Sort.NOUN) else None


def chunks_of(units: Sequence[Unit], read: Reader) -> list[Chunk]:
    """Read a piece wherever one begins."""
    return [one for at in range(len(units)) if (one := read(units, at)) is not None]


def is_name(unit: Unit) -> bool:
    """Tell whether a unit is a word of somebody's name, or stands for somebody."""
    named = unit.kind is Kind.WORD and not unit.meanings and unit.text[:1].isupper() and not unit.initial
    return named or unit.person or unit.kind in {Kind.PHONE, Kind.EMAIL}


def _only_leads(unit: Unit) -> bool:
    return unit.has(*WAYS) and not unit.has(Sort.NOUN, Sort.VERB)


def _piece(units: Sequence[Unit], at: int, lead: Unit, preposition: str) -> Chunk | None:
    while at + 1 < len(units) and units[at].has(Sort.SILENT, Sort.ALL) and not units[at].has(Sort.NOUN):
        at += 1
    found = _at(units, at)
    if found is None:
        return None
    literal, end, noun = found
    return Chunk(literal, lead.start, units[end].end, units[at].start, noun, preposition)


def _at(units: Sequence[Unit], at: int) -> tuple[Literal, int, str] | None:
    """Tell what is there: its kind, its last unit, and its noun."""
    unit = units[at]
    if unit.has(Sort.NOUN):
        number = _number_after(units, at)
        return (Literal.NOUN, at, unit.nouns[0]) if number is None else (Literal.RECORD, number, unit.nouns[0])
    if unit.kind is Kind.NUMBER:
        timed = at + 1 < len(units) and units[at + 1].has(Sort.SIGN)
        return (Literal.TIME if timed else Literal.NUMBER), at + timed, ""
    if is_name(unit):
        last = at
        while last + 1 < len(units) and is_name(units[last + 1]):
            last += 1
        return Literal.NAME, last, ""
    literal = _single(unit)
    return (literal, at, unit.ref.type if unit.ref is not None else "") if literal is not None else None


def _number_after(units: Sequence[Unit], at: int) -> int | None:
    """Find the number of a noun, after "no." or "number" perhaps."""
    number = at + 1
    while number < len(units) and units[number].has(Sort.NUMBER_SIGN):
        number += 1
    return number if number < len(units) and units[number].kind is Kind.NUMBER else None


def _single(unit: Unit) -> Literal | None:
    if unit.kind is Kind.CARD and unit.ref is not None:
        return Literal.RECORD
    if unit.kind in {Kind.CLOCK, Kind.DAY} or unit.has(Sort.SIGN):
        return Literal.TIME
    return Literal.VERB if acts_of(unit, Mood.ORDER) else None

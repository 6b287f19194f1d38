"""The records and times of a clause with the prepositions that lead to them, for parting it into orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from bot.nlu.tokens import Kind, Sort, Unit

WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
SOURCES: Final = frozenset({"from", "off", "out", "out of", "с", "со", "из", "от", "ото", "изо"})
TARGETS: Final = frozenset({"to", "into", "onto", "on", "на", "в", "во", "к", "ко"})
OWNERS: Final = frozenset({"booking", "waitlist"})
ITEMS: Final = frozenset({"deal", "lead", "quote", "invoice"})
PEOPLE: Final = frozenset({"client", "contact", "company"})
RECORDS: Final = OWNERS | ITEMS | PEOPLE | {"activity", "resource"}
BEING: Final = frozenset({"is", "это"})
"""Between a noun and its number: "her booking is 12"."""
_BESIDE: Final = (Sort.SILENT, Sort.POINTING, Sort.ALL, Sort.ONLY, Sort.LAST, Sort.NUMBER_SIGN, Sort.MINE)


class Side(Enum):
    """Which of the two sides of a link something may be on."""

    THING = auto()
    """What is put on a booking or an entry."""
    OWNER = auto()
    ACTIVITY = auto()
    RESOURCE = auto()
    TIME = auto()
    UNKNOWN = auto()
    """A number that stands alone."""


@dataclass(frozen=True, slots=True)
class Group:
    """A noun with its numbers, a number alone, a time, or somebody's name; places are those in the clause."""

    side: Side
    start: int
    end: int
    lead: int
    """Where it begins with its preposition."""
    noun: str = ""
    numbers: tuple[int, ...] = ()
    preposition: str = ""
    every: bool = False
    """Whether "all" or "each" stands before it."""
    at: int = 0
    """The place of its first unit."""
    last: int = 0

    @property
    def numbered(self) -> bool:
        """Whether a number, a card or a name says which one."""
        return bool(self.numbers) or self.side is Side.TIME


def side_of(noun: str) -> Side:
    """Tell the side of a noun."""
    if noun in OWNERS:
        return Side.OWNER
    sides = {"activity": Side.ACTIVITY, "resource": Side.RESOURCE}
    return sides.get(noun, Side.THING if noun in ITEMS | PEOPLE else Side.UNKNOWN)


def groups_of(units: Sequence[Unit]) -> list[Group]:
    """Find the groups of a clause, in order."""
    found: list[Group] = []
    at = 0
    while at < len(units):
        group = _at(units, at, paired=bool(found))
        if group is None:
            at += 1
            continue
        found.append(_led(units, group))
        at = group.last + 1
    return found


def _at(units: Sequence[Unit], at: int, *, paired: bool) -> Group | None:
    unit = units[at]
    if unit.kind is Kind.CARD and unit.ref is not None:
        return _group(units, (at, at), unit.ref.type, (unit.ref.id,))
    if RECORDS & set(unit.nouns):
        return _noun(units, at, paired=paired)
    if _is_time(units, at):
        last = at
        while last + 1 < len(units) and (_is_time(units, last + 1) or _joins_times(units, last + 1)):
            last += 1
        return _group(units, (at, last), "when", side=Side.TIME)
    if unit.kind is Kind.NUMBER:
        return _number(units, at, paired=paired)
    return _person(units, at) if unit.kind in {Kind.PHONE, Kind.EMAIL} or unit.person else None


def _group(
    units: Sequence[Unit],
    span: tuple[int, int],
    noun: str,
    numbers: tuple[int, ...] = (),
    side: Side | None = None,
) -> Group:
    """Make a group of the units from the first to the last one of a span."""
    at, last = span
    start, end = units[at].start, units[last].end
    return Group(side or side_of(noun), start, end, start, noun, numbers, at=at, last=last)


def _noun(units: Sequence[Unit], at: int, *, paired: bool) -> Group:
    """Read a noun and the numbers after it: "deals 5 and 6", "booking no. 5", "her booking is 12"."""
    first = at + 1
    while first < len(units) and (units[first].has(Sort.NUMBER_SIGN) or units[first].kind is Kind.COLON):
        first += 1
    if first == at + 1 and first < len(units) and units[first].word in BEING:
        first += 1
    numbers, last = _numbers(units, first, paired=paired)
    noun = next(noun for noun in units[at].nouns if noun in RECORDS)
    return _group(units, (at, last if numbers else at), noun, numbers)


def _person(units: Sequence[Unit], at: int) -> Group:
    last = at
    while last + 1 < len(units) and units[last + 1].person:
        last += 1
    return _group(units, (at, last), "client", (0,))


def _number(units: Sequence[Unit], at: int, *, paired: bool) -> Group:
    """Read a number that no noun stands before: "14-й брони", or one that stands alone."""
    following = units[at + 1] if at + 1 < len(units) else None
    noun = next((one for one in following.nouns if one in RECORDS), "") if following is not None else ""
    numbered = at + 2 < len(units) and units[at + 2].kind is Kind.NUMBER
    if noun and not numbered and not units[at].weak:
        return _group(units, (at, at + 1), noun, units[at].ids)
    numbers, last = _numbers(units, at, paired=paired)
    return _group(units, (at, last), "", numbers, Side.UNKNOWN)


def _is_time(units: Sequence[Unit], at: int) -> bool:
    unit = units[at]
    if unit.kind in {Kind.CLOCK, Kind.DAY} or unit.has(Sort.SIGN):
        return True
    following = at + 1 < len(units) and units[at + 1].has(Sort.SIGN)
    # "Nov 24": the day after its month.
    dated = bool(at) and any(one.value.startswith("M:") for one in units[at - 1].meanings if one.sort is Sort.SIGN)
    return unit.kind is Kind.NUMBER and (following or dated)


def _joins_times(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a preposition stands between two parts of one time: "tomorrow at 5pm"."""
    return units[at].has(*WAYS) and at + 1 < len(units) and _is_time(units, at + 1)


def _numbers(units: Sequence[Unit], first: int, *, paired: bool) -> tuple[tuple[int, ...], int]:
    """Read the numbers that begin there: `5`, `5, 6 and 7`; one that begins another pair is none of them.

    Args:
        units: the units of the clause.
        first: where the first number may be.
        paired: whether the group ends a pair: then "and 6 to 16" begins the next one.
    """
    if first >= len(units) or units[first].kind is not Kind.NUMBER:
        return (), first
    numbers, last = list(units[first].ids), first
    while True:
        following = last + 1
        while following < len(units) and (units[following].kind is Kind.COMMA or units[following].has(Sort.AND)):
            following += 1
        if following >= len(units) or units[following].kind is not Kind.NUMBER or _is_time(units, following):
            return tuple(numbers), last
        if _begins_pair(units, following, paired=paired):
            return tuple(numbers), last
        numbers += units[following].ids
        last = following


def _begins_pair(units: Sequence[Unit], at: int, *, paired: bool) -> bool:
    """Tell whether a number begins another pair: "... and 6 to 16"; or stands before its noun."""
    following, after = (units[place] if place < len(units) else None for place in (at + 1, at + 2))
    if following is None:
        return False
    named = bool(RECORDS & set(following.nouns)) and (after is None or after.kind is not Kind.NUMBER)
    leads = following.word in SOURCES | TARGETS | {"with"}
    return named or (paired and leads and after is not None and (after.kind is Kind.NUMBER or bool(after.nouns)))


def _led(units: Sequence[Unit], group: Group) -> Group:
    """Find the preposition of a group, and whether all of it is meant."""
    every, at = False, group.at - 1
    while at >= 0:
        unit = units[at]
        every = every or unit.has(Sort.ALL)
        if unit.has(*WAYS):
            return replace(group, lead=unit.start, preposition=unit.word, every=every)
        if not unit.has(*_BESIDE) or unit.has(Sort.NOUN):
            break
        at -= 1
    lead = units[at + 1].start if at + 1 < group.at else group.start
    return replace(group, lead=lead, every=every)

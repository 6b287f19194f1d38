"""Whose number is whose: the ids of records, told apart from days, hours and counts before those are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import Act

TAKEN: Final = "id"
_AFTER_NUMBER: Final = (
    "M:",
    "A:",
    "U:hour",
    "U:minute",
    "U:date",
    "U:clock",
    "U:week",
    "U:day",
    "U:month",
    "U:year",
    "P:",
)
_PLAIN_PARTS: Final = frozenset({"утром", "днем", "вечером", "ночью"})
_RANGE: Final = frozenset({"по", "through", "thru"})
ROUND: Final = frozenset({15, 30, 45})
"""Minutes that are said after an hour."""
HOURS: Final = 24
MOST_SEPARATORS: Final = 2
"""A comma and an "and"."""
EXCHANGED: Final = frozenset({"deal", "client", "contact", "company"})
"""What is exchanged at a record."""
Ids = tuple[int, ...]


def is_noun(unit: Unit) -> bool:
    """Tell whether a unit names a kind of record."""
    return unit.has(Sort.NOUN) and not unit.taken


def is_number(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a free number stands there that no word of time follows."""
    if not 0 <= at < len(units) or units[at].kind is not Kind.NUMBER or units[at].taken:
        return False
    if units[at].marked or at + 1 >= len(units):
        return True
    following = units[at + 1]
    if following.word == "of" and at + 2 < len(units):
        following = units[at + 2]
    if following.word in _PLAIN_PARTS or (following.word == "ч" and at and units[at - 1].has(Sort.NOUN)):
        return True
    signs = [one.value for one in following.meanings if one.sort is Sort.SIGN]
    timed = any(sign.startswith(_AFTER_NUMBER) for sign in signs)
    # "Two hours" are no working hours.
    return not timed or (following.has(Sort.NOUN) and following.nouns != ("hours",))


def claimed(units: Sequence[Unit]) -> dict[int, Ids]:
    """Give every noun its numbers, by the noun's place; those after it first, then those before it."""
    ids: dict[int, Ids] = {}
    for at, unit in enumerate(units):
        if is_noun(unit) and (start := _start_of_numbers(units, at)) is not None:
            plural = [one.plural for one in unit.meanings if one.sort is Sort.NOUN]
            many = True if any(plural) else None if None in plural else False
            ids[at] = _list_from(units, start, many=many)
    for at, unit in enumerate(units):
        if is_noun(unit) and at not in ids and is_number(units, at - 1) and _names(units, at - 1, unit):
            ids[at] = _list_back(units, at - 1)
    _claim_for_resource(units, ids)
    _claim_for_exchanged(units, ids)
    return ids


def _claim_for_resource(units: Sequence[Unit], ids: dict[int, Ids]) -> None:
    """Give the last number to a resource that has none: "change the resource of booking 18 to 2"."""
    bare = [at for at, unit in enumerate(units) if is_noun(unit) and "resource" in unit.nouns and at not in ids]
    if len(bare) != 1 or not ids:
        return
    last = len(units) - 1
    while last > 0 and (units[last].has(Sort.POLITE) or units[last].kind is Kind.STOP):
        last -= 1
    if last > bare[0] and units[last - 1].word in {"на", "to"} and is_number(units, last) and not units[last].ordinal:
        ids[bare[0]] = units[last].ids
        units[last].taken = units[last - 1].taken = TAKEN


def _claim_for_exchanged(units: Sequence[Unit], ids: dict[int, Ids]) -> None:
    """Give the last number to what is exchanged: "replace the deal of booking 9 with 10"."""
    last = len(units) - 1
    while last > 0 and (units[last].has(Sort.POLITE) or units[last].kind is Kind.STOP):
        last -= 1
    if not ids or last < 2 or units[last - 1].word not in {"на", "with"} or not is_number(units, last):  # noqa: PLR2004 - a verb and a noun
        return
    if units[last].ordinal:
        return
    for at, unit in enumerate(units[:last]):
        if not any(Act.REPLACE in one.acts and one.mood is Mood.ORDER for one in unit.meanings):
            continue
        noun = at + 1
        while noun < last and units[noun].has(Sort.SILENT) and not units[noun].has(Sort.NOUN):
            noun += 1
        if noun not in ids and is_noun(units[noun]) and set(units[noun].nouns) & EXCHANGED:
            ids[noun] = units[last].ids
            units[last].taken = units[last - 1].taken = TAKEN
        return


def _start_of_numbers(units: Sequence[Unit], noun: int) -> int | None:
    at = noun + 1
    if at + 1 < len(units) and units[at].has(Sort.EITHER) and units[at + 1].has(Sort.NUMBER_SIGN):
        at += 1
    if noun and units[noun - 1].word == "whose" and at < len(units) and units[at].word == "is":
        at += 1
    for _ in range(3):
        if at < len(units) and (units[at].has(Sort.NUMBER_SIGN) or units[at].kind is Kind.COLON):
            at += 1
    if at < len(units) and units[at].word in {"с", "со", "from"} and is_number(units, at + 1):
        after = at + 2
        if after < len(units) and units[after].word in _RANGE | {"to", "до"} and is_number(units, after + 1):
            return at + 1
        return None
    return at if is_number(units, at) and not _belongs_on(units, at) else None


def _belongs_on(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a number is rather that of the noun after it: "сделки и 14-я бронь"."""
    if at + 1 >= len(units) or not is_noun(units[at + 1]) or not units[at].ordinal:
        return False
    return not is_number(units, at + 2)


def _are_put_on(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a range ends after "to", and what it is put on comes next: "deals 3 to 6 on booking 16"."""
    if not is_number(units, at + 1) or at + 4 > len(units) - 1:
        return False
    first, last = units[at - 1].ids[-1], units[at + 1].ids[0]
    led = units[at + 2].has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
    owner = {"booking", "waitlist"} & set(units[at + 3].nouns)
    return first < last < first + 20 and led and bool(owner) and is_number(units, at + 4)


def _lists(units: Sequence[Unit], at: int) -> bool:
    """Tell whether numbers follow one another up to an "and" with one more: "сделки 5 8 и 11"."""
    while is_number(units, at) and not units[at].ordinal:
        at += 1
    return at + 1 < len(units) and units[at].has(Sort.AND) and is_number(units, at + 1)


def _list_from(units: Sequence[Unit], start: int, *, many: bool | None) -> Ids:
    found = [*units[start].ids]
    units[start].taken = TAKEN
    at = start + 1
    while at < len(units):
        if units[at].word in _RANGE and is_number(units, at + 1) and len(units[at - 1].ids) == 1:
            last = units[at + 1].ids[0]
            if not found[-1] < last < found[-1] + 20:
                break
            found += range(found[-1] + 1, last + 1)
            units[at].taken = units[at + 1].taken = TAKEN
            at += 2
            continue
        step = _separators(units, at)
        if units[at].word == "to" and many and _are_put_on(units, at) and len(units[at - 1].ids) == 1:
            found += range(found[-1] + 1, units[at + 1].ids[0] + 1)
            units[at].taken = units[at + 1].taken = TAKEN
            at += 2
            continue
        if (
            not step
            and is_number(units, at)
            and not units[at].ordinal
            and (many or (many is None and _lists(units, at)))
        ):
            units[at].taken = TAKEN
            found += units[at].ids
            at += 1
            continue
        number = at + step
        if any(unit.corrected for unit in units[at:number]) and units[at - 1].spelled:
            break
        if not step or not is_number(units, number) or units[number].weak:
            break
        after = number + 1
        if after < len(units) and is_noun(units[after]) and _start_of_numbers(units, after) is None:
            break
        for place in range(at, number + 1):
            units[place].taken = TAKEN
        found += units[number].ids
        at = number + 1
    return tuple(dict.fromkeys(found))


def _separators(units: Sequence[Unit], at: int) -> int:
    """Count the commas and the words for "and" from there, and a repeated "number" after them."""
    step = 0
    for unit in units[at : at + MOST_SEPARATORS]:
        if unit.kind is not Kind.COMMA and not unit.has(Sort.AND):
            break
        step += 1
    if step and at + step < len(units) and units[at + step].has(Sort.NUMBER_SIGN):
        step += 1
    return step


def _names(units: Sequence[Unit], at: int, noun: Unit) -> bool:
    """Tell whether a number before a noun names a record, and does not count several."""
    number = units[at]
    before = units[at - 1] if at else None
    signs = [one.value for one in before.meanings if one.sort is Sort.SIGN] if before is not None else []
    if any(sign.startswith(("K:", "M:")) for sign in signs) and not number.marked:
        # "The half past three booking", "on Nov 24 room 3".
        return False
    if before is not None and number.spelled and number.ids[0] in ROUND and before.spelled and before.ids[0] <= HOURS:
        # "The ten thirty booking".
        return False
    if number.weak or number.ordinal or number.marked:
        return number.marked or not number.weak
    plural = next((one.plural for one in noun.meanings if one.sort is Sort.NOUN), None)
    joined = at > 1 and (units[at - 1].has(Sort.AND) or units[at - 1].kind is Kind.COMMA)
    if plural is not False and joined and is_number(units, at - 2):
        # "8 and 9 deals": what is counted is not listed.
        return True
    if before is not None and before.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER):
        return plural is not True
    return plural is False


def _list_back(units: Sequence[Unit], last: int) -> Ids:
    found = [units[last].ids]
    units[last].taken = TAKEN
    at = last - 1
    while at > 0 and (units[at].kind is Kind.COMMA or units[at].has(Sort.AND)) and is_number(units, at - 1):
        found.insert(0, units[at - 1].ids)
        units[at].taken = units[at - 1].taken = TAKEN
        at -= 2
    return tuple(dict.fromkeys(number for several in found for number in several))

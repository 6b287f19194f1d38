"""Words that are verbs and nouns alike: which of the two they are where they stand."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reader.units import Kind, Meaning, Mood, Sort, Unit


def settle(units: Sequence[Unit]) -> None:
    """Leave every word one of the two: "link deal 8" orders, "every link" names."""
    ordered = False
    for at, unit in enumerate(units):
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

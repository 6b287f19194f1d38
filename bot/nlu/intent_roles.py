"""Who or what takes a place at a record: "set Jane Doe as the client", "change the client to contact 3"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.nlu.analysis import Scene
from bot.nlu.entities import NAME, Mention
from bot.nlu.tokens import Sort
from tool_specs.declaration.intents import Act, Intent

PLACES: Final = (("client", frozenset({"client", "contact", "company", NAME})), ("deal", frozenset({"deal", "link"})))
"""The places that a record has, and what may take them."""
GIVING: Final = frozenset({Act.JOIN, Act.CHANGE, Act.CREATE, Act.MOVE})
NEW: Final = frozenset({"to", "на", "with", "for", "by"})
"""Prepositions before what comes in the place of what is there."""


def _places(mentions: Sequence[Mention]) -> tuple[str, str, list[Mention], list[Mention]] | None:
    """Give the owner, the place, the nouns that name the place alone, and what takes it."""
    owners = [one for one in mentions if one.noun in {"booking", "waitlist"}]
    others = [one for one in mentions if one not in owners]
    if len(owners) != 1:
        return None
    for place, nouns in PLACES:
        if others and all(one.noun in nouns for one in others):
            named = [one for one in others if one.bare]
            given = [one for one in others if not one.bare]
            return (owners[0].noun, place, named, given) if named and given else None
    return None


def appointing(scene: Scene, mentions: Sequence[Mention]) -> Intent | None:
    """Read what is added as the client or the deal of a record."""
    found = _places(mentions)
    if found is None or not scene.acts & GIVING:
        return None
    owner, place, named, given = found
    if len(named) != 1 or any(one.way is Sort.AWAY for one in mentions):
        return None
    return Intent(Act.JOIN, owner, place) if _plays(scene, named[0], given) else None


def _plays(scene: Scene, named: Mention, given: Sequence[Mention]) -> bool:
    """Tell whether the noun names a part: "as the client", "клиентом", "make contact 9 the client of"."""
    before = scene.units[max(named.at - 3, 0) : named.at]
    if any(unit.word in {"as", "как"} and unit.has(Sort.SILENT) for unit in before):
        return True
    if named.cases:
        return "ablt" in named.cases and not named.preposition and "datv" not in named.cases
    made = any(unit.word in {"make", "set", "appoint"} for unit in scene.orders)
    between = scene.units[given[0].end : named.at]
    return made and given[0].end <= named.at and all(unit.word in {"the", "a", "only", "sole"} for unit in between)


def exchanging(mentions: Sequence[Mention]) -> Intent | None:
    """Read what comes in the place of what is there: "change the client on booking 15 to contact 3"."""
    found = _places(mentions)
    if found is None:
        return None
    owner, place, _, given = found
    away = any(one.way is Sort.AWAY for one in mentions)
    return None if away or any(one.preposition not in NEW for one in given) else Intent(Act.REPLACE, owner, place)

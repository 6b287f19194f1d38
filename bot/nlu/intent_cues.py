"""What tells one request from another: that it asks for people, for hours, whether there is any, what is linked."""

from __future__ import annotations

from typing import Final

from bot.nlu.analysis import Scene
from bot.nlu.entities import NAME, Mention
from bot.nlu.lexicon import acts_of
from bot.nlu.morphology import is_naming
from bot.nlu.spelling import corrected
from bot.nlu.tokens import Kind, Mood, Sort
from tool_specs.declaration.intents import Act

WORKING: Final = frozenset(
    {"работает", "работают", "work", "works", "открыт", "открыта", "free", "available", "busy"}
    | {"свободен", "свободна", "свободно", "занят", "занята"}
)
COMING: Final = frozenset(
    {
        "записан",
        "записана",
        "записаны",
        "записался",
        "записалась",
        "придет",
        "приходит",
        "придут",
        "coming",
        "booked",
        "scheduled",
        "come",
        "comes",
    }
)
BELONGING: Final = frozenset({"belong", "belongs", "относится", "относятся"})
WHETHER: Final = frozenset({"есть", "имеется", "there", "any", "does", "has"})


def is_taken_off(scene: Scene) -> bool:
    """Tell whether an entry is taken off its list: "take entry 4 off the waitlist"."""
    units = scene.units
    for at, unit in enumerate(units[:-1]):
        led = unit.has(Sort.AWAY) or unit.word in {"с", "со"}
        list_at = at + 2 if units[at + 1].has(Sort.SILENT) and at + 2 < len(units) else at + 1
        numbered = list_at + 1 < len(units) and units[list_at + 1].kind is Kind.NUMBER
        if led and at and "waitlist" in units[list_at].nouns and not numbered:
            return any(one.kind is Kind.NUMBER for one in units[:at])
    return False


def is_sure(scene: Scene, mention: Mention) -> bool:
    """Tell whether a name is one in the dictionary, or is written as one: "брон" is rather a booking."""
    units = [unit for unit in scene.units[mention.at : mention.end] if unit.taken == NAME]
    if any(unit.text.islower() and not unit.person and corrected(unit.word, before_number=True) for unit in units):
        return False
    return any(unit.person or is_naming(unit.word) or unit.text[:1].isupper() for unit in units)


def asks_for_hours(scene: Scene) -> bool:
    """Tell whether it asks when a resource works: "when is room 2 open"."""
    asked = any(unit.has(Sort.ASKING) for unit in scene.units)
    return any(unit.word in WORKING or (asked and unit.word == "open") for unit in scene.units)


def asks_whether(scene: Scene) -> bool:
    """Tell whether it asks if there is any: "есть ли", "is there"."""
    return bool(WHETHER & {word for unit in scene.units for word in unit.word.split()})


def is_coming(scene: Scene) -> bool:
    """Tell whether somebody is said to come."""
    return any(unit.word in COMING for unit in scene.units)


def asks_for_people(scene: Scene) -> bool:
    """Tell whether it asks who."""
    return any(unit.word in {"who", "who's", "whos", "whose", "кто", "чья", "чей"} for unit in scene.units)


def tied(scene: Scene) -> bool:
    """Tell whether it speaks of what is linked: "attached to", "привязано"."""
    belongs = any(unit.word in BELONGING for unit in scene.units)
    return belongs or any(Act.JOIN in acts_of(unit, Mood.STATE) for unit in scene.units)

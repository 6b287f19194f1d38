"""Whole requests that name no record: "who am i", "what changed", "undo that"."""

from __future__ import annotations

from typing import Any, Final

from bot.nlu.analysis import Scene
from bot.nlu.lexicon import acts_of, lone_requests
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs import TOOLS
from tool_specs.declaration.intents import READING_ACTS
from tool_specs.declaration.method import Effect, Method
from tool_specs.declaration.text import fold

_BY_NAME = {method.name(): method for method in TOOLS}
ONE: Final = "one"
REPLYING: Final = "kindly"
_AROUND = (Sort.POLITE,)


def lone_tool(scene: Scene) -> type[Method[Any]] | None:
    """Give the tool of a sentence that is one of the known requests, polite words and days aside."""
    units = [unit for unit in scene.units if _is_word(unit) and unit.taken != "when"]
    others = [
        unit
        for unit in scene.units
        if unit.kind in {Kind.NUMBER, Kind.CARD, Kind.QUOTE, Kind.PHONE, Kind.EMAIL, Kind.ODD}
    ]
    if any(unit.taken != "when" and not _is_word(unit) for unit in others):
        return None
    for start in range(min(len(units), 4)):
        for end in range(len(units), max(start, len(units) - 4), -1):
            around = [*units[:start], *units[end:]]
            words = tuple(word for unit in units[start:end] for word in (unit.word or fold(unit.text)).split())
            known = lone_requests(scene.language).get(words)
            if known and words == ("revert",) and any(unit.word.startswith(REPLYING) for unit in around):
                # "Kindly revert" asks for a reply, in India.
                return None
            if known and all(unit.has(Sort.POLITE, Sort.SILENT) or _only_shows(unit, known) for unit in around):
                if scene.when and known != "list_bookings":
                    return None
                if known == "list_bookings" and not scene.when and words not in {("agenda",), ("calendar",)}:
                    return None
                return _BY_NAME[known]
    return None


def _is_word(unit: Unit) -> bool:
    """Tell whether it is a word; the "one" of "undo that last one" counts nothing."""
    return unit.kind is Kind.WORD or (unit.kind is Kind.NUMBER and unit.weak and unit.text.lower() == ONE)


def _only_shows(unit: Unit, known: str) -> bool:
    """Tell whether a verb before a question only asks for the answer: "tell me who is coming tomorrow"."""
    acts = acts_of(unit, Mood.ORDER)
    return bool(acts) and acts <= READING_ACTS and _BY_NAME[known].effect is Effect.READ

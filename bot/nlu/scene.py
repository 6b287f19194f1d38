"""The mutable form of a sentence that slots are filled from: what is used is marked, so that what is left shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.nlu.dates import When
from bot.nlu.entities import Mention
from bot.nlu.lexicon import acts_of, language_of_word, orders_of
from bot.nlu.lexicon_data.verbs import EXTENDING
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import Act


@dataclass(slots=True)
class Scene:
    """The units, what they mention, when, and what is ordered."""

    units: list[Unit]
    when: When
    mentions: list[Mention]
    orders: list[Unit] = field(default_factory=list)
    now: datetime = field(default_factory=datetime.now)

    @property
    def acts(self) -> frozenset[Act]:
        """What the verbs may ask for."""
        return frozenset(act for unit in self.orders for act in acts_of(unit, Mood.ORDER))

    @property
    def linking(self) -> bool:
        """Whether a verb speaks of links by itself."""
        return any(one.linking for unit in self.orders for one in unit.meanings if one.mood is Mood.ORDER)

    def has(self, *sorts: Sort) -> bool:
        """Tell whether a word of one of these sorts is there that no day or name claimed."""
        return any(unit.has(*sorts) for unit in self.units if not unit.taken)

    def of(self, *nouns: str) -> list[Mention]:
        """Return the mentions of some nouns that are not parts of others."""
        return [mention for mention in self.mentions if mention.noun in nouns and not mention.used]

    @property
    def bare_numbers(self) -> list[Unit]:
        """The numbers that nothing claimed."""
        numbers = [(at, unit) for at, unit in enumerate(self.units) if unit.kind is Kind.NUMBER and not unit.taken]
        return [unit for at, unit in numbers if not _counts(self.units, at)]

    @property
    def extends(self) -> bool:
        """Whether a booking is made longer: then only its end is asked for."""
        return any(
            unit.kind is Kind.WORD
            and not unit.corrected
            and unit.word in orders_of(EXTENDING, language_of_word(unit.word))
            for unit in self.units
        )


def _counts(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a number counts instead of naming; in a list of numbers none does: "deal twenty and one"."""
    unit = units[at]
    joined = at > 1 and (units[at - 1].has(Sort.AND) or units[at - 1].kind is Kind.COMMA)
    listed = joined and units[at - 2].kind is Kind.NUMBER
    return unit.weak and not unit.ordinal and not unit.marked and not listed

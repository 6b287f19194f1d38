"""The readings that a sentence may have: one for each declared tool, and one more where a tool also replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tool_specs import TOOLS
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.method import Effect, Method

NONE: Final = "none"
"""The name of the reading that nothing is ordered or asked."""


@dataclass(frozen=True, slots=True)
class ToolReading:
    """A tool that a sentence may ask for, in one or several senses."""

    method: type[Method[Any]]
    intents: tuple[Intent, ...]

    @property
    def name(self) -> str:
        """The tool's name; with a mark where it replaces."""
        return self.method.name() + ("!" if self.replaces else "")

    @property
    def sense(self) -> Intent:
        """The sense in which slots are filled."""
        return self.intents[0]

    @property
    def acts(self) -> frozenset[Act]:
        """What a verb has to order for this reading."""
        return frozenset(sense.act for sense in self.intents)

    @property
    def replaces(self) -> bool:
        """Whether what is there goes."""
        return self.sense.act is Act.REPLACE

    @property
    def reads(self) -> bool:
        """Whether nothing is changed."""
        return self.method.effect is Effect.READ

    @property
    def nouns(self) -> frozenset[str]:
        """The nouns of all its senses."""
        return frozenset(noun for sense in self.intents for noun in (sense.about, sense.item) if noun)


def _readings() -> Iterator[ToolReading]:
    for method in TOOLS:
        # A tool that takes several owners at once is reached from the one that takes one.
        senses = [sense for sense in method.intents if not (sense.many and sense.item)]
        plain = tuple(sense for sense in senses if sense.act is not Act.REPLACE)
        replacing = tuple(sense for sense in senses if sense.act is Act.REPLACE)
        yield from (ToolReading(method, group) for group in (plain, replacing) if group)


READINGS: Final[tuple[ToolReading, ...]] = tuple(_readings())


def parts_of(reading: ToolReading) -> tuple[str, ...]:
    """List the parts that a reading's score is the sum of, in order: a newly declared tool shares those it has."""
    parts = {"order", f"effect:{reading.method.effect.value}", f"class:{reading.name}"}
    for sense in reading.intents:
        parts |= {f"act:{sense.act.value}", f"about:{sense.about}", f"pair:{sense.about}+{sense.item or ''}"}
        parts |= {f"item:{sense.item or ''}", f"act-item:{sense.act.value}+{bool(sense.item)}"}
        if sense.many:
            parts.add("many")
    return tuple(sorted(parts))

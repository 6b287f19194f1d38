"""What the reader hands over."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tool_specs.declaration.localized import Language, Localized
from tool_specs.declaration.method import Method


class Certainty(StrEnum):
    """How a sentence was understood: only what is exact may run without a card."""

    EXACT = "exact"
    """To the letter, every record by its id."""
    CORRECTED = "corrected"
    """A word was misspelt."""
    COMPLETED = "completed"
    """Something was left out, or one thing was pointed at, and there is one likely meaning."""
    NAMED = "named"
    """Something is described and not numbered: it has to be looked up."""
    TOLERATED = "tolerated"
    """A word of no meaning to us was passed over."""
    GUESSED = "guessed"
    """A model took it so; the reader itself never says this."""


class Grade(StrEnum):
    """What may be done with what was understood."""

    RUN = "run"
    """Every word is known and every record is numbered: it may run at once."""
    CARD = "card"
    """The best reading is complete: it waits for a yes."""
    CHOICE = "choice"
    """Two or three readings are near each other: a person chooses."""
    ASK = "ask"
    """Something is missing, or something that was said found no place."""
    NONE = "none"
    """No order, or something forbids it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reading: a tool with its arguments, and the arguments that are missing."""

    tool: type[Method[Any]]
    arguments: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was written, and what it was taken for."""

    text: str
    meaning: Localized


@dataclass(frozen=True, slots=True)
class Understood:
    """What a sentence means.

    `arguments` are those of the tool, defaults left out. What is not known by id stays a description: a CRM item
    `{"type", "name"}` or `{"type", "phone"}`; a booking, under `booking` in place of `booking_id`,
    `{"date", "time", "client", "resource"}`.
    """

    text: str
    language: Language
    tool: type[Method[Any]] | None = None
    arguments: dict[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    question: Localized | None = None
    """What to ask: something is missing or unclear. None where all is clear, and where it is no request at all."""
    certainty: Certainty = Certainty.EXACT
    words: tuple[Word, ...] = ()
    each: tuple[int, ...] = ()
    """The numbers, where several records are named and the tool takes one: `missing` names its argument."""
    by_name: bool = False
    """Whether the question asks for a name: then words that say nothing else are one."""
    grade: Grade = Grade.NONE
    proposals: tuple[Proposal, ...] = ()
    """Alternatives for the first order, best first, at most three."""
    also: tuple[Proposal, ...] = ()
    """Further orders of the same message."""

    @property
    def complete(self) -> bool:
        """Whether it can be done as it is, once what is described is looked up."""
        return self.tool is not None and not self.missing and self.question is None

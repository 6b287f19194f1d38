"""How a tool is requested in plain language: an act, its object, and an optional second noun."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What a person wants to do, regardless of the verb used."""

    SHOW = "show"
    FIND = "find"
    JOIN = "join"
    PART = "part"
    REPLACE = "replace"
    MOVE = "move"
    CREATE = "create"
    CHANGE = "change"
    DELETE = "delete"
    UNDO = "undo"
    APPLY = "apply"
    REJECT = "reject"


READING_ACTS = frozenset({Act.SHOW, Act.FIND})
"""The acts that only read."""
DESTRUCTIVE_ACTS = frozenset({Act.PART, Act.REPLACE, Act.DELETE, Act.REJECT, Act.UNDO})
"""The acts that remove something: a misspelt word is never corrected into one of their verbs."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One way to request a tool: the act, its noun, and a second noun if there is one.

    The nouns are names from `bot.nlu.lexicon_data.nouns`; `many` means a list of them.
    """

    act: Act
    about: str
    item: str | None = None
    many: bool = False

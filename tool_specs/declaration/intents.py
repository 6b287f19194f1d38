"""How a tool is asked for in everyday words: what is done, to what, with what. Its words follow from these names."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What a person wants done, whatever the verb."""

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
"""The acts that change nothing."""
DESTRUCTIVE_ACTS = frozenset({Act.PART, Act.REPLACE, Act.DELETE, Act.REJECT, Act.UNDO})
"""The acts after which something is gone: a verb of these is never taken for another by a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One way of asking for a tool: the act, the noun it is about, and the noun beside it, if there is one.

    The nouns are names from `bot.nlu.lexicon_data.nouns`; with `many` it is about several of them: a list.
    """

    act: Act
    about: str
    item: str | None = None
    many: bool = False

"""What filling arguments comes to, and how what is mentioned is described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final

from bot.nlu.entities import Mention
from bot.nlu.intent_nouns import CRM

CONTACT: Final = "contact"


@dataclass(slots=True)
class Filled:
    """The arguments, what is missing, and what tells how sure it all is."""

    arguments: dict[str, Any] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    each: tuple[int, ...] = ()
    named: bool = False
    """Whether something is described, and has to be looked up."""
    completed: bool = False
    left_over: bool = False
    """Whether something that was said has no place."""


def clock(moment: time) -> str:
    """Write a time as HH:MM."""
    return f"{moment:%H:%M}"


def description(mention: Mention) -> str:
    """Say who or what is mentioned, as it is looked up."""
    if mention.refs:
        return f"{mention.refs[0].type} {mention.refs[0].id}"
    if mention.ids:
        return f"{mention.noun if mention.noun in CRM else CONTACT} {mention.ids[0]}"
    return mention.name or mention.phone or mention.email


def said_of(mention: Mention) -> list[tuple[str, str]]:
    """Give the argument and the value to search by."""
    said = [("phone", mention.phone), ("email", mention.email), ("text", mention.name)]
    return [(key, value) for key, value in said if value][:1]


def distinct(refs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each once."""
    return [ref for place, ref in enumerate(refs) if ref not in refs[:place]]

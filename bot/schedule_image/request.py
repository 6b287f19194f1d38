"""Request for a picture, kept until it is sent: the picture is drawn from it, so that no schedule is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec

from linkdesk.auth.policy import Actor
from tool_specs.declaration.localized import Language


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """A requested picture of a day."""

    day: date
    language: Language
    actor: Actor
    masked: bool = False
    """Whether phone numbers and e-mail addresses are hidden: groups are not shown them."""


def can_be_drawn() -> bool:
    """Return whether the library for drawing is installed."""
    return find_spec("PIL") is not None

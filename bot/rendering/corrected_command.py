"""Corrected commands: ready to send where a number does not exist and another may be meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from linkdesk.errors.base import Trouble
from linkdesk.model.record_label import RecordLabel
from tool_specs.declaration.crm_ref import CRM_TYPES
from tool_specs.declaration.localized import Language
from tool_specs.declaration.method import Method
from tool_specs.methods.activity import GetActivity
from tool_specs.methods.booking import GetBooking
from tool_specs.methods.waitlist import GetWaitlistEntry

LONGEST: Final = 100

_SHOWS: Final[Mapping[str, type[Method[Any]]]] = {
    "booking": GetBooking,
    "waitlist": GetWaitlistEntry,
    "activity": GetActivity,
}
_SPOKEN: Final = frozenset({*_SHOWS, *(kind.name for kind in CRM_TYPES)})


def corrected_command(trouble: Trouble, typed: str, language: Language) -> str | None:
    """Return what was typed with the likeliest number in it, or the command that shows what may have been meant.

    Args:
        trouble: the error.
        typed: the message that it came of; empty where it asked for more than one thing.
        language: the language of the answer.
    """
    if trouble.meant is None:
        return None
    likeliest = trouble.meant.candidates[0]
    line = " ".join(typed.split())
    # Within a range, a time or an address the number means something else.
    places = list(re.finditer(rf"(?<![\w.,:/–-]){trouble.meant.id}(?![\w:/–-])", line))
    if likeliest.type != trouble.meant.type or len(places) != 1 or len(line) > LONGEST:
        return _showing(likeliest, language)
    return f"{line[: places[0].start()]}{likeliest.id}{line[places[0].end() :]}"


def _showing(record: RecordLabel, language: Language) -> str | None:
    """Return the command that shows a record; None where there is none for its kind."""
    if record.type not in _SPOKEN:
        return None
    slash = _SHOWS[record.type].slash if record.type in _SHOWS else None
    words = record.said.to(language) if slash is None else re.sub(r"{\w+}", str(record.id), slash.to(language))
    return f"/{words}"

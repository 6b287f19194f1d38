"""Language detection of a message that may be a command. Pure."""

from __future__ import annotations

import re
from typing import Final

from linkdesk.text.language import detect_language
from tool_specs.declaration.crm_ref import CARD_ADDRESS
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

MOST_READ: Final = 4000

_WHOLLY_LATIN: Final = re.compile(r"\s*/[^\u0400-\u04ff]*$")

_COMMAND: Final = re.compile(
    r"^\s*/\s*(?:(?:help|start|lang)\b.*|find\b[^\u0400-\u04ff]*$|[a-z_]+(?:@\w+)?)",
    re.IGNORECASE | re.ASCII,
)
"""A Latin command, which the menu gives to everybody; a Latin name to find tells no language either."""


def language_of_message(text: str, theirs: Language | None = None) -> Language | None:
    """Return the language of a message: no Latin command, no address and no "ok" tells it.

    Args:
        text: the message.
        theirs: the language of whoever writes, if it is known. Who speaks Russian types commands as the menu has them,
            in Latin letters to the end.
    """
    if theirs == "ru" and _WHOLLY_LATIN.match(text):
        return None
    text = CARD_ADDRESS.sub(" ", text[:MOST_READ])
    text = _COMMAND.sub(" ", text)
    return None if fold(text).strip(" .!") in {"ok", "okay"} else detect_language(text)

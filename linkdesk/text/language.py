"""Which language to answer in: the one that is set, that of the message or of the browser, else English."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Final

from tool_specs.declaration.localized import Language

_CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]")
_LATIN: Final = re.compile(r"[A-Za-z]")


def detect_language(text: str) -> Language | None:
    """Detect the language of a message by its letters; return None if it has none.

    A Latin slash command before Russian words does not make the message English.
    """
    if _CYRILLIC.search(text):
        return "ru"
    return "en" if _LATIN.search(text) else None


def settings_language() -> Language:
    """Return the language set by LINKDESK_LANG, without loading the other settings."""
    return "ru" if os.environ.get("LINKDESK_LANG", "").strip().lower() == "ru" else "en"


def accept_language(headers: Mapping[str, str]) -> Language:
    """Return the browser's first language, if it is one of ours; else English."""
    return "ru" if headers.get("accept-language", "").strip().lower().startswith("ru") else "en"

"""The text of a message before it is read: what is invisible is taken out, what cannot be read is found."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WIDEST_RANGE: Final = 200
"""How many ids a range such as 20-22 may stand for."""

_ZERO_WIDTH: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_UNREADABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def cleaned(text: str) -> str:
    """Give the text as a person sees it: composed letters, nothing invisible, no space around."""
    return unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text)).strip()


def is_readable(text: str) -> bool:
    """Tell whether a cleaned text is free of control characters and the like."""
    return all(letter in "\t\r\n" or unicodedata.category(letter) not in _UNREADABLE for letter in text)

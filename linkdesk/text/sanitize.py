"""Text from outside, made fit to show: one bounded line without characters that are not seen."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def one_line(text: str, longest: int) -> str:
    """Reduce a text to one line of printable characters with a maximum length."""
    spaced = re.sub(r"\s+", " ", text)
    shown = "".join(char for char in spaced if unicodedata.category(char) not in _INVISIBLE).strip()
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"

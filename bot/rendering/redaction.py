"""Masking of phone numbers and e-mail addresses. Pure."""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "•••"

_EMAIL: Final = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE: Final = re.compile(
    r"\+\d(?:[\s().‑-]{0,2}\d){6,14}"  # with its country
    r"|(?<![\w/#№])[78][\s(‑-]{0,2}\d{3}[\s)‑-]{0,2}\d{3}[\s‑-]?\d{2}[\s‑-]?\d{2}(?!\d)"  # as Russians write it
    r"|(?<![\w/#№])\(?\d{3}\)?[\s‑-]\d{3}[\s‑-]\d{2}[\s‑-]?\d{2}(?!\d)"  # without the country
    r"|(?<![\w/#№])(?:\d{11,15}|9\d{9})(?!\w)",  # ten digits that are too large for the number of a record
)


def masked(text: str) -> str:
    """Mask e-mail addresses, and all but the last two digits of phone numbers."""
    return _PHONE.sub(lambda phone: f"{HIDDEN}{phone[0][-2:]}", _EMAIL.sub(HIDDEN, text))

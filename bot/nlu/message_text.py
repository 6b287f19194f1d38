"""The text of a message before it is read: what is invisible is taken out, what cannot be read is found."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

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


def host_of(address: str) -> str:
    """Give the host of an address, or of a host with a port, as hosts are compared; empty where there is none.

    Raises:
        ValueError: the address is none.
    """
    parts = urlsplit(address if "/" in address else f"//{address}")
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    return (host if host.isascii() else host.encode("idna").decode()) + port

"""What may be pressed under an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: it says `data` to us, or opens an address."""

    label: str
    data: str = ""
    url: str = ""

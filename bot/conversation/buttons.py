"""Buttons under an answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends `data` back, or opens an address."""

    label: str
    data: str = ""
    url: str = ""

"""Buttons below an answer that only show something: their words, and the data that comes back when one is pressed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One button; `data` has at most 64 bytes."""

    caption: str
    data: str

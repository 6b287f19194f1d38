"""A portal's rate limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A leaky bucket: its size in requests, and how many leak out per second.

    Source: https://apidocs.bitrix24.com/limits.html
    """

    leak: float = 2
    bucket: int = 50

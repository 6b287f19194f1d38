"""How fast a portal lets itself be called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast a portal may be called: a bucket of requests, and how many leak out of it a second.

    Source: https://apidocs.bitrix24.com/limits.html
    """

    leak: float = 2
    bucket: int = 50

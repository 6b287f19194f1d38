"""Quotations of what somebody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tool_specs.declaration.localized import Localized, join_with_commas

LONGEST_QUOTE: Final = 60


def quoted(texts: Iterable[str], most: int = 5) -> Localized:
    """Quote what somebody wrote, shortened where it is long."""
    shown = [text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 1]}…" for text in texts]
    more = [Localized(en=f"{len(shown) - most} more", ru=f"ещё {len(shown) - most}")] if len(shown) > most else []
    return join_with_commas([*(Localized(en=f"“{text}”", ru=f"«{text}»") for text in shown[:most]), *more])

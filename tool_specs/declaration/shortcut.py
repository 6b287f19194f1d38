"""One-word commands for a request with fixed arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tool_specs.declaration.localized import Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """The word, its title, and the arguments it stands for."""

    said: Localized
    title: Localized
    gives: Mapping[str, Any]

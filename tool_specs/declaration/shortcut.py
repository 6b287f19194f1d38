"""A command of one word for a request that another command makes too, with some of its arguments given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tool_specs.declaration.localized import Localized


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """The word, what it is for, and the arguments that it stands for."""

    said: Localized
    title: Localized
    gives: Mapping[str, Any]

"""The corpus of sentences for the plain-language reader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


COMMAND_ONLY = {"get_day_schedule"}
"""Tools that can be requested by command or button only."""

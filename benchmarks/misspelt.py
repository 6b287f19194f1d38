"""Misspelt requests: how many are understood, how many are asked about, and whether any becomes a wrong write.

In each variant of a write request of the corpus one or two letters are replaced by a neighbouring key, dropped, doubled
or swapped. Numbers are left unchanged.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from bot.nlu.parser import read
from bot.nlu.result import Grade
from bot.nlu.training.slips import NEAR, slip
from tool_specs.declaration.method import Effect

CORPUS: Final = Path(__file__).parents[1] / "tests" / "bot" / "nlu" / "corpus"
FULL: Final = 20_000
ZONE: Final = "Europe/Moscow"


def every_slip(text: str) -> list[str]:
    """Yield the text with every possible single typo."""
    found: set[str] = set()
    for at, letter in enumerate(text):
        if letter.lower() not in NEAR:
            continue
        found |= {text[:at] + other + text[at + 1 :] for other in NEAR[letter.lower()]}
        found |= {text[:at] + text[at + 1 :], text[:at] + letter + text[at:]}
        if text[at + 1 : at + 2].lower() in NEAR:
            found.add(text[:at] + text[at + 1] + letter + text[at + 2 :])
    return sorted(found - {text})


@cache
def orders() -> list[dict[str, Any]]:
    """Return the correctly spelled write requests of the corpus that name everything by id."""
    lines = [line for name in ("en", "ru") for line in (CORPUS / f"{name}.jsonl").read_text("utf-8").splitlines()]
    rows = [json.loads(line) for line in lines]
    now = datetime.fromisoformat(rows[0]["now"])
    found: list[dict[str, Any]] = []
    for row in rows:
        understood = read(row["text"], now, ZONE)
        plain = not re.search(r"https?:|[\"«(]", row["text"])
        if (
            understood.complete
            and understood.tool
            and understood.tool.effect is not Effect.READ
            and plain
            and understood.certainty == "exact"
        ):
            # What is written down as it is has no right spelling, and the id of a change has no words.
            if {"note", "name", "description", "change_id", "plan_id"} & understood.arguments.keys():
                continue
            found.append({"text": row["text"], "now": now, "tool": understood.tool, "arguments": understood.arguments})
    return found


def variants(count: int, slips: int, seed: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield this many misspelt requests, each with the intended one."""
    dice = random.Random(seed)  # noqa: S311 - slips of the finger are no secret
    rows = orders()
    for number in range(count):
        row = rows[number % len(rows)]
        text = row["text"]
        for _ in range(slips):
            text = slip(text, dice)
        yield text, row


def outcome(text: str, row: dict[str, Any]) -> str:
    """Classify the reading of a misspelt request: right, asked, a wrong card, or a wrong write."""
    understood = read(text, row["now"], ZONE)
    if understood.tool is row["tool"] and understood.arguments == row["arguments"] and understood.complete:
        return "right"
    writes = understood.tool is not None and understood.tool.effect is not Effect.READ
    if not writes or not understood.complete:
        return "asked"
    return "wrong write" if understood.grade is Grade.RUN else "wrong card"


def main(count: int = FULL // 2) -> None:
    """Print the shares for one typo and for two."""
    for slips in (1, 2):
        counted: Counter[str] = Counter()
        for text, row in variants(count, slips, seed=slips):
            what = outcome(text, row)
            counted[what] += 1
            if what == "wrong write":
                print(f"wrong: {text!r} for {row['text']!r}", file=sys.stderr)
        shares = ", ".join(
            f"{name} {100 * counted[name] / count:.1f}%" for name in ("right", "asked", "wrong card", "wrong write")
        )
        print(f"misspelt orders, {slips} slip(s), {count} variants: {shares}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

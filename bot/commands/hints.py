"""Suggestions for unknown commands, and for commands that do not take what was named. Pure."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz import fuzz, process

from bot.commands import questions
from bot.commands.command import CommandTable
from bot.nlu.lexicon_data.command_words import NEAR
from bot.rendering.quotation import quoted
from tool_specs.declaration.localized import Localized, same_in_both
from tool_specs.declaration.text import fold

LIKE_ENOUGH: Final = 70
"""Percent of likeness from which an unknown command is taken for a misspelt one."""
AS_LIKE: Final = 5
"""How much less like the second suggestion may be."""

_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


def unknown(word: str, table: CommandTable) -> Localized:
    """Report an unknown command, and suggest similar ones."""
    command = quoted([f"/{word}"])
    nearest = NEAR.get(fold(word)) or _nearest(fold(word), table)
    if not nearest:
        return questions.UNKNOWN_COMMAND.format_map({"command": command})
    suggested = questions.listed([same_in_both(f"/{one}") for one in nearest], questions.OR)
    return questions.PERHAPS.format_map({"command": command, "nearest": suggested})


def _nearest(word: str, table: CommandTable) -> tuple[str, ...]:
    """Return the one or two words that are most like it, each of other commands."""
    near = process.extract(word, sorted(table.of_word), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=5)
    found: dict[tuple[str, ...], str] = {}
    for one, score, _ in near:
        if score >= near[0][1] - AS_LIKE:
            found.setdefault(table.of_word[one], one)
    return tuple(found.values())[:2]

"""Suggestions for unknown commands, and for commands that do not take what was named. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz, process

from bot.commands import questions
from bot.commands.arguments import fill_arguments
from bot.commands.command import CommandTable
from bot.commands.forms import TOOL_COMMANDS, CommandForm, effect_of, forms_of
from bot.commands.questions import Clarification
from bot.commands.slots import Slots
from bot.nlu.lexicon_data.command_words import NEAR
from bot.rendering.quotation import quoted
from tool_specs.declaration.localized import Localized, same_in_both
from tool_specs.declaration.method import Effect
from tool_specs.declaration.text import fold

LIKE_ENOUGH: Final = 70
"""Percent of likeness from which an unknown command is taken for a misspelt one."""
AS_LIKE: Final = 5
"""How much less like the second suggestion may be."""
LONGEST_HINT: Final = 200

_CYRILLIC: Final = re.compile("[\u0400-\u04ff]")


def unknown(word: str, table: CommandTable) -> Localized:
    """Say that there is no such command, and suggest similar ones."""
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


def fits(command: str, claims: Slots) -> bool:
    """Return whether a command takes the owners, CRM items and flags that were named."""
    forms = forms_of(command)
    named = {run.owner.name for run in claims.owners if run.owner}
    refs = [ref for run in claims.items for ref in run.samples]
    return (
        named <= {form.owner.name for form in forms if form.owner}
        and all(any(form.accepts(ref) for form in forms) for ref in refs)
        and _takes_flags(forms, claims)
    )


def _takes_flags(forms: Sequence[CommandForm], claims: Slots) -> bool:
    return (
        (not claims.all or any(form.takes_all for form in forms))
        and (not claims.replace or any(form.takes_replace for form in forms))
        and (not claims.clients or any(form.of_clients for form in forms))
    )


def right_command(command: str, claims: Slots) -> CommandForm | None:
    """Find the command of the same effect that takes what was named."""
    first = forms_of(command)[0]
    about_items = bool(claims.items or first.items)
    # Deleting is no other word for anything else, and a card alone does not tell what is to be done with it.
    sure = bool(first.items or (claims.owners if about_items else effect_of(command) is Effect.READ))
    for other in TOOL_COMMANDS if sure else ():
        forms = [form for form in forms_of(other) if not claims.owners or form.owner == claims.owners[0].owner]
        if effect_of(other) is not effect_of(command) or not fits(other, claims):
            continue
        if bool(forms[0].items) is about_items and not forms[0].moves and not forms[0].text:
            return forms[0]
    return None


def other_command(form: CommandForm, word: str, line: str, claims: Slots) -> Localized:
    """Name the right command, with what was typed after the wrong one.

    Args:
        form: the form of the right command.
        word: the wrong command's word, as it was typed.
        line: what was typed after it.
        claims: what the line names.
    """
    right = form.word("ru" if _CYRILLIC.search(word) else "en")
    said = questions.OTHER_COMMAND.format_map({"right": f"/{right}", "command": f"/{word}"})
    line = " ".join(line.split())
    first, _, others = line.partition(" ")
    hint = f"/{right} {others if form.noun and fold(first) == fold(right) else line}"
    if isinstance(fill_arguments(form.command, claims), Clarification) or len(hint) > LONGEST_HINT:
        return said
    return questions.AS_TYPED.format_map({"said": said, "hint": hint})


def not_taken(command: str, claims: Slots) -> list[str]:
    """Return the parts that a command does not take, as they were written."""
    first, *_ = here = forms_of(command)
    return [
        *(run.text for run in claims.owners if run.owner not in [form.owner for form in here]),
        *(run.text for run in claims.items if not all(map(first.accepts, run.samples))),
        *([claims.all] if claims.all and not first.takes_all else []),
        *([claims.replace] if claims.replace and not first.takes_replace else []),
        *([claims.clients] if claims.clients and not first.of_clients else []),
    ]

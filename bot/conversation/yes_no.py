"""Answers to a question that waits: yes, no, or neither. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.nlu.lexicon_data.command_words import NO, POLITE, YES
from bot.nlu.message_text import cleaned
from linkdesk.plans.model import StoredPlan
from tool_specs.declaration.localized import Localized, join_with_commas
from tool_specs.declaration.text import fold

MOST_ANSWER: Final = 40

WAITS: Final = Localized(
    en="A question is waiting ({about}): answer yes or no.",
    ru="Вопрос ждёт ответа ({about}): напишите «да» или «нет».",
)
DROPPED: Final = Localized(
    en="The earlier question about {about} was dropped.",
    ru="Прежний вопрос ({about}) снят.",
)


def yes_or_no(text: str) -> bool | None:
    """Read a yes or a no, followed only by more of the same or polite words; None for anything else."""
    if len(text) > MOST_ANSWER:
        return None
    line = re.sub(r"[,.!…;()]+", " ", fold(cleaned(text).removeprefix("/")).replace("’", "'"))
    words = tuple(line.split())
    if _is_made_of(words, YES):
        return True
    return False if _is_made_of(words, NO) else None


def _is_made_of(words: Sequence[str], answers: frozenset[tuple[str, ...]]) -> bool:
    """Return whether the words are one of the answers, alone or followed by more of them and by polite words."""
    left, known = tuple(words), answers
    while left:
        found = [phrase for phrase in known if left[: len(phrase)] == phrase]
        if not found:
            return False
        left, known = left[len(max(found, key=len)) :], answers | POLITE
    return bool(words)


def question_waits(card: StoredPlan) -> Localized:
    """Render the reminder that a question awaits an answer."""
    return WAITS.format_map({"about": _about(card)})


def question_dropped(card: StoredPlan) -> Localized:
    """Render the notice that a question was dropped."""
    return DROPPED.format_map({"about": _about(card)})


def _about(card: StoredPlan) -> Localized:
    return join_with_commas(list(dict.fromkeys(plan.target.said for plan in card.plans)))

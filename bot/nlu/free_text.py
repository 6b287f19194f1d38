"""What is written down as it is, without the marks that only say where it begins and ends."""

from __future__ import annotations

import re
from typing import Final

from bot.nlu.lexicon import meanings_of
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Kind, Sort

_MARKS: Final = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'", "`": "`"}
"""The marks that a quotation begins with, and those that end it."""
_AROUND: Final = " \"'«»“”„`"
_STOP: Final = re.compile(r"(?<=[^\W\d_]{4})\.$")
"""A full stop after a word that is too long to be cut short."""


def free_text(tail: str) -> str:
    """Give what is written down of the words that stand for it: `«Отпуск».` is Отпуск, and so is `"Отпуск", please`."""
    tail = tail.lstrip("-–— ").rstrip()
    closing = _MARKS.get(tail[:1], "")
    ends = [at for at in range(1, len(tail)) if tail[at] in closing and not tail[at + 1 : at + 2].isalnum()]
    for end in ends if closing != tail[:1] else ends[:1]:
        if _says_nothing(tail[end + 1 :]):
            return tail[1:end].strip()
    if closing and ends:
        # Two quotations, or one and more words: all of it was meant, marks and all.
        return tail
    return tail.strip(_AROUND)


def without_stop(name: str) -> str:
    """Give a name without the full stop of the sentence; that of "Ltd." stays."""
    return _STOP.sub("", name)


def _says_nothing(rest: str) -> bool:
    """Tell whether only marks and polite words follow."""
    silent = {Kind.COMMA, Kind.STOP, Kind.DASH}
    return all(
        unit.kind in silent or any(one.sort is Sort.POLITE for one in meanings_of(unit.word)) for unit in units_of(rest)
    )

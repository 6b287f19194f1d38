"""What is written down as it is: cut off the end of a request, without the marks around it."""

from __future__ import annotations

import re
from typing import Final

from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import listed
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.tagging import dangerous
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Kind, Mood, Sort
from bot.nlu.words import is_harmless, meanings_of
from tool_specs.declaration.text import fold

_MARKS: Final = {"«": "»", "“": "”", "„": "“”", '"': '"', "'": "'", "`": "`"}
"""The marks that a quotation begins with, and those that end it."""
_AROUND: Final = " \"'«»“”„`"
_STOP: Final = re.compile(r"(?<=[^\W\d_]{4})\.$")
"""A full stop after a word that is too long to be cut short."""
_TAIL: Final = re.compile(
    r"^(?P<head>.*?(?:note|comment|заметк\w*|примечани\w*|комментари\w*|ожидани\w*|wait\w*|queue|очеред\w*|description|описани\w*|titl\w*|названи\w*)"
    r"[^:]{0,40}?)(?::\s+|\s+[-–—]\s+)(?P<tail>\S.*)$"
    r"|^(?P<head2>.*?(?:note|comment|description|titl\w*|описани\w*|названи\w*|заметк\w*|примечани\w*|комментари\w*)\b[^:]*?\d+)\s+(?:to|на|read|reads|as|with)\s+(?P<tail2>\S.*)$"
    r"|^(?P<head3>.*?(?:rename|переимен\w*|назов\w*)\b[^:]*?\d+)\s+(?:(?:to|в|на|as|into)\s+)?(?P<tail3>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_REASON: Final = re.compile(
    r"(?:[,;.!]\s+|\s+[-–—]\s+)(?:(?:i|we|he|she|they|it|it['’]s|that['’]s|you|я|мы|он|она|они|это|вы)\s+\S|"
    r"(?:because|since|as|cos|так как|потому что|поскольку)\s)",
    re.IGNORECASE,
)
"""Where a clause begins that says why: no part of a name, though it may be one of a note."""
_COURTESIES: Final = frozenset(
    {"please", "pls", "plz", "thanks", "thx", "ta", "cheers", "пожалуйста", "пж", "плиз", "плз", "спасибо"}
)
_NOTE: Final = re.compile(
    r"note|comment|description|titl|rename|\bnew\b|\bнов(?:ая|ую|ое|ый)\b|заметк|примечани|комментари|описани|названи|переимен|назов",
    re.IGNORECASE,
)
_LAST_CLAUSE: Final = re.compile(r"(?:^|[,;.!?\n]|\s[-–—])\s*(?P<clause>[^,;.!?\n–—]+)[\s.!?]*$")
_TAKING_BACK: Final = frozenset(
    fold(phrase)
    for kind in (Danger.NEGATION, Danger.HOLD, Danger.IDIOM)
    for text in (WORDS[kind].en, WORDS[kind].ru)
    for phrase in listed(text)
)


def cut_tail(text: str) -> tuple[str, str] | None:
    """Cut a text that is to be written down off the end of a request; None where there is none.

    What takes the request back after it ("…, no, wait") is no part of it and stays in the head.
    """
    match = _TAIL.match(text)
    if match is None:
        return None
    head = match["head"] or match["head2"] or match["head3"]
    tail = (match["tail"] or match["tail2"] or match["tail3"]).lstrip("-–— ").rstrip()
    if _orders(tail) and not _orders(head) and not _NOTE.search(head):
        # "Waitlist 4: add contact 2" says what to do with the entry, and nothing to be written down.
        return None
    tail, rest = _quoted(tail) or _taken_back(tail)
    return (f"{head}, {rest}" if rest else head, tail) if tail else None


def _orders(text: str) -> bool:
    """Tell whether a word of a text orders something."""
    words = [unit.word for unit in units_of(text) if unit.kind is Kind.WORD]
    return any(one.mood is Mood.ORDER for word in words for one in meanings_of(word) if one.sort is Sort.VERB)


def _quoted(tail: str) -> tuple[str, str] | None:
    """Part one quotation from what follows it; None where the tail is no quotation, or several."""
    closing = _MARKS.get(tail[:1], "")
    ends = [at for at in range(1, len(tail)) if tail[at] in closing and not tail[at + 1 : at + 2].isalnum()]
    for end in ends if closing != tail[:1] else ends[:1]:
        rest = tail[end + 1 :].strip(" ,.;!-–—")
        words = [fold(unit.text).replace("’", "'") for unit in units_of(rest) if unit.kind is not Kind.COMMA]
        if all(word in dangerous() or is_harmless(word) for word in words):
            return tail[1:end].strip(), rest
    # Two quotations, or one and more words: all of it was meant, marks and all.
    return None


def _taken_back(tail: str) -> tuple[str, str]:
    """Part what takes it back from the end of a text: clauses of nothing but a no, a wait, and courtesies."""
    rest: list[str] = []
    kept = tail
    while (match := _LAST_CLAUSE.search(kept)) is not None and _takes_back(match["clause"], further=bool(rest)):
        rest.insert(0, match["clause"])
        kept = kept[: match.start()].rstrip()
    return _unmarked(kept), ", ".join(rest)


def _unmarked(text: str) -> str:
    """Take off the marks around a text, unless it has more of them inside: then all of it was meant."""
    inside = text[1:-1]
    return text.strip() if any(mark in inside for mark in _MARKS) else text.strip(_AROUND)


def _takes_back(clause: str, *, further: bool) -> bool:
    words = [fold(unit.text).replace("’", "'") for unit in units_of(clause)]
    plain = all(word in dangerous() or is_harmless(word) for word in words)
    return plain and (further or any(word in _TAKING_BACK for word in words))


def free_text(tail: str) -> str:
    """Return what is written down: `«Отпуск».` is Отпуск, and so is `"Отпуск", please`."""
    tail = tail.lstrip("-–— ").rstrip()
    quoted = _quoted(tail)
    if quoted is not None:
        text, rest = quoted
        return text if _says_nothing(rest) else tail
    return _unmarked(tail)


def is_quoted(text: str, message: str) -> bool:
    """Tell whether a text stands in quotation marks in a message."""
    places = [found.start() for found in re.finditer(re.escape(text), message)]
    return any(at and message[at - 1] in _MARKS and message[at + len(text) : at + len(text) + 1] for at in places)


def name_in(text: str) -> str:
    """Return the name in a text: without a courtesy, a reason and the full stop after it; that of "Ltd." stays."""
    text = _REASON.split(text, maxsplit=1)[0].rstrip(" ,;")
    words = text.split()
    while len(words) > 1 and fold(words[-1].strip(",.!")) in _COURTESIES:
        words.pop()
    return _STOP.sub("", text if len(words) == len(text.split()) else " ".join(words).rstrip(" ,;"))


def _says_nothing(rest: str) -> bool:
    """Tell whether only marks and polite words follow."""
    silent = {Kind.COMMA, Kind.STOP, Kind.DASH}
    words = [fold(unit.text) for unit in units_of(rest) if unit.kind not in silent]
    return all(is_harmless(word) for word in words)

"""Self-corrections: "14, no, 15", "не 14, а 15", "to 5pm no wait 6pm"; and orders that are taken back at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from bot.nlu.chunks import (
    WAYS,
    Chunk,
    Literal,
    bare_literal,
    chunk_at,
    chunks_of,
    is_name,
    led_chunk,
    noun_alone,
)
from bot.nlu.danger import find_dangers
from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import acts_of, listed
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.revision import Change, Edit
from bot.nlu.tagged_text import tagged, verb_of
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.text import fold

MOST: Final = 4
"""Corrections in one message."""
OWNERS: Final = frozenset({"booking", "waitlist", "activity"})
TAKING_BACK: Final = frozenset({Danger.NEGATION, Danger.HOLD, Danger.IDIOM})
_STRONG: Final = (
    r"no+|nope|nah|sorry|oops+|who+ps|wait|actually|rather|correction|scratch that|strike that|i meant?"
    r"|make (?:that|it)|my (?:bad|mistake)|hang on|hold on|apologies|pardon|нет|ой+|ошибся|ошиблась|ошибочка|ошибка"
    r"|опечатка|точнее|вернее|простите|прости|извини|извините|извиняюсь|сорри|пардон|стоп|стой|стойте|погоди|погодите"
    r"|подожди|подождите|тьфу|упс|поправка|то есть|в смысле|хотя|имел в виду|имела в виду|хотел сказать|хотела сказать"
    r"|перепутала?|оговорил(?:ся|ась)"
)
_WEAK: Final = (
    r"or|well|oh|er+m?|u[hm]+|a|the|it'?s|that'?s|is|should be|please|а|я|это|же|вот|блин|да|ну|эм|э+|там|тот|ту"
)
_MARK: Final = re.compile(
    rf"(?:[\s,;:.!…—–(-]*(?<!\w)(?:{_WEAK})(?!\w))*[\s,;:.!…—–(-]*(?<!\w)(?P<word>{_STRONG})(?!\w)"
    rf"(?:[\s,;:.!…—–-]*(?<!\w)(?:{_STRONG}|{_WEAK})(?!\w))*[\s,;:.!…—–-]*",
    re.IGNORECASE,
)
_MARK_BEFORE: Final = re.compile(
    rf"(?:[\s,;:.!…—–-]*(?<!\w)(?:{_STRONG}|{_WEAK})(?!\w))*[\s,;:.!…—–-]*$", re.IGNORECASE
)
_TRIGGER: Final = re.compile(
    rf"(?<!\w)(?:{_STRONG}|not|не|don'?t|never ?mind|forget it|отбой|отставить|передумала?|забудь)(?!\w)", re.IGNORECASE
)
_BUT: Final = re.compile(r"[\s,;—–-]*(?<!\w)(?:а|но|but)(?!\w)\s*|\s*[,;—–-]\s*", re.IGNORECASE)
_BUT_NOT: Final = re.compile(r"[\s,;—–-]*(?<!\w)(?:а не|но не|and not|but not|not|не)\s+$", re.IGNORECASE)
_HOURS: Final = re.compile(r"\d{1,2}(?P<rest>:\d\d|\s?[ap]\.?m\.?)", re.IGNORECASE)
_ANEW: Final = re.compile(
    r"(?<!\w)(?:no+|nope|wait|rather|(?:scratch|strike) that|нет|стоп|стой|погоди|подожди|точнее|вернее|хотя)(?!\w)",
    re.IGNORECASE,
)
"""Marks after which another order takes the place of the first."""
_LOOSE: Final = re.compile(
    r"(?<!\w)(?:no,?\s+(?:wait|stop|don'?t|sorry)|wait,?\s+(?:no|don'?t|stop)|never\s?mind|forget (?:it|that)"
    r"|нет,?\s+(?:стой|стоп|не надо|погоди|подожди)|(?:стой|стоп|погоди|подожди),?\s+(?:нет|не надо|не нужно)"
    r"|(?:ой,?\s+)?не (?:надо|нужно)|отбой|отставить|передумала?)[\s.!…]*$",
    re.IGNORECASE,
)
EDGES: Final = frozenset({Kind.COMMA, Kind.STOP, Kind.DASH, Kind.QUOTE})
_LOOSE_END: Final = " ,;—–-"
_SMALL: Final = frozenset(
    {"it", "that", "this", "do", "please", "sorry", "all", "so", "actually", "just", "now", "i", "we", "let's"}
    | {"надо", "нужно", "пока", "это", "эту", "этого", "все", "лучше", "стоит", "ладно", "я", "мы", "тогда", "еще"}
)
"""Words that may stand beside a no that takes everything back."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text without what its writer took back."""

    text: str
    edits: tuple[Edit, ...] = ()
    cancelled: bool = False
    """Whether the whole order was taken back."""


def correct(text: str) -> Corrected:
    """Carry out the corrections that a text itself makes; unchanged where there are none."""
    if not _TRIGGER.search(text):
        return Corrected(text)
    if (kept := _taken_back(text)) is not None:
        edit = Edit(len(kept), len(text), text[len(kept) :], "", Change.CORRECTION)
        return Corrected(kept, (edit,), cancelled=True)
    edits: list[Edit] = []
    for _ in range(MOST):
        found = _not_but(text) or _marked(text)
        if found is None:
            break
        edits += [Edit(start, end, text[start:end], after, Change.CORRECTION) for start, end, after in found]
        for start, end, after in sorted(found, reverse=True):
            text = text[:start] + after + text[end:]
    return Corrected(text.strip(), tuple(edits))


_Edits = list[tuple[int, int, str]]


def _marked(text: str) -> _Edits | None:
    """Find "A, no, B": what the nearest thing before the mark of the same kind is replaced by."""
    for mark in _MARK.finditer(text):
        before, after = _around(text, mark)
        if not before or not after or _is_number_sign(mark, before[-1]):
            continue
        replacing = chunk_at(after, 0)
        if replacing is None:
            continue
        # By itself "link" is the verb; after another order it is a noun.
        if replacing.literal is Literal.VERB or acts_of(tagged(text[mark.end() :])[0], Mood.ORDER):
            return _other_order(text, before, after, mark)
        if (replaced := _match(before, replacing)) is not None:
            return _replaced(text, mark, replaced, replacing)
    return None


def _around(text: str, mark: re.Match[str]) -> tuple[list[Unit], list[Unit]]:
    """Return the units before and after a mark; none where it is none: "wait" in "wait list", or in a quotation."""
    units, at = tagged(text), mark.start("word")
    if any(unit.start <= at < unit.end for unit in units if unit.kind is Kind.QUOTE or unit.has(Sort.NOUN)):
        return [], []
    return [one for one in units if one.end <= mark.start()], [one for one in units if one.start >= mark.end()]


def _replaced(text: str, mark: re.Match[str], replaced: Chunk, replacing: Chunk) -> _Edits:
    """Put one piece in the place of another, and take it and the mark out from behind."""
    end = replacing.end + ("(" in mark[0] and text[replacing.end :][:1] == ")")
    gap = " " if text[end : end + 1].isalnum() else ""
    return [_replacement(text, replaced, replacing), (mark.start(), end, gap)]


def _is_number_sign(mark: re.Match[str], before: Unit) -> bool:
    """Tell "deal no. 5" from "14, no, 15"."""
    return fold(mark["word"]) == "no" and before.has(Sort.NOUN) and not re.search(r"[,;!—–-]", mark[0])


def _replacement(text: str, replaced: Chunk, replacing: Chunk) -> tuple[int, int, str]:
    """Put one piece in the place of another: with its preposition where both have one, else without."""
    whole = bool(replaced.preposition and replacing.preposition)
    start = replaced.start if whole else replaced.inner
    after = text[replacing.start if whole else replacing.inner : replacing.end]
    if replacing.literal is Literal.NUMBER and (hours := _HOURS.fullmatch(text[replaced.inner : replaced.end])):
        # "5pm, no, 6"
        after += hours["rest"]
    if replacing.literal is Literal.NUMBER and whole and replaced.literal is not Literal.NUMBER:
        start, after = replaced.inner, text[replacing.inner : replacing.end]
    return start, replaced.end, after


def _match(before: Sequence[Unit], replacing: Chunk) -> Chunk | None:
    """Find the nearest piece that another one can be put in the place of."""
    return _MATCHING[replacing.literal](before, replacing)


def _last(chunks: Sequence[Chunk], fits: Callable[[Chunk], bool]) -> Chunk | None:
    return next((one for one in reversed(chunks) if fits(one)), None)


def _like_number(before: Sequence[Unit], replacing: Chunk) -> Chunk | None:
    del replacing
    return _last(chunks_of(before, bare_literal), lambda _: True)


def _like_record(before: Sequence[Unit], replacing: Chunk) -> Chunk | None:
    """Find a record of the same noun, else one on the same side."""
    chunks = [one for one in chunks_of(before, led_chunk) if one.noun]
    same = _last(chunks, lambda one: one.noun == replacing.noun)
    return same or _last(chunks, lambda one: (one.noun in OWNERS) is (replacing.noun in OWNERS))


def _like_noun(before: Sequence[Unit], replacing: Chunk) -> Chunk | None:
    owner = replacing.noun in OWNERS
    return _last(chunks_of(before, noun_alone), lambda one: (one.noun in OWNERS) is owner)


def _like_time(before: Sequence[Unit], replacing: Chunk) -> Chunk | None:
    """Find a time; "at 5, no, 6pm" has a number alone in its place."""
    del replacing
    last = bare_literal(before, len(before) - 1)
    counted = len(before) > 1 and before[-2].has(Sort.NOUN, Sort.NUMBER_SIGN)
    if last is not None and last.literal is Literal.NUMBER and not counted:
        return last
    return _last(chunks_of(before, led_chunk), lambda one: one.literal is Literal.TIME)


def _like_name(before: Sequence[Unit], replacing: Chunk) -> Chunk | None:
    """Find a name, from its first word on."""
    starts = [at for at in range(len(before)) if not at or not is_name(before[at - 1])]
    chunks = [one for at in starts if (one := led_chunk(before, at)) is not None]
    return _last(chunks, lambda one: one.literal is replacing.literal)


_MATCHING: Final[Mapping[Literal, Callable[[Sequence[Unit], Chunk], Chunk | None]]] = {
    Literal.NUMBER: _like_number,
    Literal.RECORD: _like_record,
    Literal.NOUN: _like_noun,
    Literal.TIME: _like_time,
    Literal.NAME: _like_name,
    Literal.VERB: _like_name,
}


def _other_order(text: str, before: Sequence[Unit], after: Sequence[Unit], mark: re.Match[str]) -> _Edits | None:
    """Begin anew with the order after the mark; where it names no record, it is about the one before."""
    ordered = verb_of(before)
    # "Sorry, cancel booking 15" may be one more order.
    if ordered is None or (_ANEW.search(mark[0]) is None and len(after) > 1):
        return None
    anew = (ordered.start, mark.end(), "")
    records = [one for one in chunks_of(before, led_chunk) if one.literal is Literal.RECORD]
    if not records or _names_record(after):
        return [anew]
    if len(after) == 1:
        return [(ordered.start, ordered.end, after[0].text), (mark.start(), after[0].end, "")]
    main = next((one for one in records if one.noun in OWNERS), records[0])
    said = text[main.inner : main.end]
    pointed = next((unit for unit in after[1:3] if unit.has(Sort.POINTING)), None)
    if pointed is not None:
        return [anew, (pointed.start, pointed.end, said)]
    return [anew, (after[0].end, after[0].end, f" {said}")]


def _names_record(units: Sequence[Unit]) -> bool:
    numbers = (at for at, unit in enumerate(units) if unit.kind in {Kind.NUMBER, Kind.CARD})
    return any(not _is_time(units, at) for at in numbers)


def _is_time(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a number is an hour: after "at" or before a word of times."""
    led = bool(at) and units[at - 1].has(*WAYS)
    return led or (at + 1 < len(units) and units[at + 1].has(Sort.SIGN))


def _not_but(text: str) -> _Edits | None:
    """Find "не A, а B", "not A but B", and "B, not A"."""
    units = tagged(text)
    for at, unit in enumerate(units[:-1]):
        if unit.word not in {"не", "not"} or unit.kind is not Kind.WORD:
            continue
        denied = chunk_at(units, at + 1)
        if denied is None or denied.literal is Literal.VERB:
            continue
        if (meant := _meant_instead(text, units, denied)) is not None:
            return _instead(text, units, at, denied, meant)
        lead = _BUT_NOT.search(text[: units[at + 1].start])
        if lead is not None and _before([one for one in units[:at] if not _joins(one)], denied) is not None:
            return [(lead.start(), denied.end, "")]
    return None


def _meant_instead(text: str, units: Sequence[Unit], denied: Chunk) -> Chunk | None:
    """Read what follows "not A", after a comma or "but", where it is of the same kind."""
    joint = _BUT.match(text, denied.end)
    after = [one for one in units if joint is not None and one.start >= joint.end()]
    meant = chunk_at(after, 0) if after else None
    return meant if meant is not None and _comparable(denied, meant) else None


def _joins(unit: Unit) -> bool:
    return unit.kind in {Kind.COMMA, Kind.DASH} or unit.has(Sort.AND) or unit.word in {"а", "но", "but", "and"}


def _comparable(one: Chunk, other: Chunk) -> bool:
    numbers = {Literal.NUMBER, Literal.RECORD, Literal.TIME}
    return one.literal is other.literal or (one.literal in numbers and other.literal is Literal.NUMBER)


def _before(before: Sequence[Unit], denied: Chunk) -> Chunk | None:
    """Return the piece right before "not A", where it is of the same kind."""
    if not before:
        return None
    for size in (1, 2, 3):
        if size <= len(before):
            found = led_chunk(before, len(before) - size) or bare_literal(before, len(before) - 1)
            if found is not None and found.end == before[-1].end and _comparable(found, denied):
                return found
    return None


def _instead(text: str, units: Sequence[Unit], at: int, denied: Chunk, meant: Chunk) -> _Edits:
    """Put what is meant in the place of what is denied, there or where it was said before."""
    said = _said_before([unit for unit in units[:at] if not _in_mark(text, unit)], text, denied)
    mark = _MARK_BEFORE.search(text[: units[at].start])
    if said is not None:
        start = mark.start() if mark else units[at].start
        return [_replacement(text, said, meant), (start, meant.end, "")]
    after = text[meant.inner : meant.end]
    if denied.literal is Literal.RECORD and meant.literal is Literal.NUMBER:
        # "not deal 5 but 6"
        number = re.search(r"\d+\W*$", text[denied.inner : denied.end])
        after = f"{text[denied.inner : denied.end][: number.start()] if number else ''}{after}"
    preposition = text[meant.start : meant.inner] or text[denied.start : denied.inner]
    return [(units[at].start, meant.end, f"{preposition}{after}")]


def _in_mark(text: str, unit: Unit) -> bool:
    return re.fullmatch(_STRONG, text[unit.start : unit.end], re.IGNORECASE) is not None


def _said_before(before: Sequence[Unit], text: str, denied: Chunk) -> Chunk | None:
    """Find the same piece where it was said first: "14 ... не 14, а 15"."""
    reads = {Literal.NUMBER: bare_literal, Literal.NOUN: noun_alone}
    said = fold(text[denied.inner : denied.end])
    return _last(
        chunks_of(before, reads.get(denied.literal, led_chunk)),
        lambda one: (
            (denied.literal is Literal.NOUN and one.noun == denied.noun) or fold(text[one.inner : one.end]) == said
        ),
    )


def _taken_back(text: str) -> str | None:
    """Return what stands before words that take the whole order back; None where nothing does."""
    units = tagged(text)
    first = verb_of(units)
    if first is None:
        return None
    # After a colon everything is to be written down.
    written = next((unit.start for unit in units if unit.kind is Kind.COLON), len(text))
    for edge, rest in pairwise(units):
        if edge.kind in EDGES and first.end <= edge.end and rest.start <= written and _takes_back(units, rest.start):
            return text[: edge.end if edge.kind is Kind.QUOTE else edge.start].rstrip(_LOOSE_END)
    loose = _LOOSE.search(text)
    return text[: loose.start()].rstrip(_LOOSE_END) if loose is not None and loose.start() < written else None


def _takes_back(units: Sequence[Unit], start: int) -> bool:
    """Tell whether all that follows is a no, a wait and the like."""
    units = [unit for unit in units if unit.start >= start]
    words = [unit for unit in units if unit.kind is Kind.WORD]
    if not words or any(unit.kind not in {Kind.WORD, Kind.COMMA, Kind.STOP, Kind.DASH} for unit in units):
        return False
    if any(fold(unit.text) not in _closed() and not unit.has(Sort.POLITE) for unit in words):
        return False
    dangers, _ = find_dangers(" ".join(unit.text for unit in words), units)
    return any(one & TAKING_BACK for one in dangers)


@cache
def _closed() -> frozenset[str]:
    """Return the words that a clause which takes an order back is made of."""
    said = [text for kind in TAKING_BACK for text in (WORDS[kind].en, WORDS[kind].ru)]
    return _SMALL | {fold(word) for text in said for phrase in listed(text) for word in phrase.split()}

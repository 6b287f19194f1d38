"""Self-corrections: "14, no, 15", "не 14, а 15", "to 5pm no wait 6pm"; and orders that are taken back at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Final

from bot.nlu.danger import find_dangers
from bot.nlu.danger_kinds import Danger
from bot.nlu.lexicon import acts_of, listed
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.revision import Change, Edit
from bot.nlu.tagged_text import tagged
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.text import fold

MOST: Final = 4
"""Corrections in one message."""
OWNERS: Final = frozenset({"booking", "waitlist", "activity"})
WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
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
_SMALL: Final = frozenset(
    {"it", "that", "this", "do", "please", "sorry", "all", "so", "actually", "just", "now", "i", "we", "let's"}
    | {"надо", "нужно", "пока", "это", "эту", "этого", "все", "лучше", "стоит", "ладно", "я", "мы", "тогда", "еще"}
)
"""Words that may stand beside a no that takes everything back."""


class Literal(Enum):
    """What a correction may replace."""

    NUMBER = auto()
    RECORD = auto()
    """A noun with its number."""
    NOUN = auto()
    TIME = auto()
    VERB = auto()
    NAME = auto()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the text that a correction replaces, or puts there."""

    literal: Literal
    start: int
    end: int
    inner: int
    """Where it begins without its preposition."""
    noun: str = ""
    preposition: str = ""


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
    # "Wait" in "wait list" takes nothing back, nor does anything inside a quotation.
    quotes = [(unit.start, unit.end) for unit in tagged(text) if unit.kind is Kind.QUOTE or unit.has(Sort.NOUN)]
    for mark in _MARK.finditer(text):
        if mark.start() == 0 or any(start <= mark.start("word") < end for start, end in quotes):
            continue
        before = [unit for unit in tagged(text) if unit.end <= mark.start()]
        after = [unit for unit in tagged(text) if unit.start >= mark.end()]
        if not before or not after or _is_number_sign(mark, before[-1]):
            continue
        replacing = _chunk(after, 0)
        if replacing is None:
            continue
        # By itself "link" is the verb; after another order it is a noun.
        first = tagged(text[mark.end() :])[0]
        if replacing.literal is Literal.VERB or acts_of(first, Mood.ORDER):
            return _other_order(text, before, after, mark)
        replaced = _match(before, replacing)
        if replaced is not None:
            end = replacing.end + ("(" in mark[0] and text[replacing.end :][:1] == ")")
            return [_replacement(text, replaced, replacing), (mark.start(), end, _gap(text, end))]
    return None


def _gap(text: str, end: int) -> str:
    """Return the space that is left where something is taken out before a word."""
    return " " if text[end : end + 1].isalnum() else ""


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
    chunks = [one for at in range(len(before)) if (one := _chunk(before, at, led=True)) is not None]
    fits: Callable[[Chunk], bool]
    match replacing.literal:
        case Literal.NUMBER:
            chunks = [one for at in range(len(before)) if (one := _bare(before, at)) is not None]
            fits = lambda one: one.literal in {Literal.NUMBER, Literal.TIME}  # noqa: E731
        case Literal.RECORD | Literal.NOUN:
            same = [one for one in chunks if one.noun and one.noun == replacing.noun]
            if same and replacing.literal is Literal.RECORD:
                return same[-1]
            if replacing.literal is Literal.NOUN:
                chunks = [one for at in range(len(before)) if (one := _noun_alone(before, at)) is not None]
            owner = replacing.noun in OWNERS
            fits = lambda one: bool(one.noun) and (one.noun in OWNERS) is owner  # noqa: E731
        case Literal.TIME:
            last = _bare(before, len(before) - 1)
            counted = len(before) > 1 and before[-2].has(Sort.NOUN, Sort.NUMBER_SIGN)
            if last is not None and last.literal is Literal.NUMBER and not counted:
                return last
            fits = lambda one: one.literal is Literal.TIME  # noqa: E731
        case literal:
            starts = [at for at in range(len(before)) if not at or not _names(before[at - 1])]
            chunks = [one for at in starts if (one := _chunk(before, at, led=True)) is not None]
            fits = lambda one: one.literal is literal  # noqa: E731
    return next((one for one in reversed(chunks) if fits(one)), None)


def _chunk(units: Sequence[Unit], at: int, *, led: bool = False) -> Chunk | None:
    """Read the piece that begins there: a preposition perhaps, then a noun, a number, a time, a verb or a name.

    Args:
        units: the units on one side of a correction.
        at: where it begins.
        led: whether a preposition before it is looked for, and none at its beginning is skipped.
    """
    lead = units[at]
    inner, preposition = at, ""
    if lead.has(*WAYS) and not lead.has(Sort.NOUN, Sort.VERB) and at + 1 < len(units):
        if led:
            return None
        inner, preposition = at + 1, lead.word
    elif led:
        back = at - 1
        while back >= 0 and units[back].has(Sort.SILENT, Sort.NUMBER_SIGN):
            back -= 1
        if back >= 0 and units[back].has(*WAYS):
            lead, preposition = units[back], units[back].word
    while inner + 1 < len(units) and units[inner].has(Sort.SILENT, Sort.ALL) and not units[inner].has(Sort.NOUN):
        inner += 1
    found = _at(units, inner)
    if found is None:
        return None
    literal, end, noun = found
    return Chunk(literal, lead.start, units[end].end, units[inner].start, noun, preposition)


def _led(units: Sequence[Unit], at: int) -> Chunk | None:
    """Read a piece with the preposition before it."""
    return _chunk(units, at, led=True)


def _at(units: Sequence[Unit], at: int) -> tuple[Literal, int, str] | None:
    """Tell what is there: its kind, its last unit, and its noun."""
    unit = units[at]
    if unit.has(Sort.NOUN):
        number = at + 1
        while number < len(units) and units[number].has(Sort.NUMBER_SIGN):
            number += 1
        numbered = number < len(units) and units[number].kind is Kind.NUMBER
        return (Literal.RECORD if numbered else Literal.NOUN), number if numbered else at, unit.nouns[0]
    if unit.kind is Kind.NUMBER:
        timed = at + 1 < len(units) and units[at + 1].has(Sort.SIGN)
        return (Literal.TIME if timed else Literal.NUMBER), at + timed, ""
    if _names(unit):
        last = at
        while last + 1 < len(units) and _names(units[last + 1]):
            last += 1
        return Literal.NAME, last, ""
    kinds = {
        Literal.RECORD: unit.kind is Kind.CARD and unit.ref is not None,
        Literal.TIME: unit.kind in {Kind.CLOCK, Kind.DAY} or unit.has(Sort.SIGN),
        Literal.VERB: bool(acts_of(unit, Mood.ORDER)),
    }
    literal = next((one for one, is_one in kinds.items() if is_one), None)
    return (literal, at, unit.ref.type if unit.ref is not None else "") if literal else None


def _names(unit: Unit) -> bool:
    """Tell whether a unit is a word of somebody's name, or stands for somebody."""
    return (
        unit.person
        or unit.kind in {Kind.PHONE, Kind.EMAIL}
        or (unit.kind is Kind.WORD and not unit.meanings and unit.text[:1].isupper() and not unit.initial)
    )


def _bare(units: Sequence[Unit], at: int) -> Chunk | None:
    """Read a number or a time by itself, whatever noun stands before it."""
    unit = units[at]
    if unit.kind is Kind.NUMBER:
        return Chunk(Literal.NUMBER, unit.start, unit.end, unit.start)
    return Chunk(Literal.TIME, unit.start, unit.end, unit.start) if unit.kind is Kind.CLOCK else None


def _noun_alone(units: Sequence[Unit], at: int) -> Chunk | None:
    unit = units[at]
    return Chunk(Literal.NOUN, unit.start, unit.end, unit.start, unit.nouns[0]) if unit.has(Sort.NOUN) else None


def _other_order(text: str, before: Sequence[Unit], after: Sequence[Unit], mark: re.Match[str]) -> _Edits | None:
    """Begin anew with the order after the mark; where it names no record, it is about the one before."""
    ordered = next((unit for unit in before if acts_of(unit, Mood.ORDER)), None)
    # "Sorry, cancel booking 15" may be one more order.
    if ordered is None or (_ANEW.search(mark[0]) is None and len(after) > 1):
        return None
    chunks = [one for at in range(len(before)) if (one := _chunk(before, at, led=True)) is not None]
    records = [one for one in chunks if one.literal is Literal.RECORD]
    if any(unit.kind in {Kind.NUMBER, Kind.CARD} and not _is_time(after, at) for at, unit in enumerate(after)):
        return [(ordered.start, mark.end(), "")]
    if not records:
        return [(ordered.start, mark.end(), "")]
    if len(after) == 1:
        return [(ordered.start, ordered.end, after[0].text), (mark.start(), after[0].end, "")]
    main = next((one for one in records if one.noun in OWNERS), records[0])
    said = text[main.inner : main.end]
    pointed = next((unit for unit in after[1:3] if unit.has(Sort.POINTING)), None)
    if pointed is not None:
        return [(ordered.start, mark.end(), ""), (pointed.start, pointed.end, said)]
    return [(ordered.start, mark.end(), ""), (after[0].end, after[0].end, f" {said}")]


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
        denied = _chunk(units, at + 1)
        if denied is None or denied.literal is Literal.VERB:
            continue
        joint = _BUT.match(text, denied.end)
        after = [one for one in units if joint is not None and one.start >= joint.end()]
        meant = _chunk(after, 0) if joint and after else None
        if joint is not None and meant is not None and _comparable(denied, meant):
            return _instead(text, units, at, denied, meant)
        before = [one for one in units if one.end <= unit.start and not _joins(one)]
        kept = _before(before, denied)
        lead = _BUT_NOT.search(text[: units[at + 1].start])
        if kept is not None and lead is not None:
            return [(lead.start(), denied.end, "")]
    return None


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
            found = _chunk(before, len(before) - size, led=True) or _bare(before, len(before) - 1)
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
    read = _bare if denied.literal is Literal.NUMBER else _noun_alone if denied.literal is Literal.NOUN else _led
    for at in reversed(range(len(before))):
        found = read(before, at)
        if found is None:
            continue
        same = fold(text[found.inner : found.end]) == fold(text[denied.inner : denied.end])
        if same or (denied.literal is Literal.NOUN and found.noun == denied.noun):
            return found
    return None


def _taken_back(text: str) -> str | None:
    """Return what stands before words that take the whole order back; None where nothing does."""
    units = tagged(text)
    edges = [at for at, unit in enumerate(units) if unit.kind in {Kind.COMMA, Kind.STOP, Kind.DASH, Kind.QUOTE}]
    starts = sorted({at + 1 for at in edges if at + 1 < len(units)})
    written = next((unit.start for unit in units if unit.kind is Kind.COLON), len(text))
    for start in starts:
        rest = units[start:]
        if rest[0].start > written or not any(acts_of(unit, Mood.ORDER) for unit in units[:start]):
            continue
        if _takes_back(rest):
            end = units[start - 1].end if units[start - 1].kind is Kind.QUOTE else units[start - 1].start
            return text[:end].rstrip(" ,;—–-")
    loose = _LOOSE.search(text)
    if loose is not None and loose.start() < written and any(acts_of(unit, Mood.ORDER) for unit in units):
        return text[: loose.start()].rstrip(" ,;—–-")
    return None


def _takes_back(units: Sequence[Unit]) -> bool:
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

"""Phone numbers in the spellings people use. Each is one literal, found before any number is read as an id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.nlu.tokens import Sort
from bot.nlu.words import meanings_of
from tool_specs.declaration.crm_ref import MAX_ID
from tool_specs.declaration.text import fold

NATIONAL: Final = 10
"""Digits of a Russian or North American number without its country."""
SHORTEST: Final = 8
LONGEST: Final = 15
"""Digits of an international number."""
MOST_GROUPS: Final = 8
"""Groups of digits that a number is written in."""
BEFORE: Final = 30
"""Letters before a number in which its noun is looked for."""
FIXED: Final = {"7": 11, "1": 11}
"""Countries whose numbers have one length."""
RECORDS: Final = frozenset(
    {"deal", "booking", "waitlist", "resource", "activity", "lead", "quote", "invoice", "company"}
)
"""Nouns before which plain numbers with spaces are ids."""

_RUN: Final = re.compile(r"(?<![\w#№/.:=@-])(?P<plus>\+\s?)?\(?\d(?:[\d()\s.–—-]*\d)?")
_GROUP: Final = re.compile(r"\d+")
_EXTENSION: Final = re.compile(
    r"\s*[,;]?\s*\(?(?:доб(?:авочн\w*)?|внутр?(?:енн\w*)?|ext(?:ension|n)?|x)\.?\s*:?\s*(?P<digits>\d{1,6})\)?(?!\w)",
    re.IGNORECASE,
)
_SHAPES: Final = {(3, 3, 2, 2), (3, 3, 4), (3, 7), (3, 3, 3, 1), (3, 4, 3)}


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number and its place in the text."""

    start: int
    end: int
    text: str
    value: str
    """With a plus and the country's code where that is known."""
    extension: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    groups: tuple[str, ...]
    separators: str
    """Everything between the groups."""
    plus: bool
    after_record: bool
    """Whether a noun of records stands right before."""

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(len(group) for group in self.groups)


def phones_of(text: str) -> tuple[Phone, ...]:
    """Find every phone number, in order; the same digits are never read as ids afterwards."""
    found: list[Phone] = []
    for run in _RUN.finditer(text):
        found += _in_run(text, run)
    return tuple(found)


def _in_run(text: str, run: re.Match[str]) -> Iterator[Phone]:
    groups = list(_GROUP.finditer(text, run.start(), run.end()))
    plus, at = bool(run["plus"]), 0
    while at < len(groups):
        size, value = _longest(text, groups[at:], plus=plus and at == 0)
        if not size:
            at += 1
            continue
        start = run.start() if at == 0 else groups[at].start() - (text[groups[at].start() - 1] == "(")
        end = groups[at + size - 1].end()
        extension = _EXTENSION.match(text, end)
        if extension:
            end = extension.end()
        yield Phone(start, end, text[start:end], value, extension["digits"] if extension else "")
        at += size


def _longest(text: str, groups: Sequence[re.Match[str]], *, plus: bool) -> tuple[int, str]:
    """Return how many groups the phone that begins there takes, and its value; nothing where there is none."""
    word = re.search(r"([^\W\d_]+)\W*$", text[max(0, groups[0].start() - BEFORE) : groups[0].start()])
    nouns = {one.value for one in meanings_of(fold(word[1])) if one.sort is Sort.NOUN} if word else set[str]()
    if text[groups[-1].end() : groups[-1].end() + 1].isalpha() or text[groups[-1].end() :][:1] == "_":
        groups = groups[:-1]
    for size in range(min(len(groups), MOST_GROUPS), 0, -1):
        taken = groups[:size]
        between = text[taken[0].start() : taken[-1].end()]
        if re.search(r"\s{3}|\n|[.–—-]{2}", between):
            continue
        candidate = _Candidate(
            tuple(group[0] for group in taken), re.sub(r"\d", "", between), plus, bool(nouns & RECORDS)
        )
        value = _value(candidate)
        if value:
            return size, value
    return 0, ""


def _value(one: _Candidate) -> str:
    """Return the number in one spelling; nothing where the digits are no phone."""
    digits = one.digits
    if one.plus or digits.startswith("00"):
        return _international(one)
    if _is_russian(one):
        return f"+7{digits[1:]}"
    if _is_national(one):
        return f"+7{digits}"
    if _has_country(one):
        return digits if digits.startswith("0") else f"+{digits}"
    short = one.shape == (3, 2, 2) and set(one.separators) == {"-"}
    return digits if short or _has_trunk_zero(one) else ""


def _international(one: _Candidate) -> str:
    """Read what begins with a plus or with 00; what is glued after a plus is complete: "+353861112034 14"."""
    digits = one.digits if one.plus else one.digits[2:]
    glued = one.plus and len(one.groups[0]) >= NATIONAL and len(one.groups) > 1
    begins = one.plus or (digits[:1] not in {"", "0"} and len(digits) >= NATIONAL)
    return f"+{digits}" if begins and not glued and _is_international(digits) else ""


def _is_international(digits: str) -> bool:
    wanted = FIXED.get(digits[0])
    return len(digits) == wanted if wanted else SHORTEST <= len(digits) <= LONGEST


def _is_russian(one: _Candidate) -> bool:
    """Tell "8 916 123 45 04", "8-800-2000-200", "89161234504": a 7 or an 8, then ten digits."""
    first, *others = one.shape
    if len(one.digits) != NATIONAL + 1 or one.digits[0] not in "78" or one.digits[1] not in "3456789":
        return False
    led = first > 3 if first > 1 else bool(others) and others[0] >= 3  # noqa: PLR2004 - an area's code has three digits
    return not others or (led and all(size > 1 for size in others))


def _has_country(one: _Candidate) -> bool:
    """Tell "380 67 123 45 67", "1 212 555 0134" and what is glued and too long for an id."""
    shape, size = one.shape, len(one.digits)
    if len(shape) == 1:
        return NATIONAL + 1 <= size <= NATIONAL + 3 and not one.digits.startswith("0")
    tail = shape[-3:] == (3, 2, 2) or (shape[0] == 1 and shape[-2:] == (3, 4))
    return NATIONAL + 1 <= size <= NATIONAL + 3 and shape[0] <= 3 and len(shape) > 3 and tail  # noqa: PLR2004 - country, area, two or three parts


def _is_national(one: _Candidate) -> bool:
    """Tell "(916) 123-45-04", "916-123-45-04" and ten glued digits that are too large for an id."""
    if len(one.digits) != NATIONAL or one.digits[0] in "01":
        return False
    if len(one.shape) == 1:
        return int(one.digits) > MAX_ID
    plain = not one.separators.strip() and not any(group.startswith("0") for group in one.groups)
    return one.shape in _SHAPES and not (plain and one.after_record)


def _has_trunk_zero(one: _Candidate) -> bool:
    """Tell "0161 496 0123", "07700 900123": no id and no time begins so."""
    first = one.groups[0]
    long = NATIONAL - 1 <= len(one.digits) <= NATIONAL + 1
    return long and len(first) > 2 and first[0] == "0" and first[1] != "0" and "." not in one.separators  # noqa: PLR2004 - "09" is a time

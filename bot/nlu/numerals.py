"""Numbers in words, of both languages, to the thousands: "двадцать один", "четырнадцатую", "one hundred and five"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from bot.nlu.morphology import forms_of, is_known, parses
from bot.nlu.tokens import Kind, Sort, Unit
from bot.nlu.words import meanings_of
from tool_specs.declaration.text import fold


def _list(words: str) -> list[str]:
    return words.split()


_EN_ONES: Final = _list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_EN_TENS: Final = _list("twenty thirty forty fifty sixty seventy eighty ninety")
_EN_ORDINALS: Final = _list(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
    " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_RU_ONES: Final = _list(
    "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать"
    " четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
)
_RU_TENS: Final = _list("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_RU_HUNDREDS: Final = _list("сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот")
_RU_ORDINALS: Final = _list(
    "первый второй третий четвёртый пятый шестой седьмой восьмой девятый десятый одиннадцатый двенадцатый"
    " тринадцатый четырнадцатый пятнадцатый шестнадцатый семнадцатый восемнадцатый девятнадцатый"
)
_RU_ORDINAL_TENS: Final = _list(
    "двадцатый тридцатый сороковой пятидесятый шестидесятый семидесятый восьмидесятый девяностый сотый"
)

ZEROS: Final = frozenset({"oh", "o", "zero", "nought", "ноль", "нуль", "нолик"})
"""What a nought is called between digits that are said one by one."""
LONGEST: Final = 6
"""Digits of a number that is said in pieces."""
WEAK: Final = 3
"""Ordinals up to this one, and "one", often count or order things instead of naming them."""
THOUSAND: Final = 1000
HUNDRED: Final = 100
Numeral = tuple[int, bool]
"""The value, and whether it is an ordinal."""


@cache
def english() -> Mapping[str, Numeral]:
    """Give the words of English numbers."""
    words = {word: (value, False) for value, word in enumerate(_EN_ONES) if value}
    words |= {word: (20 + 10 * place, False) for place, word in enumerate(_EN_TENS)}
    words |= {f"{word[:-1]}ieth": (20 + 10 * place, True) for place, word in enumerate(_EN_TENS)}
    words |= {word: (place + 1, True) for place, word in enumerate(_EN_ORDINALS)}
    words |= {
        f"{tens}-{one}": (20 + 10 * place + value, ordinal)
        for place, tens in enumerate(_EN_TENS)
        for table, ordinal in ((_EN_ONES[1:10], False), (_EN_ORDINALS[:9], True))
        for value, one in enumerate(table, 1)
    }
    return {**words, "hundred": (HUNDRED, False), "thousand": (THOUSAND, False), "hundredth": (HUNDRED, True)}


@cache
def russian() -> Mapping[str, Numeral]:
    """Give the words of Russian numbers in every form."""
    cardinals = {word: place for place, word in enumerate(_RU_ONES, 1)}
    cardinals |= {word: 20 + 10 * place for place, word in enumerate(_RU_TENS)}
    cardinals |= {word: HUNDRED * place for place, word in enumerate(_RU_HUNDREDS, 1)}
    ordinals = {word: place for place, word in enumerate(_RU_ORDINALS, 1)}
    ordinals |= {word: 20 + 10 * place for place, word in enumerate(_RU_ORDINAL_TENS)}
    known: dict[str, Numeral] = {}
    for table, ordinal, parts in ((ordinals, True, ("ADJF",)), (cardinals, False, ("NUMR", "ADJF"))):
        for lemma, value in table.items():
            known |= {form.word: (value, ordinal) for form in forms_of(lemma, *parts)}
    known |= {form.word: (THOUSAND, False) for form in forms_of("тысяча", "NOUN", "NUMR")}
    known |= dict.fromkeys(("одни", "одних", "одними"), (1, False))
    return {word: numeral for word, numeral in known.items() if word not in {"сем", "пятью", "семью"}}


def with_numbers(units: Sequence[Unit], *, cyrillic: bool) -> list[Unit]:
    """Put numbers in the place of the words for them."""
    known = {**english(), **(russian() if cyrillic else {})}
    done: list[Unit] = []
    at = 0
    while at < len(units):
        end, number = _longest(units, at, known)
        if number is not None and _names_one(done):
            end, number = _dictated(units, end, known, number)
        if number is None:
            done.append(units[at])
        else:
            number.initial = units[at].initial
            number.start, number.end = units[at].start, units[end - 1].end
            done.append(number)
        at = max(end, at + 1)
    return done


def _names_one(before: Sequence[Unit]) -> bool:
    """Tell whether the last word is a noun of one record, or a number sign: then numerals in a row are one number."""
    meanings = meanings_of(before[-1].word) if before and before[-1].kind is Kind.WORD else ()
    nouns = [one for one in meanings if one.sort is Sort.NOUN]
    signs = any(one.sort is Sort.NUMBER_SIGN for one in meanings)
    if any(one.plural is None for one in nouns):
        # "К брони один четыре" is one; "сделки один два" may be several.
        led = meanings_of(before[-2].word) if len(before) > 1 else ()
        one = any("accs" in read.tag and "sing" in read.tag for read in parses(before[-1].word))
        return one or any(each.sort in {Sort.TOWARDS, Sort.AWAY, Sort.EITHER} for each in led)
    return signs or any(one.plural is False for one in nouns)


def _dictated(units: Sequence[Unit], at: int, known: Mapping[str, Numeral], first: Unit) -> tuple[int, Unit]:
    """Read a number that is said in pieces: "one twenty six", "one oh four". It may be several numbers all the same."""
    parts, start, end = [str(first.ids[0])], at, at
    while at < len(units) and not first.ordinal and len(parts[-1]) < 3:  # noqa: PLR2004 - digits or tens
        if units[at].kind is Kind.WORD and units[at].word in ZEROS:
            parts.append("0")
            at += 1
            continue
        after, number = _longest(units, at, known)
        if number is None or number.ordinal or number.ids[0] >= HUNDRED:
            break
        parts.append(str(number.ids[0]))
        at = end = after
    # Zeros at the end belong to it too: "one oh oh".
    end = at if parts[-1] == "0" else end
    if len(parts) == 1 or len("".join(parts)) > LONGEST:
        return start, first
    text = " ".join([first.text, *(unit.text for unit in units[start:end])])
    return end, replace(first, text=text, word=fold(text), ids=(int("".join(parts)),), weak=False, dictated=True)


@dataclass(frozen=True, slots=True)
class _Sum:
    """A number that is being read: the thousands, the part below them, and the last numeral."""

    total: int = 0
    part: int = 0
    last: int = 10**6

    def plus(self, value: int, word: str) -> _Sum | None:
        """Add a numeral; None where it begins another number."""
        if value == THOUSAND and self.total == 0:
            return _Sum((self.part or 1) * THOUSAND, 0, THOUSAND)
        if value == HUNDRED and 0 < self.part < 10 and word == "hundred":  # noqa: PLR2004 - "five hundred"
            return replace(self, part=self.part * HUNDRED, last=HUNDRED)
        if value >= self.last or (self.part and value >= _room(self.part)):
            return None
        return replace(self, part=self.part + value, last=value)


def _longest(units: Sequence[Unit], start: int, known: Mapping[str, Numeral]) -> tuple[int, Unit | None]:
    """Read the longest number that begins there: each part is smaller than the one before it."""
    read, at, ordinal, size = _Sum(), start, False, 0
    while at < len(units) and not ordinal:
        if _joins(units, at, read, known):
            at += 1
            continue
        numeral = known.get(units[at].word) if units[at].kind is Kind.WORD else None
        following = read.plus(numeral[0], units[at].word) if numeral is not None else None
        if numeral is None or following is None:
            break
        read, ordinal, at, size = following, numeral[1], at + 1, size + 1
    number = read.total + read.part
    if not size or not number:
        return start + 1, None
    text = " ".join(unit.text for unit in units[start:at])
    weak = size == 1 and number <= (WEAK if ordinal else 1)
    # A numeral with a cardinal's form is a count or a name; only its place tells.
    return at, Unit(Kind.NUMBER, text, word=fold(text), ids=(number,), ordinal=ordinal, weak=weak, spelled=True)


def _joins(units: Sequence[Unit], at: int, read: _Sum, known: Mapping[str, Numeral]) -> bool:
    """Tell whether there is the "and" of "one hundred and five"."""
    return units[at].word == "and" and read.part >= HUNDRED and at + 1 < len(units) and units[at + 1].word in known


def _room(part: int) -> int:
    """Give what the next part must stay below: after the tens come ones, after the hundreds tens."""
    if part % HUNDRED == 0:
        return HUNDRED
    return 10 if part % 10 == 0 and part % HUNDRED >= 20 else 0  # noqa: PLR2004 - "twenty one", not "ten one"


@lru_cache(maxsize=20_000)
def near_numeral(word: str, *, cyrillic: bool, most: int = 1) -> str | None:
    """Name the number that a misspelt word is so many letters away from: nobody can tell which number was meant."""
    if len(word) < 2 or (cyrillic and is_known(word)):  # noqa: PLR2004 - "ne" may be "one"
        return None
    known = russian() if cyrillic else english()
    near = [numeral for numeral in known if len(numeral) > 2 and abs(len(numeral) - len(word)) <= most]  # noqa: PLR2004
    return next((numeral for numeral in near if OSA.distance(word, numeral, score_cutoff=most) <= most), None)

"""Telegraph style: shortened nouns, nouns and numbers written together, and `+`, `-`, `->` between records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from bot.nlu.danger import find_dangers
from bot.nlu.lexicon import acts_of, language_of_word, listed
from bot.nlu.lexicon_data.dangers import WORDS
from bot.nlu.lexicon_data.nouns import NOUNS
from bot.nlu.numerals import english, russian, with_numbers
from bot.nlu.ordinary_words import is_ordinary
from bot.nlu.phones import phones_of
from bot.nlu.record_words import case_at, inflected, noun_in_case
from bot.nlu.revision import Change, Revision, revised
from bot.nlu.tagging import tag
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from bot.nlu.words import harmless_at, meanings_of
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

OWNERS: Final = ("booking", "waitlist", "activity")
"""What other records are put on, in this order."""
CLIENTS: Final = frozenset({"client", "contact", "company"})
NUMBERED: Final = frozenset({*OWNERS, *CLIENTS, "deal", "lead", "quote", "invoice", "resource", "plan"})
"""Nouns that a number follows."""
JOINS: Final = "+"
PARTS: Final = "-"
LEADS: Final = ">"
BACK: Final = "<"

_GLUED: Final = re.compile(r"(?<![\w/@.#№-])(?P<noun>[^\W\d_]{2,})\.?[-_=]?(?P<number>\d{1,10})(?![\w-]|[.:/]\d)")
_GLUED_BEFORE: Final = re.compile(r"(?<![\w/@.:#№-])(?P<number>\d{1,10})(?P<noun>[^\W\d_]{3,})(?!\w)")
_AND: Final = re.compile(r"(?<=\s)(?P<and>'?n'?)(?=\s+(?P<verb>[^\W\d_]{2,}))", re.IGNORECASE)
_LETTER: Final = re.compile(r"(?<![\w/@.#№'’-])(?P<noun>[a-z])(?P<number>\d{1,6})(?![\w-]|[.:/]\d)", re.IGNORECASE)
_SHORT: Final = re.compile(r"(?<![\w/@.'’-])(?P<noun>[^\W\d_]{2,})(?P<dot>\.?)(?=\s?[#№]?\d{1,10}(?![\w]|[.:/]\d))")
_SIGN: Final = re.compile(
    r"(?<!\s)\s*(?P<sign>[-=]+>|→|➡|⇒|<[-=]+|←|\+|−|(?<=\s)[-–—](?=\s?[^\W\d_])|(?<!\w)(?:plus|minus|плюс|минус)(?!\w))\s*"
)
_ARROWS: Final = {"→": LEADS, "➡": LEADS, "⇒": LEADS, "←": BACK, "+": JOINS, "plus": JOINS, "плюс": JOINS}
_SEGMENT: Final = re.compile(r"[^;\n]+")


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as a message names it: its noun and what stands for it, as written."""

    noun: str
    written: str
    cards: bool = False


@dataclass(slots=True)
class _Chain:
    """Records with the signs between them."""

    records: list[_Record] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    """One before each record but the first."""


def spelled_out(text: str) -> Revision:
    """Write shortened nouns and signs out in words."""
    return Revision(text).then(_joints).then(_single_letters).then(_glued).then(_abbreviations).then(_signs)


@lru_cache(maxsize=20_000)
def noun_of_abbreviation(word: str, *, dotted: bool = False) -> str | None:
    """Return the noun that a shortened one stands for, where it is the beginning, or the consonants, of one alone.

    Args:
        word: the shortened word, folded.
        dotted: whether a full stop follows: then it may be an ordinary word too.
    """
    language = language_of_word(word)
    if len(word) < 2 or meanings_of(word) or word in _small(language) or harmless_at([word], 0):  # noqa: PLR2004
        return None
    if not dotted and is_ordinary(word):
        return None
    known = _nouns(language)
    begins = _first(known, [noun for noun in known if noun.startswith(word)])
    if len(begins) == 1:
        return next(iter(begins.values()))
    spelled = re.compile(".*".join(re.escape(letter) for letter in word))
    consonants = _first(known, [noun for noun in known if noun[0] == word[0] and spelled.match(noun)])
    vowels = re.search("[aeiouаеиоуыэюя]", word[1:])
    return next(iter(consonants.values())) if len(consonants) == 1 and not begins and not vowels else None


def _first(known: Mapping[str, str], words: Sequence[str]) -> dict[str, str]:
    """Return for each noun its first word out of some."""
    return {known[word]: word for word in reversed(words)}


@cache
def _nouns(language: Language) -> dict[str, str]:
    """Return the dictionary forms of numbered nouns, in the order they are listed, with the names of the nouns."""
    words = [
        (word.rstrip("*"), noun.name)
        for noun in NOUNS
        if noun.name in NUMBERED
        for word in listed(noun.words.to(language))
        if " " not in word
    ]
    return {fold(word): name for word, name in words}


@cache
def _small(language: Language) -> frozenset[str]:
    """Return the words that are never short for anything."""
    dangers = {fold(word) for said in WORDS.values() for phrase in listed(said.to(language)) for word in phrase.split()}
    return frozenset(dangers | set(russian() if language == "ru" else english()) | {"no", "nr", "nos", "at", "x", "g"})


def _glued(text: str) -> Revision:
    """Part a noun from the number that is written together with it."""
    edits = [
        (one.start(), one.end(), f"{one['noun']} {one['number']}")
        for one in _GLUED.finditer(text)
        if _is_noun(fold(one["noun"]))
    ]
    edits += [
        (one.start(), one.end(), f"{one['number']} {one['noun']}")
        for one in _GLUED_BEFORE.finditer(text)
        if NUMBERED & {meaning.value for meaning in meanings_of(fold(one["noun"])) if meaning.sort is Sort.NOUN}
    ]
    return revised(text, edits, Change.GLUED)


def _is_noun(word: str) -> bool:
    known = any(one.sort is Sort.NOUN for one in meanings_of(word))
    return known or noun_of_abbreviation(word, dotted=True) is not None


def _abbreviations(text: str) -> Revision:
    edits: list[tuple[int, int, str]] = []
    for one in _SHORT.finditer(text):
        noun = noun_of_abbreviation(fold(one["noun"]), dotted=bool(one["dot"]))
        if noun is not None:
            edits.append((one.start(), one.end(), inflected(noun, case_at(text, one.start()))))
    return revised(text, edits, Change.ABBREVIATION)


def _joints(text: str) -> Revision:
    """Write a lone "n" before a verb as the "and" that it is."""
    found = [one for one in _AND.finditer(text) if any(m.mood is Mood.ORDER for m in meanings_of(fold(one["verb"])))]
    return revised(text, [(one.start("and"), one.end("and"), "and") for one in found], Change.ABBREVIATION)


def _single_letters(text: str) -> Revision:
    """Read `d5` and `b14` where two records are written so, and one noun alone begins with each letter."""
    found = list(_LETTER.finditer(text))
    language = language_of_word(text)
    edits: list[tuple[int, int, str]] = []
    for one in found:
        letter = fold(one["noun"])
        names = {name for name in _nouns(language).values() if name.startswith(letter)}
        if len(names) == 1:
            edits.append((one.start(), one.end(), f"{next(iter(names))} {one['number']}"))
    glued = sum(_is_noun(fold(one["noun"])) for one in _GLUED.finditer(text))
    return revised(text, edits if len(edits) + glued > 1 and language == "en" else [], Change.ABBREVIATION)


def _signs(text: str) -> Revision:
    if not _SIGN.search(text):
        return Revision(text)
    edits: list[tuple[int, int, str]] = []
    for segment in _SEGMENT.finditer(text):
        edits += _in_segment(segment[0], segment.start())
    return revised(text, edits, Change.SIGN)


def _in_segment(text: str, offset: int) -> Iterator[tuple[int, int, str]]:
    """Put the signs of one line into words."""
    signs = [(one.start(), one.end(), _kind(one["sign"])) for one in _found(text)]
    if not signs:
        return
    russian_text = language_of_word(text) == "ru"
    orders: list[tuple[int, int, str]] = []
    # A no beside the records must not be lost.
    if not any(acts_of(unit, Mood.ORDER) for unit in _tagged(text)) and not any(find_dangers(text, _tagged(text))[0]):
        for start, end in _pieces(text, [(one[0], one[1]) for one in signs]):
            piece = text[start:end]
            lead = len(piece) - len(piece.lstrip())
            orders.append((offset + start + lead, offset + start + len(piece.rstrip()), _order(piece)))
    yield from (one for one in orders if one[2])
    if any(one[2] for one in orders):
        return
    for start, end, sign in signs:
        if text[start:end].strip().isalpha():
            continue
        numbered = re.match(r"[#№]?\d|[^\W\d_]+\s[#№]?\d", text[end:]) is not None and text[start - 1 : start].isdigit()
        word = {JOINS: "и" if russian_text else "and", LEADS: "на" if russian_text else "to"}.get(sign)
        if word and numbered:
            yield offset + start, offset + end, f" {word} "


def _found(text: str) -> list[re.Match[str]]:
    """Find the signs; the plus of a phone is none."""
    phones = phones_of(text)
    signs = _SIGN.finditer(text)
    return [one for one in signs if not any(phone.start <= one.start("sign") < phone.end for phone in phones)]


def _kind(sign: str) -> str:
    sign = fold(sign)
    return _ARROWS.get(sign) or (LEADS if sign.endswith(">") else BACK if sign.startswith("<") else PARTS)


def _tagged(text: str) -> list[Unit]:
    return tag(with_numbers(units_of(text), cyrillic=language_of_word(text) == "ru"))


def _pieces(text: str, signs: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Part a line at the commas between which signs stand: `bkg 14 + deal 1, bkg 15 + deal 2`."""
    start = 0
    for comma in re.finditer(r",(?=\s|[^\W\d_])", text):
        before = any(start <= one[0] < comma.start() for one in signs)
        following = next((one.start() for one in re.finditer(r",", text[comma.end() :])), len(text))
        # After a comma a sign goes on with the record before it: "бронь 21: +сделка 8, -сделка 3".
        rest = text[comma.end() :].lstrip()
        after = any(comma.end() <= one[0] < comma.end() + following for one in signs) and rest[:1].isalnum()
        if before and after:
            yield start, comma.start()
            start = comma.end()
    yield start, len(text)


def _order(piece: str) -> str:
    """Write a chain of records as an order; nothing where it is none."""
    chain = _chain(piece)
    if chain is None:
        return _moved(piece)
    language: Language = "ru" if language_of_word(piece) == "ru" else "en"
    moved = _from_one_to_another(chain, language)
    if moved:
        return moved
    owner = next((one for noun in OWNERS for one in chain.records if one.noun == noun), None)
    owners = [one for one in chain.records if owner is not None and one.noun == owner.noun]
    if owner is None or len(owners) > 1:
        return ""
    joined: list[_Record] = []
    parted: list[_Record] = []
    for at, record in enumerate(chain.records):
        if record is owner:
            continue
        # The sign before a record, or the one that leads on to the owner.
        sign = chain.signs[at - 1] if at else chain.signs[0]
        (parted if sign == PARTS else joined).append(record)
    orders = [_written(joined, owner, language, join=True), _written(parted, owner, language, join=False)]
    return "; ".join(order for order in orders if order)


def _chain(piece: str) -> _Chain | None:
    """Read records with signs between them; None where anything else is there."""
    chain = _Chain()
    at = 0
    for sign in [*_found(piece), None]:
        end = sign.start() if sign else len(piece)
        several = [_record(part) for part in re.split(r"[,:]|(?<!\w)(?:and|и)(?!\w)", piece[at:end]) if part.strip()]
        records = [one for one in several if one is not None]
        if not records or len(records) != len(several):
            return None
        if chain.records:
            chain.signs += [""] * (len(chain.records) - 1 - len(chain.signs))
        chain.records += records
        if sign:
            kind = _kind(sign["sign"])
            chain.signs += [chain.signs[-1] if chain.signs else kind] * (len(chain.records) - 1 - len(chain.signs))
            chain.signs.append(kind)
            at = sign.end()
    chain.signs += [chain.signs[-1] if chain.signs else ""] * (len(chain.records) - 1 - len(chain.signs))
    # A dash alone may only set apart: "booking 14 - deal 1".
    dashes = [one for one in _found(piece) if one["sign"] in {"-", "–", "—"} and piece[one.end("sign")].isspace()]
    plain = dashes and not any(sign in {JOINS, LEADS} for sign in chain.signs)
    return chain if len(chain.records) > 1 and not plain else None


def _record(part: str) -> _Record | None:
    units = [unit for unit in _tagged(part.strip()) if not unit.has(Sort.SILENT, Sort.POLITE, Sort.NUMBER_SIGN)]
    nouns = [noun for unit in units for noun in unit.nouns if noun in NUMBERED]
    numbers = [unit for unit in units if unit.kind is Kind.NUMBER]
    if len(units) == 1 and units[0].kind is Kind.CARD and units[0].ref is not None:
        return _Record(units[0].ref.type, units[0].text, cards=True)
    if len(units) == 1 and units[0].kind in {Kind.PHONE, Kind.EMAIL}:
        return _Record("client", units[0].text)
    if len(units) == 1 and numbers:
        return _Record("", numbers[0].text)
    if len(units) != len(numbers) + 1 or not nouns or not numbers:
        return None
    return _Record(nouns[0], " ".join(unit.text for unit in numbers))


def _from_one_to_another(chain: _Chain, language: Language) -> str:
    """Write `deal 7: booking 14 -> 15` as an order to move."""
    places = [at for at, sign in enumerate(chain.signs) if sign == LEADS]
    if not places:
        return ""
    source, target = chain.records[places[-1]], chain.records[places[-1] + 1]
    items = [one for one in chain.records if one not in {source, target}]
    if source.noun not in OWNERS or target.noun not in {"", source.noun} or not items:
        return ""
    item = _listed(items, "accs", language)
    if language == "ru":
        target_noun = noun_in_case(source.noun, "accs")
        return (
            f"перенеси {item} с {noun_in_case(source.noun, 'gent')} {source.written} на {target_noun} {target.written}"
        )
    return f"move {item} from {_said(source, '', 'en')} to {source.noun} {target.written}"


def _moved(piece: str) -> str:
    """Write `booking 14 -> 15:00` as an order to move it."""
    sign = next(iter(_found(piece)), None)
    if sign is None or _kind(sign["sign"]) != LEADS or len(_found(piece)) != 1:
        return ""
    record, units = _record(piece[: sign.start()]), _tagged(piece[sign.end() :])
    timed = bool(units) and all(
        unit.kind in {Kind.CLOCK, Kind.DAY} or unit.has(Sort.SIGN, Sort.EITHER) for unit in units
    )
    if record is None or record.noun != "booking" or not timed:
        return ""
    russian_text = language_of_word(piece) == "ru"
    move, to = ("перенеси", "на") if russian_text else ("move", "to")
    return f"{move} {piece[: sign.start()].strip()} {to} {piece[sign.end() :].strip()}"


def _written(items: Sequence[_Record], owner: _Record, language: Language, *, join: bool) -> str:
    if not items or any(not one.noun for one in items[:1]):
        return ""
    people = all(one.noun in CLIENTS or not one.noun for one in items)
    if language == "en":
        verb = ("add" if people else "link") if join else ("remove" if people else "unlink")
        return f"{verb} {_listed(items, '', 'en')} {'to' if join else 'from'} {_said(owner, '', 'en')}"
    verb = ("добавь" if people else "привяжи") if join else ("убери" if people else "отвяжи")
    case = "datv" if join else "gent"
    return f"{verb} {_listed(items, 'accs', 'ru')} {'к' if join else 'от'} {_said(owner, case, 'ru')}"


def _listed(items: Sequence[_Record], case: str, language: Language) -> str:
    said = [_said(one, case, language) for one in items]
    return f"{', '.join(said[:-1])} {'и' if language == 'ru' else 'and'} {said[-1]}" if len(said) > 1 else said[0]


def _said(record: _Record, case: str, language: Language) -> str:
    if record.cards or not record.noun:
        return record.written
    return f"{noun_in_case(record.noun, case) if language == 'ru' else record.noun} {record.written}"

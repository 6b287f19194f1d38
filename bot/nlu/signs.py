"""`+`, `-`, `->` between records, put into words: telegraph style."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.nlu.abbreviations import NUMBERED, in_full
from bot.nlu.danger import find_dangers
from bot.nlu.groups import PEOPLE
from bot.nlu.lexicon import language_of_word
from bot.nlu.phones import phones_of
from bot.nlu.record_words import LINK_WORDS, said
from bot.nlu.revision import Change, Revision, revised
from bot.nlu.tagged_text import tagged, verb_of
from bot.nlu.tokens import Kind, Sort, Unit
from tool_specs.declaration.localized import Language
from tool_specs.declaration.text import fold

OWNERS: Final = ("booking", "waitlist", "activity")
"""What other records are put on, in this order."""
JOINS: Final = "+"
PARTS: Final = "-"
LEADS: Final = ">"
BACK: Final = "<"

_SIGN: Final = re.compile(
    r"(?<!\s)\s*(?P<sign>[-=]+>|→|➡|⇒|<[-=]+|←|\+|−|(?<=\s)[-–—](?=\s?[^\W\d_])|(?<!\w)(?:plus|minus|плюс|минус)(?!\w))\s*"
)
_KINDS: Final = {"→": LEADS, "➡": LEADS, "⇒": LEADS, "←": BACK, "+": JOINS, "plus": JOINS, "плюс": JOINS}
_SEGMENT: Final = re.compile(r"[^;\n]+")
_DASHES: Final = frozenset("-–—")
_LIST: Final = re.compile(r"[,:]|(?<!\w)(?:and|и)(?!\w)")
WORDS: Final = {("en", JOINS): "and", ("en", LEADS): "to", ("ru", JOINS): "и", ("ru", LEADS): "на"}
"""What a sign says beside a verb."""


@dataclass(frozen=True, slots=True)
class _Record:
    """A record as a message names it, and the sign before it."""

    sign: str
    noun: str
    written: str
    literal: bool = False
    """Whether it stands for itself: a card, a phone, a number without a noun."""


def spelled_out(text: str) -> Revision:
    """Write shortened nouns and signs out in words."""
    return in_full(text).then(_signs)


def _signs(text: str) -> Revision:
    if not _SIGN.search(text):
        return Revision(text)
    edits = [
        (segment.start() + start, segment.start() + end, words)
        for segment in _SEGMENT.finditer(text)
        for start, end, words in _orders(segment[0]) or _between_numbers(segment[0])
    ]
    return revised(text, edits, Change.SIGN)


def _found(text: str) -> list[re.Match[str]]:
    """Find the signs; the plus of a phone is none."""
    phones = phones_of(text)
    signs = _SIGN.finditer(text)
    return [one for one in signs if not any(phone.start <= one.start("sign") < phone.end for phone in phones)]


def _kind(sign: str) -> str:
    sign = fold(sign)
    return _KINDS.get(sign) or (LEADS if sign.endswith(">") else BACK if sign.startswith("<") else PARTS)


def _between_numbers(text: str) -> list[tuple[int, int, str]]:
    """Put the signs between numbers into words: beside a verb they only count up."""
    edits: list[tuple[int, int, str]] = []
    for sign in _found(text):
        word = WORDS.get((language_of_word(text), _kind(sign["sign"])))
        numbered = re.match(r"[#№]?\d|[^\W\d_]+\s[#№]?\d", text[sign.end() :]) is not None
        if word and numbered and text[sign.start() - 1 : sign.start()].isdigit() and not sign["sign"].isalpha():
            edits.append((sign.start(), sign.end(), f" {word} "))
    return edits


def _orders(text: str) -> list[tuple[int, int, str]]:
    """Write each chain of records in a line that has no verb as an order; a no beside them must not be lost."""
    units = tagged(text)
    if not _found(text) or verb_of(units) is not None or any(find_dangers(text, units)[0]):
        return []
    found: list[tuple[int, int, str]] = []
    for start, end in _pieces(text):
        piece = text[start:end]
        lead = start + len(piece) - len(piece.lstrip())
        found.append((lead, start + len(piece.rstrip()), _order(piece)))
    return [one for one in found if one[2]]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Part a line at the commas between which signs stand: `bkg 14 + deal 1, bkg 15 + deal 2`."""
    signs = [one.start() for one in _found(text)]
    start = 0
    for comma in re.finditer(r",(?=\s|[^\W\d_])", text):
        rest = text[comma.end() :]
        following = comma.end() + (rest.find(",") if "," in rest else len(rest))
        # After a comma a sign goes on with the record before it: "бронь 21: +сделка 8, -сделка 3".
        begins = rest.lstrip()[:1].isalnum() and any(comma.end() <= one < following for one in signs)
        if begins and any(start <= one < comma.start() for one in signs):
            yield start, comma.start()
            start = comma.end()
    yield start, len(text)


def _order(piece: str) -> str:
    """Write a chain of records as an order; nothing where it is none."""
    records = _chain(piece)
    language = language_of_word(piece)
    if records is None:
        return _rescheduled(piece)
    return _from_one_to_another(records, language) or _on_owner(records, language)


def _on_owner(records: Sequence[_Record], language: Language) -> str:
    """Write what is put on the one owner in a chain, and what is taken off it."""
    owners = next((found for noun in OWNERS if (found := [one for one in records if one.noun == noun])), None)
    if owners is None or len(owners) != 1:
        return ""
    owner = owners[0]
    # The sign before a record, or the one that leads on from the first.
    first = next(one.sign for one in records if one.sign)
    items = [one for one in records if one is not owner]
    parted = [one for one in items if (one.sign or first) == PARTS]
    orders = [
        _linked([one for one in items if one not in parted], owner, language, join=True),
        _linked(parted, owner, language, join=False),
    ]
    return "; ".join(filter(None, orders))


def _chain(piece: str) -> list[_Record] | None:
    """Read records with signs between them; None where anything else is there."""
    records: list[_Record | None] = []
    signs = _found(piece)
    starts, ends = [0, *(one.end() for one in signs)], [*(one.start() for one in signs), len(piece)]
    kinds = ["", *(_kind(one["sign"]) for one in signs)]
    for start, end, kind in zip(starts, ends, kinds, strict=True):
        records += [_record(part, kind) for part in _LIST.split(piece[start:end]) if part.strip()]
    known = [one for one in records if one is not None]
    plain = not signs or _sets_apart(piece, signs)
    return known if len(known) == len(records) > 1 and not plain else None


def _sets_apart(piece: str, signs: Sequence[re.Match[str]]) -> bool:
    """Tell whether there are dashes alone, with spaces around them: "booking 14 - deal 1"."""
    spaced = any(one["sign"] in _DASHES and piece[one.end("sign")].isspace() for one in signs)
    return spaced and not {JOINS, LEADS} & {_kind(one["sign"]) for one in signs}


def _record(part: str, sign: str) -> _Record | None:
    """Read a noun with its numbers, or what stands for a record by itself."""
    units = [unit for unit in tagged(part.strip()) if not unit.has(Sort.SILENT, Sort.POLITE, Sort.NUMBER_SIGN)]
    if len(units) == 1:
        return _literal(units[0], sign)
    nouns = [noun for unit in units for noun in unit.nouns if noun in NUMBERED]
    numbers = [unit.text for unit in units if unit.kind is Kind.NUMBER]
    if not nouns or not numbers or len(units) != len(numbers) + 1:
        return None
    return _Record(sign, nouns[0], " ".join(numbers))


def _literal(unit: Unit, sign: str) -> _Record | None:
    if unit.kind in {Kind.PHONE, Kind.EMAIL}:
        return _Record(sign, "client", unit.text)
    if unit.kind is Kind.CARD and unit.ref is not None:
        return _Record(sign, unit.ref.type, unit.text, literal=True)
    return _Record(sign, "", unit.text, literal=True) if unit.kind is Kind.NUMBER else None


def _from_one_to_another(records: Sequence[_Record], language: Language) -> str:
    """Write `deal 7: booking 14 -> 15` as an order to move."""
    *items, source, target = records
    same = source.noun in OWNERS and target.noun in {"", source.noun}
    if target.sign != LEADS or not same or not items:
        return ""
    item, old = _listed(items, "accs", language), _named(source, "gent", language)
    new = said(source.noun, target.written, "accs", language)
    return f"перенеси {item} с {old} на {new}" if language == "ru" else f"move {item} from {old} to {new}"


def _rescheduled(piece: str) -> str:
    """Write `booking 14 -> 15:00` as an order to move it."""
    signs = _found(piece)
    if len(signs) != 1 or _kind(signs[0]["sign"]) != LEADS:
        return ""
    before, after = piece[: signs[0].start()].strip(), piece[signs[0].end() :].strip()
    record, units = _record(before, ""), tagged(after)
    times = [unit for unit in units if unit.kind in {Kind.CLOCK, Kind.DAY} or unit.has(Sort.SIGN, Sort.EITHER)]
    if record is None or record.noun != "booking" or not times or len(times) != len(units):
        return ""
    move, to = ("перенеси", "на") if language_of_word(piece) == "ru" else ("move", "to")
    return f"{move} {before} {to} {after}"


def _linked(items: Sequence[_Record], owner: _Record, language: Language, *, join: bool) -> str:
    if not items or not items[0].noun:
        return ""
    people = all(one.noun in PEOPLE or not one.noun for one in items)
    verb, preposition = LINK_WORDS[language, people, join]
    named = _named(owner, "datv" if join else "gent", language)
    return f"{verb} {_listed(items, 'accs', language)} {preposition} {named}"


def _listed(items: Sequence[_Record], case: str, language: Language) -> str:
    *others, last = [_named(one, case, language) for one in items]
    return f"{', '.join(others)} {'и' if language == 'ru' else 'and'} {last}" if others else last


def _named(record: _Record, case: str, language: Language) -> str:
    return record.written if record.literal else said(record.noun, record.written, case, language)

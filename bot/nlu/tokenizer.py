"""Taking a text apart: addresses, phone numbers, days, times, numbers, words, quotations. Nothing is dropped."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from bot.nlu.message_text import WIDEST_RANGE, host_of
from bot.nlu.phones import phones_of
from bot.nlu.tokens import Kind, Unit
from tool_specs.declaration.crm_ref import CARD_ADDRESS, MAX_ID, CrmRef, type_name
from tool_specs.declaration.text import fold

MONTHS: Final = 12
DAYS: Final = 31
HOURS: Final = 24
MINUTES: Final = 60

_ID: Final = r"(?:(?:[#№]|(?<![\w])(?:n[or]|n)\.)\s?)"
_PIECE: Final = re.compile(
    r"(?P<card>https?://[^\s,;<>()«»\"]+|(?<![\w/])/?crm/[^\s,;]+|(?<!\S)[\w.-]+\.\w+/crm/[^\s,;]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<code>(?<![\w])(?=[a-z]*\d)(?=\d*[a-z])[0-9a-hjkmnp-tv-z]{10}(?![\w]))"
    r"|(?P<iso>20\d\d-\d\d-\d\d(?!\d))(?:T(?=\d\d:))?"
    r"|(?P<clock>(?<![\d:.])\d{1,2}:\d{2}(?::00)?(?![\d:])(?:\s?[ap]\.?\s?m\b\.?)?|(?<![\w:])\d{1,2}(?:\.\d{2})?\s?[ap]\.?m\b\.?)"
    r"|(?P<apart>(?<![\d#№.:/-])(?:[01]?\d|2[0-3])\s00(?![\w.:/-]))"
    r"|(?P<slashed>(?<![\w/.#№-])\d{1,2}(?:/\d{1,2}(?:/(?:\d{4}|\d{2}))?|-\d{1,2}-20\d\d)(?![\w/-]|[.:]\d))"
    r"|(?P<dotted>(?<![\d.])\d{1,2}\.\d{2}(?:\.(?:\d{4}|\d{2}))?(?![\d.]))"
    rf"|(?P<range>{_ID}?\d+(?:\s?(?:\.\.\.?|…)\s?|[-–—]|\s[-–—]\s){_ID}?\d+(?![\w/]|[.:]\d|-\d))"
    r"|(?P<part>\d{1,2}[.,]5(?=\s?(?:час|ч\b|h\b|hrs?\b|hours?\b)))"
    r"|(?P<ordinal>\d+-?(?:я|ю|й|е|го|му|ой|ая|ую|ый|ий|ые|ых|им|ым|ом|ей|м|х|st|nd|rd|th)(?!\w))"
    rf"|(?P<number>{_ID}?\d+(?:['’]s)?(?!(?!(?:mins?|hrs?|мин)\b)[\w/]|[.:]\d))"
    r"|(?P<quote>«[^«»]{1,200}»|“[^“”]{1,200}”|„[^„“”]{1,200}[“”]|\"[^\"]{1,200}\"|(?<!\w)'[^']{1,200}'(?!\w)|`[^`]{1,200}`)"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*(?!_)(?:\.(?=\s?\d)|(?:(?<=\bmr)|(?<=\bms)|(?<=\bdr)|(?<=\bmrs))\.)?)"
    r"|(?P<comma>[,;&/]|\+(?=\s?\D))"
    r"|(?P<dash>(?:(?<=\s)|^)[-–—]+(?=\s)|(?<=[\dm])[-–—](?=\d)|->|→|=>)"
    r"|(?P<colon>:)"
    r"|(?P<asks>\?)"
    r"|(?P<stop>[.!…]+|\n)"
    r"|(?P<silent>[()\[\]{}*~>|]|(?<!\d)=|[\U0001F000-\U0001FAFF\u2600-\u27BF\uFE0F\u200D]+)"
    r"|(?P<odd>[^\s][^\s,;]*)",
    re.IGNORECASE,
)
_AFTER_ID: Final = re.compile(r"/?(?:[?#]\S*)?")
_BRACKETS: Final = re.compile(r"(?<=\S)\s*\(([^()0-9#№]{1,80})\)")
_SPACES: Final = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_ZERO_WIDTH: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def cleaned(text: str) -> str:
    """Give the text as a person sees it: composed letters, plain spaces, nothing invisible."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _ZERO_WIDTH.sub("", text))).strip()


def units_of(text: str) -> list[Unit]:
    """Take a cleaned text apart."""
    units: list[Unit] = []
    phones, at = list(phones_of(text)), 0
    while (found := _PIECE.search(text, at)) is not None:
        phones = [phone for phone in phones if phone.start >= at]
        if phones and phones[0].start <= found.start():
            unit, span = Unit(Kind.PHONE, phones[0].text, value=phones[0].value), (phones[0].start, phones[0].end)
        elif found.lastgroup == "silent":
            at = found.end()
            continue
        else:
            unit, span = _unit(found.lastgroup or "", found[0]), found.span()
        unit.initial = not units or units[-1].kind is Kind.STOP
        unit.start, at = span
        unit.end = at
        units.append(unit)
    return units


def _unit(group: str, text: str) -> Unit:  # noqa: C901, PLR0911 - a table of kinds
    match group:
        case "card":
            return _card(text)
        case "email":
            return Unit(Kind.EMAIL, text, value=text.lower())
        case "code":
            return Unit(Kind.CODE, text, value=text.lower())
        case "part":
            return Unit(Kind.ODD, text)
        case "iso":
            return Unit(Kind.DAY, text, value=text[:10])
        case "clock" | "apart":
            # "11.30 am" and "15 00" are written without a colon.
            return _clock(re.sub(r"(?<=\d)(?:\.(?=\d)|\s(?=00$))", ":", text), text)
        case "slashed" | "dotted":
            return _dotted(re.sub("[/-]", ".", text), text)
        case "range" | "number" | "ordinal":
            return _number(text, ordinal=group == "ordinal")
        case "quote":
            inner = text[1:-1].strip()
            return _number(inner) if re.fullmatch(r"[#№]?\d{1,10}", inner) else Unit(Kind.QUOTE, text, value=inner)
        case "word":
            return Unit(Kind.WORD, text, word=fold(text.rstrip(".")).replace("’", "'"))
        case _:
            return Unit(Kind[group.upper()], text)


def _card(text: str) -> Unit:
    """Read a pasted address; one that goes on after the card's number, or is inside another, is not that card's."""
    address = text.rstrip(".:!?)]\"'»”").lstrip("([\"'«“„‘")
    if "://" not in address and not address.startswith("/"):
        address = f"/{address}" if address.startswith("crm/") else f"https://{address}"
    match = CARD_ADDRESS.fullmatch(address)
    if match is None or not _AFTER_ID.fullmatch(address[match.end("id") :]):
        return Unit(Kind.ODD, text)
    before = address[: match.end("id")]
    if before.count("://") > 1 or "?" in before or "#" in before or not 0 < int(match["id"]) <= MAX_ID:
        # An address within another address: the host is not where the card is.
        return Unit(Kind.ODD, text)
    kind = type_name(int(match["number"])) if match["number"] else match["name"].lower()
    try:
        return Unit(Kind.CARD, text, ref=CrmRef(type=kind, id=int(match["id"])), host=host_of(address))
    except ValueError:
        return Unit(Kind.ODD, text)


def _clock(text: str, written: str) -> Unit:
    found = re.fullmatch(r"(\d{1,2})(?::(\d{2}))?(?::00)?\s?(?:([ap])\.?\s?m\.?)?", text, re.IGNORECASE)
    if found is None:
        return Unit(Kind.ODD, written)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        hour = hour % 12 + (12 if half == "p" else 0) if 0 < hour <= MONTHS else HOURS
    if hour >= HOURS or minute >= MINUTES:
        return Unit(Kind.ODD, written)
    exact = bool(half) or found[1].startswith("0") or hour > MONTHS
    return Unit(Kind.CLOCK, written, value=f"{hour:02}:{minute:02}{'!' if exact else ''}")


def _dotted(text: str, written: str) -> Unit:
    day, month, *year = (int(part) for part in text.split("."))
    if 0 < day <= DAYS and 0 < month <= MONTHS:
        whole = f"{year[0] if year and year[0] > MINUTES * 2 else 2000 + year[0]:04}-" if year else ""
        return Unit(Kind.DAY, written, value=f"{whole}{month:02}-{day:02}")
    if not year and day < HOURS and month < MINUTES:
        return Unit(Kind.CLOCK, written, value=f"{day:02}:{month:02}")
    return Unit(Kind.ODD, written)


def _number(text: str, *, ordinal: bool = False) -> Unit:
    first, *others = (int(digits) for digits in re.findall(r"\d+", text))
    last = others[0] if others else first
    if not 0 < first <= last <= MAX_ID or last - first >= WIDEST_RANGE or (others and first == last):
        return Unit(Kind.ODD, text)
    marked = bool(re.match(_ID, text, re.IGNORECASE))
    return Unit(Kind.NUMBER, text, ids=tuple(range(first, last + 1)), ordinal=ordinal, marked=marked)

"""Tokens of a command: words, numbers, card addresses, separators, and anything else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from bot.nlu.lexicon_data.command_words import AND
from bot.nlu.message_text import WIDEST_RANGE
from tool_specs.declaration.crm_ref import CARD_ADDRESS, MAX_ID, CrmRef, type_name
from tool_specs.declaration.text import fold


class TokenKind(Enum):
    """What a piece of a message is."""

    WORD = auto()
    NUMBERS = auto()
    CARD = auto()
    COMMA = auto()
    ODD = auto()
    """Neither of them: it has to be named, never dropped."""
    WRONG_NUMBER = auto()
    """Digits that are no id: zero, negative, too large, a fraction, a range that is reversed or too wide."""


class NumberError(Enum):
    """Why a number is not a valid id."""

    NO_ID = auto()
    TOO_LARGE = auto()
    BACKWARDS = auto()
    TOO_WIDE = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a message as it was written, and what it means."""

    kind: TokenKind
    text: str
    ids: tuple[int, ...] = ()
    ref: CrmRef | None = None
    host: str = ""
    """The portal of a card's address, where the address names one."""
    wrong: NumberError = NumberError.NO_ID

    @property
    def word(self) -> str:
        """The word as it is compared; empty when it is none."""
        return fold(self.text) if self.kind is TokenKind.WORD else ""


_PIECE: Final = re.compile(
    r"(?P<card>https?://[^\s,;]+|[^\s,;]*/crm/[^\s,;]+)"
    r"|(?P<range>(?:[#№]|n[or]\.\s?)?[0-9]+(?:\s?(?:\.\.\.?|…)\s?|[-–—]|\s[-–—]\s)[#№]?[0-9]+(?![\w]|[.][0-9]))"
    r"|(?P<number>(?:(?:[#№]|n[or]\.)\s?)?[0-9]+(?![\w]|[.][0-9]))"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*(?!_))"
    r"|(?P<comma>[,;&]|\+(?=\s))"
    r"|(?P<silent>:|[.!](?=[\s)\]\"'»”]|$)|[(\[\"'«“„‘](?=[\w#№])|[)\]\"'»”“’](?=[\s,;:.!)\]\"'»”]|$)"
    r"|(?:(?<=[^\W\d_])|(?<=[^\W\d_]\s))=(?=\s?[#№]?[0-9]))"
    r"|(?P<odd>[^\s][^\s,;]*)",
    re.IGNORECASE,
)
_AFTER_ID: Final = re.compile(r"/?(?:[?#]\S*)?")


def tokenize(text: str) -> list[Token]:
    """Take a cleaned text apart; every visible character but plain punctuation is in one of the tokens."""
    found: list[Token] = []
    for piece in _PIECE.finditer(text):
        match piece.lastgroup:
            case "card":
                found.append(_card(piece[0]))
            case "range" | "number":
                found.append(_numbers(piece[0]))
            case "word":
                found.append(Token(TokenKind.COMMA if fold(piece[0]) in AND else TokenKind.WORD, piece[0]))
            case "comma":
                found.append(Token(TokenKind.COMMA, piece[0]))
            case "odd":
                has_digits = re.fullmatch(r"[+\-−–—]?[0-9.\-–—]*[0-9]", piece[0]) is not None
                found.append(Token(TokenKind.WRONG_NUMBER if has_digits else TokenKind.ODD, piece[0]))
            case _:
                pass
    return found


def _numbers(text: str) -> Token:
    """Read a number or a range, and find what is wrong with it."""
    text = text.strip()
    digits = re.findall(r"[0-9]+", text)
    if any(len(number) > len(str(MAX_ID)) for number in digits):
        return Token(TokenKind.WRONG_NUMBER, text, wrong=NumberError.TOO_LARGE)
    first, last = int(digits[0]), int(digits[-1])
    wrong = {
        NumberError.NO_ID: min(first, last) < 1,
        NumberError.TOO_LARGE: max(first, last) > MAX_ID,
        NumberError.BACKWARDS: first > last,
        NumberError.TOO_WIDE: last - first >= WIDEST_RANGE,
    }
    for reason, found in wrong.items():
        if found:
            return Token(TokenKind.WRONG_NUMBER, text, wrong=reason)
    return Token(TokenKind.NUMBERS, text, ids=tuple(range(first, last + 1)))


def _card(text: str) -> Token:
    """Read a pasted address; one that goes on after the card's number is not taken for that card."""
    address = text.rstrip(".:!?)]\"'»”").lstrip("([\"'«“„‘")
    if not address.startswith("/") and "://" not in address:
        address = f"https://{address}"
    match = CARD_ADDRESS.fullmatch(address)
    if match is None or not _AFTER_ID.fullmatch(address[match.end("id") :]):
        return Token(TokenKind.ODD, text)
    before = address[: match.end("id")]
    if before.count("://") > 1 or "?" in before or "#" in before:
        # An address within another address: the host is not where the card is.
        return Token(TokenKind.ODD, text)
    kind = type_name(int(match["number"])) if match["number"] else match["name"].lower()
    try:
        return Token(TokenKind.CARD, text, ref=CrmRef(type=kind, id=int(match["id"])), host=host_of(address))
    except ValidationError:
        wrong = NumberError.TOO_LARGE if int(match["id"]) > MAX_ID else NumberError.NO_ID
        return Token(TokenKind.WRONG_NUMBER, text, wrong=wrong)
    except ValueError:
        return Token(TokenKind.ODD, text)


def host_of(address: str) -> str:
    """Return the host of an address, or of a host with a port, as hosts are compared; empty where there is none.

    Raises:
        ValueError: the address is none.
    """
    parts = urlsplit(address if "/" in address else f"//{address}")
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    return (host if host.isascii() else host.encode("idna").decode()) + port

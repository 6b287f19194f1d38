"""Slots of a command: each word and number belongs to a noun, a flag, or nothing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.commands.tokenizer import Token, TokenKind
from bot.nlu.lexicon_data.command_words import (
    ALL,
    AT_THE_END,
    CLIENT,
    JOINING,
    LEAVING,
    LONGEST_PHRASE,
    MANY,
    NEUTRAL,
    OWNER_OF_PHRASE,
    REPLACE,
    SILENT,
    TYPE_OF_WORD,
    UP_TO,
    Owner,
)
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.text import fold

PREPOSITIONS: Final = JOINING | LEAVING | NEUTRAL


@dataclass(slots=True)
class NamedNumbers:
    """A noun with the numbers that follow it, or numbers without a noun, or a card address."""

    owner: Owner | None = None
    type: str | None = None
    noun: str = ""
    parts: list[Token] = field(default_factory=list[Token])
    """The numbers as written, a range being one of them."""
    card: CrmRef | None = None
    listed: bool = False
    """Whether a comma or "and" stands between the first two numbers."""
    preposition: str = ""
    beside_all: bool = False
    """Whether "all" stands next to a noun that has no number: "all deals"."""

    @property
    def ids(self) -> list[int]:
        """The numbers, ranges written out."""
        return [number for part in self.parts for number in part.ids]

    @property
    def refs(self) -> list[CrmRef]:
        """The CRM items it names."""
        if self.card is not None:
            return [self.card]
        return [] if self.type is None else [CrmRef(type=self.type, id=number) for number in self.ids]

    @property
    def samples(self) -> list[CrmRef]:
        """The CRM items it names, or any one of the type, where it names a type without a number."""
        return self.refs or ([] if self.type is None else [CrmRef(type=self.type, id=1)])

    @property
    def one_first(self) -> bool:
        """Whether its first number alone is the noun's for sure: "booking 14 1", and not "bookings 14 15"."""
        several = any(fold(word) in MANY for word in self.noun.split())
        return len(self.parts) > 1 and not self.listed and not several and len(self.parts[0].ids) == 1

    @property
    def text(self) -> str:
        """The run as it was written."""
        return " ".join(filter(None, [self.noun, ", ".join(part.text for part in self.parts)]))


@dataclass(slots=True)
class Slots:
    """The slots of a command, and the words that belong to none."""

    runs: list[NamedNumbers] = field(default_factory=list[NamedNumbers])
    unclaimed: tuple[str, ...] = ()
    prepositions: list[str] = field(default_factory=list[str])
    all: str = ""
    """The word that means all of them, if there is one."""
    replace: str = ""
    """The word that means to replace, if there is one."""
    replace_misplaced: bool = False
    clients: str = ""
    """The word that says that CRM items are clients, if there is one."""
    doubts: list[str] = field(default_factory=list[str])
    """Numbers with a word between them that may mean a range or not."""

    @property
    def owners(self) -> list[NamedNumbers]:
        """The bookings, waitlist entries and activities."""
        return [run for run in self.runs if run.owner is not None]

    @property
    def items(self) -> list[NamedNumbers]:
        """The CRM items."""
        return [run for run in self.runs if run.type is not None]

    @property
    def pairs(self) -> list[str]:
        """The second owner and what follows it, where owners and items stand in turn: which belong together?"""
        kinds = [run.owner is not None for run in self.runs]
        turns = [place for place in range(1, len(kinds)) if kinds[place] != kinds[place - 1]]
        return [run.text for run in self.runs[turns[1] :]] if len(turns) > 2 else []  # noqa: PLR2004 - two pairs

    @property
    def bare(self) -> list[NamedNumbers]:
        """The numbers without a noun."""
        return [run for run in self.runs if run.owner is None and run.type is None]


class _Reader:
    """Goes through the tokens once; `open` is the run that the next number joins."""

    def __init__(self, tokens: Sequence[Token], replace: str) -> None:
        self.tokens = tokens
        self.claims = Slots(replace=replace)
        self.begins_with_replace = bool(replace)
        self.unclaimed: list[str] = []
        self.open: NamedNumbers | None = None
        self.preposition = ""
        self.comma = False

    def start(self, run: NamedNumbers) -> None:
        run.preposition, self.preposition = self.preposition, ""
        self.claims.runs.append(run)
        self.open = run

    def number(self, token: Token) -> None:
        if self.open is None:
            self.start(NamedNumbers())
        if self.open is not None:
            self.open.parts.append(token)
            if len(self.open.parts) == 2:  # noqa: PLR2004 - between the first and the second
                self.open.listed = self.comma
        self.comma = False

    def card(self, token: Token) -> None:
        ref = token.ref
        waiting = self.open if self.open and self.open.type and not self.open.parts else None
        if waiting is not None and ref is not None and waiting.type == ref.type:
            waiting.card, waiting.noun = ref, f"{waiting.noun} {token.text}"
        else:
            self.start(NamedNumbers(type=ref.type if ref else None, noun=token.text, card=ref))
        self.open = None

    def word(self, at: int) -> int:
        """Claim the word there, and give how many tokens that took."""
        token = self.tokens[at]
        owner, length = owner_at(self.tokens, at)
        if owner is not None:
            self.start(NamedNumbers(owner=owner, noun=" ".join(piece.text for piece in self.tokens[at : at + length])))
            return length
        word = token.word
        if word in TYPE_OF_WORD:
            self.start(NamedNumbers(type=TYPE_OF_WORD[word], noun=token.text, beside_all=self.is_all(at - 1)))
        elif word in CLIENT:
            self.client(at)
        elif word in ALL:
            self.flag_all(token)
        elif word in REPLACE:
            self.flag_replace(token, at)
        elif word in PREPOSITIONS | UP_TO:
            self.between(token, at)
        elif word not in SILENT:
            self.unclaimed.append(token.text)
        return 1

    def client(self, at: int) -> None:
        """Read "client 5" as a contact, and the word alone before a contact or a company as nothing more."""
        self.claims.clients = self.tokens[at].text
        following = self.tokens[at + 1 : at + 2]
        if not any(piece.kind is TokenKind.CARD or piece.word in TYPE_OF_WORD for piece in following):
            self.start(NamedNumbers(type="contact", noun=self.tokens[at].text, beside_all=self.is_all(at - 1)))

    def is_all(self, at: int) -> bool:
        return at >= 0 and self.tokens[at].word in ALL

    def flag_all(self, token: Token) -> None:
        if self.claims.all:
            self.unclaimed.append(token.text)
        self.claims.all = token.text
        if self.open is not None and self.open.type and not self.open.parts:
            self.open.beside_all = True
        self.open = None

    def flag_replace(self, token: Token, at: int) -> None:
        if self.claims.replace:
            self.unclaimed.append(token.text)
        self.claims.replace = token.text
        self.claims.replace_misplaced = token.word in AT_THE_END and at + 1 < len(self.tokens)
        self.open = None

    def between(self, token: Token, at: int) -> None:
        beside = [self.tokens[place] for place in (at - 1, at + 1) if 0 <= place < len(self.tokens)]
        numbers = [piece.text for piece in beside if piece.kind is TokenKind.NUMBERS]
        if token.word in UP_TO and len(numbers) == 2:  # noqa: PLR2004 - one before and one after
            self.claims.doubts.append(f"{numbers[0]} {token.text} {numbers[1]}")
        elif token.word not in PREPOSITIONS:
            self.unclaimed.append(token.text)
        self.claims.prepositions.append(token.text)
        self.preposition, self.open = token.word, None

    def read(self) -> Slots:
        at = 0
        while at < len(self.tokens):
            token, step = self.tokens[at], 1
            match token.kind:
                case TokenKind.NUMBERS:
                    self.number(token)
                case TokenKind.CARD:
                    self.card(token)
                case TokenKind.COMMA:
                    self.comma = True
                case TokenKind.WORD:
                    step = self.word(at)
                case TokenKind.ODD | TokenKind.WRONG_NUMBER:
                    self.unclaimed.append(token.text)
            at += step
        self.claims.unclaimed = tuple(self.unclaimed)
        if self.begins_with_replace:
            self.drop_heading()
        return self.claims

    def drop_heading(self) -> None:
        """Let go of the noun of what is replaced: "replace the deals of booking 16 with deal 2"."""
        heading, *others = self.claims.items or [NamedNumbers()]
        same = any(run.refs and (run.type == heading.type or fold(heading.noun) in CLIENT) for run in others)
        if same and not heading.refs:
            self.claims.runs = [run for run in self.claims.runs if run is not heading]
            self.claims.all = "" if heading.beside_all else self.claims.all


def owner_at(tokens: Sequence[Token], at: int) -> tuple[Owner | None, int]:
    """Return what the longest noun that begins there stands for, and how many tokens it takes."""
    for length in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
        if owner := OWNER_OF_PHRASE.get(tuple(piece.word for piece in tokens[at : at + length])):
            return owner, length
    return None, 0


def begins_with_noun(tokens: Sequence[Token]) -> bool:
    """Return whether the first words are a noun."""
    return bool(tokens) and (tokens[0].word in TYPE_OF_WORD or owner_at(tokens, 0)[0] is not None)


def read_slots(tokens: Sequence[Token], replace: str = "") -> Slots:
    """Assign every token to what it belongs to; `replace` is the command's word where that means to replace."""
    return _Reader(tokens, replace).read()

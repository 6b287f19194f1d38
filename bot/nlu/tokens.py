"""What a sentence is made of while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.intents import Act


class Kind(Enum):
    """What a unit is, by its writing alone."""

    WORD = auto()
    NUMBER = auto()
    CARD = auto()
    PHONE = auto()
    EMAIL = auto()
    CODE = auto()
    """The id of a change."""
    QUOTE = auto()
    DAY = auto()
    """A day in digits: value is the ISO date, or `MM-DD` where the year is left out."""
    CLOCK = auto()
    """A time in digits: value is HH:MM; with an am or pm it is exact."""
    COMMA = auto()
    DASH = auto()
    COLON = auto()
    STOP = auto()
    ASKS = auto()
    ODD = auto()


class Sort(Enum):
    """What a word can be."""

    VERB = auto()
    NOUN = auto()
    TOWARDS = auto()
    AWAY = auto()
    EITHER = auto()
    ALL = auto()
    ONLY = auto()
    INSTEAD = auto()
    KEEP = auto()
    POLITE = auto()
    SILENT = auto()
    POINTING = auto()
    ASKING = auto()
    FOR_ASKING = auto()
    SIGN = auto()
    """A word of days and times."""
    MINE = auto()
    LAST = auto()
    NUMBER_SIGN = auto()
    NAMED = auto()
    BACK = auto()
    AND = auto()
    ORDINARY = auto()
    """A word of the language that means nothing to us."""


class Mood(Enum):
    """What a form of a verb says: an order, what was, what is, or none of these."""

    ORDER = auto()
    PAST = auto()
    STATE = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """One meaning of a word or a phrase."""

    sort: Sort
    value: str = ""
    """A noun's name, a day's sign."""
    acts: frozenset[Act] = frozenset()
    mood: Mood = Mood.OTHER
    linking: bool = False
    """Whether the verb speaks of links by itself."""
    cases: frozenset[str] = frozenset()
    plural: bool | None = None
    """Whether the form is plural; None where it may be either."""


@dataclass(slots=True)
class Unit:
    """A piece of the sentence: as written, what it is, and what it may mean."""

    kind: Kind
    text: str
    word: str = ""
    start: int = 0
    end: int = 0
    """Its place in the text."""
    ids: tuple[int, ...] = ()
    value: str = ""
    ref: CrmRef | None = None
    host: str = ""
    ordinal: bool = False
    marked: bool = False
    """Whether a number has a sign before it: `#14`, `№14`."""
    weak: bool = False
    """Whether a number may be no number: "one deal"."""
    spelled: bool = False
    dictated: bool = False
    """Whether a number was said in pieces: "one twenty six" may be 126, or 1 and 26."""
    meanings: tuple[Meaning, ...] = ()
    corrected: str = ""
    """The word it was taken for, where it is misspelt."""
    fitted: bool = False
    """Whether that word alone fits the sentence."""
    rivals: tuple[str, ...] = ()
    """The words it may be as well, where it is not clear which."""
    person: bool = False
    """Whether it belongs to an English name."""
    passive: bool = False
    """Whether it is a participle that orders: "needs to be linked"."""
    initial: bool = False
    """Whether it begins the sentence: its capital letter says nothing."""
    taken: str = ""
    """What claimed it."""
    used: bool = field(default=False)

    def has(self, *sorts: Sort) -> bool:
        """Tell whether it may be of one of these sorts."""
        return any(one.sort in sorts for one in self.meanings)

    @property
    def plain(self) -> bool:
        """Whether it means nothing to us."""
        return all(one.sort is Sort.ORDINARY for one in self.meanings)

    def meaning(self, sort: Sort) -> Meaning | None:
        """Give its meaning of a sort."""
        return next((one for one in self.meanings if one.sort is sort), None)

    @property
    def nouns(self) -> tuple[str, ...]:
        """Name the nouns it may be."""
        return tuple(one.value for one in self.meanings if one.sort is Sort.NOUN)

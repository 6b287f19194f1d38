"""A sentence as later stages see it: tokens with meanings, mentions, times, and what speaks against an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.nlu.danger import find_dangers, verb_mood
from bot.nlu.danger_kinds import Danger
from bot.nlu.dates import When, when_of
from bot.nlu.doubt import dangers_in, doubtful_literals, ordering_clause, weigh
from bot.nlu.entities import Mention, mentions_of
from bot.nlu.id_assignment import Ids, claimed
from bot.nlu.lexicon import acts_of
from bot.nlu.numerals import with_numbers
from bot.nlu.scene import Scene
from bot.nlu.slot_result import Filled
from bot.nlu.slot_table import filled
from bot.nlu.tagging import tag, with_spelled_numbers
from bot.nlu.tokenizer import units_of
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from linkdesk.text.language import detect_language
from tool_specs.declaration.intents import Act, Intent
from tool_specs.declaration.localized import Language
from tool_specs.declaration.method import Method

WAYS = frozenset({Sort.TOWARDS, Sort.AWAY, Sort.EITHER})
OF_BOOKINGS = frozenset({"booking", "resource"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of the sentence."""

    at: int
    text: str
    word: str
    """Folded, and put right where it was misspelt."""
    kind: Kind
    meanings: tuple[Meaning, ...] = ()
    role: str = ""
    """What claimed it: `id`, `when`, `name`, `preposition`, or nothing."""
    start: int = 0
    """Where it begins in the text."""
    ids: tuple[int, ...] = ()
    corrected: str = ""
    """The word that a misspelt one was taken for; equals `word`."""
    spelled: bool = False
    """Whether it is a number in words."""
    person: bool = False
    passive: bool = False
    """Whether it is a participle that orders: "needs to be linked"."""
    courteous: bool = False
    """Whether it belongs to a turn of phrase that only asks politely: "if you have a moment"."""
    unknown: bool = False
    """Whether it is a word without any meaning of ours that nothing claimed."""
    dangers: frozenset[Danger] = frozenset()
    """What it speaks against, exemptions already applied."""
    mood: Mood | None = None
    """Its mood as a verb by grammar, known to the lexicon or not; None where it is no verb."""

    @property
    def acts(self) -> frozenset[Act]:
        """The acts that it orders."""
        return frozenset(
            act for one in self.meanings if one.sort is Sort.VERB and one.mood is Mood.ORDER for act in one.acts
        )

    @property
    def every_act(self) -> frozenset[Act]:
        """The acts of the verb that it is a form of, whatever the form."""
        return frozenset(act for one in self.meanings if one.sort is Sort.VERB for act in one.acts)

    @property
    def nouns(self) -> tuple[str, ...]:
        """The nouns it may be."""
        return tuple(one.value for one in self.meanings if one.sort is Sort.NOUN)

    @property
    def cases(self) -> frozenset[str]:
        """The cases that its noun may be in."""
        return frozenset(case for one in self.meanings if one.sort is Sort.NOUN for case in one.cases)

    @property
    def way(self) -> Sort | None:
        """Which way it leads as a preposition: TOWARDS, AWAY or EITHER."""
        return next((one.sort for one in self.meanings if one.sort in WAYS), None)

    def has(self, *sorts: Sort) -> bool:
        """Tell whether it may be of one of these sorts."""
        return any(one.sort in sorts for one in self.meanings)


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """What a slash command says by itself: its word, and the acts that it orders."""

    word: str
    acts: frozenset[Act]
    methods: frozenset[type[Method[Any]]] = frozenset()
    """The tools that it stands for; none where it is a verb like any other."""
    replaces: bool = False
    """Whether a word beside it says that the rest goes."""


@dataclass(frozen=True, slots=True)
class State:
    """What filling slots changes in a scene: of units what claimed them, of mentions what they stand for."""

    units: tuple[tuple[str, bool], ...] = ()
    mentions: tuple[tuple[Mention, str, bool, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence taken apart, once and for all. Nothing in it changes afterwards."""

    text: str
    language: Language
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    """As a fresh `scene()` has them."""
    when: When
    now: datetime
    filling: Scene = field(repr=False, compare=False)
    """The mutable form that slots are filled from; `scene()` sets it back."""
    dangers: frozenset[Danger] = frozenset()
    """All that the tokens and the structure speak against."""
    distant: frozenset[Danger] = frozenset()
    """Those in a clause of its own before the one that orders: they only forbid that it runs."""
    clause: int = 0
    """Where the clause begins that orders."""
    doubtful: tuple[str, ...] = ()
    """Literals that nobody can tell: a number glued to letters, a broken address."""
    quotes: tuple[str, ...] = ()
    tail: str = ""
    """Free text that ends the sentence: a note, a name."""
    tail_dangers: frozenset[Danger] = frozenset()
    opposite: bool = False
    """Whether a misspelt verb may as well be one of the other side."""
    command: SlashCommand | None = None
    saved: State = field(default_factory=State, repr=False, compare=False)

    @property
    def unknown(self) -> tuple[Token, ...]:
        """The words that mean nothing to us."""
        return tuple(token for token in self.tokens if token.unknown)

    @property
    def corrected(self) -> tuple[Token, ...]:
        """The words that were misspelt."""
        return tuple(token for token in self.tokens if token.corrected)

    @property
    def orders(self) -> tuple[Token, ...]:
        """The verbs that order."""
        return tuple(token for token in self.tokens if token.acts and not token.role)

    def scene(self) -> Scene:
        """Return the mutable form that slots are filled from, set back to the state it was analysed in.

        There is one, which the next call sets back again: read what is needed before that.
        """
        _restore(self.filling, self.saved)
        return self.filling

    def fill(self, sense: Intent, method: type[Method[Any]]) -> Filled:
        """Fill the arguments of one reading, from a fresh state."""
        return filled(self.scene(), sense, method, self.tail)


def analyze(text: str, now: datetime, *, tail: str = "", command: SlashCommand | None = None) -> Sentence:
    """Take a cleaned text apart.

    Args:
        text: one sentence, cleaned.
        now: the time in the business's zone.
        tail: free text that was cut off its end.
        command: the slash command it came with.
    """
    language: Language = detect_language(text) or "en"
    units = units_of(text)
    with_spelled_numbers(units)
    written = units
    units = with_numbers(units, cyrillic=language == "ru")
    _keep_corrections(written, units)
    units = tag(units)
    ids = claimed(units)
    of_bookings = any(noun in OF_BOOKINGS for unit in units for noun in unit.nouns)
    when = when_of(units, now, of_bookings=of_bookings, moves=_moves(units), numbered=_numbered(units, ids))
    mentions = mentions_of(units, ids)
    _release_prepositions(units)
    orders = [unit for unit in units if not unit.taken and acts_of(unit, Mood.ORDER)]
    scene = Scene(units, when, mentions, orders, now)
    found, courtesies = find_dangers(text, units)
    begins = ordering_clause(units)
    dangers, distant = weigh(units, mentions, found, begins)
    return Sentence(
        text=text,
        language=language,
        tokens=tuple(_token(at, unit, found[at], courteous=at in courtesies) for at, unit in enumerate(units)),
        mentions=tuple(mentions),
        when=when,
        now=now,
        filling=scene,
        dangers=dangers,
        distant=distant,
        clause=begins,
        doubtful=doubtful_literals(units),
        quotes=tuple(unit.value for unit in units if unit.kind is Kind.QUOTE),
        tail=tail,
        tail_dangers=dangers_in(tail, units_of(tail)) if tail else frozenset(),
        opposite=any(unit.rivals and acts_of(unit, Mood.ORDER) for unit in units),
        command=command,
        saved=_save(scene),
    )


def _keep_corrections(written: Sequence[Unit], units: Sequence[Unit]) -> None:
    """Note on a number in words that one of its words was misspelt."""
    corrected = {unit.text for unit in written if unit.corrected}
    for unit in units:
        if unit.spelled and corrected.intersection(unit.text.split()):
            unit.corrected = unit.word


def _numbered(units: Sequence[Unit], ids: Mapping[int, Ids]) -> bool:
    """Tell whether a booking or an entry is named by its number."""
    return any({"booking", "waitlist"} & set(units[at].nouns) for at in ids)


def _moves(units: Sequence[Unit]) -> bool:
    """Tell whether a verb moves or changes something."""
    acts = {act for unit in units for act in acts_of(unit, Mood.ORDER)}
    return bool(acts & {Act.MOVE, Act.CHANGE}) and Act.CREATE not in acts


def _release_prepositions(units: Sequence[Unit]) -> None:
    """Let go of prepositions and articles that stand before a day: they lead nowhere else."""
    for unit, following in pairwise(units):
        if following.taken == "when" and not unit.taken and unit.has(Sort.EITHER, Sort.TOWARDS):
            unit.taken = "when"


def _token(at: int, unit: Unit, dangers: frozenset[Danger], *, courteous: bool) -> Token:
    known = any(one.sort is not Sort.ORDINARY for one in unit.meanings)
    return Token(
        at=at,
        text=unit.text,
        word=unit.word,
        kind=unit.kind,
        meanings=unit.meanings,
        role=unit.taken,
        start=unit.start,
        ids=unit.ids,
        corrected=unit.corrected,
        spelled=unit.spelled,
        person=unit.person,
        passive=unit.passive,
        unknown=unit.kind is Kind.WORD and not (known or courteous or unit.taken or unit.person),
        courteous=courteous,
        dangers=dangers,
        mood=verb_mood(unit) if unit.kind is Kind.WORD and not unit.taken else None,
    )


def _save(scene: Scene) -> State:
    """Keep what filling changes."""
    return State(
        tuple((unit.taken, unit.used) for unit in scene.units),
        tuple((one, one.noun, one.every, one.used) for one in scene.mentions),
    )


def _restore(scene: Scene, state: State) -> None:
    for unit, (taken, used) in zip(scene.units, state.units, strict=True):
        unit.taken, unit.used = taken, used
    scene.mentions = [one for one, *_ in state.mentions]
    for one, noun, every, used in state.mentions:
        one.noun, one.every, one.used = noun, every, used

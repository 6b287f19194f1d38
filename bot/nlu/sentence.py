"""A sentence as later stages see it: tokens with meanings, mentions, times, and what speaks against an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.nlu.analysis import Scene, scene_of
from bot.nlu.dates import When
from bot.nlu.entities import Mention
from bot.nlu.slot_result import Filled
from bot.nlu.slot_table import filled
from bot.nlu.tokens import Kind, Meaning, Mood, Sort, Unit
from linkdesk.text.language import language_of
from tool_specs.declaration.intents import Act, Sense
from tool_specs.declaration.localized import Language
from tool_specs.declaration.method import Method

WAYS = frozenset({Sort.TOWARDS, Sort.AWAY, Sort.EITHER})


class Danger(StrEnum):
    """Why a sentence may be no order. The first twelve are words of the closed class; the rest follow from grammar."""

    NEGATION = "negation"
    IDIOM = "idiom"
    """A no without a "no": "forget it", "забей"."""
    CONDITION = "condition"
    DOUBT = "doubt"
    OR = "or"
    REPORT = "report"
    """Somebody else's words or wish."""
    PAST = "past"
    LATER = "later"
    SUBJECT = "subject"
    """Somebody who does it: "he", "кто-то"; also a name or a noun before the verb."""
    HOW = "how"
    HOLD = "hold"
    """Takes back what was said: "wait", "стой"."""
    EXCEPT = "except"
    STATEMENT = "statement"
    """A verb in a form that says what was, is or will be done."""
    QUESTION = "question"
    """A question about doing it."""
    QUOTED = "quoted"
    """A verb of ours inside a quotation."""


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
    ids: tuple[int, ...] = ()
    corrected: str = ""
    """The word that a misspelt one was taken for; equals `word`."""
    spelled: bool = False
    """Whether it is a number in words."""
    person: bool = False
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
class Command:
    """What a slash command says by itself: its word, and the acts that it orders."""

    word: str
    acts: frozenset[Act]
    about: str = ""
    """The noun it is about, where the command names one: `/deals`."""


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
    doubtful: tuple[str, ...] = ()
    """Literals that nobody can tell: a number glued to letters, a broken address."""
    quotes: tuple[str, ...] = ()
    tail: str = ""
    """Free text that ends the sentence: a note, a name."""
    opposite: bool = False
    """Whether a misspelt verb may as well be one of the other side."""
    command: Command | None = None
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

    def fill(self, sense: Sense, method: type[Method[Any]]) -> Filled:
        """Fill the arguments of one reading, from a fresh state."""
        return filled(self.scene(), sense, method, self.tail)


def analyze(
    text: str,
    now: datetime,
    *,
    tail: str = "",
    command: Command | None = None,
) -> Sentence:
    """Take a cleaned text apart.

    Args:
        text: one sentence, cleaned.
        now: the time in the business's zone.
        tail: free text that was cut off its end.
        command: the slash command it came with.
    """
    language: Language = language_of(text) or "en"
    languages: tuple[Language, ...] = ("en", "ru") if language == "ru" else ("en",)
    scene = scene_of(text, language, languages, now)
    tokens = tuple(_token(at, unit) for at, unit in enumerate(scene.units))
    return Sentence(
        text=text,
        language=language,
        tokens=tokens,
        mentions=tuple(scene.mentions),
        when=scene.when,
        now=now,
        dangers=frozenset(danger for token in tokens for danger in token.dangers),
        quotes=tuple(unit.value for unit in scene.units if unit.kind is Kind.QUOTE),
        tail=tail,
        command=command,
        filling=scene,
        saved=_save(scene),
    )


def _token(at: int, unit: Unit) -> Token:
    unknown = unit.kind is Kind.WORD and not (unit.meanings or unit.taken or unit.person)
    mood = next((one.mood for one in unit.meanings if one.sort is Sort.VERB), None)
    return Token(
        at=at,
        text=unit.text,
        word=unit.word,
        kind=unit.kind,
        meanings=unit.meanings,
        role=unit.taken,
        ids=unit.ids,
        corrected=unit.corrected,
        spelled=unit.spelled,
        person=unit.person,
        unknown=unknown,
        mood=mood,
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

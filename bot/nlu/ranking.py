"""Ranking: the readings of a sentence, best first, each with its arguments and with what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from bot.nlu.entities import NAME, QUOTE
from bot.nlu.features import features_of, outline_of
from bot.nlu.intent_nouns import TOOL_OF, objects
from bot.nlu.readings import READINGS, ToolReading
from bot.nlu.sentence import Sentence
from bot.nlu.slot_result import Filled
from bot.nlu.tokens import Kind, Sort
from bot.nlu.weights import Weights, weights
from tool_specs.declaration.intents import READING_ACTS, Act
from tool_specs.declaration.method import Method

TRIED: Final = 6
"""How many of the likeliest readings get their arguments."""


class Fault(StrEnum):
    """What speaks against a reading once its arguments are filled."""

    LEFT_OVER = "left over"
    """Something that was said found no place."""
    MISSING = "missing"
    OTHER_ACT = "other act"
    """A verb that orders asks for something else."""
    OTHER_SIDE = "other side"
    """The verbs order to change something and nothing is changed, or something goes and they order no such thing."""
    NOT_NAMED = "not named"
    """A record is told by a day or a time alone, and what kind of record it is, is not said."""
    SINGULAR = "singular"
    """One record is named alone, and the reading is a list."""
    PREPOSITION = "preposition"
    """A preposition leads the other way."""
    NO_PLACE = "no place"
    """A noun is named that the reading has no use for."""
    TAIL = "tail"
    """A text ends the sentence that no argument takes."""
    PAIRS = "pairs"
    """Several items and several owners in turn: which belongs to which is not said."""


PENALTIES: Final = {
    Fault.LEFT_OVER: 3.0,
    Fault.MISSING: 1.2,
    Fault.OTHER_ACT: 1.5,
    Fault.OTHER_SIDE: 3.0,
    Fault.NOT_NAMED: 2.5,
    Fault.SINGULAR: 1.0,
    Fault.PREPOSITION: 2.5,
    Fault.NO_PLACE: 1.0,
    Fault.TAIL: 2.0,
    Fault.PAIRS: 3.0,
}
GOING: Final = frozenset({Act.PART, Act.DELETE, Act.UNDO, Act.REJECT})
"""Acts after which something is gone."""
OF_THEIR_OWN: Final = frozenset({Act.UNDO, Act.APPLY})
"""Acts that no verb of another act stands for."""
NAMED: Final = 2.0
"""What each noun of a command's tool counts that is said."""
BESIDE: Final = frozenset({NAME, QUOTE, "link", "binding", "moment", "item"})
"""Nouns that add nothing of their own."""
TEXTS: Final = frozenset({"note", "name", "description", "text"})
"""Arguments that take a text as it is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading with its arguments."""

    reading: ToolReading
    method: type[Method[Any]]
    """The reading's own tool, or the one that takes several records at once."""
    filled: Filled
    faults: tuple[Fault, ...]
    """What speaks against it; a fault stands as often as it was found."""
    score: float
    """The learned score less the penalties, as a logarithm."""

    def has(self, *faults: Fault) -> bool:
        """Tell whether one of these faults was found."""
        return any(fault in faults for fault in self.faults)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing and nothing is left over."""
        return not (self.filled.missing or self.has(Fault.LEFT_OVER, Fault.PAIRS, Fault.TAIL))


@dataclass(frozen=True, slots=True)
class Ranking:
    """The readings of a sentence, best first, and how likely nothing is asked for."""

    candidates: tuple[Candidate, ...]
    none: float

    @property
    def lead(self) -> float:
        """By how much the best is ahead of the second."""
        scores = [candidate.score for candidate in self.candidates[:2]]
        return scores[0] - scores[1] if len(scores) > 1 else float("inf")


def rank(sentence: Sentence, learned: Weights | None = None) -> Ranking:
    """Rank the readings of a sentence.

    Args:
        sentence: the sentence, taken apart.
        learned: other weights than those that come with the program.
    """
    if (ordered := _of_command(sentence)) is not None:
        return ordered
    scores = (learned or weights()).scores(features_of(sentence), outline_of(sentence))
    likeliest = sorted(range(len(READINGS)), key=lambda at: -scores.readings[at])[:TRIED]
    candidates = [_candidate(sentence, READINGS[at], scores.readings[at]) for at in likeliest]
    candidates.sort(key=lambda one: -one.score)
    return Ranking(tuple(_distinct(candidates)), scores.none)


def _distinct(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Leave out what comes to the same as one before it: "only" makes a replacement of joining."""
    for at, one in enumerate(candidates):
        if all(one.method is not other.method or one.filled != other.filled for other in candidates[:at]):
            yield one


def _of_command(sentence: Sentence) -> Ranking | None:
    """Rank the tools of a slash command alone; None where nothing that was said fits them."""
    command = sentence.command
    if command is None or not command.methods:
        return None
    replaces = command.replaces or any(token.has(Sort.ONLY, Sort.INSTEAD) for token in sentence.tokens)
    replaces = replaces or any(Act.REPLACE in token.acts for token in sentence.orders)
    readings = [one for one in READINGS if one.method in command.methods and (one.replaces is replaces or one.reads)]
    nouns = {noun for token in sentence.tokens for noun in token.nouns} | {one.noun for one in sentence.mentions}
    candidates = [_candidate(sentence, one, NAMED * len(one.nouns & nouns), several=False) for one in readings]
    candidates.sort(key=lambda one: -one.score)
    fits = candidates and not candidates[0].has(Fault.LEFT_OVER, Fault.TAIL, Fault.PAIRS)
    return Ranking(tuple(candidates), 0.0) if fits else None


def _candidate(sentence: Sentence, reading: ToolReading, score: float, *, several: bool = True) -> Candidate:
    filled = sentence.fill(reading.sense, reading.method)
    method, filled = _of_many(reading, filled) if several else (reading.method, filled)
    faults = tuple(_faults(sentence, reading, filled))
    return Candidate(reading, method, filled, faults, score - sum(PENALTIES[fault] for fault in faults))


def _of_many(reading: ToolReading, filled: Filled) -> tuple[type[Method[Any]], Filled]:
    """Choose the tool that takes several records at once, where several are named and there is one."""
    many = TOOL_OF.get(replace(reading.sense, many=True))
    if many is None or many is reading.method or not filled.each:
        return reading.method, filled
    others = [name for name in filled.missing if f"{name}s" not in many.model_fields]
    if others or not filled.arguments.keys() <= many.model_fields.keys():
        return reading.method, filled
    arguments = {f"{filled.missing[0]}s": list(filled.each), **filled.arguments}
    return many, replace(filled, arguments=arguments, missing=[], each=())


def _faults(sentence: Sentence, reading: ToolReading, filled: Filled) -> Iterator[Fault]:
    """Yield what speaks against a reading; it is called right after filling, and reads what that claimed."""
    if filled.left_over or _is_unused(sentence, filled) or (reading.replaces and not _says_to_replace(sentence)):
        yield Fault.LEFT_OVER
    yield from (Fault.MISSING for _ in filled.missing)
    for token in sentence.orders:
        if not token.acts & reading.acts:
            yield Fault.OTHER_ACT
    if _is_of_another_side(sentence, reading):
        yield Fault.OTHER_SIDE
    joins = reading.sense.act in {Act.JOIN, Act.REPLACE} and "booking" in filled.arguments
    if joins and not any(one.noun == "booking" for one in sentence.mentions):
        yield Fault.NOT_NAMED
    if reading.sense.many and not sentence.when and _is_one(sentence, reading.sense.about):
        yield Fault.SINGULAR
    if _leads_elsewhere(sentence, reading):
        yield Fault.PREPOSITION
    yield from (Fault.NO_PLACE for _ in _without_place(sentence, reading, filled))
    if sentence.tail and not TEXTS & filled.arguments.keys():
        yield Fault.TAIL
    if _is_crosswise(sentence):
        yield Fault.PAIRS


def _says_to_replace(sentence: Sentence) -> bool:
    """Tell whether a word says that what is there goes."""
    if sentence.command is not None and sentence.command.replaces:
        return True
    verbs = {act for token in sentence.tokens for act in token.every_act}
    words = any(token.has(Sort.ONLY, Sort.INSTEAD, Sort.KEEP) for token in sentence.tokens)
    return words or bool(verbs & {Act.REPLACE, Act.CHANGE})


def _is_unused(sentence: Sentence, filled: Filled) -> bool:
    """Tell whether the id of a change or plan found no place."""
    values = {str(value).lower() for value in filled.arguments.values()}
    return any(token.kind is Kind.CODE and token.text.lower() not in values for token in sentence.tokens)


def _is_of_another_side(sentence: Sentence, reading: ToolReading) -> bool:
    acts = frozenset(act for token in sentence.orders for act in token.acts)
    if not acts or acts <= READING_ACTS or acts & reading.acts:
        return False
    if reading.reads:
        # "Schedule for today" names no record: its verb may be a noun.
        return any(one.known or one.described or one.every for one in sentence.mentions)
    if reading.acts & OF_THEIR_OWN:
        return True
    return bool(reading.acts & GOING and not acts & (GOING | {Act.MOVE}))


def _is_one(sentence: Sentence, noun: str) -> bool:
    """Tell whether one booking, resource or the like is named and nothing else; a waitlist and a log are lists."""
    mentions = [one for one in sentence.mentions if not one.used]
    alone = len(mentions) == 1 and mentions[0].noun == noun and mentions[0].plural is not True
    return alone and noun not in {"waitlist", "change"}


def _leads_elsewhere(sentence: Sentence, reading: ToolReading) -> bool:
    """Tell whether the owner is led by a preposition of the opposite side: "link … from", "unlink … to"."""
    sense = reading.sense
    if sense.act not in {Act.JOIN, Act.REPLACE, Act.PART} or not sense.item:
        return False
    against = Sort.TOWARDS if sense.act is Act.PART else Sort.AWAY
    # "Убери привязку сделки 5 к брони 9": the link leads there.
    linked = any(mention.noun in {"link", "binding"} and mention.bare for mention in sentence.mentions[:1])
    return not linked and any(mention.way is against and mention.noun == sense.about for mention in sentence.mentions)


def _without_place(sentence: Sentence, reading: ToolReading, filled: Filled) -> Iterator[str]:
    """Yield the nouns that are named and mean nothing to the reading."""
    placed = BESIDE | reading.nouns
    items = {mention.noun for mention in objects(sentence.mentions)}
    if reading.sense.item or items & _values(filled):
        placed |= items
    fields = reading.method.arguments()
    placed |= {"resource"} if {"resource_ids", "resource_id"} & set(fields) else frozenset()
    placed |= {"title"} if "name" in fields else frozenset()
    placed |= {field.removesuffix("_id") for field in fields} | set(fields)
    placed |= {"resource_type"} if "type_id" in fields else frozenset()
    for mention in sentence.mentions:
        if not mention.used and mention.noun not in placed:
            yield mention.noun


def _values(filled: Filled) -> set[str]:
    """List the kinds of CRM items among the arguments."""
    refs: list[Any] = []
    for value in filled.arguments.values():
        refs += value if isinstance(value, list) else [value]
    kinds: list[Any] = [ref["type"] for ref in refs if isinstance(ref, dict) and "type" in ref]
    return {str(kind) for kind in (*kinds, filled.arguments.get("type", ""))}


def _is_crosswise(sentence: Sentence) -> bool:
    """Tell whether items and owners stand in turn: "deal 5 to booking 15 and deal 6 to booking 16"."""
    locks: list[str] = []
    for mention in sentence.mentions:
        kind = "owner" if mention.noun in {"booking", "waitlist"} else "item"
        if mention.known and not mention.used and (not locks or locks[-1] != kind):
            locks.append(kind)
    return len(locks) > 3  # noqa: PLR2004 - two of each

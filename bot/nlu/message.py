"""A message as a whole: what surrounds it is taken off, it corrects itself, and each of its orders is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bot.nlu.clean import clean
from bot.nlu.corrections import correct
from bot.nlu.danger_kinds import Danger
from bot.nlu.letters import right_letters
from bot.nlu.parts import Parts, parts_of
from bot.nlu.ranking import Ranking
from bot.nlu.references import points
from bot.nlu.result import Certainty, Grade
from bot.nlu.revision import Change, Edit, Revision
from bot.nlu.sentence import Sentence
from bot.nlu.signs import spelled_out
from bot.nlu.verify import Verdict
from tool_specs.declaration.method import Effect

LONGEST: Final = 1000
"""Letters of a message whose orders are told apart; a longer one is read as one sentence."""
DONE: Final = frozenset({Grade.RUN, Grade.CARD})


@dataclass(frozen=True, slots=True)
class SentenceReading:
    """One sentence with all that was made of it, for the answer and for `linkdesk parse --explain`."""

    revision: Revision
    sentence: Sentence
    ranking: Ranking
    verdict: Verdict

    @property
    def done(self) -> bool:
        """Whether it is understood as far as a card."""
        return self.verdict.grade in DONE

    @property
    def known(self) -> bool:
        """Whether it is clear which order it is, even if something is missing."""
        return self.done or (self.verdict.grade is Grade.ASK and bool(self.verdict.offered))


ReadSentence = Callable[[Revision], SentenceReading]


def read_message(text: str, read_sentence: ReadSentence) -> tuple[SentenceReading, ...]:
    """Read every order of a message; the first reading is never missing.

    Args:
        text: the message, without what is not seen.
        read_sentence: reads one sentence.
    """
    revision = clean(text)
    if len(revision.text) > LONGEST:
        return (read_sentence(revision),)
    revision = revision.then(right_letters)
    corrected = correct(revision.text)
    if corrected.cancelled:
        reading = read_sentence(revision)
        reason = str(Danger.HOLD)
        return (reading if not reading.verdict.offered else _refused(reading, Grade.NONE, reason),)
    revision = Revision(corrected.text, revision.edits + corrected.edits)
    reading = read_sentence(revision)
    if not reading.done:
        written_out = revision.then(spelled_out)
        other = read_sentence(written_out) if written_out.edits != revision.edits else reading
        reading = other if other.done else reading
        revision = written_out
    parts = parts_of(revision.text)
    return (reading,) if parts is None else _parted(reading, revision, parts, read_sentence)


def _parted(
    whole: SentenceReading, revision: Revision, parts: Parts, read_sentence: ReadSentence
) -> tuple[SentenceReading, ...]:
    """Read the orders one by one; where one of them is none, the whole message decides."""
    if parts.crossed:
        # Everything with everything is one of the ways to read it, and never taken without being chosen.
        offered = whole.verdict.offered if whole.done else ()
        verdict = replace(whole.verdict, grade=Grade.CHOICE if offered else Grade.ASK, reason="crossed")
        return (replace(whole, verdict=verdict),)
    readings = tuple(_part(order, whole, revision, read_sentence) for order in parts.orders)
    if len(readings) == 1:
        return (_one_order(whole, readings[0], parts),)
    if parts.loose or not all(one.known for one in readings):
        return (_refused(whole, Grade.ASK, "left over") if whole.done else whole,)
    return readings


def _one_order(whole: SentenceReading, part: SentenceReading, parts: Parts) -> SentenceReading:
    """Choose between the whole message and its one order, around which something is told."""
    if whole.verdict.grade is Grade.RUN or parts.loose:
        return whole
    if whole.done:
        # A name that is told of in another sentence is no part of the order.
        return part if part.done and not points(parts.orders[0]) else whole
    return part if part.known else whole


def _part(order: str, whole: SentenceReading, revision: Revision, read_sentence: ReadSentence) -> SentenceReading:
    """Read one order of several, or one that other sentences stand around: it never runs without a yes."""
    before = whole.sentence.text
    reading = read_sentence(Revision(order, (*revision.edits, Edit(0, len(before), before, order, Change.PART))))
    reads = reading.verdict.offered and reading.verdict.offered[0].method.effect is Effect.READ
    if reading.verdict.grade is Grade.RUN and not reads:
        verdict = replace(reading.verdict, grade=Grade.CARD, reason="part", certainty=Certainty.COMPLETED)
        return replace(reading, verdict=verdict)
    return reading


def _refused(reading: SentenceReading, grade: Grade, reason: str) -> SentenceReading:
    return replace(reading, verdict=Verdict(grade, reason=reason))

"""Read a message in plain language: which tools, which arguments, what is missing, and what may be done with it.

Every stage is a function from value to value: clean -> correct -> split -> analyze -> rank -> verify.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.nlu import questions
from bot.nlu.clean import without_remarks
from bot.nlu.explanation import words_of
from bot.nlu.free_text import cut_tail, is_quoted, name_in
from bot.nlu.mentions import records_of
from bot.nlu.message import DONE, SentenceReading, read_message
from bot.nlu.message_text import host_of, is_readable
from bot.nlu.ranking import Candidate, rank
from bot.nlu.result import Certainty, Grade, Proposal, Understood
from bot.nlu.revision import Revision
from bot.nlu.sentence import Sentence, SlashCommand, analyze
from bot.nlu.tokenizer import cleaned
from bot.nlu.verify import verify
from linkdesk.text.language import detect_language
from tool_specs.declaration.localized import Language
from tool_specs.declaration.method import Effect

MOST_TEXT: Final = 1200
"""Longer messages are no orders."""
WRITTEN_DOWN: Final = frozenset({"note", "name", "description"})
"""The arguments that free text fills."""


def read(
    text: str, now: datetime, zone: str = "UTC", portal_host: str | None = None, command: SlashCommand | None = None
) -> Understood:
    """Read a message. It never raises.

    Args:
        text: the message, as it was written; of a slash command what follows the slash.
        now: the present time; without an offset it is that of the zone.
        zone: the business's time zone, in which days and times are meant.
        portal_host: the host that addresses of cards have to have; None for any.
        command: the slash command that it is.
    """
    whole = cleaned(text)
    language: Language = detect_language(whole) or "en"
    if not whole or len(whole) > MOST_TEXT or not is_readable(whole):
        return Understood(text, language)
    here = ZoneInfo(zone)
    now = now.replace(tzinfo=here) if now.tzinfo is None else now.astimezone(here)
    first, *others = read_message(whole, partial(_whole, now=now, command=command))
    answers = [understood(text, reading, portal_host) for reading in others]
    return with_further(understood(text, first, portal_host), answers)


def with_further(first: Understood, others: Sequence[Understood]) -> Understood:
    """Add the further orders of a message to the first; several orders wait for one yes."""
    also = tuple(answer.proposals[0] for answer in others if answer.proposals)
    if not also or not first.proposals:
        return first
    grade = Grade.CARD if first.grade in DONE else first.grade
    return replace(first, also=also, grade=grade, certainty=Certainty.COMPLETED)


def _whole(revision: Revision, *, now: datetime, command: SlashCommand | None) -> SentenceReading:
    """Read a text; what is to be written down is cut off first, and left where nothing takes it."""
    if (parts := cut_tail(revision.text)) is not None:
        reading = _read(revision, parts[0], now, command, parts[1])
        if any(WRITTEN_DOWN & one.filled.arguments.keys() for one in reading.ranking.candidates[:1]):
            return reading
    return _read(revision, revision.text, now, command)


def _read(
    revision: Revision, text: str, now: datetime, command: SlashCommand | None, tail: str = ""
) -> SentenceReading:
    remarks = without_remarks(text)
    revision = replace(revision, edits=revision.edits + remarks.edits)
    sentence = analyze(remarks.text, now, tail=tail, command=command)
    ranking = rank(sentence)
    verdict = verify(sentence, ranking)
    if verdict.grade is Grade.RUN and revision.doubtful and verdict.offered[0].method.effect is not Effect.READ:
        verdict = replace(verdict, grade=Grade.CARD, reason="rewritten", certainty=Certainty.CORRECTED)
    return SentenceReading(revision, sentence, ranking, verdict)


def understood(text: str, reading: SentenceReading, portal_host: str | None = None) -> Understood:
    """Turn a reading into the answer."""
    sentence, verdict = reading.sentence, reading.verdict
    done = Understood(text, sentence.language, words=words_of(sentence.filling.units), grade=verdict.grade)
    if (others := _other_portals(sentence, portal_host)) and verdict.offered:
        return replace(done, grade=Grade.ASK, question=questions.of_portals(others, portal_host or ""))
    proposals = tuple(_proposal(one, text) for one in verdict.offered)
    done = replace(done, proposals=proposals, certainty=verdict.certainty)
    shortened = any(_is_shortened(*pair) for pair in zip(proposals, verdict.offered, strict=True))
    if verdict.grade is Grade.RUN and shortened:
        done = replace(done, grade=Grade.CARD, certainty=Certainty.TOLERATED)
    match verdict.grade:
        case Grade.RUN | Grade.CARD:
            done = replace(done, tool=proposals[0].tool, arguments=dict(proposals[0].arguments))
        case Grade.ASK if proposals:
            first, filled = proposals[0], verdict.offered[0].filled
            question = questions.for_missing(first.missing, filled.each)
            question = question if filled.each else questions.with_records(question, records_of(sentence))
            done = replace(done, tool=first.tool, arguments=dict(first.arguments), missing=first.missing)
            done = replace(done, question=question, each=filled.each)
        case _:
            answer = questions.of_verdict(verdict.reason, verdict.words, records_of(sentence))
            done = replace(done, question=answer if _speaks_of_records(sentence) else None)
    return done


def _speaks_of_records(sentence: Sentence) -> bool:
    """Tell whether there is anything of ours in it at all."""
    return bool(sentence.mentions) or any(token.every_act for token in sentence.tokens)


def _other_portals(sentence: Sentence, portal_host: str | None) -> list[str]:
    """Return the hosts of addresses that belong to another portal."""
    hosts = dict.fromkeys(unit.host for unit in sentence.filling.units if unit.host)
    return [host for host in hosts if portal_host and host.lower() != host_of(portal_host).lower()]


def _is_shortened(proposal: Proposal, candidate: Candidate) -> bool:
    """Tell whether more than a full stop was taken off a name."""
    name = candidate.filled.arguments.get("name")
    return isinstance(name, str) and len(name) > len(proposal.arguments["name"]) + 1


def _proposal(candidate: Candidate, text: str) -> Proposal:
    filled = candidate.filled
    names = [name for name in ("booking", *candidate.method.arguments()) if name in filled.arguments]
    arguments: dict[str, Any] = {name: filled.arguments[name] for name in names}
    if isinstance(name := arguments.get("name"), str) and not is_quoted(name, text):
        arguments["name"] = name_in(name)
    return Proposal(candidate.method, arguments, tuple(filled.missing))


__all__ = ["read", "understood", "with_further"]

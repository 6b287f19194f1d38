"""What a clause leaves out because it was said before: "it", "his booking", "17" after "on", or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from bot.nlu.groups import OWNERS, PEOPLE, SOURCES, TARGETS, Group, Side, groups_of
from bot.nlu.lexicon import acts_of, language_of_word
from bot.nlu.morphology import parses
from bot.nlu.record_words import case_at, said
from bot.nlu.tagged_text import acts_in, tagged, verb_of
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import Act
from tool_specs.declaration.localized import Language

FEMININE: Final = frozenset({"ее", "ей", "ней", "нее", "эту", "этой", "ту", "той"})
MASCULINE: Final = frozenset({"его", "ему", "нему", "него", "нем", "этот", "этого", "этому", "тот", "это"})
SEVERAL: Final = frozenset({"them", "these", "those", "both", "их", "ими", "них", "ними", "эти", "обе", "оба"})
ONE: Final = FEMININE | MASCULINE | {"it", "that", "this", "him", "her", "им", "ним"}
PERSONS: Final = frozenset({"him", "her"})
LINKS: Final = frozenset({Act.JOIN, Act.PART, Act.REPLACE})
WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)


@dataclass(frozen=True, slots=True)
class Record:
    """A record that another clause names by its number."""

    noun: str
    number: int
    side: Side
    gender: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    """A clause with what it left out, and the records that were put there."""

    text: str
    used: frozenset[Record] = frozenset()


def points(clause: str) -> bool:
    """Tell whether a clause has a pronoun that no record was put in the place of."""
    return any(unit.kind is Kind.WORD and unit.word in ONE | SEVERAL for unit in tagged(clause))


@lru_cache(maxsize=256)
def records_in(clause: str) -> tuple[Record, ...]:
    """Return the records that a clause names by their numbers."""
    units = tagged(clause)
    return tuple(
        Record(group.noun, number, group.side, _gender(units[group.at].word.partition(" ")[0]))
        for group in groups_of(units)
        if group.noun and group.side is not Side.TIME
        for number in group.numbers
        if number
    )


@lru_cache(maxsize=1024)
def _gender(word: str) -> str:
    if language_of_word(word) != "ru":
        return ""
    nouns: list[Any] = [one for one in parses(word) if one.tag.POS == "NOUN"]
    return str(nouns[0].tag.gender) if nouns else ""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with what is named in it."""

    text: str
    units: tuple[Unit, ...]
    groups: tuple[Group, ...]
    verb: Unit
    acts: frozenset[Act]
    language: Language

    @property
    def numbered(self) -> frozenset[Side]:
        """The sides of what it names by a number."""
        return frozenset(group.side for group in self.groups if group.numbered)

    @property
    def links(self) -> bool:
        """Whether it links or unlinks something."""
        return bool(self.acts & LINKS)

    def named(self, record: Record, case: str) -> str:
        """Name a record in its language."""
        return said(record.noun, str(record.number), case, self.language)

    def put(self, start: int, end: int, text: str, *records: Record) -> Completed:
        """Put a text in the place of a piece."""
        return Completed(self.text[:start] + text + self.text[end:], frozenset(records))

    def add(self, text: str, *records: Record) -> Completed:
        """Put a text after the verb."""
        return self.put(self.verb.end, self.verb.end, f" {text}", *records)


def complete(clause: str, context: Sequence[Record]) -> Completed:
    """Put the records of earlier clauses in the place of words that point at them; unchanged where it is not clear."""
    done = Completed(clause)
    known = list(dict.fromkeys(context))
    for step in (_numbers_alone, _bare_nouns, _pronouns, _left_out):
        units = tagged(done.text)
        verb = verb_of(units)
        if verb is None:
            return done
        taken = _Clause(
            done.text, units, tuple(groups_of(units)), verb, acts_in(done.text), language_of_word(done.text)
        )
        following = step(taken, known)
        done = Completed(following.text, done.used | following.used) if following is not None else done
    return done


def _on(records: Sequence[Record], side: Side) -> list[Record]:
    return [one for one in records if one.side is side]


def _only(records: Sequence[Record]) -> Record | None:
    """Return the one record there is; None where there are several or none."""
    return records[0] if len(records) == 1 else None


def _numbers_alone(clause: _Clause, context: Sequence[Record]) -> Completed | None:
    """Give a number after "on" or "to" the noun of the owner that was spoken of: "put it on 17"."""
    owners = {one.noun for one in _on(context, Side.OWNER)}
    links = clause.links or Act.MOVE in clause.acts
    if not links or len(owners) != 1 or not _on(context, Side.THING):
        return None
    for group in clause.groups:
        leads = group.preposition in SOURCES | TARGETS
        if group.side is Side.UNKNOWN and leads and not _is_hour(clause.units, group):
            number = clause.text[group.start : group.end]
            named = said(next(iter(owners)), number, case_at(clause.text, group.start), clause.language)
            return clause.put(group.start, group.end, named)
    return None


def _is_hour(units: Sequence[Unit], group: Group) -> bool:
    return group.last + 1 < len(units) and units[group.last + 1].has(Sort.SIGN)


def _bare_nouns(clause: _Clause, context: Sequence[Record]) -> Completed | None:
    """Give a noun without a number the one of the record that was spoken of: "the booking", "его записи"."""
    if _creates(clause.verb):
        return None
    for group in clause.groups:
        record = _same_noun(group, context) if _lacks_number(group, clause.units[group.at]) else None
        if record is None or record in records_in(clause.text):
            continue
        start = group.at
        while start and _determines(clause.units[start - 1]):
            start -= 1
        begin = clause.units[start].start
        named = clause.named(record, case_at(clause.text, begin))
        if record.noun == group.noun:
            unit = clause.units[group.at]
            named = f"{clause.text[unit.start : unit.end]} {record.number}"
        return clause.put(begin, group.end, named, record)
    return None


def _lacks_number(group: Group, unit: Unit) -> bool:
    """Tell whether a noun means one record that it does not number; "the waitlist" is no entry of it."""
    plural = all(one.plural is True for one in unit.meanings if one.sort is Sort.NOUN)
    entry = group.noun != "waitlist" or unit.word.startswith(("запис", "entr")) or "entry" in unit.word
    return bool(group.noun) and not group.numbers and not group.every and group.noun != "when" and entry and not plural


def _same_noun(group: Group, context: Sequence[Record]) -> Record | None:
    same = [one for one in context if one.noun == group.noun]
    return _only(same or [one for one in context if _alike(one.noun, group.noun)])


def _alike(noun: str, other: str) -> bool:
    """Tell whether a noun may be another word for a record: a booking for an entry, a client for a contact."""
    return {noun, other} <= OWNERS or {noun, other} <= PEOPLE


def _determines(unit: Unit) -> bool:
    return unit.has(Sort.SILENT, Sort.POINTING) and not unit.has(*WAYS)


def _creates(verb: Unit) -> bool:
    """Tell whether a verb makes something new."""
    acts = acts_of(verb, Mood.ORDER)
    return Act.CREATE in acts and not acts & LINKS


def _pronouns(clause: _Clause, context: Sequence[Record]) -> Completed | None:
    """Put records in the place of pronouns: "take it off", "прикрепи её"."""
    for at, unit in enumerate(clause.units):
        if unit.word not in ONE | SEVERAL or not _stands_alone(clause.units, at):
            continue
        led = bool(at) and clause.units[at - 1].has(*WAYS)
        records = _meant(unit.word, context, clause, led=led)
        if not records:
            continue
        if {one.side for one in records} == {Side.THING, Side.OWNER}:
            text = _linked(clause, *sorted(records, key=lambda one: one.side is Side.OWNER))
        else:
            case = case_at(clause.text, unit.start) if led else "accs"
            joint = " и " if clause.language == "ru" else " and "
            text = joint.join(clause.named(one, case) for one in records)
        return clause.put(unit.start, unit.end, text, *records)
    return None


def _stands_alone(units: Sequence[Unit], at: int) -> bool:
    """Tell a pronoun from a word before its noun: "его записи"."""
    following = units[at + 1] if at + 1 < len(units) else None
    led_noun = following is not None and (following.has(Sort.NOUN) or following.kind is Kind.NUMBER)
    return units[at].kind is Kind.WORD and not led_noun


def _meant(word: str, context: Sequence[Record], clause: _Clause, *, led: bool) -> tuple[Record, ...]:
    """Return the records that a pronoun stands for; nothing where that is not clear."""
    known = _fitting(word, context)
    sides = _wanted(clause, led=led)
    if word in SEVERAL:
        several = [_on(known, side) for side in sides if len(_on(known, side)) > 1]
        pair = [*_on(known, Side.THING), *_on(known, Side.OWNER)]
        if several:
            return tuple(several[0])
        if clause.links and not led and not clause.numbered and {one.side for one in pair} == {Side.THING, Side.OWNER}:
            return tuple(pair)
    found = next((one for side in sides if (one := _on(known, side))), None)
    return tuple(found) if found is not None and len(found) == 1 else ()


def _fitting(word: str, context: Sequence[Record]) -> Sequence[Record]:
    """Return the records that a pronoun may mean by its gender, or because it means a person; else all."""
    genders = {"femn"} if word in FEMININE else {"masc", "neut"} if word in MASCULINE else set[str]()
    people = [one for one in context if word in PERSONS and one.noun in PEOPLE]
    return people or [one for one in context if one.gender in genders] or context


def _wanted(clause: _Clause, *, led: bool) -> tuple[Side, ...]:
    """Tell the sides that a pronoun may stand for, likeliest first."""
    own = clause.numbered
    if led:
        return (Side.OWNER,) if clause.links or Side.TIME not in own else (Side.OWNER, Side.THING)
    if clause.links and Side.THING in own:
        return (Side.OWNER,)
    if clause.links or (Act.MOVE in clause.acts and Side.OWNER in own):
        return Side.THING, Side.ACTIVITY, Side.OWNER
    return Side.OWNER, Side.ACTIVITY, Side.THING, Side.RESOURCE


def _preposition(clause: _Clause, *, join: bool) -> tuple[str, str]:
    """Return the preposition before an owner and the case after it."""
    if clause.language == "ru":
        return ("к", "datv") if join else ("от", "gent")
    return ("to", "") if join else ("from", "")


def _linked(clause: _Clause, thing: Record, owner: Record) -> str:
    """Name a thing and an owner with the preposition between them."""
    preposition, case = _preposition(clause, join=Act.JOIN in clause.acts)
    return f"{clause.named(thing, 'accs')} {preposition} {clause.named(owner, case)}"


def _left_out(clause: _Clause, context: Sequence[Record]) -> Completed | None:
    """Add the record that a clause does not mention at all: "link deal 5", where one booking was spoken of."""
    if _creates(clause.verb) or any(unit.has(Sort.ALL) for unit in clause.units):
        return None
    named = records_in(clause.text)
    thing = _only(_on(context, Side.THING))
    owner = _only([one for one in _on(context, Side.OWNER) if one not in named])
    sides = {group.side for group in clause.groups}
    if not sides - {Side.TIME}:
        return None if points(clause.text) else _alone(clause, thing, owner, timed=bool(sides))
    if owner is not None and _lacks_source(clause, sides):
        return _with_owner(clause, owner, join=False)
    return _other_side(clause, sides, thing, owner) if clause.links else None


def _other_side(clause: _Clause, sides: set[Side], thing: Record | None, owner: Record | None) -> Completed | None:
    """Add the thing to an owner that stands alone, or the owner to a thing."""
    if sides == {Side.OWNER} and thing is not None and Act.DELETE not in clause.acts:
        return clause.add(clause.named(thing, "accs"), thing)
    return _with_owner(clause, owner, join=Act.JOIN in clause.acts) if sides == {Side.THING} and owner else None


def _lacks_source(clause: _Clause, sides: set[Side]) -> bool:
    """Tell whether a clause moves a thing somewhere, and does not say where from."""
    moves = Act.MOVE in clause.acts and not clause.links and sides == {Side.THING, Side.OWNER}
    return (
        moves
        and clause.groups[-1].preposition in TARGETS
        and not any(group.preposition in SOURCES for group in clause.groups)
    )


def _alone(clause: _Clause, thing: Record | None, owner: Record | None, *, timed: bool) -> Completed | None:
    """Add to a verb that stands alone, or with a time, what it is about."""
    acts = acts_of(clause.verb, Mood.ORDER)
    if Act.JOIN in acts and thing and owner and not timed:
        return clause.add(_linked(clause, thing, owner), thing, owner)
    one = owner or (thing if acts & LINKS else None)
    if one is None or (acts <= LINKS and not timed):
        return None
    return clause.add(clause.named(one, "accs"), one)


def _with_owner(clause: _Clause, owner: Record, *, join: bool) -> Completed:
    """Add what a thing is put on or taken off, after a preposition that waits for it or after the thing."""
    group = clause.groups[-1]
    waiting = next((unit for unit in clause.units[group.last + 1 :] if unit.has(Sort.AWAY, Sort.TOWARDS)), None)
    preposition, case = _preposition(clause, join=join)
    end = waiting.end if waiting is not None else group.end
    between = "" if waiting is not None else f"{preposition} "
    return clause.put(end, end, f" {between}{clause.named(owner, case)}", owner)

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
from bot.nlu.tagged_text import tagged
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


def complete(clause: str, context: Sequence[Record]) -> Completed:
    """Put the records of earlier clauses in the place of words that point at them; unchanged where it is not clear."""
    done = Completed(clause)
    for step in (_numbers_alone, _bare_nouns, _pronouns, _left_out):
        following = step(done.text, context)
        done = Completed(following.text, done.used | following.used)
    return done


def _language(clause: str) -> Language:
    return "ru" if language_of_word(clause) == "ru" else "en"


def _acts(units: Sequence[Unit]) -> frozenset[Act]:
    return frozenset(act for unit in units for act in acts_of(unit, Mood.ORDER))


def _only(records: Sequence[Record]) -> Record | None:
    """Return the one record there is; None where there are several or none."""
    distinct = list(dict.fromkeys(records))
    return distinct[0] if len(distinct) == 1 else None


def _put(clause: str, start: int, end: int, text: str, *records: Record) -> Completed:
    return Completed(clause[:start] + text + clause[end:], frozenset(records))


def _numbers_alone(clause: str, context: Sequence[Record]) -> Completed:
    """Give a number after "on" or "to" the noun of the owner that was spoken of: "put it on 17"."""
    units = tagged(clause)
    owners = {one.noun for one in context if one.side is Side.OWNER}
    links = bool(_acts(units) & (LINKS | {Act.MOVE})) and any(one.side is Side.THING for one in context)
    for group in groups_of(units):
        leads = group.preposition in SOURCES | TARGETS
        if group.side is Side.UNKNOWN and leads and links and len(owners) == 1 and not _is_hour(units, group):
            case = case_at(clause, group.start)
            number = clause[group.start : group.end]
            return _put(clause, group.start, group.end, said(next(iter(owners)), number, case, _language(clause)))
    return Completed(clause)


def _is_hour(units: Sequence[Unit], group: Group) -> bool:
    return group.last + 1 < len(units) and units[group.last + 1].has(Sort.SIGN)


def _bare_nouns(clause: str, context: Sequence[Record]) -> Completed:
    """Give a noun without a number the one of the record that was spoken of: "the booking", "его записи"."""
    units = tagged(clause)
    if not _acts(units) or _creates(units):
        return Completed(clause)
    for group in groups_of(units):
        unit = units[group.at]
        plural = all(one.plural is True for one in unit.meanings if one.sort is Sort.NOUN)
        if not group.noun or group.numbers or group.every or group.side is Side.TIME or plural:
            continue
        if group.noun == "waitlist" and not unit.word.startswith(("запис", "entr")) and "entry" not in unit.word:
            # The list itself, and no entry of it.
            continue
        same = [one for one in context if one.noun == group.noun]
        alike = [one for one in context if _alike(one.noun, group.noun)]
        record = _only(same or alike)
        if record is None or record in records_in(clause):
            continue
        start = group.at
        while start and units[start - 1].has(Sort.SILENT, Sort.POINTING) and not units[start - 1].has(*WAYS):
            start -= 1
        case = case_at(clause, units[start].start)
        text = said(record.noun, str(record.number), case, _language(clause))
        if record.noun == group.noun:
            text = f"{clause[unit.start : unit.end]} {record.number}"
        return _put(clause, units[start].start, group.end, text, record)
    return Completed(clause)


def _creates(units: Sequence[Unit]) -> bool:
    """Tell whether the first verb makes something new."""
    verb = next((unit for unit in units if acts_of(unit, Mood.ORDER)), None)
    return verb is not None and Act.CREATE in acts_of(verb, Mood.ORDER) and not acts_of(verb, Mood.ORDER) & LINKS


def _alike(noun: str, other: str) -> bool:
    """Tell whether a noun may be another word for a record: a booking for an entry, a client for a contact."""
    return {noun, other} <= OWNERS or {noun, other} <= PEOPLE


def _pronouns(clause: str, context: Sequence[Record]) -> Completed:
    """Put records in the place of pronouns: "take it off", "прикрепи её"."""
    units = tagged(clause)
    acts = _acts(units)
    for at, unit in enumerate(units):
        following = units[at + 1] if at + 1 < len(units) else None
        stands_alone = following is None or not (following.has(Sort.NOUN) or following.kind is Kind.NUMBER)
        if unit.word not in ONE | SEVERAL or not stands_alone or unit.kind is not Kind.WORD or not acts:
            continue
        led = bool(at) and units[at - 1].has(*WAYS)
        own = {group.side for group in groups_of(units) if group.numbered}
        paired = bool(acts & LINKS) and not led and not own
        records = _meant(unit.word, context, _wanted(acts, own, led=led), paired=paired)
        if not records:
            continue
        case = case_at(clause, unit.start) if led else "accs"
        joint = " и " if _language(clause) == "ru" else " and "
        names = [said(one.noun, str(one.number), case, _language(clause)) for one in records]
        text = joint.join(names)
        if {one.side for one in records} == {Side.THING, Side.OWNER}:
            text = _linked(clause, records, acts)
        return _put(clause, unit.start, unit.end, text, *records)
    return Completed(clause)


def _wanted(acts: frozenset[Act], own: set[Side], *, led: bool) -> tuple[Side, ...]:
    """Tell the sides that a pronoun may stand for, likeliest first."""
    if led:
        return (Side.OWNER,) if acts & LINKS or Side.TIME not in own else (Side.OWNER, Side.THING)
    if acts & LINKS and Side.THING in own:
        return (Side.OWNER,)
    if acts & LINKS or (Act.MOVE in acts and Side.OWNER in own):
        return Side.THING, Side.ACTIVITY, Side.OWNER
    return Side.OWNER, Side.ACTIVITY, Side.THING, Side.RESOURCE


def _meant(word: str, context: Sequence[Record], sides: Sequence[Side], *, paired: bool) -> tuple[Record, ...]:
    """Return the records that a pronoun stands for; nothing where that is not clear."""
    known = list(dict.fromkeys(context))
    if word in PERSONS and (people := [one for one in known if one.noun in PEOPLE]):
        known = people
    gender = {"femn"} if word in FEMININE else {"masc", "neut"} if word in MASCULINE else set[str]()
    fitting = [one for one in known if one.gender in gender] if gender else []
    known = fitting or known
    if word in SEVERAL:
        several = next((found for side in sides if len(found := [one for one in known if one.side is side]) > 1), [])
        things, owners = ([one for one in known if one.side is side] for side in (Side.THING, Side.OWNER))
        if several or (paired and len(things) == len(owners) == 1):
            return tuple(several) or (things[0], owners[0])
    for side in sides:
        found = [one for one in known if one.side is side]
        if found:
            return (found[0],) if len(found) == 1 else ()
    return ()


def _linked(clause: str, records: Sequence[Record], acts: frozenset[Act]) -> str:
    """Name a thing and an owner with the preposition between them."""
    thing, owner = sorted(records, key=lambda one: one.side is Side.OWNER)
    language = _language(clause)
    case, preposition = ("datv", "к") if Act.JOIN in acts else ("gent", "от")
    english = "to" if Act.JOIN in acts else "from"
    between = preposition if language == "ru" else english
    first = said(thing.noun, str(thing.number), "accs", language)
    return f"{first} {between} {said(owner.noun, str(owner.number), case, language)}"


def _left_out(clause: str, context: Sequence[Record]) -> Completed:
    """Add the record that a clause does not mention at all: "link deal 5", where one booking was spoken of."""
    units = tagged(clause)
    verb = next((unit for unit in units if acts_of(unit, Mood.ORDER)), None)
    if verb is None or _creates(units) or any(unit.has(Sort.ALL) for unit in units):
        return Completed(clause)
    acts, groups = acts_of(verb, Mood.ORDER), groups_of(units)
    thing = _only([one for one in context if one.side is Side.THING])
    owner = _only([one for one in context if one.side is Side.OWNER and one not in records_in(clause)])
    own = {group.side for group in groups}
    if not own - {Side.TIME}:
        pointed = any(unit.word in ONE | SEVERAL for unit in units)
        return Completed(clause) if pointed else _alone(clause, verb, thing, owner, timed=bool(own))
    source = (
        Act.MOVE in acts and not acts & LINKS and own == {Side.THING, Side.OWNER} and groups[-1].preposition in TARGETS
    )
    if source and owner is not None and not any(group.preposition in SOURCES for group in groups):
        return _with_owner(clause, units, owner, frozenset({Act.PART}))
    if not acts & LINKS:
        return Completed(clause)
    if own == {Side.OWNER} and thing is not None and Act.DELETE not in acts:
        named = said(thing.noun, str(thing.number), "accs", _language(clause))
        return _put(clause, verb.end, verb.end, f" {named}", thing)
    return _with_owner(clause, units, owner, acts) if own == {Side.THING} and owner else Completed(clause)


def _alone(clause: str, verb: Unit, thing: Record | None, owner: Record | None, *, timed: bool) -> Completed:
    """Add to a verb that stands alone, or with a time, what it is about."""
    acts = acts_of(verb, Mood.ORDER)
    if Act.JOIN in acts and thing and owner and not timed:
        return _put(clause, verb.end, verb.end, f" {_linked(clause, (thing, owner), acts)}", thing, owner)
    one = owner or (thing if acts & LINKS else None)
    if one is None or (acts <= LINKS and not timed):
        return Completed(clause)
    named = said(one.noun, str(one.number), "accs", _language(clause))
    return _put(clause, verb.end, verb.end, f" {named}", one)


def _with_owner(clause: str, units: Sequence[Unit], owner: Record, acts: frozenset[Act]) -> Completed:
    """Add what a thing is put on or taken off, after a preposition that waits for it or after the thing."""
    language = _language(clause)
    group = groups_of(units)[-1]
    waiting = next((unit for unit in units[group.last + 1 :] if unit.has(Sort.AWAY, Sort.TOWARDS)), None)
    case, preposition = ("datv", "к") if Act.JOIN in acts else ("gent", "от")
    english = "to" if Act.JOIN in acts else "from"
    between = "" if waiting is not None else f"{preposition if language == 'ru' else english} "
    end = waiting.end if waiting is not None else group.end
    return _put(clause, end, end, f" {between}{said(owner.noun, str(owner.number), case, language)}", owner)

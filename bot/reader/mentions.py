"""What a sentence mentions: records with their numbers, names, phones; and which way a preposition leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.reader.names import dictionary_form, may_be_name, run_of_names
from bot.reader.numbers import Ids
from bot.reader.units import Kind, Mood, Sort, Unit
from tool_specs.crm_ref import CrmRef
from tool_specs.speech import Act

WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
NAME: Final = "name"
"""A name that stands alone: somebody's."""
QUOTE: Final = "quote"
NAMED: Final = frozenset({"client", "contact", "company", "deal", "lead", "quote", "invoice", "resource"})
"""Nouns that a name may follow."""
PEOPLE: Final = frozenset({"client", "contact", "company", NAME})
OF: Final = frozenset({"of", "for", "у", "для", "с", "со", "with", "под", "by", "на"})


@dataclass(slots=True)
class Mention:
    """One thing that is mentioned, and where."""

    noun: str
    at: int
    end: int
    start: int = 0
    """Where it begins, its preposition and other words before the noun counted."""
    ids: Ids = ()
    refs: tuple[CrmRef, ...] = ()
    name: str = ""
    phone: str = ""
    email: str = ""
    way: Sort | None = None
    preposition: str = ""
    plural: bool | None = None
    every: bool = False
    only: bool = False
    pointed: bool = False
    others: tuple[str, ...] = ()
    """Other nouns that the word may be."""
    client: Mention | None = None
    resource: Mention | None = None
    used: bool = field(default=False)

    @property
    def known(self) -> bool:
        """Whether it is named by an id or a card."""
        return bool(self.ids or self.refs)

    @property
    def described(self) -> bool:
        """Whether something is said of it by which it can be looked up."""
        return bool(self.name or self.phone or self.email)

    @property
    def bare(self) -> bool:
        """Whether there is nothing but the noun."""
        return not (self.known or self.described)


def mentions_of(units: Sequence[Unit], ids: Mapping[int, Ids]) -> list[Mention]:
    """Find everything that is mentioned, in order."""
    found: list[Mention] = []
    at = 0
    while at < len(units):
        mention = _mention_at(units, at, ids)
        if mention is None:
            at += 1
            continue
        _look_back(units, mention)
        _join(found, mention, units)
        at = max(mention.end, at + 1)
    return found


def _mention_at(units: Sequence[Unit], at: int, ids: Mapping[int, Ids]) -> Mention | None:  # noqa: PLR0911 - a table of kinds
    unit = units[at]
    if unit.taken and at not in ids:
        return None
    match unit.kind:
        case Kind.CARD if unit.ref is not None:
            return Mention(unit.ref.type, at, at + 1, refs=(unit.ref,))
        case Kind.PHONE:
            return Mention(NAME, at, at + 1, phone=unit.value)
        case Kind.EMAIL:
            return Mention(NAME, at, at + 1, email=unit.value)
        case Kind.QUOTE:
            return Mention(QUOTE, at, at + 1, name=unit.value)
        case _:
            pass
    length = _length_of_name(units, at)
    if length and at not in ids and _is_name(units, at, length):
        return _named(Mention(NAME, at, at + length), units, at, length, ("accs",))
    return _noun(units, at, ids) if unit.has(Sort.NOUN) else None


def _length_of_name(units: Sequence[Unit], at: int) -> int:
    """Count the words of the name that begins there; a small letter is a slip of the finger sooner than a name."""
    unit = units[at]
    if unit.has(Sort.NOUN) and not unit.text[:1].isupper():
        return 0
    length = run_of_names(units, at, wanted=_object_comes(units, at))
    if length != 1:
        return length
    if _object_comes(units, at) and not may_be_name(unit, wanted=False):
        return 0
    if not unit.text.islower():
        return 1
    before, after = units[at - 1] if at else None, units[at + 1] if at + 1 < len(units) else None
    # After "в" or "к" a small letter is a misspelt noun; what has a number needs no name: "контакт 5 надь убрать".
    led = before is not None and before.has(*WAYS) and before.word not in OF
    numbered = before is not None and before.kind is Kind.NUMBER
    # Right before a noun it is a misspelt word of ours.
    precedes = after is not None and after.has(Sort.NOUN) and not unit.person
    return 0 if led or numbered or precedes else 1


def _object_comes(units: Sequence[Unit], at: int) -> bool:
    """Tell whether what is added or taken off is named next: a name may be in small letters there."""
    verb = units[at - 1].meaning(Sort.VERB) if at else None
    return verb is not None and verb.mood is Mood.ORDER and bool(verb.acts & {Act.JOIN, Act.PART}) and not verb.linking


def _is_name(units: Sequence[Unit], at: int, length: int) -> bool:
    """Tell a name from a noun with a capital letter: "Лиду Иванову", not "Сделку 8"."""
    if not units[at].has(Sort.NOUN):
        return True
    return length > 1


def _named(mention: Mention, units: Sequence[Unit], start: int, length: int, cases: tuple[str, ...]) -> Mention:
    words = [unit.text for unit in units[start : start + length]]
    mention.name = dictionary_form(words, cases, person=mention.noun in PEOPLE - {"company"})
    mention.end = start + length
    for unit in units[start : start + length]:
        unit.taken = NAME
    return mention


def _noun(units: Sequence[Unit], at: int, ids: Mapping[int, Ids]) -> Mention:
    unit = units[at]
    noun, *others = unit.nouns
    plural = next((one.plural for one in unit.meanings if one.sort is Sort.NOUN), None)
    mention = Mention(noun, at, at + 1, ids=ids.get(at, ()), plural=plural, others=tuple(others))
    if mention.ids:
        end = at + 1
        while (
            end < len(units)
            and units[end].taken != "id"
            and (units[end].has(Sort.NUMBER_SIGN, Sort.EITHER) or units[end].kind is Kind.COLON)
            and any(one.taken == "id" for one in units[end : end + 3])
            and not units[end].has(Sort.NOUN)
        ):
            units[end].used = True
            end += 1
        while end < len(units) and units[end].taken == "id":
            end += 1
        mention.end = end
        return mention
    start = at + 1
    while start < len(units) and (units[start].has(Sort.NAMED) or units[start].kind is Kind.COLON) and start < at + 3:
        start += 1
    if start < len(units) and units[start].kind is Kind.QUOTE and noun in NAMED | {"booking"}:
        mention.name, mention.end, units[start].taken = units[start].value, start + 1, NAME
        return mention
    if noun in NAMED:
        length = run_of_names(units, start, wanted=noun in PEOPLE)
        written = noun in PEOPLE or (units[start : start + 1] and units[start].text[:1].isupper())
        length = length if written and not _goes_on(units, start + length) else 0
        if length:
            cases = tuple(sorted(_cases(unit) - {"nomn"})) or ("nomn",)
            return _named(mention, units, start, length, (*cases, "nomn", "gent"))
    return mention


def _goes_on(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a number follows what looks like a name: then it is a misspelt noun."""
    return at < len(units) and units[at].kind is Kind.NUMBER and units[at].taken != "when"


def _cases(unit: Unit) -> frozenset[str]:
    return frozenset(case for one in unit.meanings if one.sort is Sort.NOUN for case in one.cases)


def _look_back(units: Sequence[Unit], mention: Mention) -> None:
    """Read what stands before the noun: "all", "only", and the preposition."""
    at = mention.at - 1
    while at >= 0:
        unit = units[at]
        if unit.has(Sort.ALL):
            mention.every = True
        elif unit.has(Sort.ONLY):
            mention.only = True
        elif unit.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER) and unit.taken != "when":
            unit.taken = "preposition"
            mention.preposition, mention.way = unit.word, _way(unit, units[mention.at])
            mention.start = at
            return
        elif (unit.taken not in {"id", "when"} and not unit.has(Sort.SILENT, Sort.LAST, Sort.POINTING, Sort.MINE)) or (
            unit.taken == "id" and not mention.ids
        ):
            break
        mention.pointed = mention.pointed or unit.has(Sort.POINTING)
        if unit.taken == "id" and at and mention.at - at > 1 and units[at - 1].has(Sort.NOUN):
            break
        at -= 1
    mention.start = at + 1


def _way(preposition: Unit, noun: Unit) -> Sort:
    """Tell which way a preposition leads; "с" and "в" by the case after them."""
    cases = _cases(noun)
    if preposition.word in {"с", "со"} and cases:
        return Sort.AWAY if "gent" in cases and "ablt" not in cases else Sort.EITHER
    return next(one.sort for one in preposition.meanings if one.sort in {Sort.TOWARDS, Sort.AWAY, Sort.EITHER})


def _join(found: list[Mention], mention: Mention, units: Sequence[Unit]) -> None:
    """Add a mention, or make it a part of the one before it: a booking's client, a contact's phone."""
    last = found[-1] if found else None
    if last is None:
        found.append(mention)
        return
    close = last.end >= mention.start
    if close and last.noun in PEOPLE and last.bare and not last.every and mention.noun in PEOPLE | {QUOTE}:
        # "клиента контакт 5", "client +7 999 …": one and the same.
        mention.noun = last.noun if mention.noun in {NAME, QUOTE} or last.noun != "client" else mention.noun
        mention.way, mention.preposition = last.way or mention.way, last.preposition or mention.preposition
        mention.start = last.start
        found[-1] = mention
    elif close and mention.noun == NAME and last.noun in PEOPLE and last.name and (mention.phone or mention.email):
        last.phone, last.email, last.end = mention.phone, mention.email, mention.end
    elif close and mention.noun == "waitlist" and mention.bare and _is_entry(last, units):
        last.noun, last.end = "waitlist", mention.end
    elif close and last.noun == "waitlist" and last.bare and mention.bare and _is_entry(mention, units):
        last.end = mention.end
    elif close and last.noun == "booking" and not last.known and _describes(mention, last):
        if mention.noun == "resource":
            last.resource = mention
        else:
            last.client = mention
        last.end, mention.used = mention.end, True
        found.append(mention)
    elif close and mention.noun in {"booking", "deal"} and not mention.known and _possesses(last, units):
        last.used = True
        if mention.noun == "booking":
            mention.client = last
        else:
            mention.name = last.name
        mention.way, mention.preposition, mention.start = last.way, last.preposition, last.start
        found.append(mention)
    else:
        found.append(mention)


def _is_entry(mention: Mention, units: Sequence[Unit]) -> bool:
    """Tell whether the noun before is the entry of the list: "запись 4 в листе ожидания"."""
    return mention.noun == "waitlist" or (mention.noun == "booking" and units[mention.at].word.startswith("запис"))


def _describes(mention: Mention, booking: Mention) -> bool:
    if mention.noun == "resource":
        return not mention.bare and booking.resource is None and mention.way is not Sort.TOWARDS
    if mention.noun not in PEOPLE or mention.bare or mention.every or booking.client is not None:
        return False
    return not mention.preposition or mention.preposition in OF


def _possesses(name: Mention, units: Sequence[Unit]) -> bool:
    """Tell whether a name is an English possessive: "Jane's booking"."""
    return name.noun in PEOPLE and bool(name.name) and units[name.end - 1].text.endswith(("'s", "’s", "s'"))

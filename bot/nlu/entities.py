"""What a sentence mentions: records with their numbers, names, phones; and which way a preposition leads to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.nlu.id_assignment import Ids
from bot.nlu.lexicon import language_of_word
from bot.nlu.morphology import is_naming, owns, parses
from bot.nlu.person_names import dictionary_form, may_be_name, run_of_names
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.crm_ref import CrmRef
from tool_specs.declaration.intents import Act

WAYS: Final = (Sort.TOWARDS, Sort.AWAY, Sort.EITHER)
NAME: Final = "name"
"""A name that stands alone: somebody's."""
QUOTE: Final = "quotation"
"""What stands in quotation marks; a "quote" is an item of the CRM."""
NAMED: Final = frozenset({"client", "contact", "company", "deal", "lead", "quote", "invoice", "resource"})
"""Nouns that a name may follow."""
PEOPLE: Final = frozenset({"client", "contact", "company", NAME})
OF: Final = frozenset({"of", "for", "у", "для", "с", "со", "with", "под", "by", "на"})


LEADING: Final = frozenset({"to", "на"})
"""What leads from a client to the one in the place of whom it is."""
OWNED: Final = frozenset({"of", "for", "у"})
"""What leads from a deal to whose it is."""


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
    cases: frozenset[str] = frozenset()
    """The cases its noun may be in."""
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
        return _named(Mention(NAME, at, at + length), units, at, length, _cases_of_somebody(units))
    return _noun(units, at, ids) if unit.has(Sort.NOUN) else None


def _owns(unit: Unit) -> bool:
    """Tell whether it is somebody's name with an 's."""
    return unit.person and unit.text.endswith(("'s", "’s"))


def _cases_of_somebody(units: Sequence[Unit]) -> tuple[str, ...]:
    """Give the case of a name that stands alone: who is worked on, or who comes ("когда придёт Петрова")."""
    acts = any(one.sort is Sort.VERB and one.mood is Mood.ORDER for unit in units for one in unit.meanings)
    return ("accs",) if acts else ("nomn", "accs")


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
    led = before is not None and before.has(*WAYS) and before.word not in OF and not _owns(unit)
    numbered = before is not None and before.kind is Kind.NUMBER
    # Right before a noun it is a misspelt word of ours.
    precedes = after is not None and after.has(Sort.NOUN) and not unit.person
    precedes = precedes and not _is_whose(units, at, at + 1)
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


def _named(  # noqa: PLR0913 - all of a name
    mention: Mention,
    units: Sequence[Unit],
    start: int,
    length: int,
    cases: tuple[str, ...],
    *,
    person: bool = False,
) -> Mention:
    words = [unit.text for unit in units[start : start + length]]
    mention.name = dictionary_form(words, cases, person=person or mention.noun in PEOPLE - {"company"})
    if mention.noun == "company" and mention.name.islower():
        mention.name = mention.name[:1].upper() + mention.name[1:]
    mention.end = start + length
    for unit in units[start : start + length]:
        unit.taken = NAME
    return mention


def _noun(units: Sequence[Unit], at: int, ids: Mapping[int, Ids]) -> Mention:
    unit = units[at]
    noun, *others = unit.nouns
    plural = next((one.plural for one in unit.meanings if one.sort is Sort.NOUN), None)
    mention = Mention(noun, at, at + 1, ids=ids.get(at, ()), plural=plural, others=tuple(others), cases=_cases(unit))
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
    if units[start : start + 1] and units[start].has(Sort.EITHER) and _leads_to_a_name(units, start):
        units[start].taken = "preposition"
        start += 1
    while start < len(units) and (units[start].has(Sort.NAMED) or units[start].kind is Kind.COLON) and start < at + 3:
        start += 1
    if start < len(units) and units[start].kind is Kind.QUOTE and noun in NAMED | {"booking"}:
        mention.name, mention.end, units[start].taken = units[start].value, start + 1, NAME
        return mention
    if noun == "deal" and (length := _owner(units, start)):
        return _named(mention, units, start, length, ("gent",), person=True)
    if noun in NAMED:
        length = run_of_names(units, start, wanted=noun in PEOPLE)
        written = noun in PEOPLE or (units[start : start + 1] and units[start].text[:1].isupper())
        length = length or (_company(units, start) if noun == "company" else 0)
        length = length if written and not _goes_on(units, start + length) else 0
        if length:
            cases = tuple(sorted(_cases(unit) - {"nomn"})) or ("nomn",)
            return _named(mention, units, start, length, (*cases, "nomn", "gent"))
    return mention


def _leads_to_a_name(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a preposition begins "с названием «Спа-день»"."""
    return at + 2 < len(units) and units[at + 1].has(Sort.NAMED) and units[at + 2].kind is Kind.QUOTE


def _company(units: Sequence[Unit], at: int) -> int:
    """Count the word of a company's name in small letters: one of no meaning that a preposition or nothing follows."""
    if at >= len(units):
        return 0
    unit = units[at]
    if unit.kind is not Kind.WORD or unit.taken or unit.meanings or unit.corrected or unit.rivals or len(unit.word) < 4:  # noqa: PLR2004 - no slip
        return 0
    after = units[at + 1] if at + 1 < len(units) else None
    closed = after is None or after.has(*WAYS, Sort.AND) or after.kind in {Kind.COMMA, Kind.STOP, Kind.ASKS}
    return 1 if closed else 0


def _owner(units: Sequence[Unit], start: int) -> int:
    """Count the words of the person whose deal it is: "сделку ивановой"."""
    length = run_of_names(units, start, wanted=False)
    words = [unit.word for unit in units[start : start + length]]
    owned = all(any("gent" in one.tag for one in parses(word)) and is_naming(word) for word in words)
    return length if owned and not _goes_on(units, start + length) else 0


def _goes_on(units: Sequence[Unit], at: int) -> bool:
    """Tell whether a number follows what looks like a name: then it is a misspelt noun."""
    return at < len(units) and units[at].kind is Kind.NUMBER and units[at].taken != "when"


def _cases(unit: Unit) -> frozenset[str]:
    return frozenset(case for one in unit.meanings if one.sort is Sort.NOUN for case in one.cases)


def _look_back(units: Sequence[Unit], mention: Mention) -> None:
    """Read what stands before the noun: "all", "only", and the preposition."""
    at, passed = mention.at - 1, 0
    while at >= 0:
        unit = units[at]
        if _says_nothing(unit) and passed < 1:
            # "From the whole big booking": one word of no meaning to us may stand between.
            passed += 1
        elif unit.has(Sort.ALL):
            mention.every = True
        elif unit.has(Sort.ONLY):
            mention.only = True
        elif unit.has(Sort.TOWARDS, Sort.AWAY, Sort.EITHER) and unit.taken != "when":
            unit.taken = "preposition"
            if at and unit.word == "of" and units[at - 1].has(Sort.AWAY):
                # "Out of", "off of".
                at, unit = at - 1, units[at - 1]
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


def _says_nothing(unit: Unit) -> bool:
    """Tell whether a word means nothing to us and is nobody's name."""
    plain = unit.kind is Kind.WORD and not (unit.taken or unit.person or unit.corrected)
    return plain and all(one.sort in {Sort.ORDINARY, Sort.POLITE} for one in unit.meanings)


def _way(preposition: Unit, noun: Unit) -> Sort:
    """Tell which way a preposition leads; "с" and "в" by the case after them."""
    cases = _cases(noun)
    if preposition.word in {"с", "со"} and cases:
        return Sort.AWAY if "gent" in cases and "ablt" not in cases else Sort.EITHER
    if preposition.word in {"на", "в", "во"} and set(noun.nouns) & {"booking", "waitlist"}:
        # "На бронь" leads there, "на брони" is there.
        read = {case for one in parses(noun.word.split()[0]) for case in ("accs", "loct") if case in one.tag}
        return Sort.TOWARDS if read == {"accs"} else Sort.EITHER
    return next(one.sort for one in preposition.meanings if one.sort in {Sort.TOWARDS, Sort.AWAY, Sort.EITHER})


def _join(found: list[Mention], mention: Mention, units: Sequence[Unit]) -> None:  # noqa: C901, PLR0912 - a table of cases
    """Add a mention, or make it a part of the one before it: a booking's client, a contact's phone."""
    last = found[-1] if found else None
    if last is None:
        found.append(mention)
        return
    close = last.end >= mention.start
    if (
        close
        and last.noun in PEOPLE
        and last.bare
        and not last.every
        and mention.noun in PEOPLE | {QUOTE}
        and mention.preposition not in LEADING
    ):
        # "клиента контакт 5", "client +7 999 …": one and the same.
        mention.noun = last.noun if mention.noun in {NAME, QUOTE} or last.noun != "client" else mention.noun
        mention.way, mention.preposition = last.way or mention.way, last.preposition or mention.preposition
        mention.start = last.start
        found[-1] = mention
    elif close and mention.noun == NAME and last.noun in PEOPLE and last.name and (mention.phone or mention.email):
        last.phone, last.email, last.end = mention.phone, mention.email, mention.end
    elif (
        close
        and mention.noun == "waitlist"
        and mention.bare
        and _is_entry(last, units, moved=_goes_into(mention, units), fits=_case_fits(mention, units))
    ):
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
    elif close and last.noun == "deal" and last.bare and mention.noun in PEOPLE and _is_owner(mention, units):
        last.name, last.end, mention.used = mention.name, mention.end, True
        found.append(mention)
    elif (
        close
        and mention.noun in {"booking", "deal"}
        and not mention.known
        and (_possesses(last, units) or _stands_before(last, mention, units))
    ):
        last.used = True
        if mention.noun == "booking":
            mention.client = last
        else:
            mention.name = last.name
        mention.way, mention.preposition, mention.start = last.way, last.preposition, last.start
        found.append(mention)
    else:
        found.append(mention)


def _is_entry(mention: Mention, units: Sequence[Unit], *, moved: bool = False, fits: bool = True) -> bool:
    """Tell whether the noun before is the entry of the list: "запись 4 в листе ожидания"."""
    if moved or not fits:
        return mention.noun == "waitlist" and fits
    return mention.noun == "waitlist" or (mention.noun == "booking" and units[mention.at].word.startswith("запис"))


def _case_fits(queue: Mention, units: Sequence[Unit]) -> bool:
    """Tell whether the noun is in the case that its preposition wants: "у листа", not "у лист"."""
    if queue.preposition not in {"у", "из", "с", "со", "от"}:
        return True
    return any("gent" in one.tag for one in parses(units[queue.at].word.split()[0]))


def _goes_into(queue: Mention, units: Sequence[Unit]) -> bool:
    """Tell "верни запись 17 в очередь" from "запись 17 в очереди": the first is moved there."""
    moves = any(one.acts & {Act.MOVE} for unit in units for one in unit.meanings if one.mood is Mood.ORDER)
    cases = {case for one in parses(units[queue.at].word.split()[0]) for case in ("accs", "loct") if case in one.tag}
    return moves and queue.preposition in {"в", "во"} and cases == {"accs"}


def _describes(mention: Mention, booking: Mention) -> bool:
    if mention.noun == "resource":
        return not mention.bare and booking.resource is None and mention.way is not Sort.TOWARDS
    if mention.noun not in PEOPLE or mention.bare or mention.every or booking.client is not None:
        return False
    if not mention.preposition and mention.known and mention.noun != NAME:
        # "добавь в завтрашнюю бронь контакт 4": only "бронь контакта 4" is the contact's.
        return "gent" in mention.cases
    return not mention.preposition or mention.preposition in OF


def _is_owner(mention: Mention, units: Sequence[Unit]) -> bool:
    """Tell whether it is whose the deal before is, and nobody whose booking comes next: "deals of Jane's booking"."""
    led = mention.preposition in OWNED or (not mention.preposition and "gent" in mention.cases)
    return bool(mention.name) and led and not _possesses(mention, units)


def _is_whose(units: Sequence[Unit], start: int, end: int) -> bool:
    """Tell whether Russian words of a name can only say whose or for whom: "ивановой", and not "иванову"."""
    return end > start and all(language_of_word(unit.word) == "ru" and owns(unit.word) for unit in units[start:end])


def _stands_before(name: Mention, mention: Mention, units: Sequence[Unit]) -> bool:
    """Tell whether an English name stands right before a record: "the Henderson deal"."""
    words = units[name.at : name.end]
    english = all(language_of_word(unit.word) == "en" and unit.text[:1].isupper() for unit in words)
    return name.noun == NAME and bool(name.name) and name.end == mention.at and english


def _possesses(name: Mention, units: Sequence[Unit]) -> bool:
    """Tell whether a name is an English possessive: "Jane's booking"; or a Russian one: "отмени ивановой запись"."""
    if name.noun == NAME and _is_whose(units, name.at, name.end):
        return True
    return name.noun in PEOPLE and bool(name.name) and units[name.end - 1].text.endswith(("'s", "’s", "s'"))

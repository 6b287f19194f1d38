"""One clause that gives several orders: pairs of records, a move from one record to another, one thing for another.

Deals and bookings that are named in turn are pairs, and never multiplied with each other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.nlu.groups import PEOPLE, SOURCES, TARGETS, Group, Side, groups_of
from bot.nlu.lexicon import acts_of, language_of_word
from bot.nlu.record_words import said
from bot.nlu.tagged_text import tagged
from bot.nlu.tokens import Kind, Mood, Sort, Unit
from tool_specs.declaration.intents import READING_ACTS, Act
from tool_specs.declaration.localized import Language

EACH: Final = re.compile(
    r"(?<!\w)(?:each|every|all|both|кажд\w+|все|всех|всем|обе|обеим|обоих|оба)(?!\w)", re.IGNORECASE
)
RESPECTIVELY: Final = re.compile(r"(?<!\w)(?:respectively|соответственно|in that order)(?!\w)", re.IGNORECASE)
INSTEAD: Final = re.compile(r"(?<!\w)(?:вместо|взамен|instead of|in place of|rather than)\s+", re.IGNORECASE)
NEAR: Final = 12
"""Letters that may stand between "instead of" and what it is about: an article."""
NEW: Final = frozenset({"for", "with", "by", "на", "to"})
"""Before what takes the place of another thing."""
LINKED: Final = (Act.JOIN, Act.PART)


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of one clause, each written as a clause of its own."""

    texts: tuple[str, ...]
    crossed: bool = False
    """Whether several things and several owners are named, and nothing says which belongs to which."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Groups of one side that stand together."""

    groups: tuple[Group, ...]

    @property
    def side(self) -> Side:
        return self.groups[0].side

    @property
    def count(self) -> int:
        return sum(len(one.numbers) for one in self.groups)

    @property
    def preposition(self) -> str:
        return self.groups[0].preposition


def orders_of(clause: str, verb: str = "") -> Orders:
    """Part a clause into its orders; one that gives only one stays as it is.

    Args:
        clause: the clause.
        verb: the verb of the order before it, for a clause that has none.
    """
    units = tagged(clause)
    ordering = next((unit for unit in units if acts_of(unit, Mood.ORDER)), None)
    acts = acts_of(ordering, Mood.ORDER) if ordering is not None else _acts(verb)
    groups = [group for group in groups_of(units) if group.numbered]
    blocks = _blocks(groups if Act.REPLACE in acts else _with_owners(groups))
    language: Language = "ru" if language_of_word(clause) == "ru" else "en"
    if texts := _in_place_of(clause, blocks, language):
        return Orders(texts)
    if Act.REPLACE in acts and (texts := _exchanged(clause, blocks, language, ordering)):
        return Orders(texts)
    if Act.MOVE in acts and (texts := _moved(clause, blocks, language)):
        return Orders(texts)
    if (texts := _respectively(clause, blocks, ordering, language)) or (
        texts := _pairs(clause, units, blocks, ordering.text if ordering is not None else verb)
    ):
        return Orders(texts)
    if verb and ordering is None and (text := _carried(clause, blocks, acts, language)):
        return Orders((text,))
    sides = {block.side for block in blocks if block.count > 1}
    several = {Side.THING, Side.OWNER} <= sides or {Side.THING, Side.ACTIVITY} <= sides
    crossed = several and not (acts and acts <= READING_ACTS) and not EACH.search(clause)
    return Orders((f"{verb} {clause}" if verb and ordering is None else clause,), crossed or _mixed(blocks, acts))


def _acts(verb: str) -> frozenset[Act]:
    return frozenset(act for unit in tagged(verb) for act in acts_of(unit, Mood.ORDER)) if verb else frozenset()


def _mixed(blocks: Sequence[_Block], acts: frozenset[Act]) -> bool:
    """Tell whether things and owners alternate, but not in pairs: nobody can tell what belongs together."""
    linked = [block for block in blocks if block.side in {Side.THING, Side.OWNER}]
    more = len(linked) > 3 or (len(linked) > 2 and any(block.count > 1 for block in linked))  # noqa: PLR2004 - a pair
    return more and bool(acts & set(LINKED))


def _blocks(groups: Sequence[Group]) -> list[_Block]:
    """Put groups of one side together; a number alone is of the side that its place says."""
    blocks: list[list[Group]] = []
    for group in groups:
        told = _told(group, blocks)
        if blocks and blocks[-1][0].side is told.side and told.preposition in {"", blocks[-1][0].preposition}:
            blocks[-1].append(told)
        else:
            blocks.append([told])
    return [_Block(tuple(one)) for one in blocks]


def _with_owners(groups: Sequence[Group]) -> list[Group]:
    """Take a number after "с" or "на" for an owner of the kind that is named elsewhere: "с 14-й на 15-ю бронь"."""
    owners = [one for one in groups if one.side is Side.OWNER]
    leads = SOURCES | TARGETS
    alone = [one for one in groups if one.side is Side.UNKNOWN and one.preposition in leads]
    if len(owners) != 1 or len(alone) != 1 or not any(one.side is Side.THING for one in groups):
        return list(groups)
    return [_like(one, owners[0]) if one in alone else one for one in groups]


def _told(group: Group, blocks: Sequence[Sequence[Group]]) -> Group:
    """Take a number alone for a record of the kind that stood in its place in the pair before."""
    if group.side is not Side.UNKNOWN or not blocks:
        return group
    known = [one for block in blocks for one in block]
    alike = [one for one in known if one.preposition == group.preposition and one.side is not Side.TIME]
    led = [one for one in known if one.preposition and one.side is not Side.TIME]
    model = alike[0] if alike else led[0] if group.preposition and len(led) == 1 else None
    model = model or (known[0] if group.preposition in NEW and len(known) == 1 else None)
    return group if model is None else _like(group, model)


def _like(group: Group, model: Group) -> Group:
    return Group(
        model.side,
        group.start,
        group.end,
        group.lead,
        model.noun,
        group.numbers,
        group.preposition,
        group.every,
        group.at,
        group.last,
    )


def _written(group: Group, clause: str, case: str, language: Language) -> str:
    """Name a group without its preposition, with its noun where it had none."""
    text = clause[group.start : group.end]
    has_noun = not re.match(r"[#№\d]", text) or re.search(r"[^\W\d_]{3,}", text)
    named = group.noun in PEOPLE and group.numbers == (0,)
    return text if (has_noun and language == "en") or named else said(group.noun, _digits(text), case, language)


def _digits(text: str) -> str:
    """Return the numbers of a group as they are written, without the noun."""
    found = re.search(r"[#№]?\d.*\d|[#№]?\d", text)
    return found[0] if found else text.rsplit(maxsplit=1)[-1]


def _listed(block: _Block, clause: str, case: str, language: Language) -> str:
    names = [_written(one, clause, case, language) for one in block.groups]
    return f" {'и' if language == 'ru' else 'and'} ".join(names)


def _linked(things: str, owner: str, language: Language, *, people: bool, join: bool) -> str:
    """Write one order to link or unlink."""
    if language == "ru":
        verb = ("добавь" if people else "привяжи") if join else ("убери" if people else "отвяжи")
        return f"{verb} {things} {'к' if join else 'от'} {owner}".strip()
    verb = ("add" if people else "link") if join else ("remove" if people else "unlink")
    return f"{verb} {things} {'to' if join else 'from'} {owner}".strip()


def _carried(clause: str, blocks: Sequence[_Block], acts: frozenset[Act], language: Language) -> str:
    """Write a thing and an owner side by side, without a preposition, as an order to link or unlink them."""
    things = [block for block in blocks if block.side is Side.THING]
    owners = [block for block in blocks if block.side is Side.OWNER]
    bare = not any(block.preposition for block in blocks)
    if not (len(things) == len(owners) == 1 and len(blocks) == 2 and bare and acts & set(LINKED)):  # noqa: PLR2004
        return ""
    join = Act.JOIN in acts
    people = all(one.noun in PEOPLE for one in things[0].groups)
    owner = _listed(owners[0], clause, "datv" if join else "gent", language)
    return _linked(_listed(things[0], clause, "accs", language), owner, language, people=people, join=join)


def _moved(clause: str, blocks: Sequence[_Block], language: Language) -> tuple[str, ...]:
    """Write "move deal 7 from booking 14 to 15" as two orders."""
    things = [block for block in blocks if block.side is Side.THING and not block.preposition]
    sources = [block for block in blocks if block.side is Side.OWNER and block.preposition in SOURCES]
    targets = [block for block in blocks if block.side is Side.OWNER and block.preposition in TARGETS]
    if not (len(things) == len(sources) == len(targets) == 1 and len(blocks) == 3):  # noqa: PLR2004 - what, from, to
        return ()
    people = all(one.noun in PEOPLE for one in things[0].groups)
    what = _listed(things[0], clause, "accs", language)
    old = _listed(sources[0], clause, "gent", language)
    new = _listed(targets[0], clause, "datv", language)
    return (
        _linked(what, old, language, people=people, join=False),
        _linked(what, new, language, people=people, join=True),
    )


def _exchanged(clause: str, blocks: Sequence[_Block], language: Language, verb: Unit | None) -> tuple[str, ...]:
    """Write "swap deal 7 for 8 on booking 14" as two orders."""
    things = [block for block in blocks if block.side is Side.THING]
    owners = [block for block in blocks if block.side in {Side.OWNER, Side.ACTIVITY}]
    if len(things) != 2 or len(owners) > 1 or things[0].preposition or things[1].preposition not in NEW:  # noqa: PLR2004
        return ()
    old, new = things
    if verb is not None and verb.word.startswith("substitut") and new.preposition == "for":
        old, new = new, old
    texts: list[str] = []
    for block, join in ((old, False), (new, True)):
        case = "datv" if join else "gent"
        owner = _listed(owners[0], clause, case, language) if owners else ""
        people = all(one.noun in PEOPLE for one in block.groups)
        text = _linked(_listed(block, clause, "accs", language), owner, language, people=people, join=join)
        texts.append(text if owner else text.rsplit(" ", 1)[0])
    return tuple(texts)


def _in_place_of(clause: str, blocks: Sequence[_Block], language: Language) -> tuple[str, ...]:
    """Write "к брони 9 вместо сделки 14 прикрепи 15" as two orders."""
    mark = INSTEAD.search(clause)
    groups = [group for block in blocks for group in block.groups]
    old = next((one for one in groups if mark and mark.end() <= one.start <= mark.end() + NEAR), None)
    new = next((one for one in groups if one is not old and one.side in {Side.THING, Side.UNKNOWN}), None)
    owners = [one for one in groups if one.side in {Side.OWNER, Side.ACTIVITY}]
    noun = next((one.noun for one in (old, new) if one is not None and one.side is Side.THING), "")
    if old is None or new is None or not noun or len(owners) > 1 or len(groups) != 2 + len(owners):
        return ()
    texts: list[str] = []
    for group, join in ((old, False), (new, True)):
        owner = _written(owners[0], clause, "datv" if join else "gent", language) if owners else ""
        what = said(noun, _digits(clause[group.start : group.end]), "accs", language)
        text = _linked(what, owner, language, people=noun in PEOPLE, join=join)
        texts.append(text if owner else text.rsplit(" ", 1)[0])
    return tuple(texts)


def _respectively(clause: str, blocks: Sequence[_Block], verb: Unit | None, language: Language) -> tuple[str, ...]:
    """Write "link deals 5 and 6 to bookings 15 and 16 respectively" as pairs."""
    if RESPECTIVELY.search(clause) is None or len(blocks) != 2 or verb is None:  # noqa: PLR2004 - two sides
        return ()
    first, second = blocks
    if first.count != second.count or first.count < 2 or len(first.groups) > 1 or len(second.groups) > 1:  # noqa: PLR2004
        return ()
    texts: list[str] = []
    for one, other in zip(first.groups[0].numbers, second.groups[0].numbers, strict=True):
        preposition = second.preposition or ("к" if language == "ru" else "to")
        what = said(first.groups[0].noun, str(one), "accs", language)
        where = said(second.groups[0].noun, str(other), "gent" if preposition in SOURCES else "datv", language)
        texts.append(f"{verb.text} {what} {preposition} {where}")
    return tuple(texts)


def _pairs(clause: str, units: Sequence[Unit], blocks: Sequence[_Block], verb: str) -> tuple[str, ...]:
    """Write each pair of records, or of a record and a time, as an order with the verb of the first."""
    sides = [block.side for block in blocks]
    if len(blocks) < 4 or len(blocks) % 2 or sides[0] is sides[1] or Side.UNKNOWN in sides:  # noqa: PLR2004 - two pairs
        return ()
    if sides != sides[:2] * (len(sides) // 2) or not {Side.OWNER, Side.ACTIVITY} & set(sides[:2]):
        return ()
    couples = [(blocks[at], blocks[at + 1]) for at in range(0, len(blocks), 2)]
    prepositions = {(first.preposition, second.preposition) for first, second in couples}
    if len({bool(one) + 2 * bool(other) for one, other in prepositions}) > 1 or not _only_joined(units, couples):
        return ()
    language: Language = "ru" if language_of_word(clause) == "ru" else "en"
    texts = [clause[: couples[0][1].groups[-1].end].strip()]
    for first, second in couples[1:]:
        said_first = _piece(first, clause, language)
        texts.append(f"{verb} {said_first} {_piece(second, clause, language)}".strip())
    rest = clause[couples[-1][1].groups[-1].end :].rstrip()
    texts[-1] += rest
    if verb and not any(acts_of(unit, Mood.ORDER) for unit in tagged(texts[0])):
        # "Booking 14 link to deal 5" has its verb; "deal 5 to booking 14" takes that of the order before.
        texts[0] = f"{verb} {texts[0]}"
    return tuple(texts)


def _piece(block: _Block, clause: str, language: Language) -> str:
    """Return a block as it is written, with its preposition, and with its noun where it had none."""
    first = block.groups[0]
    text = clause[first.lead : block.groups[-1].end]
    bare = re.search(r"[^\W\d_]{3,}", clause[first.start : first.end]) is None and first.side is not Side.TIME
    if not bare or first.noun == "client":
        return text
    case = "gent" if first.preposition in SOURCES else "datv" if first.preposition in {"к", "ко"} else "accs"
    return f"{first.preposition} {said(first.noun, clause[first.start : block.groups[-1].end], case, language)}".strip()


def _only_joined(units: Sequence[Unit], couples: Sequence[tuple[_Block, _Block]]) -> bool:
    """Tell whether nothing stands between the pairs but what joins them."""
    for (_, before), (after, _) in pairwise(couples):
        between = [one for one in units if before.groups[-1].end <= one.start and one.end <= after.groups[0].lead]
        marks = {Kind.COMMA, Kind.DASH, Kind.STOP, Kind.COLON}
        words = {"а", "then", "потом", "затем", "so", "also"}
        timed = Side.TIME in {before.side, after.side}
        if (timed and not between) or any(
            not (one.kind in marks or one.word in words or one.has(Sort.AND, Sort.SILENT, Sort.POLITE))
            for one in between
        ):
            return False
    return True

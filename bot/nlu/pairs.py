"""One clause that gives several orders: pairs of records, a move from one record to another, one thing for another.

Deals and bookings that are named in turn are pairs, and never multiplied with each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.nlu.blocks import NEW, Block, blocks_of
from bot.nlu.groups import PEOPLE, SOURCES, TARGETS, Group, Side, groups_of
from bot.nlu.lexicon import acts_of, language_of_word
from bot.nlu.record_words import LINK_WORDS, said
from bot.nlu.tagged_text import acts_in, tagged, verb_of
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
LINKED: Final = frozenset({Act.JOIN, Act.PART})
JOINING: Final = frozenset({"а", "then", "потом", "затем", "so", "also"})


@dataclass(frozen=True, slots=True)
class Orders:
    """The orders of one clause, each written as a clause of its own."""

    texts: tuple[str, ...]
    crossed: bool = False
    """Whether several things and several owners are named, and nothing says which belongs to which."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause with what is named in it."""

    text: str
    units: tuple[Unit, ...]
    blocks: tuple[Block, ...]
    verb: Unit | None
    carried: str
    """The verb of the order before, where it has none."""
    acts: frozenset[Act]
    language: Language

    def on(self, *sides: Side) -> list[Block]:
        """Return its blocks of some sides."""
        return [block for block in self.blocks if block.side in sides]


def orders_of(clause: str, verb: str = "") -> Orders:
    """Part a clause into its orders; one that gives only one stays as it is.

    Args:
        clause: the clause.
        verb: the verb of the order before it, for a clause that has none.
    """
    units = tagged(clause)
    ordering = verb_of(units)
    acts = acts_of(ordering, Mood.ORDER) if ordering is not None else acts_in(verb)
    blocks = blocks_of([group for group in groups_of(units) if group.numbered], replaces=Act.REPLACE in acts)
    carried = verb if ordering is None else ""
    one = _Clause(clause, units, tuple(blocks), ordering, carried, acts, language_of_word(clause))
    for written in _WAYS:
        if texts := written(one):
            return Orders(texts)
    return Orders((f"{carried} {clause}".strip(),), crossed=_is_crossed(one))


def _is_crossed(clause: _Clause) -> bool:
    """Tell whether nobody can tell which things belong to which owners."""
    reads = bool(clause.acts) and clause.acts <= READING_ACTS
    sides = {block.side for block in clause.blocks if block.count > 1}
    several = Side.THING in sides and bool(sides & {Side.OWNER, Side.ACTIVITY})
    if several and not reads and not EACH.search(clause.text):
        return True
    # Things and owners that alternate, but not in pairs.
    linked = clause.on(Side.THING, Side.OWNER)
    more = len(linked) > 3 or (len(linked) > 2 and any(block.count > 1 for block in linked))  # noqa: PLR2004 - a pair
    return more and bool(clause.acts & LINKED)


# --- what is written out -------------------------------------------------------------------------------------------


def _written(group: Group, clause: _Clause, case: str) -> str:
    """Name a group without its preposition, with its noun where it had none."""
    text = clause.text[group.start : group.end]
    has_noun = not re.match(r"[#№\d]", text) or re.search(r"[^\W\d_]{3,}", text)
    named = group.noun in PEOPLE and group.numbers == (0,)
    if named or (has_noun and clause.language == "en"):
        return text
    return said(group.noun, _digits(text), case, clause.language)


def _digits(text: str) -> str:
    """Return the numbers of a group as they are written, without the noun."""
    found = re.search(r"[#№]?\d.*\d|[#№]?\d", text)
    return found[0] if found else text.rsplit(maxsplit=1)[-1]


def _listed(block: Block, clause: _Clause, case: str) -> str:
    return f" {'и' if clause.language == 'ru' else 'and'} ".join(_written(one, clause, case) for one in block.groups)


def _linked(clause: _Clause, things: Block, owner: Block | None, *, join: bool) -> str:
    """Write one order to link or unlink."""
    people = all(one.noun in PEOPLE for one in things.groups)
    verb, preposition = LINK_WORDS[clause.language, people, join]
    what = _listed(things, clause, "accs")
    where = f" {preposition} {_listed(owner, clause, 'datv' if join else 'gent')}" if owner is not None else ""
    return f"{verb} {what}{where}"


def _taken_and_put(clause: _Clause, old: Block, new: Block, owners: Sequence[Block]) -> tuple[str, ...]:
    owner = owners[0] if owners else None
    return _linked(clause, old, owner, join=False), _linked(clause, new, owner, join=True)


# --- the ways in which a clause gives several orders ---------------------------------------------------------------


def _in_place_of(clause: _Clause) -> tuple[str, ...]:
    """Write "к брони 9 вместо сделки 14 прикрепи 15" as two orders."""
    mark = INSTEAD.search(clause.text)
    if mark is None:
        return ()
    owners = clause.on(Side.OWNER, Side.ACTIVITY)
    things = [group for block in clause.on(Side.THING, Side.UNKNOWN) for group in block.groups]
    old = [one for one in things if mark.end() <= one.start <= mark.end() + NEAR]
    new = [one for one in things if one not in old]
    noun = next((one.noun for one in things if one.noun), "")
    if not (len(old) == len(new) == 1 and noun and len(owners) <= 1):
        return ()
    taken, put = (Block((Group(Side.THING, one.start, one.end, one.lead, noun, one.numbers),)) for one in (*old, *new))
    return _taken_and_put(clause, taken, put, owners)


def _exchanged(clause: _Clause) -> tuple[str, ...]:
    """Write "swap deal 7 for 8 on booking 14" as two orders."""
    things, owners = clause.on(Side.THING), clause.on(Side.OWNER, Side.ACTIVITY)
    if Act.REPLACE not in clause.acts or len(things) != 2 or len(owners) > 1:  # noqa: PLR2004 - one for another
        return ()
    old, new = things
    if old.preposition or new.preposition not in NEW:
        return ()
    if clause.verb is not None and clause.verb.word.startswith("substitut") and new.preposition == "for":
        old, new = new, old
    return _taken_and_put(clause, old, new, owners)


def _moved(clause: _Clause) -> tuple[str, ...]:
    """Write "move deal 7 from booking 14 to 15" as two orders."""
    things = [block for block in clause.on(Side.THING) if not block.preposition]
    sources = [block for block in clause.on(Side.OWNER) if block.preposition in SOURCES]
    targets = [block for block in clause.on(Side.OWNER) if block.preposition in TARGETS]
    plain = len(things) == len(sources) == len(targets) == 1 and len(clause.blocks) == 3  # noqa: PLR2004 - what, from, to
    if Act.MOVE not in clause.acts or not plain:
        return ()
    return (
        _linked(clause, things[0], sources[0], join=False),
        _linked(clause, things[0], targets[0], join=True),
    )


def _respectively(clause: _Clause) -> tuple[str, ...]:
    """Write "link deals 5 and 6 to bookings 15 and 16 respectively" as pairs."""
    if RESPECTIVELY.search(clause.text) is None or len(clause.blocks) != 2 or clause.verb is None:  # noqa: PLR2004
        return ()
    (first, *more), (second, *others) = (block.groups for block in clause.blocks)
    if more or others or len(first.numbers) != len(second.numbers):
        return ()
    preposition = second.preposition or LINK_WORDS[clause.language, False, True][1]
    case = "gent" if preposition in SOURCES else "datv"
    return tuple(
        f"{clause.verb.text} {said(first.noun, str(one), 'accs', clause.language)}"
        f" {preposition} {said(second.noun, str(other), case, clause.language)}"
        for one, other in zip(first.numbers, second.numbers, strict=True)
    )


def _pairs(clause: _Clause) -> tuple[str, ...]:
    """Write each pair of records, or of a record and a time, as an order with the verb of the first."""
    couples = _couples(clause)
    if not couples or not _only_joined(clause.units, couples):
        return ()
    verb = clause.verb.text if clause.verb is not None else clause.carried
    first = clause.text[: couples[0][1].end].strip()
    if verb and verb_of(tagged(first)) is None:
        # "Booking 14 link to deal 5" has its verb; "deal 5 to booking 14" takes that of the order before.
        first = f"{verb} {first}"
    others = [f"{verb} {_piece(one, clause)} {_piece(other, clause)}".strip() for one, other in couples[1:]]
    return (first, *others[:-1], others[-1] + clause.text[couples[-1][1].end :].rstrip())


def _couples(clause: _Clause) -> list[tuple[Block, Block]]:
    """Put the blocks in pairs, where the sides alternate and the prepositions stand in the same places."""
    blocks = clause.blocks
    sides = [block.side for block in blocks]
    owned = bool({Side.OWNER, Side.ACTIVITY} & set(sides[:2]))
    alternate = sides == sides[:2] * (len(sides) // 2) and sides[:1] != sides[1:2] and Side.UNKNOWN not in sides
    if len(blocks) < 4 or not alternate or not owned:  # noqa: PLR2004 - two pairs
        return []
    led = {(bool(blocks[at].preposition), bool(blocks[at + 1].preposition)) for at in range(0, len(blocks), 2)}
    return [(blocks[at], blocks[at + 1]) for at in range(0, len(blocks), 2)] if len(led) == 1 else []


def _piece(block: Block, clause: _Clause) -> str:
    """Return a block as it is written, with its preposition, and with its noun where it had none."""
    first = block.groups[0]
    bare = re.search(r"[^\W\d_]{3,}", clause.text[first.start : first.end]) is None and first.side is not Side.TIME
    if not bare or first.noun == "client":
        return clause.text[first.lead : block.end]
    case = "gent" if first.preposition in SOURCES else "datv" if first.preposition in {"к", "ко"} else "accs"
    named = said(first.noun, clause.text[first.start : block.end], case, clause.language)
    return f"{first.preposition} {named}".strip()


def _only_joined(units: Sequence[Unit], couples: Sequence[tuple[Block, Block]]) -> bool:
    """Tell whether nothing stands between the pairs but what joins them; a time has to be set apart from the next."""
    for (_, before), (after, _) in pairwise(couples):
        between = [one for one in units if before.end <= one.start and one.end <= after.groups[0].lead]
        timed = Side.TIME in {before.side, after.side}
        if (timed and not between) or not all(_joins(one) for one in between):
            return False
    return True


def _joins(unit: Unit) -> bool:
    marks = {Kind.COMMA, Kind.DASH, Kind.STOP, Kind.COLON}
    return unit.kind in marks or unit.word in JOINING or unit.has(Sort.AND, Sort.SILENT, Sort.POLITE)


def _carried(clause: _Clause) -> tuple[str, ...]:
    """Write a thing and an owner side by side, without a preposition, as an order to link or unlink them."""
    things, owners = clause.on(Side.THING), clause.on(Side.OWNER)
    bare = not any(block.preposition for block in clause.blocks)
    plain = len(things) == len(owners) == 1 and len(clause.blocks) == 2  # noqa: PLR2004 - a thing and an owner
    if not (clause.carried and bare and plain and clause.acts & LINKED):
        return ()
    return (_linked(clause, things[0], owners[0], join=Act.JOIN in clause.acts),)


_WAYS: Final[tuple[Callable[[_Clause], tuple[str, ...]], ...]] = (
    _in_place_of,
    _exchanged,
    _moved,
    _respectively,
    _pairs,
    _carried,
)

"""Messages of several sentences, clauses or orders: which of them order, which only tell, and what each order is about.

The result is one text for each order, written out so that it can be read by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.nlu.clauses import Clause, clauses_of, dangers_of, may_part, ordering_verb
from bot.nlu.danger_kinds import Danger
from bot.nlu.free_text import cut_tail
from bot.nlu.groups import Side, groups_of
from bot.nlu.lexicon import acts_of
from bot.nlu.pairs import orders_of
from bot.nlu.references import ONE, SEVERAL, Completed, Record, complete, records_in
from bot.nlu.tagged_text import acts_in, tagged
from bot.nlu.tokens import Kind, Mood
from bot.nlu.told import forbids, is_reported
from tool_specs.declaration.intents import READING_ACTS, Act

MOST: Final = 60
"""Marks at which a message may be parted; one with more is no list of orders."""
LONGEST: Final = 250
"""Words and signs of a message that is parted."""
_INSTEAD_OF_IT: Final = re.compile(
    r"(?<!\w)(?:(?:вместо|взамен)\s+(?:не[её]|него|них|этого|того|этой|той)|instead(?:\s+of\s+(?:it|that|them|him|her))?)(?!\w)",
    re.IGNORECASE,
)
_LEAD: Final = re.compile(r"(?P<lead>[^.!?;:\n]+):(?=\s)")


@dataclass(frozen=True, slots=True)
class Parts:
    """The orders of a message, each a text of its own, and what was left out."""

    orders: tuple[str, ...]
    told: tuple[str, ...] = ()
    """The clauses that only tell something."""
    loose: tuple[Record, ...] = ()
    """Records of those clauses that no order is about."""
    crossed: bool = False
    """Whether nothing says which of several things belongs to which record."""


@dataclass(slots=True)
class _Collected:
    """What was read of the clauses so far."""

    made: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    context: list[tuple[int, Record]] = field(default_factory=list)
    """The records that were named, with the sentences they stand in."""
    used: set[Record] = field(default_factory=set)
    crossed: bool = False
    verb: str = ""
    heading: str = ""
    """An order that names nothing, and may announce a list."""

    def tell(self, clause: Clause) -> None:
        """Keep a clause that only tells something."""
        self.told.append(clause.text)
        self.name(clause)

    def name(self, clause: Clause) -> None:
        """Keep the records of a clause."""
        self.context += [(clause.sentence, record) for record in records_in(clause.text)]

    def order(self, clause: Clause, completed: Completed) -> None:
        """Write out the orders of a clause with a verb."""
        named = groups_of(tagged(clause.text)) or completed != Completed(clause.text)
        self.heading = "" if named else clause.text
        self.used |= completed.used
        self.write(clause, completed.text, "")

    def carry(self, clause: Clause) -> None:
        """Write out the orders of a clause that takes the verb of the order before."""
        if self.heading and self.made[-1:] == [self.heading]:
            # It only announces a list: "link these:".
            self.made.pop()
        self.write(clause, clause.text, self.verb)

    def write(self, clause: Clause, text: str, verb: str) -> None:
        """Write out the orders of a text."""
        parted = orders_of(text, verb)
        self.crossed = self.crossed or parted.crossed
        self.made += [f"{one}?" if clause.asks else one for one in parted.texts]
        self.name(clause)


def parts_of(text: str) -> Parts | None:
    """Part a message into its orders.

    None where there is nothing to part: one clause, a text that is to be written down, or something that forbids.
    """
    if not _is_short(text) or cut_tail(text) is not None:
        return None
    clauses = _without_reading(_in_the_place(clauses_of(text)))
    if len(clauses) == 1 and _gives_one(clauses[0].text):
        return None
    orders = _ordering(clauses)
    introduced = any(_introduces(one["lead"]) for one in _LEAD.finditer(text))
    if introduced or any(forbids(clauses, at, orders) for at in range(len(clauses))):
        return None
    collected = _read(clauses, orders) if orders else _without_verb(clauses)
    return _parts(collected) if collected.made else None


def _is_short(text: str) -> bool:
    units = tagged(text)
    return len(units) <= LONGEST and sum(may_part(unit) or unit.kind is Kind.STOP for unit in units) <= MOST


def _gives_one(clause: str) -> bool:
    alone = orders_of(clause)
    return alone.texts == (clause,) and not alone.crossed


def _ordering(clauses: Sequence[Clause]) -> frozenset[int]:
    """Find the clauses that order; one in which an order is only told of is none before another that is clear."""
    verbs = [at for at, clause in enumerate(clauses) if ordering_verb(clause.text)]
    last = max((at for at in verbs if not is_reported(clauses[at].text)), default=-1)
    return frozenset(at for at in verbs if at >= last or not is_reported(clauses[at].text))


def _parts(collected: _Collected) -> Parts | None:
    told = tuple(collected.told)
    if any(_lacks_record(order) for order in collected.made):
        # What is told in other clauses may not be what it is about.
        return Parts((), told, crossed=True) if told else None
    named = {(record.noun, record.number) for order in collected.made for record in records_in(order)}
    loose = [record for clause in told for record in records_in(clause) if record not in collected.used]
    left = tuple(one for one in dict.fromkeys(loose) if (one.noun, one.number) not in named)
    parted = len(collected.made) > 1 or told or collected.crossed or collected.used
    return Parts(tuple(dict.fromkeys(collected.made)), told, left, collected.crossed) if parted else None


def _introduces(lead: str) -> bool:
    """Tell whether what stands before a colon says of the orders after it that they are none: "she said:"."""
    dangers = dangers_of(lead)
    return Danger.REPORT in dangers or (bool(dangers) and not groups_of(tagged(lead)))


def _lacks_record(text: str) -> bool:
    """Tell whether an order that is about a record names none: "link" in "link and unlink deal 1"."""
    about = bool(acts_in(text) & {Act.JOIN, Act.PART, Act.MOVE, Act.CHANGE, Act.DELETE})
    return about and not groups_of(tagged(text)) and not any(unit.nouns for unit in tagged(text))


def _in_the_place(clauses: Sequence[Clause]) -> list[Clause]:
    """Leave out "instead of it" in the order after one that takes something off."""
    done: list[Clause] = []
    for clause in clauses:
        ordered = any((unit := ordering_verb(one.text)) and Act.PART in acts_of(unit, Mood.ORDER) for one in done)
        text = (
            _INSTEAD_OF_IT.sub(" ", clause.text).strip(" ,") if ordered and ordering_verb(clause.text) else clause.text
        )
        done.append(replace(clause, text=text))
    return done


def _without_reading(clauses: Sequence[Clause]) -> list[Clause]:
    """Leave out "please see below": a verb of showing without anything to show, where others order."""
    orders = [(clause, unit) for clause in clauses if (unit := ordering_verb(clause.text)) is not None]
    if len(orders) < 2:  # noqa: PLR2004 - it alone is a question
        return list(clauses)
    empty = [
        clause
        for clause, unit in orders
        if acts_of(unit, Mood.ORDER) <= READING_ACTS
        and not any(one.nouns or one.ids or one.word in ONE | SEVERAL or one.person for one in tagged(clause.text))
    ]
    return [clause for clause in clauses if clause not in empty]


def _without_verb(clauses: Sequence[Clause]) -> _Collected:
    """Read pairs that no verb stands with: "deal 1 to booking 14, deal 2 to booking 15"."""
    collected = _Collected()
    if not all(_is_pair(clause.text, heading=False) and not clause.asks for clause in clauses):
        return collected
    for clause in clauses:
        collected.write(clause, clause.text, "")
    return collected if len(collected.made) > 1 else _Collected()


def _read(clauses: Sequence[Clause], orders: frozenset[int]) -> _Collected:
    """Write each order out: with the verb of the one before, and with the records that were spoken of."""
    collected = _Collected()
    for at, clause in enumerate(clauses):
        verb = ordering_verb(clause.text) if at in orders else None
        if verb is not None:
            collected.verb = verb.text
            collected.order(clause, _completed(clauses, at, orders, collected))
        elif collected.verb and _is_pair(clause.text, heading=bool(collected.heading)):
            collected.carry(clause)
        else:
            collected.tell(clause)
    return collected


def _completed(clauses: Sequence[Clause], at: int, orders: frozenset[int], collected: _Collected) -> Completed:
    """Complete an order from its own sentence first, then from all that was named before, then from what follows."""
    clause = clauses[at]
    near = complete(clause.text, [record for sentence, record in collected.context if sentence == clause.sentence])
    if near.used:
        return near
    done = complete(clause.text, [record for _, record in collected.context])
    if done != Completed(clause.text) or groups_of(tagged(clause.text)):
        return done
    # "Cancel please. Booking 14."
    after = [one.text for place, one in enumerate(clauses) if place > at and place not in orders]
    if any(_is_pair(text, heading=False) for text in after):
        return done
    return complete(clause.text, [record for text in after for record in records_in(text)])


def _is_pair(text: str, *, heading: bool) -> bool:
    """Tell whether a clause without a verb goes on with the order before it: "deal 6 to booking 16"."""
    if dangers_of(text):
        return False
    sides = {group.side for group in groups_of(tagged(text)) if group.numbered}
    led = any(group.preposition for group in groups_of(tagged(text)))
    pair = len(sides - {Side.UNKNOWN}) > 1 or (Side.UNKNOWN in sides and led)
    return pair or (heading and bool(sides))

"""Groups of one side that stand together in a clause, and numbers alone with the noun that their place gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.nlu.groups import SOURCES, TARGETS, Group, Side

NEW: Final = frozenset({"for", "with", "by", "на", "to"})
"""Before what takes the place of another thing."""


@dataclass(frozen=True, slots=True)
class Block:
    """Groups of one side that stand together."""

    groups: tuple[Group, ...]

    @property
    def side(self) -> Side:
        """The side of all of them."""
        return self.groups[0].side

    @property
    def count(self) -> int:
        """How many records they name."""
        return sum(len(one.numbers) for one in self.groups)

    @property
    def preposition(self) -> str:
        """What leads to the first of them."""
        return self.groups[0].preposition

    @property
    def end(self) -> int:
        """Where the last of them ends."""
        return self.groups[-1].end


def blocks_of(groups: Sequence[Group], *, replaces: bool) -> list[Block]:
    """Put groups of one side together.

    Args:
        groups: those of a clause that have numbers, and its times.
        replaces: whether the verb puts one thing in the place of another: then "на 8" is a thing.
    """
    blocks: list[list[Group]] = []
    for group in groups if replaces else _with_owners(groups):
        told = _told(group, [one for block in blocks for one in block])
        last = blocks[-1][0] if blocks else None
        if last is not None and last.side is told.side and told.preposition in {"", last.preposition}:
            blocks[-1].append(told)
        else:
            blocks.append([told])
    return [Block(tuple(one)) for one in blocks]


def _with_owners(groups: Sequence[Group]) -> list[Group]:
    """Take a number after "с" or "на" for an owner of the kind that is named elsewhere: "с 14-й на 15-ю бронь"."""
    owners = _on(groups, Side.OWNER)
    alone = [one for one in _on(groups, Side.UNKNOWN) if one.preposition in SOURCES | TARGETS]
    if len(owners) != 1 or len(alone) != 1 or not _on(groups, Side.THING):
        return list(groups)
    return [_like(one, owners[0]) if one in alone else one for one in groups]


def _on(groups: Sequence[Group], side: Side) -> list[Group]:
    return [one for one in groups if one.side is side]


def _told(group: Group, before: Sequence[Group]) -> Group:
    """Take a number alone for a record of the kind that stood in its place in the pair before."""
    records = [one for one in before if one.side is not Side.TIME]
    if group.side is not Side.UNKNOWN or not records:
        return group
    alike = [one for one in records if one.preposition == group.preposition]
    led = [one for one in records if one.preposition]
    if alike:
        return _like(group, alike[0])
    if group.preposition and len(led) == 1:
        return _like(group, led[0])
    return _like(group, records[0]) if group.preposition in NEW and len(before) == 1 else group


def _like(group: Group, model: Group) -> Group:
    return replace(group, side=model.side, noun=model.noun)

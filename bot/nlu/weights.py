"""The learned weights: how they are kept, and the scores that they give to the readings of a sentence."""

from __future__ import annotations

import gzip
import json
import math
from array import array
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final

from bot.nlu.features import Outline, relations_of
from bot.nlu.readings import NONE, READINGS, parts_of

FILE: Final = "weights.json.gz"
SCALE: Final = 16
"""Weights are integers, in units of 1 / SCALE."""
MOST: Final = 127


@dataclass(frozen=True, slots=True)
class Scores:
    """What the weights say of a sentence."""

    readings: tuple[float, ...]
    """One for each of `READINGS`, as logarithms: only their differences count."""
    none: float
    """How likely nothing is ordered or asked, from 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Integer weights: of each feature for parts of readings, and of relations. `places` and `values` lie in a row."""

    sources: str
    """The hash of what they were fitted from."""
    parts: tuple[str, ...]
    places_of: Mapping[str, tuple[int, int]]
    """Where a feature's weights begin and end."""
    places: bytes
    values: array[int]
    relations: Mapping[str, int]

    def scores(self, features: Sequence[str], outline: Outline) -> Scores:
        """Score every reading."""
        totals = [0] * len(self.parts)
        for feature in features:
            start, end = self.places_of.get(feature, (0, 0))
            for at in range(start, end):
                totals[self.places[at]] += self.values[at]
        related = zip(_parts(self.parts), _related(self, outline), strict=True)
        readings = [(sum([totals[place] for place in places]) + relation) / SCALE for places, relation in related]
        return Scores(tuple(readings), 1 / (1 + math.exp(-totals[self.parts.index(NONE)] / SCALE)))

    def to_json(self) -> bytes:
        """Write them as compressed JSON, the same bytes for the same weights."""
        written = {
            "sources": self.sources,
            "parts": self.parts,
            "relations": self.relations,
            "features": "\n".join(self.places_of),
            "counts": _base64(bytes(end - start for start, end in self.places_of.values())),
            "places": _base64(self.places),
            "values": _base64(self.values.tobytes()),
        }
        text = json.dumps(written, ensure_ascii=False, indent=0)
        return gzip.compress(text.encode(), 9, mtime=0)

    @classmethod
    def from_json(cls, written: bytes) -> Weights:
        """Read what `to_json` wrote."""
        known: dict[str, Any] = json.loads(gzip.decompress(written))
        ends = list(accumulate(b64decode(known["counts"])))
        spans = zip([0, *ends], ends, strict=False)
        values = array("b")
        values.frombytes(b64decode(known["values"]))
        return cls(
            known["sources"],
            tuple(known["parts"]),
            dict(zip(known["features"].split("\n"), spans, strict=True)),
            b64decode(known["places"]),
            values,
            known["relations"],
        )


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


@cache
def _parts(parts: tuple[str, ...]) -> tuple[tuple[int, ...], ...]:
    """List for each reading where its parts are; a newly declared tool may have some that nothing was learned of."""
    places = {part: at for at, part in enumerate(parts)}
    return tuple(tuple(places[part] for part in parts_of(reading) if part in places) for reading in READINGS)


@lru_cache(maxsize=4096)
def _related(learned: Weights, outline: Outline) -> tuple[int, ...]:
    """Add up for each reading what its relations to an outline weigh."""
    return tuple(sum(learned.relations.get(name, 0) for name in row) for row in relations_of(outline))


@cache
def weights() -> Weights:
    """Load the weights that come with the program, once."""
    return Weights.from_json((files("bot.nlu") / FILE).read_bytes())

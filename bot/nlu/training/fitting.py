"""Fitting: softmax over the readings, each scored by the sum of its parts' weights; Adagrad with a fixed seed.

Whether anything is asked for at all is fitted apart, as one more column: sentences that differ from an order by a "not"
alone would blur what the readings are told by.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import Outline, relations_of
from bot.nlu.readings import NONE, READINGS, parts_of
from bot.nlu.weights import MOST, SCALE, Weights

SEED: Final = 20
EPOCHS: Final = 8
BATCH: Final = 256
RATE: Final = 0.1
FEWEST: Final = 2
"""How many examples have to have a feature."""
SPARSE: Final = 0.05
"""How much each weight is drawn to zero at each step."""
PRUNED: Final = 1
"""Smaller weights, in units of 1 / SCALE, are left out."""

_sparse: Any = import_module("scipy.sparse")
Floats = NDArray[np.float32]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is fitted to: features, outline, and the name of the right reading."""

    features: tuple[str, ...]
    outline: Outline
    reading: str


def fit(samples: Sequence[Sample], sources: str) -> Weights:
    """Fit the weights."""
    counted = Counter(feature for sample in samples for feature in sample.features)
    features = sorted(feature for feature, count in counted.items() if count >= FEWEST)
    matrix = _matrix([sample.features for sample in samples], features)
    asking = [at for at, sample in enumerate(samples) if sample.reading != NONE]
    parts, relations, for_parts, relating = _fit_readings(matrix[asking], [samples[at] for at in asking])
    nothing = np.array([int(sample.reading == NONE) for sample in samples])
    for_none, _ = _descend(matrix, _matrix([()] * (2 * len(samples)), ()), np.array([[0, 1]], np.float32), nothing)
    rows = _rounded(np.hstack([for_parts, for_none]))
    kept = [(feature, np.flatnonzero(row), row) for feature, row in zip(features, rows, strict=True) if row.any()]
    ends = list(accumulate(len(places) for _, places, _ in kept))
    return Weights(
        sources=sources,
        parts=(*parts, NONE),
        places_of={name: span for (name, _, _), span in zip(kept, zip([0, *ends], ends, strict=False), strict=True)},
        places=bytes(int(place) for _, places, _ in kept for place in places),
        values=array("b", [int(row[place]) for _, places, row in kept for place in places]),
        relations={name: round(float(weight) * SCALE) for name, weight in zip(relations, relating, strict=True)},
    )


def _fit_readings(matrix: Any, samples: Sequence[Sample]) -> tuple[list[str], list[str], Floats, Floats]:  # noqa: ANN401 - scipy has no types
    """Fit what tells the readings from each other; return parts and relations with their weights."""
    names = [reading.name for reading in READINGS]
    parts = sorted({part for reading in READINGS for part in parts_of(reading)})
    made_of = np.zeros((len(parts), len(names)), np.float32)
    for column, reading in enumerate(READINGS):
        for part in parts_of(reading):
            made_of[parts.index(part), column] = 1
    related = [relations_of(sample.outline) for sample in samples]
    relations = sorted({relation for rows in set(related) for row in rows for relation in row})
    compared = _matrix([row for rows in related for row in rows], relations)
    right = np.array([names.index(sample.reading) for sample in samples])
    return parts, relations, *_descend(matrix, compared, made_of, right)


def _matrix(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Any:  # noqa: ANN401 - scipy has no types
    """Make a sparse matrix of zeros and ones: which row has which of the columns."""
    place = {name: at for at, name in enumerate(columns)}
    found = [[place[name] for name in row if name in place] for row in rows]
    starts = np.array([0, *accumulate(len(row) for row in found)])
    indices = np.array([at for row in found for at in row], np.int32)
    return _sparse.csr_matrix((np.ones(len(indices), np.float32), indices, starts), (len(rows), len(columns)))


def _descend(matrix: Any, compared: Any, made_of: Floats, right: Integers) -> tuple[Floats, Floats]:  # noqa: ANN401 - scipy has no types
    """Fit by stochastic gradient descent.

    Args:
        matrix: samples × features.
        compared: (samples × classes) × relations.
        made_of: parts × classes: which class has which part.
        right: the right class of each sample.
    """
    dice = np.random.default_rng(SEED)
    count: int = len(right)
    classes: int = made_of.shape[1]
    weights = np.zeros((matrix.shape[1], made_of.shape[0]), np.float32)
    squares = np.full_like(weights, 0.01)
    relating = np.zeros(compared.shape[1], np.float32)
    squared = np.ones_like(relating)
    for _ in range(EPOCHS):
        order = dice.permutation(count)
        for start in range(0, count, BATCH):
            rows: Integers = order[start : start + BATCH]
            batch = matrix[rows]
            used = np.unique(batch.indices)
            batch = batch[:, used]
            beside: Any = compared[np.add.outer(rows * classes, np.arange(classes)).reshape(-1)]
            scores = (batch @ weights[used]) @ made_of + (beside @ relating).reshape(len(rows), classes)
            wrong = _softmax(scores)
            wrong[np.arange(len(rows)), right[rows]] -= 1
            gradient = np.asarray(batch.T @ (wrong @ made_of.T), np.float32)
            squares[used] += gradient**2
            pace = RATE / np.sqrt(squares[used])
            moved = weights[used] - pace * gradient
            weights[used] = np.sign(moved) * np.maximum(np.abs(moved) - pace * SPARSE, 0)
            change = np.asarray(beside.T @ np.reshape(wrong, -1), np.float32)
            squared += change**2
            relating -= RATE * change / np.sqrt(squared)
    return weights, relating


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def _rounded(weights: Floats) -> Integers:
    whole = np.clip(np.rint(weights * SCALE), -MOST, MOST).astype(np.int64)
    whole[np.abs(whole) < PRUNED] = 0
    return whole

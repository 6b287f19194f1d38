"""Fitting: softmax over the readings, each scored by the sum of its parts' weights; Adagrad with a fixed seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.nlu.features import Outline, relations_of
from bot.nlu.readings import NONE, READINGS, parts_of

SEED: Final = 20
EPOCHS: Final = 14
BATCH: Final = 256
RATE: Final = 0.25
FEWEST: Final = 3
"""How many examples have to have a feature."""
SCALE: Final = 16
PRUNED: Final = 4
"""Weights that are smaller, in units of 1 / SCALE, are left out."""

_sparse: Any = import_module("scipy.sparse")
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is fitted to: features, outline, and the name of the right reading."""

    features: tuple[str, ...]
    outline: Outline
    reading: str


@dataclass(frozen=True, slots=True)
class Weights:
    """Integer weights, in units of 1 / SCALE: of a feature for parts of readings, and of relations."""

    parts: tuple[str, ...]
    features: dict[str, dict[int, int]]
    relations: dict[str, int]


def fit(samples: Sequence[Sample]) -> Weights:
    """Fit the weights."""
    names = [reading.name for reading in READINGS] + [NONE]
    parts = sorted({part for reading in READINGS for part in parts_of(reading)}) + [NONE]
    made_of = np.zeros((len(parts), len(names)), dtype=np.float32)
    for column, reading in enumerate(READINGS):
        for part in parts_of(reading):
            made_of[parts.index(part), column] = 1
    made_of[-1, -1] = 1
    counted = Counter(feature for sample in samples for feature in sample.features)
    features = sorted(feature for feature, count in counted.items() if count >= FEWEST)
    matrix = _matrix([sample.features for sample in samples], features)
    related = [relations_of(sample.outline) for sample in samples]
    relations = sorted({relation for rows in set(related) for row in rows for relation in row})
    compared = _matrix([row for rows in related for row in (*rows, ())], relations)
    right = np.array([names.index(sample.reading) for sample in samples])
    weights, relating = _descend(matrix, compared, made_of, right)
    return Weights(tuple(parts), _rounded(features, weights), _rounded_flat(relations, relating))


def _matrix(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> Any:  # noqa: ANN401 - scipy has no types
    place = {name: at for at, name in enumerate(columns)}
    found = [[place[name] for name in row if name in place] for row in rows]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in found])])
    indices = np.array([at for row in found for at in row], dtype=np.int32)
    return _sparse.csr_matrix((np.ones(len(indices), dtype=np.float32), indices, starts), (len(rows), len(columns)))


def _descend(matrix: Any, compared: Any, made_of: Floats, right: NDArray[np.int64]) -> tuple[Floats, Floats]:  # noqa: ANN401 - scipy has no types
    dice = np.random.default_rng(SEED)
    count, (parts, classes) = len(right), made_of.shape
    weights, squares = np.zeros((matrix.shape[1], parts), np.float32), np.full((matrix.shape[1], parts), 1e-2, np.float32)
    relating, squared = np.zeros(compared.shape[1], np.float32), np.full(compared.shape[1], 1.0, np.float32)
    for _ in range(EPOCHS):
        order = dice.permutation(count)
        for start in range(0, count, BATCH):
            rows = order[start : start + BATCH]
            batch = matrix[rows]
            used = np.unique(batch.indices)
            batch = batch[:, used]
            beside = compared[(rows[:, None] * classes + np.arange(classes)).ravel()]
            scores = (batch @ weights[used]) @ made_of + (beside @ relating).reshape(len(rows), classes)
            scores -= scores.max(axis=1, keepdims=True)
            wrong = np.exp(scores)
            wrong /= wrong.sum(axis=1, keepdims=True)
            wrong[np.arange(len(rows)), right[rows]] -= 1
            gradient = np.asarray(batch.T @ (wrong @ made_of.T), np.float32)
            squares[used] += gradient**2
            weights[used] -= RATE * gradient / np.sqrt(squares[used])
            gradient = np.asarray(beside.T @ wrong.ravel(), np.float32)
            squared += gradient**2
            relating -= RATE * gradient / np.sqrt(squared)
    return weights, relating


def _rounded(features: Sequence[str], weights: Floats) -> dict[str, dict[int, int]]:
    whole = np.rint(weights * SCALE).astype(int)
    whole[np.abs(whole) < PRUNED] = 0
    kept = {feature: {int(part): int(row[part]) for part in np.flatnonzero(row)} for feature, row in zip(features, whole, strict=True)}
    return {feature: row for feature, row in kept.items() if row}


def _rounded_flat(names: Sequence[str], weights: Floats) -> dict[str, int]:
    return {name: round(float(weight) * SCALE) for name, weight in zip(names, weights, strict=True)}

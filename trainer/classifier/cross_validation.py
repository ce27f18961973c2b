"""Nested cross-validation: how well each classifier reproduces the segments of customers it has not seen.

Scaler and K-Means are fitted again in each training fold. *Fidelity* compares with the labels of that fold's
own K-Means; *cross* compares with the labels of the segmentation of all rows, and so includes how much the
segmentation itself changes. Neither is an accuracy of the segments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold

from trainer.classifier.candidate import Candidate
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.missing_patterns import Pattern, evaluated_patterns, repeat_under
from trainer.classifier.model_size import fit_at_best_size
from trainer.classifier.probability_metrics import log_losses
from trainer.parallel import Workers
from trainer.schema.column_arrays import Columns, take_rows
from trainer.segments.kmeans import Segmentation, fit_segmentation, match

EVALUATED_ROWS = (
    2_000  # a larger table is sampled; a smaller one is evaluated repeatedly up to this many rows
)
FOLD_STARTS = 10  # of K-Means in a fold
NEAREST_CENTROID, PRIOR = "nearest_centroid", "prior"


@dataclass(frozen=True, kw_only=True)
class Folding:
    """How rows are split: the number of folds and of repeats; a larger table takes fewer repeats."""

    folds: int
    repeats: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class FoldResult:
    """The answers of one fold's models for its held-out rows.

    Attributes:
        rows: ``[M]`` positions of the held-out rows; distances: ``[M, K]`` to the fold's centroids.
        nested: ``[M]`` labels by the fold's K-Means, numbered as the full segmentation.
        probabilities: ``(classifier, pattern) -> [M, K]``.
    """

    rows: NDArray[np.int64]
    nested: NDArray[np.int64]
    distances: NDArray[np.float64]
    shares: NDArray[np.float64]
    probabilities: dict[tuple[str, Pattern], NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """All folds of one evaluation, ready to be scored.

    Attributes:
        rows: ``[N]`` positions of the evaluated rows among the clustered ones.
        labels: ``[N]`` their segments by the full segmentation.
        candidates, patterns: every fold has an answer for each of them.
        folds: one result per fold, ``repeats`` times ``folds_per_repeat`` of them.
    """

    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    folds: tuple[FoldResult, ...]
    folds_per_repeat: int
    candidates: tuple[str, ...]
    patterns: tuple[Pattern, ...]

    def distances(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Held-out distances ``[R*N, K]`` and the full segmentation's labels ``[R*N]``."""
        rows = np.concatenate([fold.rows for fold in self.folds])
        return np.concatenate([fold.distances for fold in self.folds]), self.labels[rows]


def hold_out(
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    folding: Folding,
    workers: Workers,
) -> HeldOut:
    """Fit and evaluate every candidate in every fold.

    Args:
        segmentation: of all rows; its numbering is used throughout.
        columns: raw columns of the ``N`` rows that were clustered; labels: their segments.
        folding: how the rows are split.
        workers: run the folds.
    """
    rows = np.arange(len(labels))
    if len(labels) > EVALUATED_ROWS:
        rows = np.sort(np.random.default_rng(folding.seed).choice(len(labels), EVALUATED_ROWS, replace=False))
        columns, labels = take_rows(columns, rows), labels[rows]
    patterns = evaluated_patterns(segmentation.schema)
    candidates = tuple(CANDIDATES.values())
    run = partial(_run_fold, segmentation, columns, candidates, patterns, folding.seed)
    results = workers.map("Cross-validating the classifiers", run, _splits(labels, folding))
    return HeldOut(
        rows=rows,
        labels=labels,
        folds=tuple(results),
        folds_per_repeat=folding.folds,
        candidates=tuple(candidate.name for candidate in candidates),
        patterns=patterns,
    )


def _splits(labels: NDArray[np.int64], folding: Folding) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Positions to train on and to predict, for each fold of each repeat."""
    stratified = (
        np.bincount(labels).min() >= folding.folds
    )  # otherwise some fold does not contain the smallest segment anyway
    kind = StratifiedKFold if stratified else KFold
    return [
        split
        for repeat in range(max(1, min(folding.repeats, EVALUATED_ROWS // len(labels))))
        for split in kind(folding.folds, shuffle=True, random_state=folding.seed + repeat).split(
            labels, labels
        )
    ]


def _run_fold(
    full: Segmentation,
    columns: Columns,
    candidates: Sequence[Candidate],
    patterns: Sequence[Pattern],
    seed: int,
    split: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> FoldResult:
    train, test = split
    known, held = take_rows(columns, train), take_rows(columns, test)
    fitted = fit_segmentation(full.schema, known, full.k, seed=seed, n_init=FOLD_STARTS, factors=full.factors)
    fold = fitted.reordered(match(_in_units_of(full, full), _in_units_of(full, fitted)))
    labels = fold.nearest(known)
    repeated = repeat_under(full.schema, held, patterns)
    probabilities = {}
    for candidate in candidates:
        classifier = fit_at_best_size(candidate, fold, known, labels, seed=seed)
        parts = np.split(classifier.probabilities(repeated), len(patterns))
        for pattern, part in zip(patterns, parts, strict=True):
            probabilities[candidate.name, pattern] = part
    return FoldResult(
        rows=test,
        nested=fold.nearest(held),
        distances=fold.distances(held),
        shares=np.bincount(labels, minlength=full.k) / len(labels),
        probabilities=probabilities,
    )


def _in_units_of(reference: Segmentation, segmentation: Segmentation) -> NDArray[np.float64]:
    """Centroids ``[K, d]`` in the reference's scaled units, so that two segmentations can be compared."""
    fences = reference.fences
    return (segmentation.raw_centroids() - fences.mean) / fences.deviation


def held_out_losses(held_out: HeldOut, name: str, patterns: Sequence[Pattern]) -> NDArray[np.float64]:
    """Mean log loss of a classifier ``[folds, patterns]``: the criterion of the choice."""
    return np.array(
        [
            [log_losses(fold.probabilities[name, pattern], fold.nested).mean() for pattern in patterns]
            for fold in held_out.folds
        ]
    )

"""Nested cross-validation: how well each classifier reproduces the segments of customers it has not seen.

Scaler and K-Means are fitted again in each training fold. *Fidelity* compares with the labels of that fold's
own K-Means; *cross* compares with the labels of the segmentation of all rows, and so includes how much the
segmentation itself changes. Neither is an accuracy of the segments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold

from trainer.classifier.candidate import Candidate, Settings
from trainer.classifier.candidates import CANDIDATES
from trainer.classifier.evaluation.probability_metrics import log_losses
from trainer.classifier.fitted_classifier import fit_classifier
from trainer.classifier.missing_patterns import Pattern, evaluated_patterns, repeat_under
from trainer.classifier.model_size import choose_sizes
from trainer.classifier.training_table import TrainingTable, classifier_inputs
from trainer.parallel import Workers
from trainer.schema.column_arrays import Columns, take_rows
from trainer.segments.kmeans import Segmentation, fit_segmentation, match

EVALUATED_ROWS = 2_000
MANY_FITS = 20  # folds from which on processes are worth their start
FOLD_STARTS = 10  # of K-Means in a fold
NEAREST_CENTROID, PRIOR = "nearest_centroid", "prior"


@dataclass(frozen=True, kw_only=True)
class Folding:
    """How rows are split.

    Attributes:
        repeats: at most so many, while all of them together have at most ``rows`` rows.
        rows: of a larger table so many are sampled.
    """

    folds: int
    repeats: int
    seed: int
    rows: int = EVALUATED_ROWS


@dataclass(frozen=True, kw_only=True)
class FoldResult:
    """The answers of one fold's models for its held-out rows.

    Attributes:
        rows: ``[M]`` positions of the held-out rows; distances: ``[M, K]`` to the fold's centroids.
        gaps: ``[M, K, d]``, their squares feature by feature (see ``Segmentation.gaps``).
        nested: ``[M]`` labels by the fold's K-Means, numbered as the full segmentation.
        probabilities: ``(classifier, pattern) -> [M, K]``.
    """

    rows: NDArray[np.int64]
    nested: NDArray[np.int64]
    distances: NDArray[np.float64]
    gaps: NDArray[np.float64]
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
        sizes: candidate -> its settings, chosen once on the evaluated rows.
    """

    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    folds: tuple[FoldResult, ...]
    folds_per_repeat: int
    candidates: tuple[str, ...]
    patterns: tuple[Pattern, ...]
    sizes: Mapping[str, Settings]

    def distances(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Held-out distances ``[R*N, K]`` and the full segmentation's labels ``[R*N]``."""
        rows = np.concatenate([fold.rows for fold in self.folds])
        return np.concatenate([fold.distances for fold in self.folds]), self.labels[rows]

    def gaps(self) -> NDArray[np.float64]:
        """Held-out squared differences to the centroids ``[R*N, K, d]``, in the order of ``distances``."""
        return np.concatenate([fold.gaps for fold in self.folds])


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
    if len(labels) > folding.rows:
        rows = np.sort(np.random.default_rng(folding.seed).choice(len(labels), folding.rows, replace=False))
        columns, labels = take_rows(columns, rows), labels[rows]
    patterns = evaluated_patterns(segmentation.schema)
    candidates = tuple(CANDIDATES.values())
    workers.progress("Choosing the sizes of the classifiers", 0, 1)
    sizes = choose_sizes(candidates, segmentation, columns, labels, seed=folding.seed)
    workers.progress("Choosing the sizes of the classifiers", 1, 1)
    task = _Task(
        full=segmentation,
        columns=columns,
        candidates=candidates,
        patterns=patterns,
        sizes=sizes,
        seed=folding.seed,
    )
    splits = _splits(labels, folding)
    many = replace(workers, processes=len(splits) >= MANY_FITS)
    results = many.map("Cross-validating the classifiers", task.run, splits)
    return HeldOut(
        rows=rows,
        labels=labels,
        folds=tuple(results),
        folds_per_repeat=folding.folds,
        candidates=tuple(candidate.name for candidate in candidates),
        patterns=patterns,
        sizes=sizes,
    )


def _splits(labels: NDArray[np.int64], folding: Folding) -> list[tuple[NDArray[Any], NDArray[Any]]]:
    """Positions to train on and to predict, for each fold of each repeat."""
    stratified = (
        np.bincount(labels).min() >= folding.folds
    )  # otherwise some fold does not contain the smallest segment anyway
    kind = StratifiedKFold if stratified else KFold
    return [
        split
        for repeat in range(max(1, min(folding.repeats, folding.rows // len(labels))))
        for split in kind(folding.folds, shuffle=True, random_state=folding.seed + repeat).split(
            labels, labels
        )
    ]


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What all folds have in common."""

    full: Segmentation
    columns: Columns
    candidates: Sequence[Candidate]
    patterns: Sequence[Pattern]
    sizes: Mapping[str, Settings]
    seed: int

    def run(self, split: tuple[NDArray[np.int64], NDArray[np.int64]]) -> FoldResult:
        """Fit every candidate on one part of the rows, and ask it about the other."""
        train, test = split
        known, held = take_rows(self.columns, train), take_rows(self.columns, test)
        fitted = fit_segmentation(
            self.full.schema,
            known,
            self.full.k,
            seed=self.seed,
            n_init=FOLD_STARTS,
            factors=self.full.factors,
        )
        fold = fitted.reordered(match(_in_units_of(self.full, self.full), _in_units_of(self.full, fitted)))
        labels = fold.nearest(known)
        repeated = repeat_under(self.full.schema, held, self.patterns)
        table = TrainingTable(segmentation=fold, columns=known, labels=labels)
        inputs = {
            follows: classifier_inputs(fold, repeated, follows_missing=follows)
            for follows in {candidate.follows_missing for candidate in self.candidates}
        }
        probabilities = {}
        for candidate in self.candidates:
            classifier = fit_classifier(candidate, table, settings=self.sizes[candidate.name], seed=self.seed)
            answers = classifier.probabilities_of(inputs[candidate.follows_missing])
            parts = np.split(answers, len(self.patterns))
            for pattern, part in zip(self.patterns, parts, strict=True):
                probabilities[candidate.name, pattern] = part
        return FoldResult(
            rows=test,
            nested=fold.nearest(held),
            distances=fold.distances(held),
            gaps=fold.gaps(held),
            shares=np.bincount(labels, minlength=self.full.k) / len(labels),
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

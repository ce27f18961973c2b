"""Nested cross-validation: how well each classifier gives back the segments of customers it has not seen.

Scaler and K-Means are fitted anew inside each training fold. *Fidelity* compares with the labels of that
fold's own K-Means; *cross* compares with the labels of the segmentation of all rows, and so includes how
much the segmentation itself moves. Neither is an accuracy of the segments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import KFold, StratifiedKFold

from trainer.classifier.candidates import CANDIDATES, fit_classifier
from trainer.classifier.missing_patterns import COMPLETE, evaluation_masks, repeat_under
from trainer.classifier.model_size import choose_size
from trainer.classifier.probability_metrics import corrected_error, log_losses, metrics
from trainer.config import TrainConfig
from trainer.parallel import Progress, Workers, no_progress
from trainer.segments.kmeans import Segmentation, fit_segmentation, match
from trainer.segments.soft_membership import soft_membership

JUDGED_ROWS = 2_000  # a larger table is judged on a sample, and a smaller one again until it comes to as many
NEAREST_CENTROID, PRIOR = "nearest_centroid", "prior"

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, kw_only=True)
class FoldResult:
    """What one fold's models said about its held-out rows.

    Attributes:
        rows: ``[M]`` positions of the held-out rows; distances: ``[M, K]`` to the fold's centroids.
        nested: ``[M]`` labels by the fold's K-Means, numbered as the full segmentation.
        probabilities: ``(classifier, pattern) -> [M, K]``.
    """

    rows: NDArray[np.int64]
    nested: NDArray[np.int64]
    distances: NDArray[np.float64]
    shares: NDArray[np.float64]
    probabilities: dict[tuple[str, str], NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """All folds of one evaluation, ready to be judged.

    Attributes:
        rows: ``[N]`` positions of the judged rows among the clustered ones.
        labels: ``[N]`` their segments by the full segmentation.
        folds: one result a fold, ``repeats`` times ``folds_per_repeat`` of them.
    """

    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    folds: tuple[FoldResult, ...]
    folds_per_repeat: int
    patterns: tuple[str, ...]

    def distances(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Held-out distances ``[R*N, K]`` and the full segmentation's labels ``[R*N]``."""
        rows = np.concatenate([fold.rows for fold in self.folds])
        return np.concatenate([fold.distances for fold in self.folds]), self.labels[rows]


def hold_out(
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    config: TrainConfig,
    progress: Progress = no_progress,
) -> HeldOut:
    """Fit and ask every candidate in every fold, on all cores.

    Args:
        segmentation: of all rows; its numbering is used throughout.
        columns: raw columns of the ``N`` rows that were clustered; labels: their segments.
    """
    rows = np.arange(len(labels))
    if len(labels) > JUDGED_ROWS:
        rows = np.sort(np.random.default_rng(config.seed).choice(len(labels), JUDGED_ROWS, replace=False))
        columns = {name: values[rows] for name, values in columns.items()}
        labels = labels[rows]
    stratified = np.bincount(labels).min() >= config.folds  # else some fold lacks the smallest segment anyway
    kind = StratifiedKFold if stratified else KFold
    splits = [
        split
        for repeat in range(max(1, min(config.repeats, JUDGED_ROWS // len(labels))))
        for split in kind(config.folds, shuffle=True, random_state=config.seed + repeat).split(labels, labels)
    ]
    run = partial(_run_fold, segmentation, columns, config.seed)
    results = Workers(jobs=config.choice.jobs, progress=progress, processes=True).map(
        "Cross-validating the classifiers", run, splits
    )
    patterns = tuple(evaluation_masks(segmentation.schema))
    return HeldOut(
        rows=rows, labels=labels, folds=tuple(results), folds_per_repeat=config.folds, patterns=patterns
    )


def _run_fold(
    full: Segmentation, columns: Columns, seed: int, split: tuple[NDArray[np.int64], NDArray[np.int64]]
) -> FoldResult:
    train, test = split
    schema = full.schema
    known = {name: values[train] for name, values in columns.items()}
    asked = {name: values[test] for name, values in columns.items()}
    fitted = fit_segmentation(schema, known, full.k, seed=seed, n_init=10)
    fold = fitted.reordered(match(_in_units_of(full, full), _in_units_of(full, fitted)))
    labels = fold.nearest(known)
    patterns = evaluation_masks(schema)
    masked = repeat_under(schema, asked, list(patterns.values()))
    probabilities = {}
    for candidate in CANDIDATES.values():
        settings = choose_size(candidate, fold, known, labels, seed=seed)
        classifier = fit_classifier(candidate, fold, known, labels, settings=settings, seed=seed)
        answers = classifier.probabilities(masked)
        for pattern, part in zip(patterns, np.split(answers, len(patterns)), strict=True):
            probabilities[candidate.name, pattern] = part
    return FoldResult(
        rows=test,
        nested=fold.nearest(asked),
        distances=fold.distances(asked),
        shares=np.bincount(labels, minlength=full.k) / len(labels),
        probabilities=probabilities,
    )


def _in_units_of(reference: Segmentation, segmentation: Segmentation) -> NDArray[np.float64]:
    """Centroids ``[K, d]`` in the reference's scaled units, so that two segmentations can be compared."""
    positions = reference.clustering_positions
    scale = reference.scaler.scale_[positions]
    return np.asarray((segmentation.raw_centroids() - reference.scaler.mean_[positions]) / scale)


def judge(held_out: HeldOut, *, membership_scale: float) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures of every classifier under every pattern of missing columns.

    Returns:
        classifier -> pattern -> ``{"fidelity": {...}, "cross": {...}}``, each figure with its standard error
        under ``<figure>_se``. The nearest centroid is judged on complete rows only; the prior on all alike.
    """
    table: dict[str, dict[str, dict[str, Any]]] = {}
    for name in CANDIDATES:
        table[name] = {
            pattern: _figures(held_out, [fold.probabilities[name, pattern] for fold in held_out.folds])
            for pattern in held_out.patterns
        }
    centroid = [soft_membership(fold.distances, membership_scale) for fold in held_out.folds]
    table[NEAREST_CENTROID] = {COMPLETE: _figures(held_out, centroid)}
    prior = [np.tile(fold.shares, (len(fold.rows), 1)) for fold in held_out.folds]
    table[PRIOR] = {COMPLETE: _figures(held_out, prior)}
    return table


def _figures(held_out: HeldOut, predicted: list[NDArray[Any]]) -> dict[str, Any]:
    pairs = list(zip(held_out.folds, predicted, strict=True))
    return {
        "fidelity": _summary(held_out, [(answers, fold.nested) for fold, answers in pairs]),
        "cross": _summary(held_out, [(answers, held_out.labels[fold.rows]) for fold, answers in pairs]),
    }


def _summary(held_out: HeldOut, pairs: list[tuple[NDArray[Any], NDArray[np.int64]]]) -> dict[str, float]:
    """Each figure pooled over a repeat and averaged over repeats, with the corrected standard error."""
    size = held_out.folds_per_repeat
    repeats = [pairs[start : start + size] for start in range(0, len(pairs), size)]
    pooled = [
        metrics(
            np.concatenate([answers for answers, _ in each]), np.concatenate([truth for _, truth in each])
        )
        for each in repeats
    ]
    per_fold = [metrics(answers, truth) for answers, truth in pairs]
    summary: dict[str, float] = {}
    for name in pooled[0]:
        summary[name] = float(np.mean([figures[name] for figures in pooled]))
        summary[f"{name}_se"] = corrected_error(np.array([figures[name] for figures in per_fold]), size)
    return summary


def confusion(held_out: HeldOut, name: str, k: int) -> list[list[int]]:
    """Held-out counts ``[K, K]`` of complete rows in all repeats: the fold's own segments by the answers."""
    counts = np.zeros((k, k), dtype=int)
    for fold in held_out.folds:
        np.add.at(counts, (fold.nested, fold.probabilities[name, COMPLETE].argmax(axis=1)), 1)
    return [[int(count) for count in row] for row in counts]


def held_out_losses(held_out: HeldOut, name: str, patterns: tuple[str, ...]) -> NDArray[np.float64]:
    """Mean log loss of a classifier ``[folds, patterns]``: what one is chosen by."""
    return np.array(
        [
            [log_losses(fold.probabilities[name, pattern], fold.nested).mean() for pattern in patterns]
            for fold in held_out.folds
        ]
    )

"""The results of the cross-validation for every classifier and missing pattern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.evaluation.abstention import (
    CalibrationBin,
    Selective,
    calibration_bins,
    selective_accuracy,
)
from trainer.classifier.evaluation.cross_validation import NEAREST_CENTROID, PRIOR, HeldOut
from trainer.classifier.evaluation.probability_metrics import corrected_error, metrics
from trainer.classifier.missing_patterns import NOTHING_MISSING, Pattern
from trainer.segments.soft_membership import soft_membership

METHOD = (
    "repeated stratified k-fold; scaler and K-Means fitted again in each training fold, sizes of the "
    "classifiers chosen once before"
)


@dataclass(frozen=True, kw_only=True)
class Scores:
    """The figures of one classifier for one pattern, each with its standard error as ``<figure>_se``.

    Attributes:
        fidelity: against the segments of the fold's own K-Means.
        cross: against the segments of the segmentation of all rows.
    """

    fidelity: Mapping[str, float]
    cross: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Everything that was measured on held-out customers.

    Attributes:
        classifiers: name -> pattern -> scores; the nearest centroid and the prior on complete rows only.
        confusion: name -> counts ``[K, K]`` of complete rows: the fold's own segments by the answers.
        selective, calibration: of the chosen classifier, by pattern.
    """

    method: str
    folds: int
    repeats: int
    rows: int
    classifiers: Mapping[str, Mapping[Pattern, Scores]]
    confusion: Mapping[str, list[list[int]]]
    selective: Selective
    calibration: Mapping[Pattern, tuple[CalibrationBin, ...]]

    def document(self) -> dict[str, Any]:
        """The same for JSON: what is kept by pattern becomes a list, each with the columns ``missing``."""
        return {
            "method": self.method,
            "folds": self.folds,
            "repeats": self.repeats,
            "rows": self.rows,
            "classifiers": {
                name: [{"missing": list(pattern), **asdict(found)} for pattern, found in scores.items()]
                for name, scores in self.classifiers.items()
            },
            "confusion": dict(self.confusion),
            "selective": self.selective.document(),
            "calibration": [
                {"missing": list(pattern), "bins": [asdict(each) for each in bins]}
                for pattern, bins in self.calibration.items()
            ],
        }


def evaluate(
    held_out: HeldOut, chosen: str, served: Sequence[Pattern], *, membership_scale: float
) -> Evaluation:
    """Score every classifier, and the chosen one in more detail.

    Args:
        served: the patterns in which the chosen classifier answers.
        membership_scale: of the soft membership, by which the nearest centroid is scored.
    """
    k = len(held_out.folds[0].shares)
    return Evaluation(
        method=METHOD,
        folds=held_out.folds_per_repeat,
        repeats=len(held_out.folds) // held_out.folds_per_repeat,
        rows=len(held_out.labels),
        classifiers=score_classifiers(held_out, membership_scale=membership_scale),
        confusion={name: confusion(held_out, name, k) for name in held_out.candidates},
        selective=selective_accuracy(held_out, chosen, served),
        calibration={pattern: calibration_bins(held_out, chosen, [pattern]) for pattern in held_out.patterns},
    )


def score_classifiers(held_out: HeldOut, *, membership_scale: float) -> dict[str, dict[Pattern, Scores]]:
    """Scores of every classifier by pattern.

    The nearest centroid and the prior are scored on complete rows only; the prior is the same for all rows.
    """
    table = {
        name: {
            pattern: _scores(held_out, [fold.probabilities[name, pattern] for fold in held_out.folds])
            for pattern in held_out.patterns
        }
        for name in held_out.candidates
    }
    centroid = [soft_membership(fold.distances, membership_scale) for fold in held_out.folds]
    table[NEAREST_CENTROID] = {NOTHING_MISSING: _scores(held_out, centroid)}
    prior = [np.tile(fold.shares, (len(fold.rows), 1)) for fold in held_out.folds]
    table[PRIOR] = {NOTHING_MISSING: _scores(held_out, prior)}
    return table


def _scores(held_out: HeldOut, predicted: list[NDArray[Any]]) -> Scores:
    pairs = list(zip(held_out.folds, predicted, strict=True))
    return Scores(
        fidelity=_summary(held_out, [(answers, fold.nested) for fold, answers in pairs]),
        cross=_summary(held_out, [(answers, held_out.labels[fold.rows]) for fold, answers in pairs]),
    )


def _summary(held_out: HeldOut, pairs: list[tuple[NDArray[Any], NDArray[np.int64]]]) -> dict[str, float]:
    """Each figure pooled over a repeat and averaged over repeats, with the corrected standard error."""
    size = held_out.folds_per_repeat
    answers = np.concatenate([answers for answers, _ in pairs])
    truth = np.concatenate([truth for _, truth in pairs])
    fold = np.repeat(np.arange(len(pairs)), [len(truth) for _, truth in pairs])
    pooled, per_fold = metrics(answers, truth, fold // size), metrics(answers, truth, fold)
    summary: dict[str, float] = {}
    for name, figures in pooled.items():
        summary[name] = float(figures.mean())
        summary[f"{name}_se"] = corrected_error(per_fold[name], size)
    return summary


def confusion(held_out: HeldOut, name: str, k: int) -> list[list[int]]:
    """Held-out counts ``[K, K]`` of complete rows in all repeats: the fold's own segments by the answers."""
    counts = np.zeros((k, k), dtype=int)
    for fold in held_out.folds:
        np.add.at(counts, (fold.nested, fold.probabilities[name, NOTHING_MISSING].argmax(axis=1)), 1)
    return [[int(count) for count in row] for row in counts]

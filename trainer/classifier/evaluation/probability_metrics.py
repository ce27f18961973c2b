"""Metrics of predicted probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CALIBRATION_BINS = 10
SHORT = 1.2
"""What corrected errors lacked where the loss of new customers was known: two of them were a 90% interval in
``benchmarks.classifiers`` (seeds 0 to 13; 1.96 / 1.64 = 1.2)."""
_SMALLEST = 1e-7  # float32 probabilities reach zero; one such row must not make the mean infinite


def metrics(
    probabilities: NDArray[np.floating], labels: NDArray[np.int64], groups: NDArray[np.intp]
) -> dict[str, Floats]:
    """Compare probabilities ``[N, K]`` with true positions ``[N]``, in each of ``G`` groups of rows.

    Args:
        groups: ``[N]`` numbers from 0, each of which is there.

    Returns:
        ``[G]`` each: ``accuracy``, ``top2`` (true segment among the two most likely), macro ``precision``,
        ``recall`` and ``f1``, ``log_loss`` (nats) and ``calibration_error`` (Naeini et al. 2015: expected gap
        between confidence and accuracy over ten equal-width bins of the top probability).
    """
    counts = np.bincount(groups)

    def mean(values: NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(groups, weights=values) / counts, dtype=np.float64)

    answers = probabilities.argmax(axis=1)
    precision, recall, f1 = _macro(answers, labels, groups, probabilities.shape[1])
    top2 = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    return {
        "accuracy": mean(answers == labels),
        "top2": mean((top2 == labels[:, None]).any(axis=1)),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "log_loss": mean(log_losses(probabilities, labels)),
        "calibration_error": _calibration_errors(probabilities, labels, groups) / counts,
    }


def log_losses(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """The negative logarithm of the probability of the true segment ``[N]``, in nats."""
    own = np.take_along_axis(probabilities, labels[:, None], axis=1)[:, 0].astype(np.float64)
    return -np.log(np.clip(own, _SMALLEST, 1.0))


def _calibration_errors(
    probabilities: NDArray[np.floating], labels: NDArray[np.int64], groups: NDArray[np.intp]
) -> Floats:
    """The gaps between confidence and accuracy, added over the bins and customers of each group ``[G]``."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    each, size = groups * CALIBRATION_BINS + bins, (groups.max() + 1) * CALIBRATION_BINS
    gaps = np.bincount(each, weights=confidence - right, minlength=size)
    return np.asarray(np.abs(gaps).reshape(-1, CALIBRATION_BINS).sum(axis=1), dtype=np.float64)


def _macro(
    answers: NDArray[np.int64], labels: NDArray[np.int64], groups: NDArray[np.intp], k: int
) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 averaged over segments, 0 where undefined, for each group ``[G]``.

    The same as ``sklearn.metrics.precision_recall_fscore_support`` (a test compares them) for thousands of
    small groups at once.
    """

    def counts(chosen: NDArray[np.int64], of: NDArray[np.intp]) -> Floats:
        size = (groups.max() + 1) * k
        return np.bincount(of * k + chosen, minlength=size).reshape(-1, k).astype(np.float64)

    hit = answers == labels
    right, answered, true = counts(labels[hit], groups[hit]), counts(answers, groups), counts(labels, groups)
    precision = right / np.maximum(answered, 1)
    recall = right / np.maximum(true, 1)
    f1 = 2 * right / np.maximum(answered + true, 1)
    return precision.mean(axis=1), recall.mean(axis=1), f1.mean(axis=1)


def corrected_error(values: NDArray[np.float64], folds: int) -> float:
    """Standard error of a mean over overlapping folds (Nadeau and Bengio 2003): two are a 95% interval.

    ``SHORT * sqrt((1/J + n_test/n_train) * var)`` over ``J`` results, where n_test/n_train is 1/(folds-1).
    """
    if len(values) < 2:
        return float("nan")
    return float(SHORT * np.sqrt((1.0 / len(values) + 1.0 / (folds - 1)) * values.var(ddof=1)))

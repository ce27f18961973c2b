"""Metrics of predicted probabilities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CALIBRATION_BINS = 10
SHORT = 1.2
"""What corrected errors lacked where the loss of new customers was known: two of them were a 90% interval in
``benchmarks.classifiers`` (seeds 0 to 13; 1.96 / 1.64 = 1.2)."""
_SMALLEST = 1e-7  # float32 probabilities reach zero; one such row must not make the mean infinite


def metrics(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> dict[str, float]:
    """Compare probabilities ``[N, K]`` with true positions ``[N]``.

    Returns:
        ``accuracy``, ``top2`` (true segment among the two most likely), macro ``precision``, ``recall`` and
        ``f1``, ``log_loss`` (nats) and ``calibration_error`` (Naeini et al. 2015: expected gap between
        confidence and accuracy over ten equal-width bins of the top probability).
    """
    answers = probabilities.argmax(axis=1)
    precision, recall, f1 = _macro(answers, labels, probabilities.shape[1])
    top2 = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    return {
        "accuracy": float(np.mean(answers == labels)),
        "top2": float(np.mean((top2 == labels[:, None]).any(axis=1))),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "log_loss": float(log_losses(probabilities, labels).mean()),
        "calibration_error": calibration_error(probabilities, labels),
    }


def log_losses(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """The negative logarithm of the probability of the true segment ``[N]``, in nats."""
    own = np.take_along_axis(probabilities, labels[:, None], axis=1)[:, 0].astype(np.float64)
    return -np.log(np.clip(own, _SMALLEST, 1.0))


def calibration_error(probabilities: NDArray[np.floating], labels: NDArray[np.int64]) -> float:
    """Expected calibration error of the top probability over ten bins of equal width."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [
        np.mean(bins == each)
        * abs(float(confidence[bins == each].mean()) - float(right[bins == each].mean()))
        for each in np.unique(bins)
    ]
    return float(np.sum(gaps))


def _macro(answers: NDArray[np.int64], labels: NDArray[np.int64], k: int) -> tuple[float, float, float]:
    """Precision, recall and F1 averaged over segments, 0 where undefined.

    The same as ``sklearn.metrics.precision_recall_fscore_support`` (a test compares them), but thirty times
    faster; one run evaluates thousands of small tables.
    """
    right = np.bincount(labels[answers == labels], minlength=k).astype(float)
    answered = np.bincount(answers, minlength=k)
    true = np.bincount(labels, minlength=k)
    precision = right / np.maximum(answered, 1)
    recall = right / np.maximum(true, 1)
    f1 = 2 * right / np.maximum(answered + true, 1)
    return float(precision.mean()), float(recall.mean()), float(f1.mean())


def corrected_error(values: NDArray[np.float64], folds: int) -> float:
    """Standard error of a mean over overlapping folds (Nadeau and Bengio 2003): two are a 95% interval.

    ``SHORT * sqrt((1/J + n_test/n_train) * var)`` over ``J`` results, where n_test/n_train is 1/(folds-1).
    """
    if len(values) < 2:
        return float("nan")
    return float(SHORT * np.sqrt((1.0 / len(values) + 1.0 / (folds - 1)) * values.var(ddof=1)))

"""When a classifier's answer is worth giving: accuracy against the share of customers answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.cross_validation import HeldOut
from trainer.classifier.probability_metrics import CALIBRATION_BINS

WANTED_ACCURACY = 0.90
GRID = np.round(np.arange(0.0, 1.0, 0.01), 2)


def selective_accuracy(held_out: HeldOut, name: str, patterns: Sequence[str]) -> dict[str, Any]:
    """The selective-accuracy curve of a classifier (El-Yaniv and Wiener 2010) and the threshold read off it.

    Only patterns in which the classifier answers count, all alike. The threshold is the lowest probability
    from which on every higher threshold, too, answers with the wanted accuracy.

    Returns:
        ``wanted``, ``threshold`` (1.0 when no probability is enough), ``answered`` share and ``accuracy``
        there (``None`` when nobody is answered), the same along the ``curve``, and at the threshold for
        each of ``patterns``.
    """
    confidence, right = _pooled(held_out, name, patterns)
    curve = [{"threshold": float(each), **_point(confidence, right, float(each))} for each in GRID]
    threshold = 1.0
    for point in reversed(curve):
        if point["accuracy"] is None:
            continue
        if point["accuracy"] < WANTED_ACCURACY:
            break
        threshold = point["threshold"]
    return {
        "wanted": WANTED_ACCURACY,
        "threshold": threshold,
        **_point(confidence, right, threshold),
        "curve": curve,
        "patterns": {each: _point(*_pooled(held_out, name, [each]), threshold) for each in patterns},
    }


def calibration_bins(held_out: HeldOut, name: str, patterns: Sequence[str]) -> list[dict[str, Any]]:
    """Top probability against accuracy in ten bins of equal width, pooled over the given patterns."""
    confidence, right = _pooled(held_out, name, patterns)
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        {
            "share": float(np.mean(bins == each)),
            "confidence": float(confidence[bins == each].mean()),
            "accuracy": float(right[bins == each].mean()),
        }
        for each in np.unique(bins)
    ]


def _point(confidence: NDArray[np.float64], right: NDArray[np.bool_], threshold: float) -> dict[str, Any]:
    answered = confidence >= threshold
    return {
        "answered": float(answered.mean()),
        "accuracy": float(right[answered].mean()) if answered.any() else None,
    }


def _pooled(
    held_out: HeldOut, name: str, patterns: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Top probabilities and whether they were right, over all folds and the given patterns."""
    pairs = [
        (fold.probabilities[name, pattern], fold.nested) for fold in held_out.folds for pattern in patterns
    ]
    confidence = np.concatenate([answers.max(axis=1) for answers, _ in pairs]).astype(np.float64)
    right = np.concatenate([answers.argmax(axis=1) == truth for answers, truth in pairs])
    return confidence, right

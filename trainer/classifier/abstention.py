"""When a classifier's answer is certain enough: accuracy against the share of customers answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.cross_validation import HeldOut
from trainer.classifier.missing_patterns import Pattern
from trainer.classifier.probability_metrics import CALIBRATION_BINS

WANTED_ACCURACY = 0.90
GRID = np.round(np.arange(0.0, 1.0, 0.01), 2)


@dataclass(frozen=True, kw_only=True)
class AnsweredShare:
    """The share of customers answered at a threshold, and how often these answers are right.

    Attributes:
        accuracy: ``None`` where no customer gets an answer.
    """

    threshold: float
    answered: float
    accuracy: float | None


@dataclass(frozen=True, kw_only=True)
class Selective(AnsweredShare):
    """The threshold in use, and how it was found.

    Attributes:
        threshold: 1.0 when no probability is enough.
        wanted: the required accuracy.
        curve: the same figures for every threshold of a grid.
        patterns: the same figures at the threshold for each pattern in which the classifier answers.
    """

    wanted: float
    curve: tuple[AnsweredShare, ...]
    patterns: Mapping[Pattern, AnsweredShare]

    def document(self) -> dict[str, Any]:
        """The same for JSON; ``patterns`` becomes a list, each with the columns ``missing``."""
        return {
            "wanted": self.wanted,
            "threshold": self.threshold,
            "answered": self.answered,
            "accuracy": self.accuracy,
            "curve": [asdict(each) for each in self.curve],
            "patterns": [
                {"missing": list(pattern), "answered": each.answered, "accuracy": each.accuracy}
                for pattern, each in self.patterns.items()
            ],
        }


@dataclass(frozen=True, kw_only=True)
class CalibrationBin:
    """Answers of about the same top probability: their share, that probability, how often they are right."""

    share: float
    confidence: float
    accuracy: float


def selective_accuracy(held_out: HeldOut, name: str, patterns: Sequence[Pattern]) -> Selective:
    """The selective-accuracy curve of a classifier (El-Yaniv and Wiener 2010) and its threshold.

    Only patterns in which the classifier answers count, with equal weight. The threshold is the lowest one
    that, like every higher threshold, reaches the required accuracy.
    """
    confidence, right = _pooled(held_out, name, patterns)
    curve = tuple(_answered(confidence, right, float(each)) for each in GRID)
    found = _answered(confidence, right, _threshold(curve))
    by_pattern = {each: _answered(*_pooled(held_out, name, [each]), found.threshold) for each in patterns}
    return Selective(**vars(found), wanted=WANTED_ACCURACY, curve=curve, patterns=by_pattern)


def calibration_bins(held_out: HeldOut, name: str, patterns: Sequence[Pattern]) -> tuple[CalibrationBin, ...]:
    """Top probability against accuracy in ten bins of equal width, pooled over the given patterns."""
    confidence, right = _pooled(held_out, name, patterns)
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return tuple(
        CalibrationBin(
            share=float(np.mean(bins == each)),
            confidence=float(confidence[bins == each].mean()),
            accuracy=float(right[bins == each].mean()),
        )
        for each in np.unique(bins)
    )


def _threshold(curve: Sequence[AnsweredShare]) -> float:
    """The lowest threshold that reaches the required accuracy like all above it; 1.0 where none does."""
    threshold = 1.0
    for point in reversed(curve):
        if point.accuracy is None:
            continue
        if point.accuracy < WANTED_ACCURACY:
            break
        threshold = point.threshold
    return threshold


def _answered(confidence: NDArray[np.float64], right: NDArray[np.bool_], threshold: float) -> AnsweredShare:
    answered = confidence >= threshold
    accuracy = float(right[answered].mean()) if answered.any() else None
    return AnsweredShare(threshold=threshold, answered=float(answered.mean()), accuracy=accuracy)


def _pooled(
    held_out: HeldOut, name: str, patterns: Sequence[Pattern]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Top probabilities and whether they were right, over all folds and the given patterns."""
    pairs = [
        (fold.probabilities[name, pattern], fold.nested) for fold in held_out.folds for pattern in patterns
    ]
    confidence = np.concatenate([answers.max(axis=1) for answers, _ in pairs]).astype(np.float64)
    right = np.concatenate([answers.argmax(axis=1) == truth for answers, truth in pairs])
    return confidence, right

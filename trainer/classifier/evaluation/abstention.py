"""When a classifier's answer is certain enough: accuracy against the share of customers answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from trainer.classifier.evaluation.cross_validation import HeldOut
from trainer.classifier.evaluation.probability_metrics import CALIBRATION_BINS
from trainer.classifier.missing_patterns import Pattern

WANTED_ACCURACY = 0.90
ERROR = 0.05  # the chance that a pattern's accuracy is below its bound
MOST_FIRST, LEAST_FIRST = 60, 29  # answers at the first threshold tested; with fewer than 29, no bound is 90%
FIRST_SHARE = 0.3  # the same as a share of the customers
HARDLY_ANY = 0.01  # of the customers of a pattern
GRID_STEP = 0.01
GRID = np.round(np.arange(0.0, 1.0, GRID_STEP), 2)


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
class PatternShare(AnsweredShare):
    """The same for one missing pattern.

    Attributes:
        at_least: the lower 95% bound of the accuracy; ``None`` where no customer gets an answer.
    """

    at_least: float | None


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
    patterns: Mapping[Pattern, PatternShare]

    def document(self) -> dict[str, Any]:
        """The same for JSON; ``patterns`` becomes a list, each with the columns ``missing``."""
        return {
            "wanted": self.wanted,
            "threshold": self.threshold,
            "answered": self.answered,
            "accuracy": self.accuracy,
            "curve": [asdict(each) for each in self.curve],
            "patterns": [
                {
                    "missing": list(pattern),
                    "answered": each.answered,
                    "accuracy": each.accuracy,
                    "at_least": each.at_least,
                }
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

    Only patterns in which the classifier answers count, with equal weight in the curve. A pattern's own
    threshold is the lowest one at which the lower 95% bound of its accuracy reaches the required one
    (Geifman and El-Yaniv 2017). There is one threshold in use, the highest of these. A pattern without one
    of its own raises it until its answers are right often enough or hardly any are given.
    """
    answers = {each: _pooled(held_out, name, [each]) for each in patterns}
    repeats = len(held_out.folds) / held_out.folds_per_repeat
    own = {each: _own_threshold(*answers[each], repeats) for each in patterns}
    threshold = max((each for each in own.values() if each is not None), default=1.0)
    uncertain = [answers[each] for each in patterns if own[each] is None]
    while threshold < 1.0 and any(_misleads(*each, threshold) for each in uncertain):
        threshold = min(1.0, round(threshold + GRID_STEP, 2))
    confidence, right = _pooled(held_out, name, patterns)
    return Selective(
        **vars(_answered(confidence, right, threshold)),
        wanted=WANTED_ACCURACY,
        curve=tuple(_answered(confidence, right, float(each)) for each in GRID),
        patterns={each: _bounded(*answers[each], threshold, repeats) for each in patterns},
    )


def lower_bound(right: float, answered: float) -> float:
    """The lower 95% bound of a share (Clopper and Pearson 1934), one-sided.

    Args:
        right, answered: counts; a mean over repeats of the cross-validation need not be whole.
    """
    return float(betaincinv(right, answered - right + 1.0, ERROR)) if right > 0 else 0.0


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


def _own_threshold(confidence: NDArray[np.float64], right: NDArray[np.bool_], repeats: float) -> float | None:
    """The lowest threshold whose bound, like that of every higher one tested, is enough.

    Thresholds are tested from the first one with enough answers downwards, until one fails. The order does
    not depend on which answers are right, so that no correction for many tests is needed (Maurer, Hothorn
    and Lehmacher 1995). The same customer in several repeats counts once.
    """
    first = np.clip(FIRST_SHARE * len(confidence) / repeats, LEAST_FIRST, MOST_FIRST)
    found = None
    for threshold in GRID[::-1]:
        answered = confidence >= threshold
        if answered.sum() / repeats < first:
            continue
        if lower_bound(right[answered].sum() / repeats, answered.sum() / repeats) < WANTED_ACCURACY:
            break
        found = float(threshold)
    return found


def _misleads(confidence: NDArray[np.float64], right: NDArray[np.bool_], threshold: float) -> bool:
    """Whether more than hardly any answers are given at a threshold, and too few of them are right."""
    point = _answered(confidence, right, threshold)
    return point.answered >= HARDLY_ANY and point.accuracy is not None and point.accuracy < WANTED_ACCURACY


def _bounded(
    confidence: NDArray[np.float64], right: NDArray[np.bool_], threshold: float, repeats: float
) -> PatternShare:
    point = _answered(confidence, right, threshold)
    customers = point.answered * len(confidence) / repeats
    at_least = None if point.accuracy is None else lower_bound(point.accuracy * customers, customers)
    return PatternShare(**vars(point), at_least=at_least)


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

"""How large a classifier may be: the smallest whose loss is within one paired standard error of the best.

With the default size of its library, a classifier trained on incomplete rows is so overconfident that it is
worse than the segments' shares where only gender and age are known. Small models need no calibration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from trainer.classifier.candidate import Candidate, Settings
from trainer.classifier.fitted_classifier import Classifier, fit_classifier
from trainer.classifier.missing_patterns import NOTHING_MISSING, repeat_under, served_patterns
from trainer.classifier.probability_metrics import log_losses
from trainer.schema.column_arrays import Columns, take_rows
from trainer.segments.kmeans import Segmentation

INNER_FOLDS = 3
SEARCHED_ROWS = 3_000  # a larger table is sampled for the search


def fit_at_best_size(
    candidate: Candidate,
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    seed: int,
) -> Classifier:
    """Choose a candidate's size on the given rows ``[N]`` alone, and fit it with that size on all of them."""
    settings = choose_size(candidate, segmentation, columns, labels, seed=seed)
    return fit_classifier(candidate, segmentation, columns, labels, settings=settings, seed=seed)


def choose_size(
    candidate: Candidate,
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    seed: int,
) -> Settings:
    """Search a candidate's sizes by an inner cross-validation on the given rows ``[N]`` alone.

    The loss is the log loss over complete rows and over every pattern in which the classifier serves. A
    segment with fewer customers than folds cannot be compared; the smallest size is then taken.
    """
    if len(labels) > SEARCHED_ROWS:
        rows = np.random.default_rng(seed).choice(len(labels), SEARCHED_ROWS, replace=False)
        columns, labels = take_rows(columns, rows), labels[rows]
    if np.bincount(labels).min() < INNER_FOLDS:
        return candidate.sizes[0]
    splits = list(StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=seed).split(labels, labels))
    losses = np.zeros((len(candidate.sizes), INNER_FOLDS))
    for fold, (train, test) in enumerate(splits):
        known, asked = take_rows(columns, train), take_rows(columns, test)
        for size, settings in enumerate(candidate.sizes):
            classifier = fit_classifier(
                candidate, segmentation, known, labels[train], settings=settings, seed=seed
            )
            losses[size, fold] = _served_loss(classifier, asked, labels[test])
    return candidate.sizes[smallest_within_error(losses)]


def smallest_within_error(losses: NDArray[np.float64]) -> int:
    """The first row of losses ``[S, folds]`` that is within one paired standard error of the best row."""
    best = int(losses.mean(axis=1).argmin())
    for size, values in enumerate(losses):
        difference = values - losses[best]
        if difference.mean() <= difference.std(ddof=1) / np.sqrt(len(difference)):
            return size
    raise AssertionError("the best size is within any error of itself")


def _served_loss(classifier: Classifier, columns: Columns, labels: NDArray[np.int64]) -> float:
    schema = classifier.segmentation.schema
    asked = (NOTHING_MISSING, *served_patterns(schema))
    answers = classifier.probabilities(repeat_under(schema, columns, asked))
    return float(log_losses(answers, np.tile(labels, len(asked))).mean())

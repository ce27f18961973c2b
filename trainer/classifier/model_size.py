"""How large a classifier may be: the smallest whose loss is within one paired standard error of the best.

With the default size of its library, a classifier trained on incomplete rows is so overconfident that it is
worse than the segments' shares where only gender and age are known. Small models need no calibration.

Sizes are chosen once, on all customers, and not again in each fold of the evaluation. A size is one of a few
numbers that depend little on a fifth of the customers; choosing it in every fold was most of a run's time.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidate import Candidate, Settings
from trainer.classifier.evaluation.inner_folds import INNER_FOLDS, asked_inputs, inner_splits, losses_by_row
from trainer.classifier.fitted_classifier import Classifier, fit_classifier
from trainer.classifier.training_table import TrainingTable
from trainer.schema.column_arrays import Columns
from trainer.segments.kmeans import Segmentation

SEARCHED_ROWS = 3_000  # a larger table is sampled for the search


def fit_at_best_size(
    candidate: Candidate,
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    seed: int,
) -> Classifier:
    """Choose a candidate's size on the rows ``[N]``, and fit it with that size on all of them."""
    settings = choose_sizes([candidate], segmentation, columns, labels, seed=seed)[candidate.name]
    table = TrainingTable(segmentation=segmentation, columns=columns, labels=labels)
    return fit_classifier(candidate, table, settings=settings, seed=seed)


def choose_sizes(
    candidates: Iterable[Candidate],
    segmentation: Segmentation,
    columns: Columns,
    labels: NDArray[np.int64],
    *,
    seed: int,
) -> dict[str, Settings]:
    """Name -> settings of each candidate, by an inner cross-validation on rows ``[N]``, sampled where many.

    The loss is the log loss over complete rows and over every pattern in which the classifier serves. A
    segment with fewer customers than folds cannot be compared; the smallest size is then taken. A candidate
    may have a search of its own, and one with a single size needs none.
    """
    table = TrainingTable(segmentation=segmentation, columns=columns, labels=labels)
    if len(labels) > SEARCHED_ROWS:
        table = table.take(np.random.default_rng(seed).choice(len(labels), SEARCHED_ROWS, replace=False))
    few = np.bincount(table.labels, minlength=segmentation.k).min() < INNER_FOLDS
    return {each.name: each.sizes[0] if few else _searched(each, table, seed=seed) for each in candidates}


def _searched(candidate: Candidate, table: TrainingTable, *, seed: int) -> Settings:
    found = candidate.search(table, seed=seed)
    if found is not None:
        return found
    if len(candidate.sizes) == 1:
        return candidate.sizes[0]
    losses = np.zeros((len(candidate.sizes), INNER_FOLDS))
    for fold, (known, asked) in enumerate(inner_splits(table, seed=seed)):
        inputs = asked_inputs(asked, follows_missing=candidate.follows_missing)
        for size, settings in enumerate(candidate.sizes):
            estimator = candidate.trained(known, settings=settings, seed=seed)
            losses[size, fold] = losses_by_row(estimator.predict_proba(inputs), asked).mean()
    return candidate.sizes[smallest_within_error(losses)]


def smallest_within_error(losses: NDArray[np.float64]) -> int:
    """The first row of losses ``[S, folds]`` that is within one paired standard error of the best row."""
    best = int(losses.mean(axis=1).argmin())
    for size, values in enumerate(losses):
        difference = values - losses[best]
        if difference.mean() <= difference.std(ddof=1) / np.sqrt(len(difference)):
            return size
    raise AssertionError("the best size is within any error of itself")

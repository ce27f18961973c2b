"""The inner cross-validation of a table, by which a candidate's settings are chosen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from trainer.classifier.evaluation.probability_metrics import log_losses
from trainer.classifier.missing_patterns import NOTHING_MISSING, repeat_under, served_patterns
from trainer.classifier.training_table import TrainingTable, classifier_inputs

INNER_FOLDS = 3


Split = tuple[TrainingTable, TrainingTable]


def inner_splits(table: TrainingTable, *, seed: int) -> list[Split]:
    """The rows to fit on and those to ask for, of each fold; segments have the same shares in all."""

    def made() -> list[Split]:
        folds = StratifiedKFold(INNER_FOLDS, shuffle=True, random_state=seed)
        splits = folds.split(table.labels, table.labels)
        return [(table.take(train), table.take(test)) for train, test in splits]

    return table.once(("inner splits", seed), made)


def asked_inputs(table: TrainingTable, *, follows_missing: bool) -> NDArray[np.float32]:
    """Classifier inputs ``[P*N, M]`` of the rows, complete and under every pattern that is served."""

    def made() -> NDArray[np.float32]:
        schema = table.segmentation.schema
        patterns = (NOTHING_MISSING, *served_patterns(schema))
        rows = repeat_under(schema, table.columns, patterns)
        return classifier_inputs(table.segmentation, rows, follows_missing=follows_missing)

    return table.once(("asked", follows_missing), made)


def losses_by_row(probabilities: NDArray[np.floating], table: TrainingTable) -> NDArray[np.float64]:
    """Each row's log loss ``[N]``, the mean over what is asked (see ``asked_inputs``)."""
    labels = table.labels
    truth = np.tile(labels, len(probabilities) // len(labels))
    losses = log_losses(probabilities, truth).reshape(-1, len(labels))
    return np.asarray(losses.mean(axis=0), dtype=np.float64)

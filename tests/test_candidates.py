"""Checks that classifiers are trained to answer for incomplete customers."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold

from tests import shapes
from tests.conftest import fit
from trainer import MALL, Table, prepare
from trainer.classifier.candidates import (
    BOOSTED,
    CANDIDATES,
    FOREST,
    LOGISTIC,
)
from trainer.classifier.evaluation.probability_metrics import log_losses
from trainer.classifier.fitted_classifier import fit_classifier
from trainer.classifier.missing_patterns import (
    NOTHING_MISSING,
    hide,
    repeat_under,
    served_patterns,
    training_patterns,
)
from trainer.classifier.training_table import TrainingTable, classifier_inputs, rows_under
from trainer.segments.kmeans import Segmentation, fit_segmentation

SCORE_MISSING = ("spending_score",)


@pytest.mark.parametrize("name", list(CANDIDATES))
def test_hiding_the_clustering_score_leaves_a_useful_answer(table: Table, name: str) -> None:
    """Trained without missing scores, a model is right in 31%; the largest segment alone would give 40%."""
    fitted = fit(table, name, 5)
    labels = fitted.segmentation.nearest(table.columns)
    hidden = fitted.classifier.probabilities(hide(MALL, table.columns, SCORE_MISSING))
    assert (hidden.argmax(axis=1) == labels).mean() > 0.75
    known = fitted.classifier.probabilities(table.columns)
    assert (known.argmax(axis=1) == labels).mean() > 0.95


@pytest.mark.parametrize("name", [LOGISTIC, FOREST, BOOSTED])
def test_masked_training_hardly_lowers_accuracy_on_complete_rows(
    table: Table, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held-out accuracy on complete rows over six repeats, trained on every pattern or on these only."""
    segmentation = fit(table, name, 5).segmentation
    masked = _held_out_accuracy(table, name, segmentation)
    monkeypatch.setattr(
        "trainer.classifier.training_table.training_patterns", lambda schema, seed: [NOTHING_MISSING]
    )
    assert masked >= _held_out_accuracy(table, name, segmentation) - 0.02


def _held_out_accuracy(table: Table, name: str, segmentation: Segmentation) -> float:
    labels = segmentation.nearest(table.columns)
    candidate = CANDIDATES[name]
    right = []
    splits = [
        split
        for repeat in range(6)
        for split in StratifiedKFold(5, shuffle=True, random_state=repeat).split(labels, labels)
    ]
    for train, test in splits:
        known = TrainingTable(segmentation=segmentation, columns=table.take(train), labels=labels[train])
        classifier = fit_classifier(candidate, known, settings=candidate.sizes[-1], seed=0)
        right.append(classifier.probabilities(table.take(test)).argmax(axis=1) == labels[test])
    return float(np.concatenate(right).mean())


@pytest.mark.parametrize("name", list(CANDIDATES))
def test_two_segments_give_two_probabilities(table: Table, name: str) -> None:
    probabilities = fit(table, name, 2).classifier.probabilities(table.columns)
    assert probabilities.shape == (200, 2)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(200), abs=1e-6)


def test_xgboost_sees_missing_values_and_the_others_see_flags(table: Table) -> None:
    segmentation = fit(table, BOOSTED, 5).segmentation
    rows = hide(MALL, table.columns, SCORE_MISSING)
    followed = classifier_inputs(segmentation, rows, follows_missing=True)
    assert followed.dtype == np.float32
    assert np.isnan(followed[:, 3:]).all()  # the score, and both features engineered from it
    filled = classifier_inputs(segmentation, rows, follows_missing=False)
    assert filled.shape == (200, 6 + 4)
    assert not filled[:, 3:6].any()
    assert np.array_equal(filled[0, 6:], [0, 0, 0, 1])


def test_with_many_customers_each_pattern_has_its_own_rows_and_every_segment(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.classifier.training_table.PATTERN_ROWS", 16 * 20)
    labels = np.zeros(len(table), dtype=np.int64)
    labels[137] = 1
    patterns = training_patterns(table.schema, seed=0)
    rows = rows_under(patterns, labels, 0)
    assert len(patterns) == len(rows) == 16
    assert {len(own) for own in rows[1:]} == {20}
    assert len(np.unique(np.concatenate(rows))) > 150
    assert 137 in rows[0]
    monkeypatch.undo()
    assert all((own == np.arange(len(table))).all() for own in rows_under(patterns, labels, 0))


def test_a_wide_logistic_regression_is_as_accurate_with_the_cheaper_solver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = prepare(shapes.telecom(400)).table
    usable = np.flatnonzero(table.clusterable())
    known, asked = table.take(usable[:200]), table.take(usable[200:])
    segmentation = fit_segmentation(table.schema, known, 4, seed=0, n_init=10)
    labels, wanted = segmentation.nearest(known), segmentation.nearest(asked)
    patterns = served_patterns(table.schema)
    hidden = repeat_under(table.schema, asked, patterns)
    losses, solvers = [], []
    for wide in (1, 10**6):
        monkeypatch.setattr("trainer.classifier.models.logistic.WIDE", wide)
        rows = TrainingTable(segmentation=segmentation, columns=known, labels=labels)
        fitted = fit_classifier(CANDIDATES[LOGISTIC], rows, settings={"C": 1.0}, seed=0)
        solvers.append(fitted.estimator.solver)
        losses.append(float(log_losses(fitted.probabilities(hidden), np.tile(wanted, len(patterns))).mean()))
    assert solvers == ["lbfgs", "newton-cholesky"]
    assert losses[0] < losses[1] + 0.02  # nats; the prior alone has more than 1

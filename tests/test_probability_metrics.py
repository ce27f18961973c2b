"""Checks that metrics equal those of scikit-learn, and the calibration error by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from trainer.classifier.evaluation.probability_metrics import calibration_error, metrics

pytestmark = pytest.mark.fast


def test_equals_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(5) * 0.5, 400)
    labels = rng.integers(0, 4, 400)  # the last segment never occurs
    found = metrics(probabilities, labels)
    answers = probabilities.argmax(axis=1)
    precision, recall, f1, _ = reference.precision_recall_fscore_support(
        labels, answers, labels=range(5), average="macro", zero_division=0.0
    )
    assert found["accuracy"] == pytest.approx(reference.accuracy_score(labels, answers))
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx((precision, recall, f1))
    assert found["top2"] == pytest.approx(
        reference.top_k_accuracy_score(labels, probabilities, k=2, labels=range(5))
    )
    clipped = np.clip(probabilities, 1e-7, None)
    assert found["log_loss"] == pytest.approx(-np.log(clipped[np.arange(400), labels]).mean())


def test_a_certain_mistake_has_a_large_but_finite_loss() -> None:
    assert metrics(np.array([[1.0, 0.0]]), np.array([1]))["log_loss"] == pytest.approx(-np.log(1e-7))


def test_calibration_error_by_hand() -> None:
    """Two rows at 0.9, one right; two rows at 0.6, both right: half of |0.9 - 0.5| and half of |0.6 - 1|."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    labels = np.array([0, 1, 0, 0])
    assert calibration_error(probabilities, labels) == pytest.approx(0.5 * 0.4 + 0.5 * 0.4)

"""Checks that metrics equal those of scikit-learn, and the calibration error by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as reference

from trainer.classifier.evaluation.probability_metrics import metrics

pytestmark = pytest.mark.fast


def test_each_group_equals_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    every = rng.dirichlet(np.ones(5) * 0.5, 900)
    truth = rng.integers(0, 4, 900)  # the last segment never occurs
    groups = rng.integers(0, 3, 900)
    found = metrics(every, truth, groups)
    for group in range(3):
        probabilities, labels = every[groups == group], truth[groups == group]
        answers = probabilities.argmax(axis=1)
        precision, recall, f1, _ = reference.precision_recall_fscore_support(
            labels, answers, labels=range(5), average="macro", zero_division=0.0
        )
        top2 = reference.top_k_accuracy_score(labels, probabilities, k=2, labels=range(5))
        clipped = np.clip(probabilities, 1e-7, None)
        loss = -np.log(clipped[np.arange(len(labels)), labels]).mean()
        wanted = {
            "accuracy": reference.accuracy_score(labels, answers),
            "top2": top2,
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "log_loss": loss,
        }
        assert {name: found[name][group] for name in wanted} == pytest.approx(wanted)


def test_a_certain_mistake_has_a_large_but_finite_loss() -> None:
    found = metrics(np.array([[1.0, 0.0]]), np.array([1]), np.array([0]))
    assert found["log_loss"] == pytest.approx([-np.log(1e-7)])


def test_calibration_error_by_hand() -> None:
    """Two rows at 0.9, one right; two rows at 0.6, both right: half of |0.9 - 0.5| and half of |0.6 - 1|."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.6, 0.4]])
    labels = np.array([0, 1, 0, 0])
    alone = metrics(np.array([[0.7, 0.3]]), np.array([0]), np.array([0]))["calibration_error"]
    both = metrics(
        np.concatenate([probabilities, [[0.7, 0.3]]]), np.append(labels, 0), np.array([0, 0, 0, 0, 1])
    )
    assert both["calibration_error"] == pytest.approx([0.5 * 0.4 + 0.5 * 0.4, *alone])
    assert alone == pytest.approx([0.3])

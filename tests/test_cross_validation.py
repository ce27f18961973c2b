"""Checks the evaluation: nested, per missing pattern, compared with the centroid and the prior."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.conftest import quick_config
from trainer import MALL, Trained
from trainer.classifier.abstention import calibration_bins, selective_accuracy
from trainer.classifier.candidates import BOOSTED, CANDIDATES, LOGISTIC
from trainer.classifier.cross_validation import FoldResult, held_out_losses, hold_out
from trainer.classifier.held_out_scores import confusion, score_classifiers
from trainer.classifier.missing_patterns import NOTHING_MISSING, served_patterns
from trainer.classifier.probability_metrics import corrected_error
from trainer.classifier.selection import select_classifier
from trainer.parallel import Workers

SCORE_UNKNOWN = ("spending_score",)


def test_every_row_is_held_out_once_per_repeat(trained: Trained) -> None:
    rows = np.concatenate([fold.rows for fold in trained.held_out.folds])
    assert sorted(rows.tolist()) == list(range(200))


def test_the_centroid_is_first_and_the_prior_last(trained: Trained) -> None:
    table = trained.evaluation.classifiers
    losses = {name: table[name][NOTHING_MISSING].fidelity["log_loss"] for name in table}
    assert min(losses, key=losses.__getitem__) == "nearest_centroid"
    assert max(losses, key=losses.__getitem__) == "prior"
    assert table["nearest_centroid"][NOTHING_MISSING].fidelity["accuracy"] == 1.0
    assert table["prior"][NOTHING_MISSING].fidelity["accuracy"] == pytest.approx(0.405, abs=0.02)


def test_each_figure_has_its_standard_error(trained: Trained) -> None:
    for patterns in trained.evaluation.classifiers.values():
        for figures in patterns.values():
            for scores in (figures.fidelity, figures.cross):
                for name in (
                    "accuracy",
                    "top2",
                    "precision",
                    "recall",
                    "f1",
                    "log_loss",
                    "calibration_error",
                ):
                    assert scores[f"{name}_se"] >= 0.0


def test_the_nested_labels_come_from_the_fold_and_not_from_all_rows(trained: Trained) -> None:
    """With shuffled labels of the full segmentation, fidelity stays and the cross figure falls."""
    scrambled = replace(trained.held_out, labels=np.roll(trained.held_out.labels, 50))
    before = trained.evaluation.classifiers[BOOSTED][NOTHING_MISSING]
    after = score_classifiers(scrambled, membership_scale=3.0)[BOOSTED][NOTHING_MISSING]
    assert after.fidelity == before.fidelity
    assert after.cross["accuracy"] < 0.5 < before.cross["accuracy"]


def test_folds_are_the_same_on_one_core_and_on_two(trained: Trained) -> None:
    columns, folding = trained.table.columns, quick_config().folding
    one, two = (
        hold_out(
            trained.fitted.segmentation,
            columns,
            trained.labels,
            folding=folding,
            workers=Workers(jobs=jobs, processes=True),
        )
        for jobs in (1, 2)
    )
    for first, second in zip(one.folds, two.folds, strict=True):
        assert np.array_equal(first.rows, second.rows)
        for key, values in first.probabilities.items():
            assert np.array_equal(values, second.probabilities[key])


def test_confusion_counts_every_held_out_row(trained: Trained) -> None:
    counts = np.array(confusion(trained.held_out, BOOSTED, 5))
    assert counts.sum() == 200
    accuracy = trained.evaluation.classifiers[BOOSTED][NOTHING_MISSING].fidelity["accuracy"]
    assert np.trace(counts) / 200 == pytest.approx(accuracy)


def test_corrected_error_by_hand() -> None:
    """Five folds, values 1..5: variance 2.5, (1/5 + 1/4) * 2.5 = 1.125."""
    assert corrected_error(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 5) == pytest.approx(np.sqrt(1.125))


def test_the_chosen_classifier_has_the_lowest_loss_where_it_is_used(trained: Trained) -> None:
    selection = trained.selection
    losses = {name: held_out_losses(trained.held_out, name, served_patterns(MALL)) for name in CANDIDATES}
    assert selection.losses == {name: pytest.approx(values.mean()) for name, values in losses.items()}
    assert selection.losses[selection.chosen] == min(selection.losses.values())
    least = np.min([values.mean(axis=0) for values in losses.values()], axis=0)
    regret = (losses[selection.chosen].mean(axis=0) - least).max()
    assert selection.regrets[selection.chosen] == pytest.approx(regret)
    _, second = sorted(selection.losses, key=selection.losses.__getitem__)[:2]
    behind = selection.losses[second] - selection.losses[selection.chosen]
    assert f"{CANDIDATES[second].label} is higher by {behind:.3f} ± " in selection.reason
    assert all(CANDIDATES[name].label in selection.reason for name in CANDIDATES)
    assert f"{selection.losses[selection.chosen]:.3f}" in selection.reason
    assert NOTHING_MISSING not in served_patterns(MALL)
    assert ("gender",) not in served_patterns(MALL)
    assert SCORE_UNKNOWN in served_patterns(MALL)


def test_a_wanted_classifier_is_used_and_recorded(trained: Trained) -> None:
    selection = select_classifier(trained.held_out, MALL, LOGISTIC)
    assert (selection.chosen, selection.chosen_by) == (LOGISTIC, "user")
    assert "chosen by the user" in selection.reason


def test_the_threshold_reaches_the_wanted_accuracy_and_the_one_below_does_not(trained: Trained) -> None:
    found = selective_accuracy(trained.held_out, BOOSTED, served_patterns(MALL))
    accuracies = {point.threshold: point.accuracy or 0.0 for point in found.curve}
    assert accuracies[found.threshold] >= 0.9
    assert accuracies[round(found.threshold - 0.01, 2)] < 0.9
    answered = [point.answered for point in found.curve]
    at_threshold = next(point for point in found.curve if point.threshold == found.threshold)
    assert answered == sorted(answered, reverse=True)
    assert found.answered == at_threshold.answered


def test_without_a_probability_that_is_enough_no_answer_is_given(trained: Trained) -> None:
    """Every answer at 0.605, half of them right."""
    rows = np.arange(100)
    probabilities = np.tile(np.array([[0.605, 0.395]], dtype=np.float32), (100, 1))
    fold = FoldResult(
        rows=rows,
        nested=rows % 2,
        distances=np.zeros((100, 2)),
        shares=np.array([0.5, 0.5]),
        probabilities={(BOOSTED, SCORE_UNKNOWN): probabilities},
    )
    held_out = replace(trained.held_out, folds=(fold,))
    found = selective_accuracy(held_out, BOOSTED, [SCORE_UNKNOWN])
    assert (found.threshold, found.accuracy, found.answered) == (1.0, None, 0.0)


def test_calibration_bins_contain_every_answer(trained: Trained) -> None:
    bins = calibration_bins(trained.held_out, BOOSTED, [SCORE_UNKNOWN])
    assert sum(each.share for each in bins) == pytest.approx(1.0)
    overall = sum(each.share * each.accuracy for each in bins)
    figures = trained.evaluation.classifiers[BOOSTED][SCORE_UNKNOWN].fidelity
    assert overall == pytest.approx(figures["accuracy"])

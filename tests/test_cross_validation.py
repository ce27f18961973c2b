"""Checks the evaluation: nested, per missing pattern, compared with the centroid and the prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from tests.conftest import quick_config
from trainer import MALL, Trained
from trainer.classifier.candidates import BOOSTED, CANDIDATES, LOGISTIC
from trainer.classifier.evaluation.abstention import calibration_bins, lower_bound, selective_accuracy
from trainer.classifier.evaluation.cross_validation import FoldResult, HeldOut, held_out_losses, hold_out
from trainer.classifier.evaluation.held_out_scores import confusion, score_classifiers
from trainer.classifier.evaluation.probability_metrics import SHORT, corrected_error
from trainer.classifier.missing_patterns import NOTHING_MISSING, Pattern, served_patterns
from trainer.classifier.selection import select_classifier
from trainer.parallel import Workers

SCORE_UNKNOWN = ("spending_score",)
Answers = Mapping[Pattern, Sequence[tuple[float, int, int]]]


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
    assert corrected_error(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 5) == pytest.approx(SHORT * np.sqrt(1.125))


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


def _held_out(trained: Trained, groups: Answers) -> HeldOut:
    """Answers about two segments: confidence, how many are right, and how many are wrong."""
    rows = np.arange(sum(right + wrong for _, right, wrong in next(iter(groups.values()))))
    probabilities = {}
    for pattern, parts in groups.items():
        confidence = np.concatenate([np.full(right + wrong, level) for level, right, wrong in parts])
        right = np.concatenate([np.arange(right + wrong) < right for _, right, wrong in parts])
        first = np.where(right, confidence, 1.0 - confidence)  # the truth is the first segment
        probabilities[BOOSTED, pattern] = np.column_stack([first, 1.0 - first]).astype(np.float32)
    fold = FoldResult(
        rows=rows,
        nested=np.zeros(len(rows), dtype=np.int64),
        distances=np.zeros((len(rows), 2)),
        gaps=np.zeros((len(rows), 2, 1)),
        shares=np.array([0.5, 0.5]),
        probabilities=probabilities,
    )
    return replace(trained.held_out, folds=(fold,), folds_per_repeat=1)


def test_the_bound_is_that_of_clopper_and_pearson() -> None:
    assert lower_bound(29, 29) == pytest.approx(0.05 ** (1 / 29))
    for right, answered in ((58, 60), (90, 100), (1, 3)):
        wanted = binomtest(right, answered, alternative="greater").proportion_ci(0.95, method="exact").low
        assert lower_bound(right, answered) == pytest.approx(wanted)
    assert lower_bound(0, 10) == 0.0


def test_the_threshold_is_the_highest_that_a_pattern_needs(trained: Trained) -> None:
    """Income: certain from .805, at .705 the bound falls below. Score: certain from .905 on."""
    income = ("annual_income",)
    groups: Answers = {
        income: [(0.955, 60, 0), (0.805, 38, 2), (0.705, 60, 40)],
        SCORE_UNKNOWN: [(0.905, 99, 1), (0.855, 60, 40)],
    }
    found = selective_accuracy(_held_out(trained, groups), BOOSTED, list(groups))
    assert found.threshold == pytest.approx(0.86)
    assert selective_accuracy(_held_out(trained, groups), BOOSTED, [income]).threshold == pytest.approx(0.71)
    assert found.patterns[income].at_least == pytest.approx(lower_bound(60, 60))
    assert found.patterns[SCORE_UNKNOWN].at_least == pytest.approx(lower_bound(99, 100))
    assert found.patterns[SCORE_UNKNOWN].accuracy == pytest.approx(0.99)
    assert found.answered == pytest.approx((60 + 100) / 400)


def test_ninety_percent_of_few_answers_are_no_evidence(trained: Trained) -> None:
    """55 of 60 right is more than nine in ten, but may be chance."""
    groups: Answers = {SCORE_UNKNOWN: [(0.905, 55, 5), (0.605, 70, 70)]}
    found = selective_accuracy(_held_out(trained, groups), BOOSTED, list(groups))
    assert (found.threshold, found.accuracy) == (1.0, None)


def test_a_pattern_that_misleads_raises_the_threshold(trained: Trained) -> None:
    neither = ("annual_income", "spending_score")
    groups: Answers = {
        SCORE_UNKNOWN: [(0.955, 99, 1), (0.805, 98, 2)],
        neither: [(0.855, 2, 6), (0.405, 96, 96)],
    }
    held_out = _held_out(trained, groups)
    assert selective_accuracy(held_out, BOOSTED, [SCORE_UNKNOWN]).threshold == 0.0
    found = selective_accuracy(held_out, BOOSTED, list(groups))
    assert found.threshold == pytest.approx(0.86)
    assert found.patterns[neither].answered == 0.0
    assert found.patterns[neither].at_least is None


def test_repeats_of_the_same_customers_are_no_further_evidence(trained: Trained) -> None:
    once = _held_out(trained, {SCORE_UNKNOWN: [(0.905, 56, 4), (0.605, 70, 70)]})
    often = replace(once, folds=once.folds * 10)
    assert selective_accuracy(often, BOOSTED, [SCORE_UNKNOWN]).threshold == 1.0


def test_the_bound_holds_on_new_customers(trained: Trained) -> None:
    """Fresh tables whose accuracy at each confidence is known: at most 5% may be below 90%, up to chance."""
    rng = np.random.default_rng(0)
    below = given = 0
    for _ in range(300):
        confidence = 1.0 - 0.5 * rng.random(200) ** 2  # above t, its mean is 1 - (1 - t) / 3
        right = rng.random(200) < confidence
        parts = [(level, int(good), int(not good)) for level, good in zip(confidence, right, strict=True)]
        found = selective_accuracy(_held_out(trained, {SCORE_UNKNOWN: parts}), BOOSTED, [SCORE_UNKNOWN])
        given += found.accuracy is not None
        below += found.accuracy is not None and 1.0 - (1.0 - found.threshold) / 3.0 < 0.9
    assert given > 150
    assert below / 300 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_without_a_probability_that_is_enough_no_answer_is_given(trained: Trained) -> None:
    """Every answer at 0.605, half of them right."""
    rows = np.arange(100)
    probabilities = np.tile(np.array([[0.605, 0.395]], dtype=np.float32), (100, 1))
    fold = FoldResult(
        rows=rows,
        nested=rows % 2,
        distances=np.zeros((100, 2)),
        gaps=np.zeros((100, 2, 1)),
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

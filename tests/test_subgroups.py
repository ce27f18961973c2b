"""Checks the figures of groups of customers, and when a gap between two of them is clear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from tests.group_figures import SCORE_UNKNOWN, figure
from trainer import Trained
from trainer.classifier.evaluation.multiple_comparisons import holm, two_sided
from trainer.classifier.evaluation.subgroups import GroupFigure, group_fidelity, group_gaps


def _by_group(trained: Trained) -> tuple[GroupFigure, ...]:
    """The chosen classifier's fidelity within groups when the score is unknown."""
    return group_fidelity(
        trained.table, trained.held_out, trained.selection.chosen, [SCORE_UNKNOWN], ["gender", "age"]
    )


def test_fidelity_within_a_group_counts_its_own_customers(trained: Trained) -> None:
    (women,) = (each for each in _by_group(trained) if each.group == "Female")
    hits, total = 0, 0
    for fold in trained.held_out.folds:
        answers = fold.probabilities[trained.selection.chosen, SCORE_UNKNOWN].argmax(axis=1)
        for row, answer, own in zip(fold.rows, answers, fold.nested, strict=True):
            if trained.table.columns["gender"][row] == "Female":
                hits, total = hits + int(answer == own), total + 1
    assert women.customers == 112
    assert total == 112 * len(trained.held_out.folds) / trained.held_out.folds_per_repeat
    assert women.accuracy == pytest.approx(hits / total)


def test_the_halves_of_a_number_contain_all_customers(trained: Trained) -> None:
    ages = [each for each in _by_group(trained) if each.column == "age"]
    middle = np.median(trained.table.columns["age"])
    assert [each.group for each in ages] == [f"up to {middle:g} years", f"over {middle:g} years"]
    assert sum(each.customers for each in ages) == len(trained.table)


def test_small_groups_are_left_out(trained: Trained) -> None:
    genders = trained.table.columns["gender"].copy()
    genders[genders == "Male"] = ""
    genders[:19] = "Male"
    table = replace(trained.table, columns=trained.table.columns | {"gender": genders})
    groups = {each.group for each in _by_group(replace(trained, table=table))}
    assert "Female" in groups
    assert "Male" not in groups


def test_groups_of_a_sampled_table_are_those_of_the_sample(trained: Trained) -> None:
    """With twice the customers, of whom only the second half is evaluated, the figures are the same."""
    doubled = {name: np.concatenate([values, values]) for name, values in trained.table.columns.items()}
    doubled["gender"] = np.concatenate([np.full(200, "", dtype=object), trained.table.columns["gender"]])
    sampled = replace(
        trained,
        table=replace(trained.table, columns=doubled),
        held_out=replace(trained.held_out, rows=trained.held_out.rows + 200),
    )
    assert _by_group(sampled) == _by_group(trained)


def test_the_correction_is_that_of_holm() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_the_p_value_is_that_of_a_t_test() -> None:
    values = np.random.default_rng(0).normal(0.4, 1.0, 12)
    error = values.std(ddof=1) / np.sqrt(12)
    assert two_sided(float(values.mean()), float(error), results=12) == pytest.approx(
        ttest_1samp(values, 0.0).pvalue
    )
    assert two_sided(0.1, 0.0, results=5) == 0.0


def test_a_gap_is_clear_when_its_corrected_p_value_is_below_five_percent() -> None:
    (clear,) = group_gaps([figure("Female", 0.9, 0.03), figure("Male", 0.79, 0.04)])
    assert (clear.better, clear.worse, clear.comparisons) == ("Female", "Male", 1)
    assert clear.error == pytest.approx(0.05)
    assert clear.p_value == pytest.approx(two_sided(0.11, 0.05, results=50))
    assert clear.clear
    (within,) = group_gaps([figure("Female", 0.9, 0.03), figure("Male", 0.81, 0.04)])
    assert not within.clear
    (unknown,) = group_gaps([figure("Female", 0.9, None), figure("Male", 0.1, 0.04)])
    assert unknown.p_value is None
    assert not unknown.clear
    assert group_gaps([figure("Female", 0.9, 0.03)]) == []


def test_the_same_gap_among_many_comparisons_is_not_clear() -> None:
    pair = [figure("Female", 0.9, 0.03), figure("Male", 0.79, 0.04)]
    others = [
        figure(group, accuracy, 0.04, column=f"column {number}")
        for number in range(9)
        for group, accuracy in (("a", 0.8), ("b", 0.81))
    ]
    gap = next(each for each in group_gaps([*pair, *others]) if each.column == "gender")
    assert gap.comparisons == 10
    assert not gap.clear


def test_a_clear_pair_is_shown_rather_than_a_larger_uncertain_one() -> None:
    (gap,) = group_gaps([figure("a", 0.9, 0.01), figure("b", 0.8, 0.01), figure("c", 0.5, 0.9)])
    assert (gap.better, gap.worse, gap.clear) == ("a", "b", True)


def test_pure_chance_seldom_gives_a_clear_gap() -> None:
    """Forty comparisons of groups without a difference: in at most about 5% of the runs any is clear."""
    random = np.random.default_rng(0)
    alarms = 0
    for _ in range(200):
        figures = [
            figure(group, float(0.8 + 0.03 * random.standard_normal()), 0.03, column=f"column {number}")
            for number in range(40)
            for group in ("a", "b")
        ]
        alarms += any(gap.clear for gap in group_gaps(figures))
    assert alarms <= 20

"""Checks that the report is valid JSON, complete, and warns of what readers should know."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inference.wording import listed
from tests.fake_results import choice_of, made_up, schema_with
from trainer import MALL, Trained
from trainer.classifier.held_out_scores import Scores
from trainer.classifier.missing_patterns import NOTHING_MISSING, Pattern, key_patterns
from trainer.classifier.subgroups import Gap, GroupFigure, group_fidelity, group_gaps
from trainer.report.labels import feature_words, pattern_words
from trainer.report.run_report import gap_words, report_document, warnings

SCORE_UNKNOWN = ("spending_score",)


@pytest.fixture(scope="module")
def document(trained: Trained) -> dict[str, Any]:
    return report_document(trained)


def selective_of(trained: Trained, **changes: Any) -> Trained:
    selective = replace(trained.evaluation.selective, **changes)
    return replace(trained, evaluation=replace(trained.evaluation, selective=selective))


def figure(group: str, accuracy: float, error: float | None, pattern: Pattern = SCORE_UNKNOWN) -> GroupFigure:
    return GroupFigure(
        column="gender", group=group, customers=100, pattern=pattern, accuracy=accuracy, accuracy_se=error
    )


def test_the_report_is_plain_json_without_nan(document: dict[str, Any]) -> None:
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_nothing_in_the_report_has_one_entry_per_customer(trained: Trained, document: dict[str, Any]) -> None:
    def longest(value: Any) -> int:
        if not isinstance(value, (dict, list)):
            return 0
        inner = value.values() if isinstance(value, dict) else value
        return max([len(value), *(longest(each) for each in inner)])

    assert 10 < longest(document) < len(trained.table)


def test_nan_and_infinity_become_null(trained: Trained) -> None:
    broken = replace(trained.verification, largest={"distances": float("nan"), "novelty": float("inf")})
    reported = report_document(replace(trained, verification=broken))["verification"]
    assert reported["largest"] == {"distances": None, "novelty": None}
    assert reported["rows"] == trained.verification.rows


def test_the_report_contains_the_contract_without_its_self_test(
    trained: Trained, document: dict[str, Any]
) -> None:
    contract = json.loads(trained.contract)
    del contract["self_test"]
    assert {key: document[key] for key in contract} == contract
    assert "self_test" not in document


def test_the_report_contains_the_settings_and_results_of_the_run(
    trained: Trained, document: dict[str, Any]
) -> None:
    assert document["config"]["seed"] == trained.config.seed
    assert document["config"]["choice"]["bootstraps"] == trained.config.choice.bootstraps
    assert document["cleaning"] == trained.table.report.sentences()
    assert document["second_opinions"] == list(trained.choice.second_opinions)
    assert document["warnings"] == warnings(trained)
    patterns = {tuple(each["missing"]) for each in document["groups"]["figures"]}
    assert patterns == set(key_patterns(MALL)[1:])


def test_a_natural_run_on_a_clean_table_has_only_warnings_about_groups(trained: Trained) -> None:
    choice = replace(trained.choice, kind="natural", left_out=())
    reported = warnings(selective_of(replace(trained, choice=choice), accuracy=0.9))
    assert all(each.startswith("with ") and " points" in each for each in reported)


def test_segments_that_are_not_natural_give_a_warning_with_the_failed_conditions(trained: Trained) -> None:
    row = next(row for row in trained.choice.table if row.failed)
    choice = replace(trained.choice, k=row.k, kind=row.kind, left_out=("k = 9 was left out",))
    reported = warnings(replace(trained, choice=choice))
    assert reported[0] == f"the {row.k} segments are {row.kind}, not natural: {'; '.join(row.failed)}"
    assert reported[1] == "k = 9 was left out"


def test_misleading_clustering_columns_give_a_warning(trained: Trained) -> None:
    twice = made_up(trained, k=3, schema=schema_with("spending_score", "spending_efficiency"))
    assert any(
        "Spending efficiency is a clustering column, and so is Spending score" in each
        for each in warnings(twice)
    )
    binary = made_up(trained, k=3, schema=schema_with("annual_income", "gender"))
    assert any(each.startswith("Gender is a clustering column with 2 values; ") for each in warnings(binary))
    assert not [each for each in warnings(trained) if "clustering" in each]


def test_a_table_without_spending_and_with_gaps_gives_warnings(trained: Trained) -> None:
    bare = replace(trained.table, schema=replace(trained.table.schema, value=None))
    bare = replace(bare, report=replace(bare.report, rows_without_clustering_values=30))
    reported = warnings(replace(trained, table=bare))
    assert "no column shows what customers spend, so segments have no tier" in reported
    assert "30 of 200 rows have an unknown clustering column and were not clustered" in reported


def test_a_useless_classifier_gives_a_warning(trained: Trained) -> None:
    guessing = made_up(trained, k=5, skill=0.0)
    reported = warnings(guessing)
    assert len([each for each in reported if "no better than the segment sizes alone" in each]) == 3
    unsure = warnings(selective_of(trained, accuracy=None))
    assert "no probability is high enough to be right 90% of the time" in unsure


def test_an_unstable_segmentation_gives_a_warning(trained: Trained) -> None:
    centroid = {NOTHING_MISSING: Scores(fidelity={}, cross={"accuracy": 0.871})}
    judged = {**trained.evaluation.classifiers, "nearest_centroid": centroid}
    unsteady = replace(trained.evaluation, classifiers=judged)
    reported = warnings(replace(trained, evaluation=unsteady))
    kept = "only 87.1% of held-out customers keep their segment when they are not used for fitting"
    assert kept in reported


def _by_group(trained: Trained) -> tuple[GroupFigure, ...]:
    """The chosen classifier's fidelity within groups when the score is unknown."""
    return group_fidelity(trained.table, trained.held_out, trained.selection.chosen, [SCORE_UNKNOWN])


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


def test_a_gap_is_clear_above_two_standard_errors() -> None:
    (clear,) = group_gaps([figure("Female", 0.9, 0.03), figure("Male", 0.79, 0.04)])
    assert (clear.better, clear.worse) == ("Female", "Male")
    assert clear.error == pytest.approx(0.05)
    assert clear.clear
    (within,) = group_gaps([figure("Female", 0.9, 0.03), figure("Male", 0.81, 0.04)])
    assert not within.clear
    (unknown,) = group_gaps([figure("Female", 0.9, None), figure("Male", 0.1, 0.04)])
    assert not unknown.clear
    assert group_gaps([figure("Female", 0.9, 0.03)]) == []


def test_only_clear_gaps_give_a_warning(trained: Trained) -> None:
    gaps = group_gaps(trained.groups)
    reported = [each for each in warnings(trained) if " points" in each]
    assert reported == [gap_words(trained.table.schema, gap) for gap in gaps if gap.clear]
    assert len(reported) < len(gaps)


def test_patterns_and_features_are_shown_in_words(trained: Trained) -> None:
    schema = trained.table.schema
    assert pattern_words(schema, ()) == "every column known"
    assert pattern_words(schema, ("age", "annual_income")) == "age and annual income unknown"
    assert feature_words(schema, "gender=Male") == "Gender: Male"
    assert feature_words(schema, "annual_income") == "Annual income (k$)"
    assert feature_words(schema, "spending_efficiency") == "Spending efficiency"
    assert [listed([1]), listed([1, 2]), listed([1, 2, 3])] == ["1", "1 and 2", "1, 2 and 3"]
    gap = Gap(
        column="gender", pattern=SCORE_UNKNOWN, better="Male", worse="Female", difference=0.12, error=0.05
    )
    assert gap_words(schema, gap) == (
        "with spending score unknown, fidelity is 12 points (standard error 5) lower for gender Female "
        "than Male"
    )


def test_the_users_k_outside_the_range_is_reported(trained: Trained) -> None:
    choice = choice_of(trained.choice, 10, chosen_by="user", kind="constructive")
    refused = tuple(replace(row, failed=("too many",)) if row.k == 10 else row for row in choice.table)
    reported = report_document(replace(trained, choice=replace(choice, table=refused)))["warnings"]
    assert "the 10 segments are constructive, not natural: too many" in reported

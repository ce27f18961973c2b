"""Checks that the report is valid JSON, complete, and warns of what readers should know."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from inference.wording import listed
from tests.fake_results import choice_of, made_up, schema_with
from trainer import MALL, Trained
from trainer.classifier.evaluation.held_out_scores import Scores
from trainer.classifier.missing_patterns import NOTHING_MISSING, key_patterns
from trainer.report.labels import feature_words, pattern_words
from trainer.report.run_report import report_document, warnings


@pytest.fixture(scope="module")
def document(trained: Trained) -> dict[str, Any]:
    return report_document(trained)


def selective_of(trained: Trained, **changes: Any) -> Trained:
    selective = replace(trained.evaluation.selective, **changes)
    return replace(trained, evaluation=replace(trained.evaluation, selective=selective))


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
    assert all(each.startswith("with ") and (" points" in each or "changing" in each) for each in reported)
    assert len(reported) <= 3


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


def test_patterns_and_features_are_shown_in_words(trained: Trained) -> None:
    schema = trained.table.schema
    assert pattern_words(schema, ()) == "every column known"
    assert pattern_words(schema, ("age", "annual_income")) == "age and annual income unknown"
    assert feature_words(schema, "gender=Male") == "Gender: Male"
    assert feature_words(schema, "annual_income") == "Annual income (k$)"
    assert feature_words(schema, "spending_efficiency") == "Spending efficiency"
    assert [listed([1]), listed([1, 2]), listed([1, 2, 3])] == ["1", "1 and 2", "1, 2 and 3"]


def test_the_users_k_outside_the_range_is_reported(trained: Trained) -> None:
    choice = choice_of(trained.choice, 10, chosen_by="user", kind="constructive")
    refused = tuple(replace(row, failed=("too many",)) if row.k == 10 else row for row in choice.table)
    reported = report_document(replace(trained, choice=replace(choice, table=refused)))["warnings"]
    assert "the 10 segments are constructive, not natural: too many" in reported

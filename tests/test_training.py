"""Checks that a run is reproducible to the byte, reports its decisions, and refuses what it cannot do."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from inference import Contract, InputError
from tests.conftest import quick_config
from trainer import MALL, Feature, NotNaturalError, Table, TrainConfig, Trained, train
from trainer.schema.formula import Formula
from trainer.table.customer_table import MIN_ROWS


def test_the_same_run_gives_the_same_bytes(table: Table, trained: Trained) -> None:
    again = train(table, quick_config())
    assert again.model == trained.model


def test_a_date_is_written_when_given_and_changes_nothing_else(table: Table, trained: Trained) -> None:
    dated = json.loads(train(table, quick_config(), created="2026-01-02T03:04:05+00:00").contract)
    plain = json.loads(trained.contract)
    assert plain["created"] is None
    assert dated.pop("created") == "2026-01-02T03:04:05+00:00"
    del plain["created"]
    assert dated == plain


def test_five_segments_are_found_by_the_rule(trained: Trained) -> None:
    assert (trained.choice.k, trained.choice.chosen_by, trained.choice.kind) == (5, "rule", "natural")
    assert sorted(segment.size for segment in trained.fitted.segments) == [22, 23, 35, 39, 81]
    indices = [segment.index for segment in trained.fitted.segments]
    assert indices == sorted(indices, reverse=True)  # type: ignore[type-var]  # each has one


def test_the_users_k_is_used_and_recorded(table: Table) -> None:
    trained = train(table, quick_config(user_k=4))
    contract = Contract.parse(trained.contract)
    assert len(contract.segments) == 4
    assert contract.choice is not None
    assert contract.choice.chosen_by == "user"
    assert "chosen by the user" in contract.choice.reason


def test_the_wanted_classifier_is_used(table: Table) -> None:
    trained = train(table, quick_config(classifier="random_forest"))
    assert trained.fitted.classifier.candidate.name == "random_forest"
    assert json.loads(trained.contract)["classifier"]["chosen_by"] == "user"


def test_the_identifier_is_not_a_feature(trained: Trained) -> None:
    document = json.loads(trained.contract)
    names = [column["name"] for column in document["columns"]] + [
        each["name"] for each in document["features"]
    ]
    assert not [name for name in names if "id" in name.casefold().split("_")]
    assert "CustomerID" in document["data"]["cleaning"]["ignored"]


def test_rows_without_a_clustering_column_are_not_used_but_counted(table: Table) -> None:
    columns = {name: values.copy() for name, values in table.columns.items()}
    columns["spending_score"][:20] = np.nan
    columns["age"][20:30] = np.nan
    trained = train(replace(table, columns=columns), quick_config(user_k=5))
    assert len(trained.labels) == 180
    document = json.loads(trained.contract)
    assert sum(segment["size"] for segment in document["segments"]) == 180
    assert document["histograms"]["columns"]["spending_score"]["missing"] == 20
    assert {column["name"]: column["missing_share"] for column in document["columns"]}["age"] == 0.05


def test_refuses_a_table_with_too_few_usable_rows(table: Table) -> None:
    columns = {name: values[:60] for name, values in table.columns.items()}
    columns["spending_score"] = np.where(np.arange(60) < 15, np.nan, columns["spending_score"])
    with pytest.raises(
        InputError, match=r"at least 50 rows must have every clustering column .* 45 of 60 have"
    ):
        train(replace(table, columns=columns), quick_config())


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"folds": 1}, "folds must be >= 2"),
        ({"repeats": 0}, "repeats >= 1"),
        ({"seed": -1}, "the seed must be a whole number, 0 or larger"),
        ({"classifier": "svm"}, r"must be 'auto' or one of .* but it is 'svm'"),
    ],
)
def test_refuses_settings_that_give_unreliable_figures(settings: dict[str, int], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        TrainConfig(**settings)  # type: ignore[arg-type]  # whole numbers, by name


def _changed(table: Table, **columns: np.ndarray) -> Table:
    return replace(table, columns={**table.columns, **columns})


def test_an_uninformative_profile_column_does_not_stop_a_run(table: Table) -> None:
    config = replace(quick_config(user_k=5), sensitivity=True)
    few = np.where(np.arange(200) < 5, table.columns["gender"], "")
    for gender in (np.full(200, "Female", dtype=object), few.astype(object)):
        document = json.loads(train(_changed(table, gender=gender), config).contract)
        titles = [each["title"] for each in document["sensitivity"]]
        assert "with categories" not in titles
        assert "with every number" in titles


def test_a_column_blank_in_one_segment_has_no_profile_there(table: Table, trained: Trained) -> None:
    age = np.where(trained.labels == 0, np.nan, table.columns["age"])
    document = json.loads(train(_changed(table, age=age), quick_config(user_k=5)).contract)
    profiles = [segment["profile"]["age"] for segment in document["segments"]]
    assert [profile["mean"] is None for profile in profiles] == [True, False, False, False, False]


def test_a_column_blank_everywhere_is_refused_by_name(table: Table) -> None:
    with pytest.raises(InputError, match="column 'age' must be known in some rows"):
        train(_changed(table, age=np.full(200, np.nan)), quick_config())


def test_a_feature_that_reaches_infinity_is_refused_by_name(table: Table) -> None:
    feature = Feature(name="odd", label="Odd", formula=Formula("spending_score / (annual_income - 15)"))
    schema = replace(MALL, features=(*MALL.features, feature))
    with pytest.raises(InputError, match="the feature 'odd' must be finite"):
        train(replace(table, schema=schema), quick_config())


def test_a_value_that_is_missing_in_some_rows_still_gives_tiers(table: Table) -> None:
    income = table.columns["annual_income"].copy()
    income[3] = np.nan
    schema = replace(MALL, clustering=("age", "spending_score"))
    trained = train(replace(_changed(table, annual_income=income), schema=schema), quick_config(user_k=4))
    assert all(segment.index is not None and segment.tier for segment in trained.fitted.segments)


def test_one_customer_far_from_all_others_is_no_segment(table: Table, trained: Trained) -> None:
    income = table.columns["annual_income"].copy()
    income[0] = 5000.0
    found = train(_changed(table, annual_income=income), quick_config(classifier="logistic_regression"))
    assert (found.choice.k, found.choice.kind) == (5, "natural")
    assert min(segment.size for segment in found.fitted.segments) >= 20
    assert adjusted_rand_score(found.labels[1:], trained.labels[1:]) > 0.9


def test_a_segment_of_too_few_customers_is_refused(table: Table) -> None:
    few = {name: values[:75] for name, values in table.columns.items()}
    with pytest.raises(
        InputError, match=r"each segment must have at least 5 customers.* with k = 15 one has"
    ):
        train(replace(table, columns=few), quick_config(user_k=15))


def test_a_rating_of_five_values_can_cluster(table: Table) -> None:
    rating = np.ceil(table.columns["spending_score"] / 20)
    schema = replace(MALL, clustering=("spending_score",))
    trained = train(replace(_changed(table, spending_score=rating), schema=schema), quick_config(user_k=5))
    assert (trained.fitted.far > 0).all()


def _one_population(table: Table, rows: int) -> Table:
    """Customers without groups; the rest of the table is as it is."""
    cloud = np.random.default_rng(0).normal((60, 50), (20, 15), size=(rows, 2)).round()
    columns = {name: values[:rows] for name, values in table.columns.items()}
    columns |= {"annual_income": cloud[:, 0], "spending_score": cloud[:, 1].clip(1, 100)}
    return replace(table, columns=columns)


@pytest.fixture(scope="module")
def continuum(table: Table) -> Trained:
    """A run on as few customers as are accepted, of one population."""
    return train(_one_population(table, MIN_ROWS), quick_config(classifier="logistic_regression"))


def test_a_small_table_of_one_population_gets_a_file_that_says_so(continuum: Trained) -> None:
    choice = continuum.described.choice
    assert choice is not None
    assert (choice.kind, choice.chosen_by) == (continuum.choice.kind, "rule")
    assert choice.kind in ("reproducible", "constructive")
    assert choice.p_value is not None
    assert choice.p_value > 0.05
    assert f"{choice.k} segments are {choice.kind}" in choice.reason
    assert "One population explains the data" in choice.reason
    assert continuum.verification.rows > 1_000
    assert len(continuum.fitted.segments) == choice.k
    assert min(segment.size for segment in continuum.fitted.segments) >= 5


def test_other_numbers_are_in_the_contract_and_can_be_had(table: Table, continuum: Trained) -> None:
    choice = continuum.described.choice
    assert choice is not None
    assert choice.others
    other = choice.others[-1]
    assert other.option == f"--k {other.k}"
    config = quick_config(user_k=other.k, classifier="logistic_regression")
    asked = train(_one_population(table, MIN_ROWS), config)
    segments = asked.described.segments
    assert tuple((segment.name, segment.size) for segment in segments) == other.segments
    assert asked.choice.kind == other.kind


def test_a_strict_run_stops_before_anything_is_fitted(
    table: Table, continuum: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.training._choose_classifier", None)
    with pytest.raises(NotNaturalError) as stopped:
        train(_one_population(table, MIN_ROWS), replace(quick_config(), strict=True))
    assert str(stopped.value) == continuum.choice.reason


def test_a_strict_run_of_natural_segments_is_the_same_file(table: Table, trained: Trained) -> None:
    assert train(table, replace(quick_config(), strict=True)).model == trained.model


def test_one_seed_is_used_everywhere() -> None:
    assert TrainConfig(seed=7).choice.seed == 7

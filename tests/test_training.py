"""Promises a run that repeats to the byte, says what it decided, and refuses what it cannot do."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from inference import Contract, InputError
from tests.conftest import quick_config
from trainer import Table, TrainConfig, Trained, train


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
    assert (trained.choice.k, trained.choice.chosen_by, trained.choice.stable) == (5, "rule", True)
    assert sorted(segment.size for segment in trained.fitted.segments) == [22, 23, 35, 39, 81]
    indices = [segment.index for segment in trained.fitted.segments]
    assert indices == sorted(indices, reverse=True)  # type: ignore[type-var]  # each has one


def test_the_users_k_is_obeyed_and_recorded(table: Table) -> None:
    trained = train(table, quick_config(user_k=4))
    contract = Contract.parse(trained.contract)
    assert len(contract.segments) == 4
    assert contract.document["choice"]["chosen_by"] == "user"
    assert "chosen by the user" in contract.document["choice"]["reason"]


def test_the_wanted_classifier_is_obeyed(table: Table) -> None:
    trained = train(table, quick_config(classifier="random_forest"))
    assert trained.fitted.classifier.candidate.name == "random_forest"
    assert json.loads(trained.contract)["classifier"]["chosen_by"] == "user"


def test_the_identifier_is_nowhere_in_the_features(trained: Trained) -> None:
    document = json.loads(trained.contract)
    names = [column["name"] for column in document["columns"]] + [
        each["name"] for each in document["features"]
    ]
    assert not [name for name in names if "id" in name.casefold().split("_")]
    assert "CustomerID" in document["data"]["cleaning"]["ignored"]


def test_rows_without_a_driving_column_take_no_part_but_stay_counted(table: Table) -> None:
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
    with pytest.raises(InputError, match=r"at least 50 rows must have every driving column .* 45 of 60 have"):
        train(replace(table, columns=columns), quick_config())


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ({"n_init": 1}, "n_init must be at least 10"),
        ({"folds": 1}, "folds must be >= 2"),
        ({"repeats": 0}, "repeats >= 1"),
    ],
)
def test_refuses_settings_that_cannot_be_honest(settings: dict[str, int], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        TrainConfig(**settings)  # type: ignore[arg-type]  # whole numbers, by name

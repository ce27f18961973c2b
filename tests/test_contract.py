"""Promises that a contract is read whole or refused with a sentence that says what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inference import ArtifactError, Contract
from trainer import Trained


@pytest.fixture
def document(trained: Trained) -> dict[str, Any]:
    """A contract as JSON, to be broken."""
    loaded: dict[str, Any] = json.loads(trained.contract)
    return loaded


def test_reads_columns_and_segments_in_order(trained: Trained) -> None:
    contract = Contract.parse(trained.contract)
    assert contract.names == ("gender", "age", "annual_income", "spending_score")
    assert contract.clustering == ("annual_income", "spending_score")
    assert [segment.id for segment in contract.segments] == [0, 1, 2, 3, 4]
    assert contract.column("age").quantiles[0.5] == 36.0
    assert contract.column("annual_income").title == "Annual income (k$)"


def test_refuses_a_newer_format(document: dict[str, Any]) -> None:
    document["format"] = 3
    with pytest.raises(ArtifactError, match="has the newer format 3; update this package"):
        Contract.parse(json.dumps(document))


@pytest.mark.parametrize("found", [0, None, "1", True])
def test_refuses_another_format(document: dict[str, Any], found: object) -> None:
    document["format"] = found
    with pytest.raises(ArtifactError, match="must have format 2, but it has"):
        Contract.parse(json.dumps(document))


def test_refuses_text_that_is_not_json() -> None:
    with pytest.raises(ArtifactError, match=r"must be JSON.*python -m trainer"):
        Contract.parse("{'format': 1}")


@pytest.mark.parametrize("part", ["columns", "segments", "clustering", "name", "thresholds"])
def test_refuses_a_contract_that_lacks_a_part(document: dict[str, Any], part: str) -> None:
    del document[part]
    with pytest.raises(ArtifactError, match=f"must be complete, but reading it failed on KeyError.*{part}"):
        Contract.parse(json.dumps(document))


def test_unknown_column_is_a_key_error(trained: Trained) -> None:
    with pytest.raises(KeyError, match="income"):
        Contract.parse(trained.contract).column("income")


def test_holds_no_customer(trained: Trained, document: dict[str, Any]) -> None:
    test = document["self_test"]["inputs"]
    asked = set(zip(*(test[name] for name in ("age", "annual_income", "spending_score")), strict=True))
    columns = trained.table.columns
    known = set(
        zip(*(columns[name].tolist() for name in ("age", "annual_income", "spending_score")), strict=True)
    )
    assert not asked & known


def test_reads_format_1_in_the_words_of_this_one(document: dict[str, Any]) -> None:
    words = {"clustering": "driving", "profile": "describing"}
    columns = [{**column, "role": words[column["role"]]} for column in document["columns"]]
    clustering = document.pop("clustering")
    older = Contract.parse(json.dumps({**document, "format": 1, "columns": columns, "driving": clustering}))
    assert older.clustering == ("annual_income", "spending_score")
    assert [column.role for column in older.columns] == ["profile", "profile", "clustering", "clustering"]

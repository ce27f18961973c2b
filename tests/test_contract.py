"""Checks that a contract is read completely or refused with a message that says what to do."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from inference import ArtifactError, Contract, Segmenter
from inference.contract import CategoryCounts, NumberCounts, Spread
from inference.contract.contract import READ_LATER
from inference.contract.patterns import read_pattern
from tests.conftest import ROOT
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


def test_refuses_a_range_with_one_end(document: dict[str, Any]) -> None:
    document["columns"][1]["range"] = [0]
    with pytest.raises(ArtifactError, match="must be complete, but reading it failed on IndexError"):
        Contract.parse(json.dumps(document))


@pytest.mark.parametrize("part", ["columns", "segments", "clustering", "name", "thresholds"])
def test_refuses_a_contract_that_lacks_a_part(document: dict[str, Any], part: str) -> None:
    del document[part]
    with pytest.raises(ArtifactError, match=f"must be complete, but reading it failed on KeyError.*{part}"):
        Contract.parse(json.dumps(document))


def test_unknown_column_is_a_key_error(trained: Trained) -> None:
    with pytest.raises(KeyError, match="income"):
        Contract.parse(trained.contract).column("income")


def test_contains_no_customer(trained: Trained, document: dict[str, Any]) -> None:
    test = document["self_test"]["inputs"]
    asked = set(zip(*(test[name] for name in ("age", "annual_income", "spending_score")), strict=True))
    columns = trained.table.columns
    known = set(
        zip(*(columns[name].tolist() for name in ("age", "annual_income", "spending_score")), strict=True)
    )
    assert not asked & known


def test_reads_format_1_with_the_current_names(document: dict[str, Any]) -> None:
    words = {"clustering": "driving", "profile": "describing"}
    columns = [{**column, "role": words[column["role"]]} for column in document["columns"]]
    clustering = document.pop("clustering")
    older = Contract.parse(json.dumps({**document, "format": 1, "columns": columns, "driving": clustering}))
    assert older.clustering == ("annual_income", "spending_score")
    assert [column.role for column in older.columns] == ["profile", "profile", "clustering", "clustering"]


@pytest.fixture(scope="module")
def oldest() -> Contract:
    """The contract that 0.1.0 wrote for Mall Customers."""
    return Contract.parse((ROOT / "tests" / "contract_0_1_0.json").read_text(encoding="utf-8"))


def test_reads_the_choice_of_a_file_of_0_1_0(oldest: Contract) -> None:
    choice = oldest.choice
    assert choice is not None
    assert (choice.k, choice.kind, choice.chosen_by, choice.elbow) == (5, "natural", "rule", 5)
    assert (choice.p_value, choice.others, choice.unused_columns) == (None, (), ())
    assert [row.k for row in choice.table if row.kind == "natural"] == [3, 5]
    assert {row.kind for row in choice.table} == {"natural", "constructive"}
    assert choice.row is not None
    assert (round(choice.row.ari, 3), round(choice.row.jaccard, 3), choice.row.failed) == (0.978, 0.976, ())
    assert (choice.row.null_mean, choice.row.valley) == (None, None)
    assert choice.table[2].failed[0] == "mean ARI 0.816 over the bootstraps, 0.85 needed"


def test_reads_everything_else_of_a_file_of_0_1_0(oldest: Contract) -> None:
    assert oldest.clustering == ("annual_income", "spending_score")
    assert [column.role for column in oldest.columns] == ["profile", "profile", "clustering", "clustering"]
    assert oldest.sensitivity[0].clustering == oldest.clustering
    assert oldest.sensitivity[0].kind == "natural"
    assert oldest.data is not None
    assert oldest.data.cleaning.rows_without_clustering_values == 0
    assert oldest.scaling is not None
    assert (oldest.scaling.lower, oldest.scaling.upper) == ({}, {})
    assert oldest.classifier is not None
    assert ("annual_income",) in oldest.classifier.served_patterns
    assert oldest.evaluation is not None
    assert oldest.self_test is not None


def test_every_entry_the_trainer_writes_is_a_typed_section(document: dict[str, Any]) -> None:
    sections = {each.name for each in fields(Contract)} | set(READ_LATER)
    assert document.keys() - {"format"} <= sections


def test_sections_have_the_values_of_the_trainer(trained: Trained) -> None:
    contract = trained.described
    assert contract.choice is not None
    assert (contract.choice.k, contract.choice.reason) == (trained.choice.k, trained.choice.reason)
    assert (contract.choice.kind, contract.choice.p_value) == (trained.choice.kind, trained.choice.p_value)
    assert [(row.kind, row.failed, row.valley) for row in contract.choice.table] == [
        (row.kind, row.failed, row.valley) for row in trained.choice.table
    ]
    assert [(other.k, other.kind, other.segments) for other in contract.choice.others] == [
        (other.k, other.kind, other.segments) for other in trained.choice.others
    ]
    assert contract.choice.row == contract.choice.table[contract.choice.k - 2]
    assert [row.silhouette for row in contract.choice.table] == [
        row.silhouette for row in trained.choice.table
    ]
    assert contract.choice.min_ari == trained.config.choice.min_ari
    assert contract.classifier is not None
    assert contract.classifier.chosen == trained.selection.chosen
    assert contract.evaluation is not None
    judged = contract.evaluation.classifiers[trained.selection.chosen]
    assert 0 < judged[("spending_score",)].fidelity.accuracy < judged[()].fidelity.accuracy <= 1
    assert contract.evaluation.selective.threshold == contract.answer_probability
    assert contract.data is not None
    assert contract.data.rows == len(trained.table)
    assert contract.data.cleaning.ignored == ("CustomerID",)
    assert contract.histograms is not None
    assert isinstance(contract.histograms.columns["gender"], CategoryCounts)
    ages = contract.histograms.number("age")
    assert isinstance(ages, NumberCounts)
    assert sum(ages.counts) + ages.missing == len(trained.table)


def test_a_pattern_is_the_names_of_the_missing_columns(trained: Trained) -> None:
    assert read_pattern("complete") == ()
    assert read_pattern("without age, gender") == read_pattern(["age", "gender"]) == ("age", "gender")
    with pytest.raises(ValueError, match=r"a missing pattern must be 'complete' or .* but it is 'age'"):
        read_pattern("age")
    assert trained.described.classifier is not None
    served = trained.described.classifier.served_patterns
    assert all({"annual_income", "spending_score"} & set(pattern) for pattern in served)


def test_a_segment_writes_what_it_was_read_from(trained: Trained, document: dict[str, Any]) -> None:
    segments = trained.described.segments
    assert [segment.to_dict() for segment in segments] == document["segments"]
    assert isinstance(segments[0].spread("age"), Spread)
    assert segments[0].spread("gender") is None
    assert sum(segments[0].shares("gender").values()) == pytest.approx(1)
    assert segments[0].shares("age") == {}


def test_what_is_typical_of_too_few_customers_is_unknown(document: dict[str, Any]) -> None:
    profile = document["segments"][0]["profile"]
    profile["age"] = dict.fromkeys(profile["age"])
    profile["gender"] = dict.fromkeys(profile["gender"])
    segment = Contract.parse(json.dumps(document)).segments[0]
    assert segment.spread("age") is None
    assert segment.shares("gender") == {}
    assert segment.to_dict() == document["segments"][0]


def test_entries_that_a_newer_trainer_added_are_ignored(document: dict[str, Any]) -> None:
    document["more"] = document["columns"][0]["more"] = document["choice"]["more"] = 1
    document["evaluation"]["more"] = document["segments"][0]["more"] = {}
    contract = Contract.parse(json.dumps(document))
    contract.read_all()
    assert contract.names[0] == "gender"


@pytest.mark.parametrize(
    ("section", "part"),
    [
        ("choice", "table"),
        ("evaluation", "selective"),
        ("classifier", "chosen"),
        ("data", "rows"),
        ("self_test", "inputs"),
    ],
)
def test_refuses_a_section_that_lacks_a_part(document: dict[str, Any], section: str, part: str) -> None:
    del document[section][part]
    with pytest.raises(ArtifactError, match=f"must be complete, but reading it failed on .*{part}"):
        Contract.parse(json.dumps(document)).read_all()


def test_a_small_contract_has_no_further_sections(document: dict[str, Any]) -> None:
    needed = ("format", "name", "columns", "clustering", "segments", "thresholds")
    contract = Contract.parse(json.dumps({name: document[name] for name in needed}))
    found = (contract.choice, contract.evaluation, contract.data, contract.self_test)
    assert found == (None, None, None, None)


def test_a_file_is_parsed_once(trained: Trained, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    read = Contract._read

    def counted(document: dict[str, Any], text: str) -> Contract:
        parsed.append(text)
        return read(document, text)

    monkeypatch.setattr(Contract, "_read", counted)
    (tmp_path / "model.onnx").write_bytes(trained.model)
    Segmenter.load(tmp_path / "model.onnx").predict(age=31)
    assert parsed == [trained.contract]
    assert trained.described is trained.described

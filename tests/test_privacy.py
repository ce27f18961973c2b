"""Promises that nothing a run writes holds a single customer's name, amount or category."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pandas as pd
import pytest

from inference import InputError
from inference.contract import CONTRACT, METADATA_KEY
from tests.conftest import quick_config
from trainer import Roles, TrainConfig, Trained, prepare, propose, train
from trainer.report.artifacts import write_artifacts
from trainer.roles.settings.settings_draft import draft
from trainer.schema.features import feature_names
from trainer.table.raw_table import raw_of

ROWS = 200
AMOUNT, BALANCE = 987654.25, -76543.875  # each of one customer
WORDS = ("Zebulon", "Featherstone", "zq.featherstone", "Obsidian", "Atlantis")
SPELLINGS = ("987654", "987,654", "987.654", "9.8765425", "98765425", "76543.875", "76,543.87", "76543875")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def _planted() -> pd.DataFrame:
    """Three groups of customers, and one whose name, city, plan, spend and balance nobody shares."""
    rng = np.random.default_rng(0)
    group = rng.integers(0, 3, ROWS)
    spend = np.round(np.exp(rng.normal(4 + 2 * group, 0.8)), 2)
    balance = np.round(rng.normal(0, 9000, ROWS), 3)
    city = rng.choice(["Leeds", "York", "Hull"], ROWS).astype(object)
    plan = rng.choice(["Basic", "Plus"], ROWS).astype(object)
    name = np.array([f"Customer {each} Of Somewhere" for each in range(ROWS)], dtype=object)
    spend[7], balance[7], city[7], plan[7] = AMOUNT, BALANCE, "Atlantis", "Obsidian"
    name[7] = "Zebulon Featherstone"
    columns = {
        "Customer No": rng.permutation(ROWS) + 10_000,
        "Contact name": name,
        "E-Mail": [f"c{each}@example.com" for each in range(ROWS - 1)] + ["zq.featherstone@example.com"],
        "Spend": spend,
        "Visits": rng.poisson(3 + 6 * group),
        "Balance": balance,
        "City": city,
        "Plan": plan,
        "Churn": np.where(rng.random(ROWS) < 0.2 + 0.2 * group, "Yes", "No"),
    }
    return pd.DataFrame(columns)


@pytest.fixture(scope="module", params=["xgboost", "random_forest", "gaussian", "blend"])
def run(request: pytest.FixtureRequest) -> Trained:
    """A run on that table with a classifier that has thresholds."""
    config = quick_config(classifier=request.param, user_k=3)
    return train(_planted(), config)


@pytest.fixture(scope="module")
def folder(run: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the run writes."""
    folder = tmp_path_factory.mktemp("privacy") / "artifacts"
    write_artifacts(run, folder)
    return folder


def _texts(folder: Path) -> dict[str, str]:
    """Every file as text; of the model its contract and every text in it."""
    texts = {
        str(path.relative_to(folder)): path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    model = onnx.load(folder / "model.onnx")
    texts["contract"] = next(each.value for each in model.metadata_props if each.key == METADATA_KEY)
    assert CONTRACT in {output.name for output in model.graph.output}
    return texts


def _secrets() -> list[float]:
    """The two amounts as they are and as a logarithm."""
    return [AMOUNT, float(np.log1p(AMOUNT)), BALANCE]


def _close(numbers: np.ndarray) -> bool:
    found = np.asarray(numbers, dtype=float)[:, None]
    return bool(np.isclose(found, _secrets(), rtol=2e-6, atol=0).any())


def test_no_written_file_holds_a_word_or_amount_of_one_customer(folder: Path) -> None:
    for name, text in _texts(folder).items():
        for word in (*WORDS, *SPELLINGS):
            assert word.casefold() not in text.casefold(), f"{word} is in {name}"
        if name != "model.onnx":
            assert not _close(np.array(NUMBER.findall(text), dtype=float)), f"an amount is in {name}"


def test_no_number_of_the_graph_is_the_value_of_one_customer(run: Trained, folder: Path) -> None:
    graph = onnx.load(folder / "model.onnx").graph
    numbers = [onnx.numpy_helper.to_array(each).ravel() for each in graph.initializer]
    for node in _nodes(graph):
        numbers += [np.array(each.floats) for each in node.attribute if each.floats]
    plain = np.concatenate([each.astype(float) for each in numbers if each.dtype.kind in "fi"])
    scaler = run.fitted.segmentation.scaler
    raw = (plain * scale + mean for scale, mean in zip(scaler.scale_, scaler.mean_, strict=True))
    assert not _close(plain)
    assert not any(_close(each) for each in raw)


def _nodes(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    found = list(graph.node)
    for node in graph.node:
        for attribute in node.attribute:
            found += _nodes(attribute.g) if attribute.HasField("g") else []
    return found


def test_no_cut_of_a_tree_is_a_training_value(run: Trained) -> None:
    table = run.table
    scaled = run.fitted.segmentation.scaled(table.take(table.clusterable())).astype(np.float32)
    names = feature_names(table.schema)
    thresholds = run.fitted.classifier.thresholds()
    assert bool(thresholds) == (run.selection.chosen != "gaussian")
    for position, cuts in thresholds.items():
        if position >= len(names):
            continue  # a missing flag
        values = np.unique(scaled[:, position])
        shared = len(values) < 0.9 * len(scaled)  # a forest's middles of counts are other customers' counts
        if not (shared and run.selection.chosen == "random_forest"):
            assert not np.isin(cuts, values).any(), names[position]


def test_the_draft_of_settings_holds_no_value_of_one_customer() -> None:
    raw = raw_of(_planted())
    text = draft(propose(raw.cells, Roles()), source="customers", command="")
    for word in (*WORDS, *SPELLINGS):
        assert word.casefold() not in text.casefold(), word
    assert not _close(np.array(NUMBER.findall(text), dtype=float))


def test_no_category_of_fewer_than_five_customers_has_a_count(run: Trained) -> None:
    assert run.described.histograms is not None
    for column in run.described.columns:
        counts = run.described.histograms.category(column.name)
        assert all(count == 0 or count >= 5 for count in counts.values())


def test_outcomes_are_shown_with_an_interval_and_never_asked_for(run: Trained) -> None:
    contract = run.described
    assert "churn" not in contract.names
    (churn,) = contract.outcomes
    assert (churn.name, churn.event) == ("churn", "Yes")
    assert sum(figure.customers for figure in churn.segments) == len(run.labels) == churn.overall.customers
    for figure in churn.segments:
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low < figure.value < figure.high


def test_what_is_proposed_is_what_is_prepared() -> None:
    schema = prepare(_planted(), TrainConfig().roles).table.schema
    assert schema.identifier == "Customer No"
    assert {spec.name for spec in schema.columns} == {"spend", "visits", "balance", "city", "plan"}


def test_one_customer_with_a_huge_amount_is_no_segment() -> None:
    table = _planted()
    table["Spend"] = [AMOUNT if each == 7 else 10.0 + each % 30 for each in range(ROWS)]
    config = replace(
        quick_config(user_k=2, classifier="logistic_regression"), roles=Roles(cluster=("Spend",), log=False)
    )
    trained = train(table, config)
    assert min(segment.size for segment in trained.fitted.segments) > 50
    assert not _close(np.array(NUMBER.findall(trained.contract), dtype=float))


def test_a_segment_of_fewer_than_five_customers_is_refused() -> None:
    table = _planted().head(90)
    config = replace(quick_config(user_k=15), roles=Roles(cluster=("Spend", "Visits"), log=False))
    with pytest.raises(InputError, match=r"at least 5 customers, .* but with k = 15 one has \d customer"):
        train(table, config)

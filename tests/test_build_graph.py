"""Checks the main rule: the exported file answers exactly as scikit-learn and XGBoost do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
import onnxruntime as ort
import pytest

from inference.contract import METADATA_KEY, OUTPUTS
from tests.conftest import fit
from trainer import MALL, Table, Trained
from trainer.classifier.candidates import BOOSTED, CANDIDATES, FOREST, LOGISTIC
from trainer.export.build_graph import build_model
from trainer.export.probe_rows import random_rows, threshold_rows, thresholds
from trainer.export.verify import verify
from trainer.schema.features import feature_names


def test_200_000_rows_agree(trained: Trained) -> None:
    checked = verify(trained.fitted, trained.model, trained.table, rows=40_000, seed=1)
    assert checked.rows >= 200_000
    assert checked.ties <= checked.rows / 1000
    assert checked.largest["probabilities"] <= 1e-5
    assert checked.largest["distances"] <= 1e-9


@pytest.mark.parametrize("classifier", [LOGISTIC, FOREST, BOOSTED])
@pytest.mark.parametrize("k", [2, 5, 9])
def test_every_classifier_and_number_of_segments_agrees(table: Table, classifier: str, k: int) -> None:
    fitted = fit(table, classifier, k)
    model = build_model(fitted, "{}").SerializeToString()
    assert verify(fitted, model, table, rows=4_000).rows > 20_000


@pytest.mark.parametrize(
    "clustering",
    [
        ("spending_score",),
        ("age", "annual_income", "spending_score"),
        ("spending_efficiency", "age"),
        (*MALL.names, "spending_efficiency", "income_spend_interaction"),
    ],
    ids="+".join,
)
def test_other_clustering_columns_agree(table: Table, clustering: tuple[str, ...]) -> None:
    schema = replace(MALL, clustering=clustering)
    other = replace(table, schema=schema)
    fitted = fit(other, BOOSTED, 4, schema)
    assert verify(fitted, build_model(fitted, "{}").SerializeToString(), other, rows=4_000).rows > 20_000


@pytest.mark.parametrize("classifier", [FOREST, BOOSTED])
def test_the_rows_on_thresholds_equal_the_thresholds(table: Table, classifier: str) -> None:
    """Otherwise the comparison at thresholds would be useless."""
    fitted = fit(table, classifier, 5)
    rows = threshold_rows(fitted, table, np.random.default_rng(0))
    scaled = fitted.segmentation.scaled(rows).astype(np.float32)
    names = feature_names(MALL)
    for name in ("annual_income", "spending_score"):
        position = names.index(name)
        cuts = thresholds(fitted)[position]
        assert len(cuts) > 5
        for neighbour in (
            cuts,
            np.nextafter(cuts, np.float32(np.inf)),
            np.nextafter(cuts, np.float32(-np.inf)),
        ):
            assert np.isin(neighbour, scaled[:, position]).mean() > 0.9


def test_random_rows_extend_outside_the_training_range(trained: Trained) -> None:
    rows = random_rows(trained.fitted, trained.table, 2000, np.random.default_rng(0))
    for name in ("age", "annual_income"):
        known = trained.table.columns[name]
        assert rows[name].min() < known.min()
        assert rows[name].max() > known.max()


def test_the_graph_has_the_documented_operators(trained: Trained) -> None:
    model = onnx.load_model_from_string(trained.model)
    assert model.ir_version == 7
    assert {each.domain: each.version for each in model.opset_import} == {"": 13, "ai.onnx.ml": 2}
    assert [each.name for each in model.graph.input] == list(MALL.names)
    assert tuple(each.name for each in model.graph.output) == OUTPUTS
    assert [each.key for each in model.metadata_props] == [METADATA_KEY]
    kinds = {node.op_type for node in model.graph.node}
    assert "If" in kinds
    assert not {kind for kind in kinds if kind.startswith("TreeEnsemble")}, "trees are outside the branch"


def test_the_classifier_is_in_one_branch_only(table: Table) -> None:
    for classifier in CANDIDATES:
        fitted = fit(table, classifier, 5)
        model = build_model(fitted, "{}")
        routing = next(node for node in model.graph.node if node.op_type == "If")
        branches = {each.name: {node.op_type for node in each.g.node} for each in routing.attribute}
        asked = {"LinearClassifier", "TreeEnsembleRegressor"}
        assert branches["else_branch"] & asked
        assert not branches["then_branch"] & asked


def test_the_contract_is_also_an_output(trained: Trained) -> None:
    session = ort.InferenceSession(trained.model)
    for rows in (0, 1, 3):
        feeds = {name: np.full((rows, 1), np.nan) for name in MALL.names}
        feeds["gender"] = np.full((rows, 1), "", dtype=object)
        assert session.run(["contract"], feeds)[0].tolist() == [trained.contract]
    assert session.get_modelmeta().custom_metadata_map[METADATA_KEY] == trained.contract


def test_classifier_probabilities_are_given_for_mixed_calls_and_not_for_complete_ones(
    trained: Trained,
) -> None:
    session = ort.InferenceSession(trained.model)
    feeds = {name: np.full((2, 1), 30.0) for name in MALL.names}
    feeds["gender"] = np.array([["Male"], ["Female"]], dtype=object)
    (unasked,) = session.run(["classifier_probabilities"], feeds)
    assert np.isnan(unasked).all()
    feeds["spending_score"][1] = np.nan
    opinions, complete = session.run(["classifier_probabilities", "complete"], feeds)
    assert complete.tolist() == [True, False]
    assert np.isfinite(opinions).all()

"""Checks the main rule: the exported file answers exactly as scikit-learn and XGBoost do."""

from __future__ import annotations

import base64
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import TensorProto

from inference.contract import COMPLETE_ROWS_KEY, INCOMPLETE_ROWS_KEY, METADATA_KEY, OUTPUTS
from inference.contract.parse import (
    ONE_COMPLETE_ROW_KEY,
    ONE_INCOMPLETE_ROW_KEY,
    ONE_PATTERN_KEY,
    PATTERN_ROWS_KEY,
)
from inference.loading.seal import SEAL_KEY
from tests.conftest import fit
from trainer import MALL, Table, Trained
from trainer.classifier.candidates import BOOSTED, CANDIDATES, FOREST, LOGISTIC
from trainer.export.build_graph import build_model
from trainer.export.probe_rows import random_rows, threshold_rows, thresholds
from trainer.export.verify import verify
from trainer.results.fitted import Fitted
from trainer.schema.features import feature_names
from trainer.segments.kmeans import fit_segmentation

ROW_KEYS = [COMPLETE_ROWS_KEY, INCOMPLETE_ROWS_KEY]
ONE_KEYS = [PATTERN_ROWS_KEY, ONE_COMPLETE_ROW_KEY, ONE_INCOMPLETE_ROW_KEY, ONE_PATTERN_KEY]
CLASSIFYING = ("LinearClassifier", "TreeEnsembleRegressor", "Gemm")


def test_200_000_rows_agree(trained: Trained) -> None:
    checked = verify(trained.fitted, trained.model, trained.table, rows=40_000, seed=1)
    assert checked.rows >= 200_000
    assert checked.ties <= checked.rows / 1000
    assert checked.largest["probabilities"] <= 1e-5
    assert checked.largest["distances"] <= 1e-9


@pytest.mark.parametrize("classifier", list(CANDIDATES))
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
    assert [each.key for each in model.metadata_props] == [METADATA_KEY, *ROW_KEYS, *ONE_KEYS, SEAL_KEY]
    kinds = {node.op_type for node in model.graph.node}
    assert "If" in kinds
    assert not {kind for kind in kinds if kind.startswith("TreeEnsemble")}, "trees are outside the branch"


def test_the_classifier_is_in_one_branch_only(table: Table) -> None:
    for classifier in CANDIDATES:
        fitted = fit(table, classifier, 5)
        model = build_model(fitted, "{}")
        routing = next(node for node in model.graph.node if node.op_type == "If")
        branches = {each.name: [node.op_type for node in each.g.node] for each in routing.attribute}
        of_centroids = [each for each in branches["then_branch"] if each in CLASSIFYING]
        assert of_centroids == ["Gemm"]
        assert [each for each in branches["else_branch"] if each in CLASSIFYING]


def test_the_small_graphs_have_no_branch_and_no_text(trained: Trained) -> None:
    properties = {each.key: each.value for each in onnx.load_from_string(trained.model).metadata_props}
    for key in ROW_KEYS:
        graph = onnx.load_from_string(base64.b64decode(properties[key])).graph
        assert "If" not in {node.op_type for node in graph.node}
        assert not [each for each in graph.output if each.type.tensor_type.elem_type == TensorProto.STRING]
    assert {each.name for each in graph.input} == set(MALL.names)


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


def _distances(fitted: Fitted, columns: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The distances of the graph, and those of numpy and scikit-learn."""
    session = ort.InferenceSession(build_model(fitted, "{}").SerializeToString())
    (found,) = session.run(["distances"], {name: values.reshape(-1, 1) for name, values in columns.items()})
    return found, fitted.answer(columns)["distances"]


def _rows(**numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Mall customers with these numbers, each combined with each."""
    income, score = (
        each.ravel() for each in np.meshgrid(numbers["annual_income"], numbers["spending_score"])
    )
    gender = np.full(len(income), "Male", dtype=object)
    known = {"annual_income": income, "spending_score": score}
    return {"gender": gender, "age": np.full(len(income), 40.0), **known}


def _around(fence: float, to: float) -> np.ndarray:
    """The last value inside, the fence, the first value outside, and one far out."""
    inside, outside = np.nextafter(fence, -to), np.nextafter(fence, to)
    return np.array([inside, fence, outside, fence + np.sign(to) * 1e6])


@pytest.mark.parametrize("factors", [(1.0, 1.0), (3.0, 0.5)], ids=str)
def test_values_at_and_beyond_the_fences_agree(table: Table, factors: tuple[float, float]) -> None:
    segmentation = fit_segmentation(MALL, table.columns, 5, seed=0, factors=np.array(factors))
    fitted = replace(fit(table, LOGISTIC, 5), segmentation=segmentation)
    fences = segmentation.fences
    places = {
        name: np.concatenate([_around(low, -np.inf), _around(high, np.inf)])
        for name, low, high in zip(MALL.clustering, fences.lower, fences.upper, strict=True)
    }
    found, wanted = _distances(fitted, _rows(**places))
    assert np.allclose(found, wanted, rtol=0, atol=1e-12)
    grid = found.reshape(8, 8, 5)  # [score, income, segment]
    for beyond in ((2, 1), (3, 1), (6, 5), (7, 5)):  # outside and far out equal the fence itself
        assert np.array_equal(grid[:, beyond[0]], grid[:, beyond[1]])
        assert np.array_equal(grid[beyond[0]], grid[beyond[1]])
    assert np.array_equal(found.argmin(axis=1), wanted.argmin(axis=1))


@pytest.mark.parametrize(
    "mostly_one", [("spending_score",), ("annual_income", "spending_score")], ids="+".join
)
def test_a_column_without_fences_is_not_clipped(table: Table, mostly_one: tuple[str, ...]) -> None:
    """The middle half of such a column is one value."""
    columns = dict(table.columns)
    for name in mostly_one:
        columns[name] = np.where(np.arange(200) % 5 == 0, columns[name], 50.0)
    other = replace(table, columns=columns)
    fitted = fit(other, LOGISTIC, 3)
    fences = fitted.segmentation.fences
    assert [bool(np.isfinite(high)) for high in fences.upper] == [
        name not in mostly_one for name in MALL.clustering
    ]
    places = np.array([-1e5, 40.0, 60.0, 1e5])
    found, wanted = _distances(fitted, _rows(annual_income=places, spending_score=places))
    assert np.allclose(found, wanted, rtol=1e-12, atol=0)
    grid = found.reshape(4, 4, 3)
    assert not np.isclose(grid[2], grid[3]).any()  # 60 and 100,000 in the score
    assert verify(fitted, build_model(fitted, "{}").SerializeToString(), other, rows=4_000).rows > 10_000
    clips = [node for node in build_model(fitted, "{}").graph.node if node.op_type == "Min"]
    assert len(clips) == (0 if len(mostly_one) == 2 else 1)


def test_factors_stretch_the_distances(table: Table) -> None:
    factors = np.array([3.0, 0.5])
    plain = fit_segmentation(MALL, table.columns, 5, seed=0)
    stretched = fit_segmentation(MALL, table.columns, 5, seed=0, factors=factors)
    assert np.allclose(stretched.clustering(table.columns), plain.clustering(table.columns) * factors)
    fitted = replace(fit(table, BOOSTED, 5), segmentation=stretched)
    model = build_model(fitted, "{}").SerializeToString()
    assert verify(fitted, model, table, rows=4_000).largest["distances"] <= 1e-9

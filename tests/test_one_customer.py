"""Checks that the graphs for one customer answer as those for many, and are tested when they are opened."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import numpy_helper

from inference import ArtifactError, Segmenter
from inference.contract.parse import ONE_COMPLETE_ROW_KEY, ONE_INCOMPLETE_ROW_KEY, ONE_PATTERN_KEY
from inference.engines.float32.rows_in_range import rows_in_range
from inference.loading import one_row
from inference.loading.seal import add_seal
from tests import shapes
from tests.conftest import fit, quick_config
from trainer import MALL, Table, Trained, prepare, train
from trainer.classifier.candidates import BOOSTED
from trainer.export.build_graph import build_model
from trainer.export.one_by_one import OneRow

CUSTOMER = {"gender": "Female", "age": 31, "annual_income": 17, "spending_score": 40}
ROWS = 300


def _same_one_by_one(segmenter: Segmenter, *, gaps: bool) -> None:
    """Compare customers asked for one by one with all of them asked for at once."""
    feeds = rows_in_range(segmenter.contract, ROWS, np.random.default_rng(4), gaps=gaps)
    customers = [
        {name: None if _missing(feed[row, 0]) else feed[row, 0] for name, feed in feeds.items()}
        for row in range(ROWS)
    ]
    for customer, wanted in zip(customers, segmenter.predict_many(customers).to_dicts(), strict=True):
        found = segmenter.predict(**customer)
        assert (found.segment, found.route, found.enough) == (
            wanted["segment"],
            wanted["route"],
            wanted["enough"],
        )
        for name in ("probabilities", "distances", "classifier_probabilities"):
            assert getattr(found, name) == (wanted[name] and pytest.approx(wanted[name], abs=1e-6))
        assert found.novelty == (
            wanted["novelty"] if wanted["novelty"] is None else pytest.approx(wanted["novelty"])
        )


def _missing(cell: Any) -> bool:
    return bool(cell == "" or cell != cell)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize(("classifier", "has_small_graph"), [("gaussian", True), ("random_forest", False)])
def test_many_categories_and_an_order_agree(classifier: str, has_small_graph: bool) -> None:
    ready = prepare(shapes.telecom(400))
    model = Segmenter.load(train(ready.table, quick_config(user_k=3, classifier=classifier)).model)
    _same_one_by_one(model, gaps=False)
    _same_one_by_one(model, gaps=True)
    assert (model._one._incomplete is not None) == has_small_graph


def test_the_published_model_agrees(published: Segmenter) -> None:
    _same_one_by_one(published, gaps=True)


def test_what_depends_on_the_known_columns_is_computed_once(
    segmenter: Segmenter, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = Segmenter.load(segmenter.content)._one._incomplete
    assert graph is not None
    before = graph._of_pattern.cache_info().misses
    for income in (17.0, 18.0, 19.0):
        graph.answer([0.0, 31.0, income, 0.0], 0b0110)
    assert graph._of_pattern.cache_info().misses <= before + 1


def test_a_formula_without_a_value_is_left_to_the_whole_graph(table: Table) -> None:
    schema = replace(MALL, clustering=("spending_efficiency", "age"))
    fitted = fit(replace(table, schema=schema), BOOSTED, 4, schema)
    one = OneRow(fitted, build_model(fitted, "{}").SerializeToString())
    columns: dict[str, NDArray[Any]] = {
        "gender": np.array(["Male"] * 4, dtype=object),
        "age": np.array([30.0, 30.0, np.nan, np.nan]),
        "annual_income": np.array([40.0, -1.0, 40.0, -1.0]),  # whose sum with 1 the score is divided by
        "spending_score": np.array([50.0, 0.0, 50.0, 0.0]),
    }
    for complete in (slice(0, 2), slice(2, 4)):
        rows, _ = one.answers({name: cells[complete] for name, cells in columns.items()})
        assert rows.tolist() == [0]


@pytest.mark.parametrize("key", [ONE_COMPLETE_ROW_KEY, ONE_INCOMPLETE_ROW_KEY])
def test_a_small_graph_that_answers_differently_is_refused(trained: Trained, key: str) -> None:
    model = onnx.load_from_string(trained.model)
    entry = next(each for each in model.metadata_props if each.key == key)
    graph = onnx.load_from_string(base64.b64decode(entry.value))
    divisors = {node.input[1] for node in graph.graph.node if node.op_type == "Div"}
    scale = next(each for each in graph.graph.initializer if each.name in divisors)
    scale.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(scale) * 1.01, scale.name))
    entry.value = base64.b64encode(graph.SerializeToString()).decode("ascii")
    changed = Segmenter.load(add_seal(model.SerializeToString()))
    with pytest.raises(ArtifactError, match="all graphs of the model file must give the same"):
        changed.warm_up()


def test_a_file_without_these_graphs_answers(trained: Trained) -> None:
    model = onnx.load_from_string(trained.model)
    for key in (ONE_COMPLETE_ROW_KEY, ONE_INCOMPLETE_ROW_KEY, ONE_PATTERN_KEY):
        model.metadata_props.remove(next(each for each in model.metadata_props if each.key == key))
    earlier, now = Segmenter.load(add_seal(model.SerializeToString())), Segmenter.load(trained.model)
    for hidden in ({}, {"annual_income": None}, dict.fromkeys(CUSTOMER)):
        found, wanted = earlier.predict(**{**CUSTOMER, **hidden}), now.predict(**{**CUSTOMER, **hidden})
        assert (found.segment, found.route) == (wanted.segment, wanted.route)
        assert found.probabilities == pytest.approx(wanted.probabilities, abs=1e-6)


def test_patterns_beyond_those_that_are_kept_are_computed_again(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_row, "PATTERNS", 2)
    model = Segmenter.load(trained.model)
    customers = [{**CUSTOMER, name: None, "annual_income": None} for name in CUSTOMER]
    found = [model.predict(**customer) for customer in customers * 2]
    assert found[: len(customers)] == found[len(customers) :]

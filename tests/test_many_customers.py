"""Checks that many customers are answered alike by whichever graphs of the file answer them."""

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
from inference.answers import many_customers
from inference.contract import ANSWERS, CLASSIFIER_PROBABILITIES, SEGMENT
from inference.contract.parse import PATTERN_ROWS_KEY
from inference.engines.float32.rows_in_range import rows_in_range
from inference.loading.pattern_rows import PatternRows
from inference.loading.seal import add_seal
from inference.validation import check_table
from tests import shapes
from tests.conftest import fit, quick_config
from trainer import MALL, DifferenceError, Table, Trained, prepare, train
from trainer.classifier.candidates import BOOSTED
from trainer.export.build_graph import build_model
from trainer.export.by_pattern import ByPattern
from trainer.export.verify import verify

Columns = dict[str, NDArray[Any]]
ROWS = 3_000
NAMES = ("gender", "age", "annual_income", "spending_score")


def _customers(hidden: dict[str, float]) -> Columns:
    """Customers of whom a share has no value in each of some columns."""
    rng = np.random.default_rng(7)
    columns: Columns = {
        "gender": rng.choice(np.array(["Female", "Male"], dtype=object), ROWS),
        "age": rng.integers(18, 70, ROWS).astype(float),
        "annual_income": rng.integers(15, 137, ROWS).astype(float),
        "spending_score": rng.integers(1, 99, ROWS).astype(float),
    }
    for name, share in hidden.items():
        columns[name][rng.random(ROWS) < share] = None if name == "gender" else np.nan
    return columns


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each call of the graph for the same known columns has."""
    asked: list[int] = []
    answers = PatternRows.answers

    def noted(graph: PatternRows, feeds: Columns, known: NDArray[np.bool_]) -> Columns:
        asked.append(len(feeds["age"]))
        return answers(graph, feeds, known)

    monkeypatch.setattr(PatternRows, "answers", noted)
    return asked


def _same(segmenter: Segmenter, columns: Columns) -> None:
    """Compare ``predict_many`` with the whole graph, asked for all rows at once."""
    checked = check_table(segmenter.contract, columns)
    wanted = segmenter.values(checked, [name for name in ANSWERS if name != SEGMENT])
    found = segmenter.answer(checked)
    for name, cells in wanted.items():
        own = getattr(found, name)
        rows = ~found.complete if name == CLASSIFIER_PROBABILITIES else slice(None)
        if cells.dtype.kind == "f":
            np.testing.assert_allclose(own[rows], cells[rows], rtol=0.0, atol=1e-6, equal_nan=True)
        else:
            assert np.array_equal(own, cells)


@pytest.mark.parametrize(
    ("hidden", "groups"),
    [
        ({"spending_score": 1.0}, 2),
        ({"spending_score": 0.5}, 1),
        ({"spending_score": 0.6, "age": 0.4}, 2),
        ({"spending_score": 0.9, "gender": 0.02, "age": 0.02, "annual_income": 0.02}, 2),
        (dict.fromkeys(NAMES, 1.0), 0),
        (dict.fromkeys(NAMES, 0.5), 0),
        ({"age": 0.5}, 0),
    ],
)
def test_large_groups_with_the_same_known_columns_are_answered_alike(
    trained: Trained, monkeypatch: pytest.MonkeyPatch, hidden: dict[str, float], groups: int
) -> None:
    model = Segmenter.load(trained.model)
    model.warm_up()
    asked = _asked(monkeypatch)
    _same(model, _customers(hidden))
    assert len(asked) == groups


@pytest.mark.parametrize("classifier", ["gaussian", "random_forest"])
def test_many_categories_and_an_order_agree(monkeypatch: pytest.MonkeyPatch, classifier: str) -> None:
    monkeypatch.setattr(many_customers, "ALIKE_ROWS", 20)
    ready = prepare(shapes.telecom(400))
    model = Segmenter.load(train(ready.table, quick_config(user_k=3, classifier=classifier)).model)
    feeds = rows_in_range(model.contract, ROWS, np.random.default_rng(4), gaps=True)
    columns = {name: feed[:, 0] for name, feed in feeds.items()}
    for name in model.contract.names[2:]:
        columns[name] = columns[name][:1].repeat(ROWS)
    _same(model, columns)
    assert (model._many._pattern is not None) == (classifier != "random_forest")


def test_where_too_many_columns_differ_the_graph_for_all_answers(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Segmenter.load(trained.model)
    model.warm_up()
    monkeypatch.setattr(many_customers, "MOST_DIFFERENT", 1)
    asked = _asked(monkeypatch)
    _same(model, _customers({"spending_score": 0.6, "age": 0.4, "gender": 0.1}))
    assert not asked


def test_a_formula_without_a_value_is_left_to_the_whole_graph(table: Table) -> None:
    schema = replace(MALL, clustering=("spending_efficiency", "age"))
    fitted = fit(replace(table, schema=schema), BOOSTED, 4, schema)
    columns: Columns = {
        "gender": np.array(["Male"] * 4, dtype=object),
        "age": np.full(4, np.nan),
        "annual_income": np.array([40.0, -1.0, 50.0, -1.0]),  # whose sum with 1 the score is divided by
        "spending_score": np.array([50.0, 0.0, 50.0, 0.0]),
    }
    rows, found = ByPattern(fitted, build_model(fitted, "{}").SerializeToString()).answers(columns)
    assert rows.tolist() == [0, 2]
    assert len(found) == 4


def _changed(model: bytes) -> bytes:
    """The file with another scale in the graph for the same known columns."""
    whole = onnx.load_from_string(model)
    entry = next(each for each in whole.metadata_props if each.key == PATTERN_ROWS_KEY)
    graph = onnx.load_from_string(base64.b64decode(entry.value))
    divisors = {node.input[1] for node in graph.graph.node if node.op_type == "Div"}
    scale = next(each for each in graph.graph.initializer if each.name in divisors)
    scale.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(scale) * 1.01, scale.name))
    entry.value = base64.b64encode(graph.SerializeToString()).decode("ascii")
    return add_seal(whole.SerializeToString())


def test_a_graph_that_answers_differently_is_refused(trained: Trained) -> None:
    model = Segmenter.load(_changed(trained.model))
    with pytest.raises(ArtifactError, match="all graphs of the model file must give the same"):
        model.predict_many(_customers({"spending_score": 0.5}))


def test_training_compares_it_with_the_libraries(trained: Trained) -> None:
    with pytest.raises(DifferenceError, match="by known columns"):
        verify(trained.fitted, _changed(trained.model), trained.table, rows=500)


def test_a_file_without_it_answers(trained: Trained) -> None:
    whole = onnx.load_from_string(trained.model)
    whole.metadata_props.remove(next(each for each in whole.metadata_props if each.key == PATTERN_ROWS_KEY))
    _same(Segmenter.load(add_seal(whole.SerializeToString())), _customers({"spending_score": 0.5}))

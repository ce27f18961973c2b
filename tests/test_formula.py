"""Checks that a feature that is defined once gives the same bits in numpy and in the graph."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest
from onnx import TensorProto, helper

from inference import InputError
from trainer.schema.formula import Formula
from trainer.schema.onnx_graph import Graph

pytestmark = pytest.mark.fast

COLUMNS = ("annual_income", "spending_score")


def _in_graph(formula: Formula, columns: dict[str, np.ndarray]) -> np.ndarray:
    graph = Graph()
    result = formula.emit(graph, {name: name for name in columns})
    inputs = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, [None, 1]) for name in columns]
    outputs = [helper.make_tensor_value_info(result, TensorProto.DOUBLE, None)]
    made = helper.make_graph(graph.nodes, "formula", inputs, outputs, graph.initializers)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    session = ort.InferenceSession(model.SerializeToString())
    feeds = {name: values.reshape(-1, 1) for name, values in columns.items()}
    answer: np.ndarray = session.run([result], feeds)[0][:, 0]
    return answer


@pytest.mark.parametrize(
    "text",
    [
        "spending_score / (annual_income + 1)",
        "annual_income * spending_score",
        "spending_score - annual_income / 3 + 0.1",
        "(annual_income + spending_score) * 2.5",
        "spending_score / (days_since(annual_income, '2026-01-01') + 1)",
    ],
)
def test_numpy_and_the_graph_agree_to_the_last_bit(text: str) -> None:
    rng = np.random.default_rng(0)
    columns = {name: rng.uniform(-50, 150, 5000) for name in COLUMNS}
    columns["annual_income"][::7] = np.nan
    columns["annual_income"][1] = -1.0
    formula = Formula(text)
    assert np.array_equal(formula.evaluate(columns), _in_graph(formula, columns), equal_nan=True)


def test_logarithms_agree_to_rounding() -> None:
    columns = {"annual_income": np.linspace(0, 1e6, 5000)}
    formula = Formula("log1p(annual_income)")
    odd = {"annual_income": np.array([-30.0, -1.0, np.nan, 0.0])}
    assert np.array_equal(formula.evaluate(odd), _in_graph(formula, odd), equal_nan=True)
    assert np.allclose(formula.evaluate(columns), _in_graph(formula, columns), rtol=1e-15)
    assert np.allclose(formula.evaluate(columns), np.log1p(columns["annual_income"]), rtol=1e-12)


def test_knows_its_columns() -> None:
    assert Formula("log1p(b) / (a + 1) - b").columns == ("a", "b")


def test_counts_days_to_a_day_that_is_written_down() -> None:
    formula = Formula("days_since(joined, '2026-01-01') / visits")
    assert formula.columns == ("joined", "visits")
    assert (formula.dates, formula.numbers) == (("joined",), ("visits",))
    days = np.array([0.0, 20454.0, 20455.0, np.nan])  # 2026-01-01 is day 20454
    reported = Formula("days_since(joined, '2026-01-01')").evaluate({"joined": days})
    assert np.array_equal(reported, [20454.0, 0.0, -1.0, np.nan], equal_nan=True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("days_since(joined, '2026-02-30')", "must count to a day such as '2026-01-01', but .* '2026-02-30'"),
        ("days_since(joined, '2026-01-01T10:00')", "must count to a day"),
        ("days_since(joined, 20260101)", r"has 'days_since\(joined, 20260101\)'"),
        ("days_since(joined)", "has"),
        ("days_since(joined + 1, '2026-01-01')", "has"),
        ("days_since('2026-01-01', joined)", "has"),
        ("log1p(score, '2026-01-01')", "has"),
        ("score **2", r"has 'score \*\* 2'"),
        ("__import__('os')", "has"),
        ("score.real", "has 'score.real'"),
        ("exp(score)", r"has 'exp\(score\)'"),
        ("score if score else 1", "has"),
        ("'text'", "has"),
        ("score +", "must be arithmetic over columns"),
    ],
)
def test_refuses_what_is_not_arithmetic(text: str, wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        Formula(text)

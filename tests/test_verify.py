"""Checks that a file with other answers than the libraries is rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import helper, numpy_helper

from tests.conftest import fit
from trainer import DifferenceError, Table
from trainer.classifier.candidates import BOOSTED, FOREST
from trainer.export.build_graph import build_model
from trainer.export.verify import _calls, verify
from trainer.results.fitted import Fitted


@pytest.fixture(scope="module")
def boosted(table: Table) -> Fitted:
    """A model with trees, whose cuts are at data values."""
    return fit(table, BOOSTED, 5)


@pytest.fixture(scope="module")
def forest(table: Table) -> Fitted:
    """A model with deep trees, which no table can hold."""
    return fit(table, FOREST, 5)


def _branch(model: onnx.ModelProto) -> onnx.GraphProto:
    """The branch of calls with incomplete rows."""
    routing = next(node for node in model.graph.node if node.op_type == "If")
    branch: onnx.GraphProto = next(each.g for each in routing.attribute if each.name == "else_branch")
    return branch


def _tree(model: onnx.ModelProto) -> onnx.NodeProto:
    (node,) = (node for node in _branch(model).node if node.op_type == "TreeEnsembleRegressor")
    assert isinstance(node, onnx.NodeProto)
    return node


def _attribute(node: onnx.NodeProto, name: str) -> onnx.AttributeProto:
    (attribute,) = (each for each in node.attribute if each.name == name)
    assert isinstance(attribute, onnx.AttributeProto)
    return attribute


def _edit(model: onnx.ModelProto, name: str, change: Callable[[NDArray[Any]], None]) -> None:
    constant = next(each for each in model.graph.initializer if each.name == name)
    values = numpy_helper.to_array(constant).copy()
    change(values)
    constant.CopyFrom(numpy_helper.from_array(values, constant.name))


def _comparison(model: onnx.ModelProto) -> onnx.NodeProto:
    node: onnx.NodeProto = next(each for each in _branch(model).node if each.op_type == "GreaterOrEqual")
    return node


def _move_the_thresholds(model: onnx.ModelProto) -> None:
    def change(cuts: NDArray[np.float32]) -> None:
        cuts[:] = np.nextafter(cuts, np.float32(np.inf))

    _edit(model, _comparison(model).input[1], change)


def _products(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    """What missing inputs add to the pairs' row numbers, and what thresholds add that are reached."""
    return [node for node in _branch(model).node if node.op_type == "Gemm"]


def _move_a_part_of_the_table(model: onnx.ModelProto) -> None:
    numbers = _products(model)[1].output[0]
    (cast,) = (node for node in _branch(model).node if numbers in node.input)
    (table,) = (node for node in _branch(model).node if cast.output[0] in node.input)

    def change(rows: NDArray[Any]) -> None:
        rows[: len(rows) // 10, 0] += 0.001

    _edit(model, table.input[0], change)


def _send_missing_the_other_way(model: onnx.ModelProto) -> None:
    def change(steps: NDArray[np.float32]) -> None:
        steps[:] = 0.0  # as if missing values were below every cut

    _edit(model, _products(model)[0].input[0], change)


def _move_a_centroid(model: onnx.ModelProto) -> None:
    routing = next(node for node in model.graph.node if node.op_type == "If")
    near = next(each.g for each in routing.attribute if each.name == "then_branch")
    gemm = next(node for node in near.node if node.op_type == "Gemm")

    def change(centroids: NDArray[np.float64]) -> None:
        centroids[0, 0] += 1e-6

    _edit(model, gemm.input[0], change)


def _swap_two_names(model: onnx.ModelProto) -> None:
    encoder = next(node for node in model.graph.node if list(node.output) == ["segment"])
    names = _attribute(encoder, "values_strings").strings
    names[0], names[1] = names[1], names[0]


@pytest.mark.parametrize(
    "damage",
    [
        _move_the_thresholds,
        _move_a_part_of_the_table,
        _send_missing_the_other_way,
        _move_a_centroid,
        _swap_two_names,
    ],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_refuses_a_graph_with_one_small_change(
    table: Table, boosted: Fitted, damage: Callable[[onnx.ModelProto], None]
) -> None:
    model = build_model(boosted, "{}")
    damage(model)
    with pytest.raises(DifferenceError, match="published"):
        verify(boosted, model.SerializeToString(), table)


def test_refuses_a_graph_with_one_leaf_of_a_deep_tree_changed(table: Table, forest: Fitted) -> None:
    model = build_model(forest, "{}")
    _attribute(_tree(model), "target_weights").floats[0] += 0.1
    with pytest.raises(DifferenceError, match="published"):
        verify(forest, model.SerializeToString(), table)


def test_rows_are_complete_in_every_pattern(table: Table, boosted: Fitted) -> None:
    """Rows of the table reach the cuts of engineered features only if they are complete."""
    known = set(zip(*(table.columns[name].tolist() for name in ("age", "annual_income")), strict=True))
    for pattern, columns in _calls(boosted, table, 100, 0):
        if pattern == "missing: gender, spending_score":
            asked = set(zip(*(columns[name].tolist() for name in ("age", "annual_income")), strict=True))
            assert len(asked & known) > 20
            return
    pytest.fail("the pattern was not asked")


def test_refuses_scaling_in_single_precision(table: Table, boosted: Fitted) -> None:
    """A common mistake of exporters: an additional rounding before XGBoost's cuts."""
    model = build_model(boosted, "{}")
    branch = _branch(model)
    scales = boosted.segmentation.scaler.scale_[:, None]
    constants = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    scale = next(
        node
        for node in branch.node
        if node.op_type == "Div" and np.array_equal(constants.get(node.input[1], np.zeros(0)), scales)
    )
    position = list(branch.node).index(scale) + 1
    branch.node.insert(position, helper.make_node("Cast", ["single"], ["scaled"], to=onnx.TensorProto.DOUBLE))
    branch.node.insert(position, helper.make_node("Div", ["centred_32", "scale_32"], ["single"]))
    for name, source in (("scale_32", scale.input[1]), ("centred_32", scale.input[0])):
        branch.node.insert(position, helper.make_node("Cast", [source], [name], to=onnx.TensorProto.FLOAT))
    for node in list(branch.node)[position + 4 :]:
        node.input[:] = ["scaled" if name == scale.output[0] else name for name in node.input]
    with pytest.raises(DifferenceError, match=r"classifier_probabilities|probabilities"):
        verify(boosted, model.SerializeToString(), table)

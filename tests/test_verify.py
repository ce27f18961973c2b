"""Checks that a file with other answers than the libraries is rejected."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper

from tests.conftest import fit
from trainer import DifferenceError, Table
from trainer.classifier.candidates import BOOSTED
from trainer.export.build_graph import build_model
from trainer.export.verify import _calls, verify
from trainer.results.fitted import Fitted


@pytest.fixture(scope="module")
def boosted(table: Table) -> Fitted:
    """A model with trees, whose cuts are at data values."""
    return fit(table, BOOSTED, 5)


def _tree(model: onnx.ModelProto) -> onnx.NodeProto:
    routing = next(node for node in model.graph.node if node.op_type == "If")
    branch = next(each.g for each in routing.attribute if each.name == "else_branch")
    (node,) = (node for node in branch.node if node.op_type == "TreeEnsembleRegressor")
    assert isinstance(node, onnx.NodeProto)
    return node


def _attribute(node: onnx.NodeProto, name: str) -> onnx.AttributeProto:
    (attribute,) = (each for each in node.attribute if each.name == name)
    assert isinstance(attribute, onnx.AttributeProto)
    return attribute


def _move_a_threshold(model: onnx.ModelProto) -> None:
    values = _attribute(_tree(model), "nodes_values").floats
    values[0] = float(np.nextafter(np.float32(values[0]), np.float32(np.inf)))


def _move_a_leaf(model: onnx.ModelProto) -> None:
    _attribute(_tree(model), "target_weights").floats[0] += 0.001


def _send_missing_the_other_way(model: onnx.ModelProto) -> None:
    ways = _attribute(_tree(model), "nodes_missing_value_tracks_true").ints
    ways[0] = 1 - ways[0]


def _move_a_centroid(model: onnx.ModelProto) -> None:
    gemm = next(node for node in model.graph.node if node.op_type == "Gemm")
    centroids = next(each for each in model.graph.initializer if each.name == gemm.input[1])
    values = numpy_helper.to_array(centroids).copy()
    values[0, 0] += 1e-6
    centroids.CopyFrom(numpy_helper.from_array(values, centroids.name))


def _swap_two_names(model: onnx.ModelProto) -> None:
    encoder = next(node for node in model.graph.node if list(node.output) == ["segment"])
    names = _attribute(encoder, "values_strings").strings
    names[0], names[1] = names[1], names[0]


@pytest.mark.parametrize(
    "damage",
    [_move_a_threshold, _move_a_leaf, _send_missing_the_other_way, _move_a_centroid, _swap_two_names],
    ids=lambda damage: damage.__name__.strip("_"),
)
def test_refuses_a_graph_with_one_small_change(
    table: Table, boosted: Fitted, damage: Callable[[onnx.ModelProto], None]
) -> None:
    model = build_model(boosted, "{}")
    damage(model)
    with pytest.raises(DifferenceError, match="published"):
        verify(boosted, model.SerializeToString(), table)


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
    routing = next(node for node in model.graph.node if node.op_type == "If")
    branch = next(each.g for each in routing.attribute if each.name == "else_branch")
    scale = [node for node in branch.node if node.op_type == "Div"][-1]  # the first is an engineered ratio
    position = list(branch.node).index(scale) + 1
    branch.node.insert(position, helper.make_node("Cast", ["single"], ["scaled"], to=onnx.TensorProto.DOUBLE))
    branch.node.insert(position, helper.make_node("Div", ["centred_32", "scale_32"], ["single"]))
    for name, source in (("scale_32", scale.input[1]), ("centred_32", scale.input[0])):
        branch.node.insert(position, helper.make_node("Cast", [source], [name], to=onnx.TensorProto.FLOAT))
    for node in list(branch.node)[position + 4 :]:
        node.input[:] = ["scaled" if name == scale.output[0] else name for name in node.input]
    with pytest.raises(DifferenceError, match=r"classifier_probabilities|probabilities"):
        verify(boosted, model.SerializeToString(), table)

"""Writes a fitted model as one ONNX graph.

::

    raw columns [N, 1]
      |-- clustering features -- clip -- Sub mean -- Div scale -- points
      |-- IsNaN of the clustering columns -- complete
      |
      |   If every row of this call is complete
      |     then: K-Means -- distances, nearest id, soft membership, novelty of the own centroid
      |     else: all features -- Sub -- Div -- Cast float -- classifier;  nothing known ? prior
      |           novelty of the known features
      |           If any row is complete
      |             then: K-Means, and each row: complete ? centroids : classifier
      |             else: the classifier
      |
      |-- probabilities, novelty, distances, segment_id -- segment
      +-- a number out of the first input's shape -- LabelEncoder -- contract

Double up to the scaler, one Cast to float32 before the classifier: XGBoost's cuts are exactly at data values,
so the last bit decides on which side of a cut a row is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import onnx
from onnx import TensorProto, helper

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    COMPLETE_ROWS_KEY,
    CONTRACT,
    DISTANCES,
    INCOMPLETE_ROWS_KEY,
    METADATA_KEY,
    NOVELTY,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
)
from inference.contract.outputs import SEGMENTS
from inference.loading.seal import add_seal
from trainer.export.graph_parts import (
    Points,
    Said,
    emit_centroids,
    emit_classified,
    emit_complete,
    emit_points,
)
from trainer.export.one_row_graphs import build_one_row
from trainer.export.pattern_rows_graph import build_pattern_rows
from trainer.export.row_graphs import build_complete_rows, build_incomplete_rows, encoded
from trainer.results.fitted import EXTRA_OUTPUTS, Fitted, graph_outputs
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.onnx_graph import IR_VERSION, ML_DOMAIN, OPSETS, TENSOR_TYPES, Graph

_NAN = float("nan")


def write_model(fitted: Fitted, contract: str) -> bytes:
    """The content of a model file: graph, contract and seal; the same bytes for the same model."""
    return add_seal(build_model(fitted, contract).SerializeToString(deterministic=True))


def build_model(fitted: Fitted, contract: str) -> onnx.ModelProto:
    """Put features, scaler, K-Means, classifier and contract into one checked graph."""
    graph = Graph(taken=fitted.schema.names)
    complete = emit_complete(graph, fitted)
    _emit_routing(graph, fitted, complete, emit_points(graph, fitted))
    names = [segment.name for segment in fitted.segments]
    graph.node(
        "LabelEncoder",
        SEGMENT_ID,
        domain=ML_DOMAIN,
        output=SEGMENT,
        keys_int64s=list(range(len(names))),
        values_strings=names,
        default_string="",
    )
    for extra in EXTRA_OUTPUTS.values():
        extra.emit(graph, fitted)
    _emit_contract(graph, fitted.schema.names[0], contract)
    return _model(graph, fitted, contract)


def _emit_routing(graph: Graph, fitted: Fitted, complete: str, points: Points) -> None:
    """The serving rule; centroids and classifier are in branches that run only when a row needs them."""
    incomplete = graph.cast(graph.node("Not", complete), TensorProto.FLOAT)
    count = graph.node("ReduceSum", incomplete, keepdims=0)
    every = graph.node("Not", graph.cast(count, TensorProto.BOOL))
    result = helper.make_node(
        "If",
        [every],
        [PROBABILITIES, SEGMENT_ID, NOVELTY, DISTANCES, CLASSIFIER_PROBABILITIES],
        name="If_every_row_complete",
        then_branch=_complete_branch(graph, fitted, points),
        else_branch=_incomplete_branch(graph, fitted, complete, points),
    )
    graph.nodes.append(result)


def _complete_branch(graph: Graph, fitted: Fitted, points: Points) -> onnx.GraphProto:
    branch = graph.branch()
    near = emit_centroids(branch, fitted, points)
    ids = branch.node("Identity", near.ids)
    unasked = _emit_unknown(branch, near.probabilities, TensorProto.FLOAT)
    return _branch(branch, "every_row_complete", replace(near, ids=ids), unasked)


def _incomplete_branch(graph: Graph, fitted: Fitted, complete: str, points: Points) -> onnx.GraphProto:
    branch = graph.branch()
    said, opinions = emit_classified(branch, fitted, points)
    known = branch.node("ReduceSum", branch.cast(complete, TensorProto.FLOAT), keepdims=0)
    both = [branch.name(stem) for stem in ("probabilities", "ids", "novelty", "distances")]
    result = helper.make_node(
        "If",
        [branch.cast(known, TensorProto.BOOL)],
        both,
        name="If_any_row_complete",
        then_branch=_mixed_branch(branch, fitted, complete, points, said),
        else_branch=_classified_branch(branch, said),
    )
    branch.nodes.append(result)
    opinions = branch.node("Identity", opinions)
    return _branch(branch, "some_row_incomplete", Said(*both), opinions)


def _mixed_branch(graph: Graph, fitted: Fitted, complete: str, points: Points, said: Said) -> onnx.GraphProto:
    branch = graph.branch()
    near = emit_centroids(branch, fitted, points)
    chosen = Said(
        probabilities=branch.node("Where", complete, near.probabilities, said.probabilities),
        ids=branch.node("Where", COMPLETE, near.ids, said.ids),
        novelty=branch.node("Where", COMPLETE, near.novelty, said.novelty),
        distances=branch.node("Where", complete, near.distances, branch.constant(np.float64(_NAN))),
    )
    return _branch(branch, "some_rows_complete", chosen)


def _classified_branch(graph: Graph, said: Said) -> onnx.GraphProto:
    branch = graph.branch()
    kept = Said(
        probabilities=branch.node("Identity", said.probabilities),
        ids=branch.node("Identity", said.ids),
        novelty=branch.node("Identity", said.novelty),
        distances=_emit_unknown(branch, said.probabilities, TensorProto.DOUBLE),
    )
    return _branch(branch, "no_row_complete", kept)


def _emit_unknown(graph: Graph, like: str, kind: int) -> str:
    """NaN in the shape of another tensor."""
    nothing = helper.make_tensor("nan", kind, [1], [_NAN])
    return graph.node("ConstantOfShape", graph.node("Shape", like), value=nothing)


def _emit_contract(graph: Graph, first_input: str, contract: str) -> None:
    """The contract as an output, for JavaScript, which cannot read metadata.

    It depends on the second number of an input's shape (always 1), because onnxruntime 1.16 does not accept
    a plain string constant.
    """
    one = graph.node("Gather", graph.node("Shape", first_input), graph.constant(np.array([1])))
    graph.node(
        "LabelEncoder",
        one,
        domain=ML_DOMAIN,
        output=CONTRACT,
        keys_int64s=[1],
        values_strings=[contract],
        default_string=contract,
    )


def _branch(branch: Graph, name: str, said: Said, opinions: str = "") -> onnx.GraphProto:
    kinds = {
        said.probabilities: TensorProto.FLOAT,
        said.ids: TensorProto.INT64,
        said.novelty: TensorProto.DOUBLE,
        said.distances: TensorProto.DOUBLE,
        **({opinions: TensorProto.FLOAT} if opinions else {}),
    }
    branch.prune(kinds)
    outputs = [helper.make_tensor_value_info(each, kind, None) for each, kind in kinds.items()]
    return helper.make_graph(branch.nodes, name, [], outputs)


def _model(graph: Graph, fitted: Fitted, contract: str) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info(spec.name, column_kind(spec).tensor, ["N", 1])
        for spec in fitted.schema.columns
    ]
    sizes: dict[str | int, int] = {SEGMENTS: fitted.segmentation.k}
    outputs = [
        helper.make_tensor_value_info(
            each.name, TENSOR_TYPES[each.type], [sizes.get(size, size) for size in each.dimensions]
        )
        for each in graph_outputs()
    ]
    made = helper.make_graph(graph.nodes, fitted.schema.name, inputs, outputs, graph.initializers)
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    model = helper.make_model(
        made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="customer-segmentation"
    )
    small = {
        COMPLETE_ROWS_KEY: encoded(build_complete_rows(fitted)),
        INCOMPLETE_ROWS_KEY: encoded(build_incomplete_rows(fitted)),
        **{key: encoded(each) for key, each in (build_pattern_rows(fitted) | build_one_row(fitted)).items()},
    }
    helper.set_model_props(model, {METADATA_KEY: contract, **small})
    onnx.checker.check_model(model)
    return model

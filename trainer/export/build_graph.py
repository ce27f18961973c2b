"""Writes a fitted model as one ONNX graph.

::

    raw columns [N, 1]
      |-- clustering features -- clip -- Sub mean -- Div scale -- K-Means --+-- distances
      |                                                          +-- soft membership, nearest id --+
      |-- IsNaN of the clustering columns -- complete --+                                             |
      |                                              |                                             |
      |                        If every row of this call is complete                               |
      |                          then: the centroids answer  <-------------------------------------+
      |                          else: all features -- Sub -- Div -- Cast float -- classifier
      |                                each row: complete ? centroids : nothing known ? prior : classifier
      |                                novelty: complete ? of the own centroid : of the known features
      |                                              |
      |                                              +-- probabilities, novelty, segment_id -- segment
      +-- a number out of the first input's shape -- LabelEncoder -- contract

Double up to the scaler, one Cast to float32 before the classifier: XGBoost's cuts are exactly at data values,
so the last bit decides on which side of a cut a row is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import onnx
from onnx import TensorProto, helper

from inference.contract import (
    CLASSIFIER_PROBABILITIES,
    COMPLETE,
    CONTRACT,
    DISTANCES,
    METADATA_KEY,
    NOVELTY,
    PROBABILITIES,
    SEGMENT,
    SEGMENT_ID,
)
from inference.contract.outputs import BOOL, DOUBLE, FLOAT, INT64, SEGMENTS, STRING
from trainer.export.converters import emit_classifier, emit_kmeans
from trainer.results.fitted import EXTRA_OUTPUTS, Fitted, graph_outputs
from trainer.results.known_limits import ALIKE
from trainer.schema.features import emit, feature_names
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.onnx_graph import ML_DOMAIN, OPSETS, Graph

IR_VERSION = 7
_TYPES = {
    STRING: TensorProto.STRING,
    INT64: TensorProto.INT64,
    FLOAT: TensorProto.FLOAT,
    DOUBLE: TensorProto.DOUBLE,
    BOOL: TensorProto.BOOL,
}
_NAN = float("nan")


def build_model(fitted: Fitted, contract: str) -> onnx.ModelProto:
    """Put features, scaler, K-Means, classifier and contract into one checked graph."""
    graph = Graph(taken=fitted.schema.names)
    complete = _emit_complete(graph, fitted)
    points = _emit_points(graph, fitted)
    near = _emit_centroids(graph, fitted, complete, points)
    near = replace(near, soft=_emit_soft_membership(graph, fitted, near.distances))
    _emit_routing(graph, fitted, complete, points, near)
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


def _emit_complete(graph: Graph, fitted: Fitted) -> str:
    """Whether every clustering column is known: bool ``[N, 1]``, and ``[N]`` as an output."""
    count = _emit_missing_count(graph, fitted, fitted.schema.clustering_sources)
    complete = graph.node("Not", graph.cast(count, TensorProto.BOOL))
    graph.node("Squeeze", complete, graph.constant(np.array([1])), output=COMPLETE)
    return complete


def _emit_scaled(graph: Graph, fitted: Fitted) -> str:
    """All features ``[N, F]``, clipped, in units of their standard deviation, in double; NaN stays NaN."""
    scaler = fitted.segmentation.scaler
    features = emit(fitted.schema, graph, feature_names(fitted.schema))
    for limit, beyond in zip(fitted.segmentation.limits, ("Less", "Greater"), strict=True):
        if np.isfinite(limit).any():
            bound = graph.constant(limit[None, :])
            features = graph.node("Where", graph.node(beyond, features, bound), bound, features)
    centred = graph.node("Sub", features, graph.constant(scaler.mean_))
    return graph.node("Div", centred, graph.constant(scaler.scale_))


@dataclass(frozen=True)
class _Points:
    """The clustering features ``[N, d]``: in double as they are, and clipped and scaled."""

    raw: str
    scaled: str


@dataclass(frozen=True)
class _Near:
    """What the centroids say: nearest and novelty ``[N]``, distances and soft membership ``[N, K]``."""

    nearest: str
    distances: str
    novelty: str
    soft: str = ""


def _emit_points(graph: Graph, fitted: Fitted) -> _Points:
    fences = fitted.segmentation.fences
    features = raw = emit(fitted.schema, graph, fitted.schema.clustering_features)
    if np.isfinite(fences.lower).any():
        features = graph.node("Max", features, graph.constant(fences.lower))
    if np.isfinite(fences.upper).any():
        features = graph.node("Min", features, graph.constant(fences.upper))
    centred = graph.node("Sub", features, graph.constant(fences.mean))
    return _Points(raw=raw, scaled=graph.node("Div", centred, graph.constant(fences.deviation)))


def _emit_centroids(graph: Graph, fitted: Fitted, complete: str, points: _Points) -> _Near:
    """Nearest centroid, distances and the novelty of complete rows; appends the output ``distances``."""
    nearest, distances = emit_kmeans(graph, fitted.segmentation.kmeans, points.scaled)
    shown = graph.node("Where", complete, distances, graph.constant(np.float64(_NAN)), output=DISTANCES)
    position = graph.node("Unsqueeze", nearest, graph.constant(np.array([1])))
    own = graph.node("GatherElements", shown, position, axis=1)
    far = graph.node("Gather", graph.constant(fitted.far), position)
    novelty = graph.node("Squeeze", graph.node("Div", own, far), graph.constant(np.array([1])))
    return _Near(nearest=nearest, distances=distances, novelty=novelty)


def _emit_known_novelty(graph: Graph, fitted: Fitted, points: _Points) -> str:
    """The novelty ``[N]`` from the known clustering features (see ``trainer.results.known_limits``)."""
    known, centroids = fitted.known, fitted.segmentation.kmeans.cluster_centers_
    missing = graph.node("Transpose", graph.node("IsNaN", points.raw), perm=[1, 0])
    flags = graph.cast(graph.node("Not", missing), TensorProto.DOUBLE)
    turned = graph.node("Transpose", points.scaled, perm=[1, 0])
    filled = graph.node("Where", missing, graph.constant(np.float64(0.0)), turned)
    centres = graph.constant(np.asarray(centroids, dtype=np.float64)[:, :, None])
    apart = graph.node("Mul", graph.node("Sub", filled, centres), flags)  # [K, d, N]
    squares = graph.node("ReduceSumSquare", apart, axes=[1], keepdims=0)
    usual = graph.node("MatMul", graph.constant(known.mean_squares), flags)
    ratios = graph.node("Div", squares, graph.node("Max", usual, graph.constant(np.float64(ALIKE**2))))
    least = graph.node("Sqrt", graph.node("ReduceMin", ratios, axes=[0], keepdims=0))
    place = graph.node("MatMul", graph.constant(known.weights), flags)
    limit = graph.node("Gather", graph.constant(known.limits), graph.cast(place, TensorProto.INT64))
    return graph.node("Div", least, limit)


def _emit_soft_membership(graph: Graph, fitted: Fitted, distances: str) -> str:
    """Probabilities from distances, float ``[N, K]`` (see ``trainer.segments.soft_membership``)."""
    squared = graph.node("Mul", distances, distances)
    scores = graph.node("Mul", squared, graph.constant(np.float64(-fitted.membership_scale)))
    return graph.cast(graph.node("Softmax", scores, axis=1), TensorProto.FLOAT)


def _emit_routing(graph: Graph, fitted: Fitted, complete: str, points: _Points, near: _Near) -> None:
    """The serving rule; the classifier is in a branch that runs only when a row needs it."""
    incomplete = graph.cast(graph.node("Not", complete), TensorProto.FLOAT)
    count = graph.node("ReduceSum", incomplete, keepdims=0)
    every = graph.node("Not", graph.cast(count, TensorProto.BOOL))
    result = helper.make_node(
        "If",
        [every],
        [PROBABILITIES, SEGMENT_ID, NOVELTY, CLASSIFIER_PROBABILITIES],
        name="If_every_row_complete",
        then_branch=_complete_branch(graph, near),
        else_branch=_mixed_branch(graph, fitted, complete, points, near),
    )
    graph.nodes.append(result)


def _complete_branch(graph: Graph, near: _Near) -> onnx.GraphProto:
    branch = graph.branch()
    soft, nearest, novelty = (
        branch.node("Identity", each) for each in (near.soft, near.nearest, near.novelty)
    )
    unasked = branch.node(
        "ConstantOfShape",
        branch.node("Shape", near.soft),
        value=helper.make_tensor("nan", TensorProto.FLOAT, [1], [_NAN]),
    )
    return _branch(branch, "every_row_complete", soft, nearest, novelty, unasked)


def _mixed_branch(
    graph: Graph, fitted: Fitted, complete: str, points: _Points, near: _Near
) -> onnx.GraphProto:
    branch = graph.branch()
    opinions = emit_classifier(branch, fitted.classifier, _emit_classifier_inputs(branch, fitted))
    missing = _emit_missing_count(branch, fitted, fitted.schema.names)
    nothing = branch.node("Equal", missing, branch.constant(np.float64(len(fitted.schema.names))))
    informed = branch.node("Where", nothing, branch.constant(fitted.prior[None, :]), opinions)
    best = branch.node("ArgMax", informed, axis=1, keepdims=0)
    probabilities = branch.node("Where", complete, near.soft, informed)
    ids = branch.node("Where", COMPLETE, near.nearest, best)
    novelty = branch.node("Where", COMPLETE, near.novelty, _emit_known_novelty(branch, fitted, points))
    opinions = branch.node("Identity", opinions)
    return _branch(branch, "some_row_incomplete", probabilities, ids, novelty, opinions)


def _emit_classifier_inputs(graph: Graph, fitted: Fitted) -> str:
    """The same as ``fitted_classifier.classifier_inputs``: NaN, or zeros and missing flags."""
    scaled = _emit_scaled(graph, fitted)
    if fitted.classifier.candidate.follows_missing:
        return graph.cast(scaled, TensorProto.FLOAT)
    filled = graph.node("Where", graph.node("IsNaN", scaled), graph.constant(np.float64(0.0)), scaled)
    flags = [_emit_missing_flag(graph, fitted, name) for name in fitted.schema.names]
    return graph.cast(graph.node("Concat", filled, *flags, axis=1), TensorProto.FLOAT)


def _emit_missing_count(graph: Graph, fitted: Fitted, names: tuple[str, ...]) -> str:
    """How many of the named raw columns are missing: double ``[N, 1]``."""
    flags = graph.node("Concat", *(_emit_missing_flag(graph, fitted, name) for name in names), axis=1)
    return graph.node("ReduceSum", flags, graph.constant(np.array([1])), keepdims=1)


def _emit_missing_flag(graph: Graph, fitted: Fitted, name: str) -> str:
    """Whether a raw column counts as missing: double ``[N, 1]``."""
    spec = next(column for column in fitted.schema.columns if column.name == name)
    return column_kind(spec).emit_missing(spec, graph)


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


def _branch(
    branch: Graph, name: str, probabilities: str, ids: str, novelty: str, opinions: str
) -> onnx.GraphProto:
    outputs = [
        helper.make_tensor_value_info(probabilities, TensorProto.FLOAT, None),
        helper.make_tensor_value_info(ids, TensorProto.INT64, None),
        helper.make_tensor_value_info(novelty, TensorProto.DOUBLE, None),
        helper.make_tensor_value_info(opinions, TensorProto.FLOAT, None),
    ]
    return helper.make_graph(branch.nodes, name, [], outputs)


def _model(graph: Graph, fitted: Fitted, contract: str) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info(spec.name, column_kind(spec).tensor, ["N", 1])
        for spec in fitted.schema.columns
    ]
    sizes: dict[str | int, int] = {SEGMENTS: fitted.segmentation.k}
    outputs = [
        helper.make_tensor_value_info(
            each.name, _TYPES[each.type], [sizes.get(size, size) for size in each.dimensions]
        )
        for each in graph_outputs()
    ]
    made = helper.make_graph(graph.nodes, fitted.schema.name, inputs, outputs, graph.initializers)
    opsets = [helper.make_opsetid(domain, version) for domain, version in OPSETS.items()]
    model = helper.make_model(
        made, opset_imports=opsets, ir_version=IR_VERSION, producer_name="customer-segmentation"
    )
    helper.set_model_props(model, {METADATA_KEY: contract})
    onnx.checker.check_model(model)
    return model

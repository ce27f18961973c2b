"""Three small graphs for one customer at a time, with fewer steps than the graphs for many.

One customer comes as numbers ``values [columns, 1]``: a number or the days of a date as it is, a category as
its position in the contract's ``categories``, 0 where unknown. The answer goes out as one tensor, too. What
depends only on which columns are known is computed once for each set of them, by a graph of its own
(see ``trainer.schema.pattern_graph``).
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from inference.contract.parse import (
    ANSWER,
    KNOWN,
    ONE_COMPLETE_ROW_KEY,
    ONE_INCOMPLETE_ROW_KEY,
    ONE_PATTERN_KEY,
    VALUES,
)
from trainer.classifier.candidate import FARTHEST
from trainer.export.converters import emit_kmeans, emit_tempered
from trainer.export.row_graphs import small_model
from trainer.results.fitted import Fitted
from trainer.results.known_limits import ALIKE
from trainer.schema.features import emit_of_one, feature_names
from trainer.schema.onnx_graph import Graph
from trainer.schema.pattern_graph import PatternGraphs

Floats = NDArray[np.float64]
KNOWN_FEATURES = "known_features"


def build_one_row(fitted: Fitted) -> dict[str, onnx.ModelProto]:
    """The graphs by their key in the metadata; those for incomplete rows where the classifier has them."""
    return {ONE_COMPLETE_ROW_KEY: _build_complete(fitted), **_build_incomplete(fitted)}


def _build_complete(fitted: Fitted) -> onnx.ModelProto:
    """``values`` to ``answer [1, 2 + 2K]``: id, novelty, probabilities, distances, as ``emit_centroids``."""
    graph, fences, segments = Graph(), fitted.segmentation.fences, fitted.segmentation.k
    points = emit_of_one(fitted.schema, graph, fitted.schema.clustering_features, VALUES)
    scaled = _emit_scaled(graph, points, fences.lower, fences.upper, fences.mean, fences.deviation)
    shape = graph.constant(np.array([1, segments]))
    apart = graph.node("Reshape", emit_kmeans(graph, fitted.segmentation.kmeans, scaled), shape)
    squares = graph.node("Add", apart, graph.node("ReduceSumSquare", scaled, keepdims=1))
    distances = graph.node("Sqrt", graph.node("Max", squares, graph.constant(np.float64(0.0))))
    ids = graph.node("ArgMin", apart, axis=1, keepdims=1)
    nearest = graph.node("ReduceMin", distances, axes=[1], keepdims=1)
    novelty = graph.node("Div", nearest, graph.node("Gather", graph.constant(fitted.far), ids))
    scores = graph.node("Mul", apart, graph.constant(np.float64(-fitted.membership_scale)))
    probabilities = graph.cast(graph.node("Softmax", scores, axis=1), TensorProto.FLOAT)
    _emit_answer(graph, ids, novelty, probabilities, distances)
    answer = helper.make_tensor_value_info(ANSWER, TensorProto.DOUBLE, [1, 2 + 2 * segments])
    return small_model(graph, ONE_COMPLETE_ROW_KEY, [_column_input(VALUES, fitted)], [answer])


def _build_incomplete(fitted: Fitted) -> dict[str, onnx.ModelProto]:
    """The graph of ``known [columns, 1]``, and that of rows, whose ``answer [1, 2 + K]`` has no distances."""
    schema, segmentation = fitted.schema, fitted.segmentation
    sizes = len(feature_names(schema)), len(schema.clustering_features)
    pattern, row = Graph(), Graph()
    flags = emit_flags(pattern, fitted, KNOWN)
    of_features, of_points = pattern.split_sizes(flags, sizes, axis=0)
    names = (*feature_names(schema), *schema.clustering_features)
    raw = emit_of_one(schema, row, names, VALUES)
    features, points = row.split_sizes(emit_known(row, fitted, raw, KNOWN_FEATURES), sizes, axis=0)
    inputs = row.cast(features, TensorProto.FLOAT)
    graphs = PatternGraphs(pattern=pattern, row=row, flags=of_features, inputs=inputs)
    features_known = pattern.cast(flags, TensorProto.BOOL)
    graphs.hand_over(KNOWN_FEATURES, features_known, TensorProto.BOOL, (sum(sizes), 1))
    plain = fitted.classifier.candidate.emit_one(graphs, fitted.classifier.estimator)
    if plain is None:
        return {}
    probabilities = emit_tempered(row, plain, fitted.classifier.temperature)
    ids = row.node("ArgMax", probabilities, axis=1, keepdims=1)
    _emit_answer(row, ids, _emit_novelty(graphs, fitted, of_points, points), probabilities)
    columns = [_column_input(VALUES, fitted)]
    handed = [helper.make_tensor_value_info(name, *each[1:]) for name, each in graphs.handed.items()]
    answer = helper.make_tensor_value_info(ANSWER, TensorProto.DOUBLE, [1, 2 + segmentation.k])
    pattern.rename({tensor: name for name, (tensor, *_) in graphs.handed.items()})
    return {
        ONE_INCOMPLETE_ROW_KEY: small_model(row, ONE_INCOMPLETE_ROW_KEY, [*columns, *handed], [answer]),
        ONE_PATTERN_KEY: small_model(pattern, ONE_PATTERN_KEY, [_column_input(KNOWN, fitted)], handed),
    }


def emit_flags(graph: Graph, fitted: Fitted, known: str) -> str:
    """Which features, and then which clustering features, are known: double ``[F + d, 1]`` of 0 and 1.

    Args:
        known: the same of the columns.
    """
    schema = fitted.schema
    sources: dict[str, tuple[str, ...]] = {
        name: (column.name,) for column in schema.columns for name in column.features
    }
    sources |= {feature.name: feature.formula.columns for feature in schema.features}
    names = (*feature_names(schema), *schema.clustering_features)
    needed = np.array([[float(column in sources[name]) for column in schema.names] for name in names])
    missing = graph.node("Sub", graph.constant(np.float64(1.0)), known)
    count = graph.node("MatMul", graph.constant(needed), missing)
    return graph.cast(graph.node("Not", graph.cast(count, TensorProto.BOOL)), TensorProto.DOUBLE)


def emit_known(graph: Graph, fitted: Fitted, features: str, known: str) -> str:
    """The same features, clipped and in standard deviations, double ``[F + d, N]``; 0 where unknown.

    Those of the classifier are also within ``FARTHEST``, which its trees do not notice.

    Args:
        features: as they are; known: bool ``[F + d, 1]``.
    """
    segmentation = fitted.segmentation
    scaler, fences = segmentation.scaler, segmentation.fences
    lowest, highest = segmentation.limits
    reach = FARTHEST * scaler.scale_
    means = np.concatenate([scaler.mean_, fences.mean])
    return _emit_scaled(
        graph,
        graph.node("Where", known, features, graph.constant(means[:, None])),
        np.concatenate([np.maximum(lowest, scaler.mean_ - reach), fences.lower]),
        np.concatenate([np.minimum(highest, scaler.mean_ + reach), fences.upper]),
        means,
        np.concatenate([scaler.scale_, fences.deviation]),
    )


def _emit_scaled(graph: Graph, values: str, low: Floats, high: Floats, mean: Floats, scale: Floats) -> str:
    """Values ``[F, N]`` clipped and in standard deviations."""
    if np.isfinite(low).any():
        values = graph.node("Max", values, graph.constant(low[:, None]))
    if np.isfinite(high).any():
        values = graph.node("Min", values, graph.constant(high[:, None]))
    centred = graph.node("Sub", values, graph.constant(mean[:, None]))
    return graph.node("Div", centred, graph.constant(scale[:, None]))


def _emit_novelty(graphs: PatternGraphs, fitted: Fitted, flags: str, points: str) -> str:
    """The novelty ``[1, 1]`` as in ``known_limits``."""
    centroids = np.asarray(fitted.segmentation.kmeans.cluster_centers_, dtype=np.float64).T
    row, weights = graphs.row, emit_novelty_weights(graphs.pattern, fitted, flags)
    weights = graphs.hand_over("novelty_weights", weights, TensorProto.DOUBLE, centroids.shape)
    apart = row.node("Mul", row.node("Sub", points, row.constant(centroids)), weights)
    squares = row.node("ReduceSumSquare", apart, axes=[0], keepdims=1)
    return row.node("Sqrt", row.node("ReduceMin", squares, axes=[1], keepdims=1))


def emit_novelty_weights(graph: Graph, fitted: Fitted, flags: str) -> str:
    """What differences ``[d, K]`` to the centroids are multiplied by, given ``flags [d, 1]``."""
    known = fitted.known
    usual = graph.node("MatMul", graph.constant(known.mean_squares), flags)
    spread = graph.node("Sqrt", graph.node("Max", usual, graph.constant(np.float64(ALIKE**2))))
    position = graph.node("MatMul", graph.constant(known.weights[None, :]), flags)
    limit = graph.node("Gather", graph.constant(known.limits), graph.cast(position, TensorProto.INT64))
    return graph.node("Div", flags, graph.node("Mul", graph.turned(spread), limit))


def _emit_answer(graph: Graph, ids: str, novelty: str, probabilities: str, *more: str) -> None:
    """All of it as one double tensor."""
    number = graph.cast(ids, TensorProto.DOUBLE)
    chances = graph.cast(probabilities, TensorProto.DOUBLE)
    graph.node("Concat", number, novelty, chances, *more, axis=1, output=ANSWER)


def _column_input(name: str, fitted: Fitted) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.DOUBLE, [len(fitted.schema.columns), 1])

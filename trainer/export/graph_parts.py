"""The parts of a model's graph, each a few nodes; ``build_graph`` and ``row_graphs`` put them together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from onnx import TensorProto

from inference.contract import COMPLETE
from trainer.export.converters import emit_classifier, emit_kmeans
from trainer.results.fitted import Fitted
from trainer.results.known_limits import ALIKE
from trainer.schema.features import emit_columns, feature_names
from trainer.schema.kinds.column_kinds import column_kind
from trainer.schema.onnx_graph import Graph

LOWEST_SCORE = np.float32(-80.0)  # its exponential is nothing in float32, but not yet a slow denormal number


def emit_complete(graph: Graph, fitted: Fitted) -> str:
    """Whether every clustering column is known: bool ``[N, 1]``, and ``[N]`` as an output."""
    count = _emit_missing_count(graph, fitted, fitted.schema.clustering_sources)
    complete = graph.node("Not", graph.cast(count, TensorProto.BOOL))
    graph.node("Squeeze", complete, graph.constant(np.array([1])), output=COMPLETE)
    return complete


def _emit_scaled(graph: Graph, fitted: Fitted) -> str:
    """All features ``[F, N]``, clipped, in units of their standard deviation, in double; NaN stays NaN."""
    scaler = fitted.segmentation.scaler
    features = emit_columns(fitted.schema, graph, feature_names(fitted.schema))
    for limit, beyond in zip(fitted.segmentation.limits, ("Less", "Greater"), strict=True):
        if np.isfinite(limit).any():
            bound = graph.constant(limit[:, None])
            features = graph.node("Where", graph.node(beyond, features, bound), bound, features)
    centred = graph.node("Sub", features, graph.constant(scaler.mean_[:, None]))
    return graph.node("Div", centred, graph.constant(scaler.scale_[:, None]))


@dataclass(frozen=True)
class Points:
    """The clustering features ``[d, N]``: in double as they are, and clipped and scaled."""

    raw: str
    scaled: str


@dataclass(frozen=True)
class Said:
    """What an answer consists of: ids and novelty ``[N]``, the others ``[N, K]``."""

    probabilities: str
    ids: str
    novelty: str
    distances: str


def emit_points(graph: Graph, fitted: Fitted) -> Points:
    """The clustering features."""
    fences = fitted.segmentation.fences
    features = raw = emit_columns(fitted.schema, graph, fitted.schema.clustering_features)
    if np.isfinite(fences.lower).any():
        features = graph.node("Max", features, graph.constant(fences.lower[:, None]))
    if np.isfinite(fences.upper).any():
        features = graph.node("Min", features, graph.constant(fences.upper[:, None]))
    centred = graph.node("Sub", features, graph.constant(fences.mean[:, None]))
    return Points(raw=raw, scaled=graph.node("Div", centred, graph.constant(fences.deviation[:, None])))


def emit_centroids(graph: Graph, fitted: Fitted, points: Points) -> Said:
    """What the centroids say about every row; NaN where a clustering column is missing.

    Squared distances are ``|c|^2 - 2 c z + |z|^2``. The nearest centroid and the soft membership (see
    ``trainer.segments.soft_membership``) need only their differences, in which ``|z|^2`` has no part.
    """
    apart = emit_kmeans(graph, fitted.segmentation.kmeans, points.scaled)  # [K, N]
    ids = graph.node("ArgMin", apart, axis=0, keepdims=0)
    least = graph.node("ReduceMin", apart, axes=[0], keepdims=1)
    own = graph.node("ReduceSumSquare", points.scaled, axes=[0], keepdims=1)  # [1, N]
    zero = graph.constant(np.float64(0.0))  # a difference of large numbers can fall below it at a centroid
    distances = graph.node("Sqrt", graph.node("Max", graph.node("Add", apart, own), zero))
    nearest = graph.node("Sqrt", graph.node("Max", graph.node("Add", least, own), zero))
    limit = graph.node("Gather", graph.constant(fitted.far), ids)
    first = graph.constant(np.array([0]))
    scale = graph.constant(np.float64(-fitted.membership_scale))
    scores = graph.cast(graph.node("Mul", graph.node("Sub", apart, least), scale), TensorProto.FLOAT)
    weights = graph.node("Exp", graph.node("Max", scores, graph.constant(LOWEST_SCORE)))
    total = graph.node("ReduceSum", weights, first, keepdims=1)
    return Said(
        probabilities=graph.turned(graph.node("Div", weights, total)),
        ids=ids,
        novelty=graph.node("Div", graph.node("Squeeze", nearest, first), limit),
        distances=graph.turned(distances),
    )


def emit_classified(graph: Graph, fitted: Fitted, points: Points) -> tuple[Said, str]:
    """What is said about rows with an unknown clustering column, and the classifier's own probabilities."""
    scaled = _emit_scaled(graph, fitted)
    opinions = emit_classifier(graph, fitted.classifier, _emit_classifier_inputs(graph, fitted, scaled))
    nothing = _emit_nothing_known(graph, scaled)
    prior = graph.constant(fitted.prior[:, None])
    informed = graph.turned(graph.node("Where", nothing, prior, graph.turned(opinions)))
    said = Said(
        probabilities=informed,
        ids=graph.node("ArgMax", informed, axis=1, keepdims=0),
        novelty=_emit_known_novelty(graph, fitted, points),
        distances="",
    )
    return said, opinions


def _emit_known_novelty(graph: Graph, fitted: Fitted, points: Points) -> str:
    """The novelty ``[N]`` from the known clustering features (see ``trainer.results.known_limits``)."""
    known, centroids = fitted.known, fitted.segmentation.kmeans.cluster_centers_
    missing = graph.node("IsNaN", points.raw)
    flags = graph.cast(graph.node("Not", missing), TensorProto.DOUBLE)
    filled = graph.node("Where", missing, graph.constant(np.float64(0.0)), points.scaled)
    centres = graph.constant(np.asarray(centroids, dtype=np.float64)[:, :, None])
    apart = graph.node("Mul", graph.node("Sub", filled, centres), flags)  # [K, d, N]
    squares = graph.node("ReduceSumSquare", apart, axes=[1], keepdims=0)
    usual = graph.node("MatMul", graph.constant(known.mean_squares), flags)
    ratios = graph.node("Div", squares, graph.node("Max", usual, graph.constant(np.float64(ALIKE**2))))
    least = graph.node("Sqrt", graph.node("ReduceMin", ratios, axes=[0], keepdims=0))
    place = graph.node("MatMul", graph.constant(known.weights), flags)
    limit = graph.node("Gather", graph.constant(known.limits), graph.cast(place, TensorProto.INT64))
    return graph.node("Div", least, limit)


def _emit_classifier_inputs(graph: Graph, fitted: Fitted, scaled: str) -> str:
    """The same as ``fitted_classifier.classifier_inputs`` ``[N, M]``: NaN, or zeros and missing flags."""
    if fitted.classifier.candidate.follows_missing:
        return graph.turned(graph.cast(scaled, TensorProto.FLOAT))
    known = graph.node("Where", graph.node("IsNaN", scaled), graph.constant(np.float64(0.0)), scaled)
    flags = [_emit_missing_flag(graph, fitted, name) for name in fitted.schema.names]
    return graph.cast(graph.node("Concat", graph.turned(known), *flags, axis=1), TensorProto.FLOAT)


def _emit_nothing_known(graph: Graph, scaled: str) -> str:
    """Whether no column is known: bool ``[1, N]``. Each column has a feature that is NaN only where it is."""
    known = graph.cast(graph.node("Not", graph.node("IsNaN", scaled)), TensorProto.FLOAT)
    count = graph.node("ReduceSum", known, graph.constant(np.array([0])), keepdims=1)
    return graph.node("Not", graph.cast(count, TensorProto.BOOL))


def _emit_missing_count(graph: Graph, fitted: Fitted, names: tuple[str, ...]) -> str:
    """How many of the named raw columns are missing: double ``[N, 1]``."""
    flags = graph.node("Concat", *(_emit_missing_flag(graph, fitted, name) for name in names), axis=1)
    return graph.node("ReduceSum", flags, graph.constant(np.array([1])), keepdims=1)


def _emit_missing_flag(graph: Graph, fitted: Fitted, name: str) -> str:
    """Whether a raw column counts as missing: double ``[N, 1]``."""
    spec = next(column for column in fitted.schema.columns if column.name == name)
    return column_kind(spec).emit_missing(spec, graph)

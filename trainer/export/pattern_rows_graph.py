"""A graph for many incomplete customers with the same known columns.

It takes the raw columns, and which of them are known. What depends on nothing else is computed once in each
call, not for each customer, as in the graphs for one customer (see ``one_row_graphs``).
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from inference.contract import NOVELTY, PROBABILITIES, SEGMENT_ID
from inference.contract.parse import KNOWN, PATTERN_ROWS_KEY
from trainer.export.converters import emit_tempered
from trainer.export.one_row_graphs import emit_flags, emit_known, emit_novelty_weights
from trainer.export.row_graphs import rows_model
from trainer.results.fitted import Fitted
from trainer.schema.features import emit_columns, feature_names
from trainer.schema.onnx_graph import Graph
from trainer.schema.pattern_graph import PatternGraphs


def build_pattern_rows(fitted: Fitted) -> dict[str, onnx.ModelProto]:
    """The graph by its key in the metadata, where the classifier has one.

    Probabilities are NaN where a formula of known columns is: it does not answer such customers.
    """
    schema = fitted.schema
    graph = Graph(taken=schema.names)
    known = graph.name(KNOWN)
    sizes = len(feature_names(schema)), len(schema.clustering_features)
    flags = emit_flags(graph, fitted, known)
    of_features, of_points = graph.split_sizes(flags, sizes, axis=0)
    raw = emit_columns(schema, graph, (*feature_names(schema), *schema.clustering_features))
    scaled = emit_known(graph, fitted, raw, graph.cast(flags, TensorProto.BOOL))
    features, points = graph.split_sizes(scaled, sizes, axis=0)
    inputs = graph.cast(features, TensorProto.FLOAT)
    graphs = PatternGraphs(pattern=graph, row=graph, flags=of_features, inputs=inputs)
    plain = fitted.classifier.candidate.emit_one(graphs, fitted.classifier.estimator)
    if plain is None:
        return {}
    probabilities = emit_tempered(graph, plain, fitted.classifier.temperature)
    found = {
        SEGMENT_ID: graph.node("ArgMax", probabilities, axis=1, keepdims=0),
        PROBABILITIES: _emit_sound(graph, fitted, inputs, probabilities),
        NOVELTY: _emit_novelty(graph, fitted, of_points, points),
    }
    columns = helper.make_tensor_value_info(known, TensorProto.DOUBLE, [len(schema.columns), 1])
    return {PATTERN_ROWS_KEY: rows_model(graph, fitted, PATTERN_ROWS_KEY, schema.names, found, columns)}


def _emit_sound(graph: Graph, fitted: Fitted, inputs: str, probabilities: str) -> str:
    """Probabilities ``[N, K]`` with NaN in the rows in which a formula, one of the ``inputs [F, N]``, is."""
    formulas = len(fitted.schema.features)
    if not formulas:
        return probabilities
    first = len(feature_names(fitted.schema)) - formulas
    asked = graph.node("Gather", inputs, graph.constant(np.arange(first, first + formulas)), axis=0)
    nothing = graph.node("Mul", asked, graph.constant(np.float32(0.0)))
    total = graph.node("ReduceSum", nothing, graph.constant(np.array([0])), keepdims=1)
    return graph.turned(graph.node("Add", graph.turned(probabilities), total))


def _emit_novelty(graph: Graph, fitted: Fitted, flags: str, points: str) -> str:
    """The novelty ``[N]`` as in ``known_limits``, of ``points [d, N]``; sums of squares are a product."""
    centroids = np.asarray(fitted.segmentation.kmeans.cluster_centers_, dtype=np.float64)
    segments, width = centroids.shape
    weights = graph.turned(emit_novelty_weights(graph, fitted, flags))
    last = graph.constant(np.array([2]))
    apart = graph.node("Sub", points, graph.constant(centroids[:, :, None]))  # [K, d, N]
    scaled = graph.node("Mul", apart, graph.node("Unsqueeze", weights, last))
    long = graph.node("Reshape", scaled, graph.constant(np.array([segments * width, -1])))
    own = np.repeat(np.eye(segments), width, axis=1)
    squares = graph.node("MatMul", graph.constant(own), graph.node("Mul", long, long))
    return graph.node("Sqrt", graph.node("ReduceMin", squares, axes=[0], keepdims=0))

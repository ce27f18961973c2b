"""K-Means and the chosen classifier as nodes of the graph."""

from __future__ import annotations

import numpy as np
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType
from sklearn.cluster import KMeans

from trainer.classifier.fitted_classifier import Classifier
from trainer.schema.onnx_graph import OPSETS, Graph


def emit_kmeans(graph: Graph, kmeans: KMeans, scaled: str) -> tuple[str, str]:
    """Append K-Means over scaled clustering features ``[N, d]`` in double.

    Returns:
        Names of the nearest centroid's position, int64 ``[N]``, and the distances, double ``[N, K]``.
    """
    width = kmeans.cluster_centers_.shape[1]
    model = convert_sklearn(
        kmeans, initial_types=[("X", DoubleTensorType([None, width]))], target_opset=OPSETS
    )
    root = next(node for node in model.graph.node if node.op_type == "Sqrt")
    names = graph.splice(model, {"X": scaled}, stop_before=root)
    # The squared distance is a difference of large numbers and can fall below zero at a centroid.
    squared = graph.node("Max", names[root.input[0]], graph.constant(np.float64(0.0)))
    return names["label"], graph.node("Sqrt", squared)


def emit_classifier(graph: Graph, classifier: Classifier, inputs: str) -> str:
    """Append the classifier over float32 inputs ``[N, M]``; returns the probabilities, float ``[N, K]``."""
    plain = classifier.candidate.emit(graph, classifier.estimator, inputs)
    if classifier.temperature == 1.0:
        return plain
    powers = graph.node("Pow", plain, graph.constant(np.float32(1.0 / classifier.temperature)))
    total = graph.node("ReduceSum", powers, graph.constant(np.array([1])), keepdims=1)
    return graph.node("Div", powers, total)

"""K-Means and the chosen classifier as nodes of the graph."""

from __future__ import annotations

import numpy as np
from onnx import helper, numpy_helper
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType
from sklearn.cluster import KMeans

from trainer.classifier.fitted_classifier import Classifier
from trainer.schema.onnx_graph import OPSETS, Graph


def emit_kmeans(graph: Graph, kmeans: KMeans, scaled: str) -> str:
    """Append K-Means over scaled clustering features ``[d, N]`` in double, customers side by side.

    The constants are those that skl2onnx writes for ``[N, d]``; its nodes are turned round, which makes many
    customers twice as fast.

    Returns:
        Name of the squared distances without the customer's own square, ``|c|^2 - 2 c z``, double ``[K, N]``.
    """
    width = kmeans.cluster_centers_.shape[1]
    model = convert_sklearn(
        kmeans, initial_types=[("X", DoubleTensorType([None, width]))], target_opset=OPSETS
    )
    known = {each.name: numpy_helper.to_array(each) for each in model.graph.initializer}
    product = next(node for node in model.graph.node if node.op_type == "Gemm")
    factors = {each.name: helper.get_attribute_value(each) for each in product.attribute}
    centroids = known[product.input[1]]
    (squares,) = (
        known[name]
        for node in model.graph.node
        if node.op_type == "Add"
        for name in node.input
        if name in known
    )
    weights = factors["alpha"] * (centroids if factors["transB"] else centroids.T)
    return graph.node("Gemm", graph.constant(weights), scaled, graph.constant(squares[:, None]))


def emit_classifier(graph: Graph, classifier: Classifier, inputs: str) -> str:
    """Append the classifier over float32 inputs ``[N, M]``; returns the probabilities, float ``[N, K]``."""
    plain = classifier.candidate.emit(graph, classifier.estimator, inputs)
    return emit_tempered(graph, plain, classifier.temperature)


def emit_tempered(graph: Graph, plain: str, temperature: float) -> str:
    """Append a temperature of probabilities ``[N, K]``."""
    if temperature == 1.0:
        return plain
    powers = graph.node("Pow", plain, graph.constant(np.float32(1.0 / temperature)))
    total = graph.node("ReduceSum", powers, graph.constant(np.array([1])), keepdims=1)
    return graph.node("Div", powers, total)

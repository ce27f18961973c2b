"""Classifier and K-Means as nodes: skl2onnx and onnxmltools convert, this module fits the result in.

The converters' ``TreeEnsembleClassifier`` becomes a ``TreeEnsembleRegressor`` and a ``Softmax``: the
Classifier answers wrongly for two classes in some runtimes, and breaks ties as none of the libraries does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as XGBoostFloats
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType
from sklearn.cluster import KMeans
from sklearn.ensemble import RandomForestClassifier

from trainer.classifier.candidates import BOOSTED, FOREST, Classifier
from trainer.schema.onnx_graph import ML_DOMAIN, Graph

OPSET = 13  # ai.onnx; with ai.onnx.ml 2 and ir 7 the file loads in onnxruntime 1.15 and everything newer
ML_OPSET = 2
_TARGETS = {"": OPSET, ML_DOMAIN: ML_OPSET}


def emit_kmeans(graph: Graph, kmeans: KMeans, scaled: str) -> tuple[str, str]:
    """Append K-Means over scaled clustering features ``[N, d]`` in double.

    Returns:
        Names of the nearest centroid's position, int64 ``[N]``, and the distances, double ``[N, K]``.
    """
    width = kmeans.cluster_centers_.shape[1]
    model = convert_sklearn(
        kmeans, initial_types=[("X", DoubleTensorType([None, width]))], target_opset=_TARGETS
    )
    root = next(node for node in model.graph.node if node.op_type == "Sqrt")
    names = _splice(graph, model, {"X": scaled}, stop_before=root)
    # The squared distance is a difference of large numbers and can fall below zero at a centroid.
    squared = graph.node("Max", names[root.input[0]], graph.constant(np.float64(0.0)))
    return names["label"], graph.node("Sqrt", squared)


def emit_classifier(graph: Graph, classifier: Classifier, inputs: str) -> str:
    """Append the classifier over float32 inputs ``[N, M]``; returns the probabilities, float ``[N, K]``."""
    plain = _emit_plain(graph, classifier, inputs)
    if classifier.temperature == 1.0:
        return plain
    powers = graph.node("Pow", plain, graph.constant(np.float32(1.0 / classifier.temperature)))
    total = graph.node("ReduceSum", powers, graph.constant(np.array([1])), keepdims=1)
    return graph.node("Div", powers, total)


def _emit_plain(graph: Graph, classifier: Classifier, inputs: str) -> str:
    if classifier.candidate.name == BOOSTED:
        return _emit_boosted(graph, classifier, inputs)
    estimator = classifier.estimator
    model = convert_sklearn(
        estimator,
        initial_types=[("X", FloatTensorType([None, estimator.n_features_in_]))],
        options={"zipmap": False},
        target_opset=_TARGETS,
    )
    if classifier.candidate.name == FOREST:
        return _emit_forest(graph, estimator, _trees(model), inputs)
    return _splice(graph, model, {"X": inputs})["probabilities"]


def _emit_boosted(graph: Graph, classifier: Classifier, inputs: str) -> str:
    width = classifier.estimator.n_features_in_
    model = convert_xgboost(
        classifier.estimator, initial_types=[("X", XGBoostFloats([None, width]))], target_opset=OPSET
    )
    attributes = _trees(model)
    margins = graph.node(
        "TreeEnsembleRegressor",
        inputs,
        domain=ML_DOMAIN,
        n_targets=classifier.segmentation.k,
        base_values=attributes["base_values"],
        target_ids=attributes["class_ids"],
        target_nodeids=attributes["class_nodeids"],
        target_treeids=attributes["class_treeids"],
        target_weights=attributes["class_weights"],
        **_structure(attributes),
    )
    return graph.node("Softmax", margins, axis=1)


def _emit_forest(
    graph: Graph, forest: RandomForestClassifier, attributes: dict[str, Any], inputs: str
) -> str:
    """Leaves weigh what scikit-learn holds in them and the sum is divided once, so ties fall alike."""
    leaves = [
        (tree, node)
        for tree, node, mode in zip(
            attributes["nodes_treeids"], attributes["nodes_nodeids"], attributes["nodes_modes"], strict=True
        )
        if mode == b"LEAF"
    ]
    _check_numbering(forest, attributes)
    classes = len(forest.classes_)
    shares = np.concatenate([forest.estimators_[tree].tree_.value[node, 0] for tree, node in leaves])
    total = graph.node(
        "TreeEnsembleRegressor",
        inputs,
        domain=ML_DOMAIN,
        n_targets=classes,
        target_ids=list(range(classes)) * len(leaves),
        target_nodeids=[node for _, node in leaves for _ in range(classes)],
        target_treeids=[tree for tree, _ in leaves for _ in range(classes)],
        target_weights=shares.astype(np.float32).tolist(),
        **_structure(attributes),
    )
    return graph.node("Div", total, graph.constant(np.float32(len(forest.estimators_))))


def _check_numbering(forest: RandomForestClassifier, attributes: dict[str, Any]) -> None:
    """The converter must number nodes as scikit-learn does, or leaves would get another leaf's weights."""
    trees = np.asarray(attributes["nodes_treeids"])
    true_ids = np.asarray(attributes["nodes_truenodeids"])
    for position, estimator in enumerate(forest.estimators_):
        wanted = np.maximum(estimator.tree_.children_left, 0)  # leaves: -1 there, 0 here
        if not np.array_equal(true_ids[trees == position], wanted):
            raise AssertionError("skl2onnx numbers the nodes of a tree otherwise than scikit-learn")


def _structure(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes that say how the trees branch; Classifier and Regressor share them."""
    return {
        "post_transform": "NONE",
        **{
            name: values
            for name, values in attributes.items()
            if name.startswith("nodes_") and "hitrates" not in name
        },
    }


def _trees(model: onnx.ModelProto) -> dict[str, Any]:
    node = next(node for node in model.graph.node if node.op_type == "TreeEnsembleClassifier")
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def _splice(
    graph: Graph, model: onnx.ModelProto, inputs: dict[str, str], *, stop_before: onnx.NodeProto | None = None
) -> dict[str, str]:
    """Copy a converted model's nodes into ``graph`` under new names; returns old name -> new name."""
    names = dict(inputs)
    for initializer in model.graph.initializer:
        names[initializer.name] = graph.constant(_array(initializer))
    for node in model.graph.node:
        if stop_before is not None and node.name == stop_before.name:
            continue
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        for old in node.output:
            names[old] = graph.name(node.op_type.lower())
        copy.name = f"{node.op_type}_{names[node.output[0]]}"
        copy.input[:] = [names[old] for old in node.input]
        copy.output[:] = [names[old] for old in node.output]
        graph.nodes.append(copy)
    return names


def _array(initializer: onnx.TensorProto) -> NDArray[Any]:
    return numpy_helper.to_array(initializer)

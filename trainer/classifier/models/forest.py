"""Random forest: averages of trees over zeros and missing flags."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.classifier.models.tree_ensemble import distinct_thresholds, emit_trees, tree_attributes
from trainer.schema.onnx_graph import OPSETS, Graph

FOREST_TREES = 40


class ForestCandidate(Candidate):
    """scikit-learn's ``RandomForestClassifier``."""

    name = "random_forest"
    label = "Random forest"
    follows_missing = False
    sizes = ({"max_depth": 9, "min_samples_leaf": 2},)  # one: searching two was most of a run's time

    def fit(
        self,
        inputs: NDArray[np.float32],
        labels: NDArray[np.int64],
        *,
        segments: int,
        settings: Settings,
        seed: int,
    ) -> RandomForestClassifier:
        """Fit on one core; the folds of a cross-validation use the others."""
        del segments
        forest = RandomForestClassifier(n_estimators=FOREST_TREES, random_state=seed, n_jobs=1, **settings)
        return forest.fit(inputs, labels)

    def emit(self, graph: Graph, estimator: RandomForestClassifier, inputs: str) -> str:
        """Leaves keep scikit-learn's weights and the sum is divided once, so ties are broken alike."""
        from skl2onnx import convert_sklearn  # here, because the processes that fit need no converter
        from skl2onnx.common.data_types import FloatTensorType

        model = convert_sklearn(
            estimator,
            initial_types=[("X", FloatTensorType([None, estimator.n_features_in_]))],
            options={"zipmap": False},
            target_opset=OPSETS,
        )
        attributes = tree_attributes(model)
        _check_numbering(estimator, attributes)
        total = emit_trees(graph, inputs, attributes, **_leaves(estimator, attributes))
        return graph.node("Div", total, graph.constant(np.float32(len(estimator.estimators_))))

    def thresholds(self, estimator: RandomForestClassifier) -> Thresholds:
        """The cuts of all trees."""
        positions = np.concatenate([tree.tree_.feature for tree in estimator.estimators_])
        cuts = np.concatenate([tree.tree_.threshold for tree in estimator.estimators_])
        inner = positions >= 0  # leaves have -2
        return distinct_thresholds(positions[inner], cuts[inner])


def _leaves(forest: RandomForestClassifier, attributes: dict[str, Any]) -> dict[str, Any]:
    """The shares of the segments in every leaf, as attributes of the exported trees."""
    nodes = zip(
        attributes["nodes_treeids"], attributes["nodes_nodeids"], attributes["nodes_modes"], strict=True
    )
    leaves = [(tree, node) for tree, node, mode in nodes if mode == b"LEAF"]
    classes = len(forest.classes_)
    shares = np.concatenate([forest.estimators_[tree].tree_.value[node, 0] for tree, node in leaves])
    return {
        "n_targets": classes,
        "target_ids": list(range(classes)) * len(leaves),
        "target_nodeids": [node for _, node in leaves for _ in range(classes)],
        "target_treeids": [tree for tree, _ in leaves for _ in range(classes)],
        "target_weights": shares.astype(np.float32).tolist(),
    }


def _check_numbering(forest: RandomForestClassifier, attributes: dict[str, Any]) -> None:
    """The converter must number nodes as scikit-learn does; otherwise leaves get wrong weights."""
    trees = np.asarray(attributes["nodes_treeids"])
    true_ids = np.asarray(attributes["nodes_truenodeids"])
    for position, estimator in enumerate(forest.estimators_):
        wanted = np.maximum(estimator.tree_.children_left, 0)  # leaves: -1 there, 0 here
        if not np.array_equal(true_ids[trees == position], wanted):
            raise AssertionError("skl2onnx does not number the nodes of a tree as scikit-learn does")

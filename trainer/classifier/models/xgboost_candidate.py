"""XGBoost: boosted trees that handle missing values themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from xgboost import XGBClassifier

from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.classifier.models.moved_cuts import move_cuts
from trainer.classifier.models.pair_nodes import emit_one_of_pairs, emit_pairs
from trainer.classifier.models.pair_table import pair_table
from trainer.classifier.models.tree_ensemble import distinct_thresholds, emit_trees, tree_attributes
from trainer.schema.onnx_graph import OPSETS, Graph
from trainer.schema.pattern_graph import PatternGraphs


class XGBoostCandidate(Candidate):
    """XGBoost's ``XGBClassifier``."""

    name = "xgboost"
    label = "XGBoost"
    follows_missing = True
    sizes = (
        {"max_depth": 2, "n_estimators": 20},
        {"max_depth": 2, "n_estimators": 40},
        {"max_depth": 3, "n_estimators": 40},
    )

    def fit(
        self,
        inputs: NDArray[np.float32],
        labels: NDArray[np.int64],
        *,
        segments: int,
        settings: Settings,
        seed: int,
    ) -> XGBClassifier:
        """Fit on one core; the folds of a cross-validation use the others."""
        boosted = XGBClassifier(
            objective="multi:softprob",
            num_class=segments,
            learning_rate=0.3,
            tree_method="hist",
            random_state=seed,
            n_jobs=1,
            **settings,
        )
        boosted.fit(inputs, labels)
        move_cuts(boosted.get_booster(), inputs)
        return boosted

    def emit(self, graph: Graph, estimator: XGBClassifier, inputs: str) -> str:
        """Margins from the trees that onnxmltools converts, as pairs where they are small, and a Softmax."""
        attributes = _converted(estimator)
        table = pair_table(attributes, segments=estimator.n_classes_)
        if table is not None:
            return graph.node("Softmax", emit_pairs(graph, inputs, table), axis=1)
        margins = emit_trees(
            graph,
            inputs,
            attributes,
            n_targets=estimator.n_classes_,
            base_values=attributes["base_values"],
            target_ids=attributes["class_ids"],
            target_nodeids=attributes["class_nodeids"],
            target_treeids=attributes["class_treeids"],
            target_weights=attributes["class_weights"],
        )
        return graph.node("Softmax", margins, axis=1)

    def emit_one(
        self, graphs: PatternGraphs, estimator: XGBClassifier, *, beside: bool = False
    ) -> str | None:
        """The same for customers with the same known columns, from pairs.

        Args:
            beside: another model's probabilities are NaN where a formula is.
        """
        table = pair_table(_converted(estimator), segments=estimator.n_classes_)
        if table is None:
            return None
        margins = emit_one_of_pairs(graphs, table)
        if not (beside or graphs.many):  # comparisons with NaN are false, which would be an answer
            nothing = graphs.row.node("Mul", graphs.inputs, graphs.row.constant(np.float32(0.0)))
            margins = graphs.row.node("Add", margins, graphs.row.node("ReduceSum", nothing, keepdims=1))
        return graphs.row.node("Softmax", margins, axis=1)

    def thresholds(self, estimator: XGBClassifier) -> Thresholds:
        """The cuts of all trees."""
        frame = estimator.get_booster().trees_to_dataframe()
        inner = frame[frame["Feature"] != "Leaf"]
        positions = inner["Feature"].str.removeprefix("f").astype(int).to_numpy()
        return distinct_thresholds(positions, inner["Split"].to_numpy())


def _converted(estimator: XGBClassifier) -> dict[str, Any]:
    """The attributes of the trees that onnxmltools converts."""
    from onnxmltools import convert_xgboost  # here, because the processes that fit need no converter
    from onnxmltools.convert.common.data_types import FloatTensorType

    inputs = [("X", FloatTensorType([None, estimator.n_features_in_]))]
    return tree_attributes(convert_xgboost(estimator, initial_types=inputs, target_opset=OPSETS[""]))

"""Functions that export the trees of several candidates.

The converters' ``TreeEnsembleClassifier`` becomes a ``TreeEnsembleRegressor``: in some runtimes the former
gives wrong answers for two classes, and it breaks ties in another way than the libraries.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

from trainer.classifier.candidate import Thresholds
from trainer.schema.onnx_graph import ML_DOMAIN, Graph


def tree_attributes(model: onnx.ModelProto) -> dict[str, Any]:
    """The attributes of a converted model's ``TreeEnsembleClassifier``."""
    node = next(node for node in model.graph.node if node.op_type == "TreeEnsembleClassifier")
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def emit_trees(graph: Graph, inputs: str, attributes: dict[str, Any], **leaves: Any) -> str:
    """Append trees with the branches of ``attributes`` and the given weights in their leaves.

    Args:
        inputs: float32 ``[N, M]``.
        attributes: of a converted ``TreeEnsembleClassifier``.
        leaves: ``n_targets``, the ``target_*`` attributes and, where there are any, ``base_values``.

    Returns:
        The name of the sums over the trees, float ``[N, n_targets]``.
    """
    branching = {
        name: values
        for name, values in attributes.items()
        if name.startswith("nodes_") and "hitrates" not in name
    }
    return graph.node(
        "TreeEnsembleRegressor", inputs, domain=ML_DOMAIN, **leaves, post_transform="NONE", **branching
    )


def distinct_thresholds(positions: NDArray[Any], cuts: NDArray[Any]) -> Thresholds:
    """Thresholds by input position, from the position and the cut of every inner node ``[T]``."""
    return {int(each): np.unique(cuts[positions == each].astype(np.float32)) for each in np.unique(positions)}

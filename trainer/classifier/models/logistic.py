"""Logistic regression: the smallest model."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import LinAlgWarning
from sklearn.linear_model import LogisticRegression

from trainer.classifier.candidate import Candidate, Settings, Thresholds
from trainer.schema.onnx_graph import OPSETS, Graph

WIDE = 100  # inputs times segments; the Hessian has the square of this number
_STEPS = {"solver": "lbfgs", "tol": 1e-3, "max_iter": 300}


class LogisticCandidate(Candidate):
    """scikit-learn's ``LogisticRegression`` over zeros and missing flags."""

    name = "logistic_regression"
    label = "Logistic regression"
    follows_missing = False
    sizes = ({"C": 1.0}, {"C": 10.0}, {"C": 100.0})

    def fit(
        self,
        inputs: NDArray[np.float32],
        labels: NDArray[np.int64],
        *,
        segments: int,
        settings: Settings,
        seed: int,
    ) -> LogisticRegression:
        """Fit by Newton steps; in double where single precision is not precise enough.

        The more rows, the weaker the penalty that keeps the Hessian regular. Where that matrix is wide, a
        solver without it is used, whose cost does not grow with its square and which is as accurate.
        """

        def unfitted() -> LogisticRegression:
            return LogisticRegression(solver="newton-cholesky", random_state=seed, **settings)

        if inputs.shape[1] * segments > WIDE:
            return unfitted().set_params(**_STEPS).fit(inputs.astype(np.float64), labels)
        with warnings.catch_warnings():
            warnings.simplefilter("error", LinAlgWarning)
            try:
                return unfitted().fit(inputs, labels)
            except LinAlgWarning:
                return unfitted().fit(inputs.astype(np.float64), labels)

    def emit(self, graph: Graph, estimator: LogisticRegression, inputs: str) -> str:
        """As skl2onnx converts it."""
        from skl2onnx import convert_sklearn  # here, because the processes that fit need no converter
        from skl2onnx.common.data_types import FloatTensorType

        model = convert_sklearn(
            estimator,
            initial_types=[("X", FloatTensorType([None, estimator.n_features_in_]))],
            options={"zipmap": False},
            target_opset=OPSETS,
        )
        return graph.splice(model, {"X": inputs})["probabilities"]

    def thresholds(self, estimator: Any) -> Thresholds:
        """None: a weighted sum has no comparisons."""
        del estimator
        return {}

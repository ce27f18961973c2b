"""Soft membership of complete rows: how certain the nearest centroid is.

``p_k`` is proportional to ``exp(-scale * d_k^2)``: the posterior of a mixture of equal, round Gaussians, the
model that K-Means assumes. Its scale is fitted to how often a segmentation of other customers agrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

SCALE_RANGE = (
    0.05,
    50.0,
)  # outside: all segments equally likely, or certain to the last digit of float32


def soft_membership(distances: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Probabilities ``[N, K]`` from distances ``[N, K]`` in scaled units."""
    scores = distances * distances * -scale
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float64)


def fit_scale(distances: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The scale with the lowest log loss on held-out rows.

    Args:
        distances: ``[N, K]`` to the centroids of a segmentation fitted without these rows.
        labels: ``[N]`` their segments by the segmentation of all rows.
    """

    def log_loss(log_scale: float) -> float:
        scores = distances**2 * -np.exp(log_scale)
        own = np.take_along_axis(scores, labels[:, None], axis=1)[:, 0]
        return float(np.mean(logsumexp(scores, axis=1) - own))

    low, high = np.log(SCALE_RANGE)
    found = minimize_scalar(log_loss, bounds=(low, high), method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))

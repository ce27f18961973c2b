"""One Gaussian per segment, marginalised over what is missing, as a few sums that are linear in the row.

With ``m`` the flags of what is known, ``x`` the row with zeros where it is not, and a segment's specific
variances ``D`` and factors ``W`` (see ``gaussian_fit``), the logarithm of its share times its density is::

    q + (h' M^-1 h - log det M) / 2         up to a term that all segments have in common
    q = log share - sum of m ((x - mean)^2 / D + log D) / 2 + sum of log P(category)
    h = W' (m (x - mean) / D)               M = 1 + W' diag(m / D) W, a matrix of two by two

All of these are linear in ``[x x, x, m]``, so one matrix gives them for every segment and missing pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.classifier.candidate import FARTHEST
from trainer.classifier.models.gaussian_fit import Moments, factorised, shrunken

LEAST_SCORE = -80.0  # the logarithm of a probability that is zero for every purpose
SUMS = 6  # q, h1, h2, and a, b, c of M = [[a, b], [b, c]]


@dataclass(frozen=True, kw_only=True)
class GaussianModel:
    """The fitted Gaussians.

    Attributes:
        coefficients: ``[3F, 6K]`` of squares, values and flags; constants: ``[6K]``, added to the sums.
    """

    coefficients: NDArray[np.float64]
    constants: NDArray[np.float64]

    @property
    def n_features_in_(self) -> int:
        """How many inputs a row has."""
        return len(self.coefficients) // 3

    @property
    def segments(self) -> int:
        """How many segments there are, K."""
        return len(self.constants) // SUMS

    def predict_proba(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities ``[N, K]`` of rows ``[N, F]`` in standard deviations, with NaN for missing."""
        rows = inputs.astype(np.float64)
        known = ~np.isnan(rows)
        values = np.clip(np.where(known, rows, 0.0), -FARTHEST, FARTHEST)
        sums = np.hstack([values * values, values, known]) @ self.coefficients + self.constants
        q, h1, h2, a, b, c = np.split(sums, SUMS, axis=1)
        determinant = a * c - b * b
        explained = ((c * h1 - b * h2) * h1 + (a * h2 - b * h1) * h2) / determinant
        scores = q + 0.5 * (explained - np.log(determinant))
        relative = np.maximum(scores - scores.max(axis=1, keepdims=True), LEAST_SCORE).astype(np.float32)
        powers = np.exp(relative)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class Indicators:
    """The indicators of one column of categories.

    Attributes:
        positions: of the inputs, one for each category beyond the first; their values are 0 or 1, less
            ``means`` and divided by ``scales``.
        chances: ``[K, C]``, the probability of each category in each segment.
    """

    positions: tuple[int, ...]
    means: NDArray[np.float64]
    scales: NDArray[np.float64]
    chances: NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """What the models of a table are made of.

    Attributes:
        moments: of the inputs at ``positions``, which are numbers.
        width: the number of inputs ``F``; those of neither numbers nor categories have no weight.
    """

    moments: Moments
    positions: NDArray[np.intp]
    categories: Sequence[Indicators]
    width: int


def gaussian_models(
    found: Statistics, shrinkage: Sequence[tuple[float, float]], *, steps: int, precision: float
) -> list[GaussianModel]:
    """The model at each of several shrinkages, whose covariances are factorised in one go.

    Args:
        shrinkage: ``pooled_rows`` and ``diagonal`` (see ``gaussian_fit.shrunken``).
        steps, precision: see ``gaussian_fit.factorised``.
    """
    covariances = [shrunken(found.moments, pooled_rows=rows, diagonal=part) for rows, part in shrinkage]
    specific, loadings = factorised(np.concatenate(covariances), steps=steps, precision=precision)
    parts = zip(np.split(specific, len(shrinkage)), np.split(loadings, len(shrinkage)), strict=True)
    return [_model(found, *each) for each in parts]


def _model(found: Statistics, specific: NDArray[np.float64], loadings: NDArray[np.float64]) -> GaussianModel:
    counts, positions, width = found.moments.counts, found.positions, found.width
    segments = len(counts)
    squares, values, flags = (np.zeros((width, SUMS, segments)) for _ in range(3))
    constants = np.zeros((SUMS, segments))
    constants[0] = np.log(np.maximum(counts, 0.5) / counts.sum())
    constants[3] = constants[5] = 1.0
    means, precision = found.moments.means.T, 1.0 / specific.T
    first, second = loadings[:, :, 0].T, loadings[:, :, 1].T
    squares[positions, 0] = -0.5 * precision
    values[positions, 0] = means * precision
    flags[positions, 0] = -0.5 * (means**2 * precision + np.log(specific.T))
    for index, factor in ((1, first), (2, second)):
        values[positions, index] = factor * precision
        flags[positions, index] = -means * factor * precision
    for index, (one, other) in ((3, (first, first)), (4, (first, second)), (5, (second, second))):
        flags[positions, index] = one * other * precision
    for column in found.categories:
        logs = np.log(column.chances)
        for number, position in enumerate(column.positions):
            gain = logs[:, number + 1] - logs[:, 0]
            values[position, 0] = gain * column.scales[number]
            flags[position, 0] = gain * column.means[number]
        flags[column.positions[0], 0] += logs[:, 0]
    joined = np.concatenate([squares, values, flags]).reshape(3 * width, SUMS * segments)
    return GaussianModel(coefficients=joined, constants=constants.reshape(-1))

"""Moments of each segment, their shrinkage, and their form as a diagonal and two factors.

Shrinkage is that of regularised discriminant analysis (Friedman 1989): towards the covariance of all
segments, then towards its diagonal. The factors are the maximum likelihood ones of the shrunken covariance
(Joreskog 1967): with ``S = D + W W'``, whatever is missing is left out in closed form, for any number of
columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FACTORS = 2
RIDGE = 0.01  # added to every variance, in squared standard deviations of the column
LEAST_SPECIFIC = 0.05  # of a column's variance that no factor explains


@dataclass(frozen=True, kw_only=True)
class Moments:
    """Per segment: customers ``[K]``, means ``[K, d]``, covariances ``[K, d, d]``; and the pooled one."""

    counts: NDArray[np.float64]
    means: NDArray[np.float64]
    covariances: NDArray[np.float64]
    pooled: NDArray[np.float64]


def moments(numbers: NDArray[np.float64], labels: NDArray[np.int64], segments: int) -> Moments:
    """Moments of numbers ``[N, d]`` from the cells that are known.

    A covariance from pairs of known cells may have negative eigenvalues; these become zero. A column of which
    a segment knows nothing has the mean and the variance of all rows.
    """
    known = ~np.isnan(numbers)
    filled = np.where(known, numbers, 0.0)
    width = numbers.shape[1]
    overall = filled.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    variance = (np.where(known, numbers - overall, 0.0) ** 2).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    counts = np.bincount(labels, minlength=segments).astype(np.float64)
    means, covariances = np.empty((segments, width)), np.empty((segments, width, width))
    for segment in range(segments):
        own = labels == segment
        cells = known[own].sum(axis=0)
        means[segment] = np.where(cells, filled[own].sum(axis=0) / np.maximum(cells, 1), overall)
        rest = np.where(known[own], numbers[own] - means[segment], 0.0)
        pairs = known[own].T.astype(np.float64) @ known[own]
        covariances[segment] = rest.T @ rest / np.maximum(pairs, 1) + np.diag(np.where(cells, 0.0, variance))
    if not known.all():
        values, vectors = np.linalg.eigh(covariances)
        covariances = (vectors * np.maximum(values, 0.0)[:, None, :]) @ vectors.transpose(0, 2, 1)
    pooled = np.einsum("k,kij->ij", counts, covariances) / counts.sum()
    return Moments(counts=counts, means=means, covariances=covariances, pooled=pooled)


def shrunken(found: Moments, *, pooled_rows: float, diagonal: float) -> NDArray[np.float64]:
    """The covariances ``[K, d, d]``, drawn towards the pooled one as if by ``pooled_rows`` customers.

    Args:
        diagonal: 0 keeps the correlations, 1 leaves them out.
    """
    weights = (found.counts / np.maximum(found.counts + pooled_rows, 1.0))[:, None, None]
    mixed = weights * found.covariances + (1.0 - weights) * found.pooled
    identity = np.eye(mixed.shape[1])
    return (1.0 - diagonal) * mixed + (diagonal * mixed + RIDGE) * identity


def factorised(
    covariances: NDArray[np.float64], *, steps: int, precision: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Specific variances ``[B, d]`` and loadings ``[B, d, 2]`` of covariances ``[B, d, d]``.

    Args:
        steps: at most; precision: the relative change of the specific variances below which it stops.
    """
    count, width, _ = covariances.shape
    loadings = np.zeros((count, width, FACTORS))
    if not width:
        return np.empty((count, 0)), loadings
    total = np.diagonal(covariances, axis1=1, axis2=2)
    least = LEAST_SPECIFIC * total
    specific = np.maximum(0.5 / np.diagonal(np.linalg.inv(covariances), axis1=1, axis2=2), least)
    kept = min(FACTORS, width)
    for _ in range(steps):
        root = np.sqrt(specific)
        values, vectors = np.linalg.eigh(covariances / (root[:, :, None] * root[:, None, :]))
        strength = np.sqrt(np.maximum(values[:, -kept:] - 1.0, 0.0))
        loadings[:, :, :kept] = root[:, :, None] * vectors[:, :, -kept:] * strength[:, None, :]
        before, specific = specific, np.maximum(total - (loadings**2).sum(axis=2), least)
        if (np.abs(specific - before) <= precision * total).all():
            break
    signs = np.where(loadings.sum(axis=1) < 0.0, -1.0, 1.0)  # an eigenvector's sign is arbitrary
    return specific, loadings * signs[:, None, :]

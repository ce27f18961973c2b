"""Look for a valley of density between neighbouring clusters.

A cloud cut in two is as dense at the cut as next to it. Each pair of neighbouring clusters is projected on a
line, and the lowest density between its two peaks is compared with the lower peak (after Hennig 2010,
Advances in Data Analysis and Classification 4).
"""

from __future__ import annotations

import numpy as np

from trainer.segments.structure.batched_kmeans import Floats, Labels

NO_VALLEY = 1.0

_FEWEST_ROWS = 3
_GRID = 160
_NEAR = 0.25  # a peak of a cluster is at most this far from its centroid towards the other
_BEYOND = 0.3  # how far the grid at least reaches beyond each centroid, in distances between both
_OWN_COVARIANCE = 0.9  # the rest of Fisher's covariance is spherical


def gabriel_pairs(centroids: Floats) -> list[tuple[int, int]]:
    """Return the pairs of ``centroids`` [k, d] with no third one nearer to their midpoint.

    >>> gabriel_pairs(np.array([[0.0], [1.0], [2.0]]))
    [(0, 1), (1, 2)]
    """
    k = len(centroids)
    pairs = []
    for i in range(k):
        for j in range(i + 1, k):
            middle = (centroids[i] + centroids[j]) / 2
            squares = ((centroids - middle) ** 2).sum(axis=1)
            squares[[i, j]] = np.inf
            if k == 2 or squares.min() >= ((centroids[i] - middle) ** 2).sum():
                pairs.append((i, j))
    return pairs


def valley(table: Floats, labels: Labels, centroids: Floats) -> float:
    """Return the shallowest valley over all neighbouring pairs: 0 for a gap, 1 for none.

    Args:
        table: [n, d].
        labels: [n].
        centroids: [k, d].
    """
    return max(
        (
            pair_valley(table[labels == i], table[labels == j], centroids[i], centroids[j])
            for i, j in gabriel_pairs(centroids)
        ),
        default=NO_VALLEY,
    )


def pair_valley(first: Floats, second: Floats, start: Floats, end: Floats) -> float:
    """Return the deeper valley of two clusters [m, d] on the line of their centroids and on Fisher's line."""
    if min(len(first), len(second)) < _FEWEST_ROWS:
        return NO_VALLEY
    along = end - start
    if not along.any():
        return NO_VALLEY
    directions: list[Floats] = [along]
    if first.shape[1] > 1:
        directions.append(_fisher(first - start, second - end, along))
    return min(
        line_valley((first - start) @ line / (along @ line), (second - start) @ line / (along @ line))
        for line in directions
    )


def _fisher(first: Floats, second: Floats, along: Floats) -> Floats:
    """Fisher's direction [d] for the pooled covariance of two clusters, given about their centroids."""
    d = len(along)
    pooled = (first.T @ first + second.T @ second) / (len(first) + len(second))
    shrunk = _OWN_COVARIANCE * pooled + ((1 - _OWN_COVARIANCE) * np.trace(pooled) / d + 1e-12) * np.eye(d)
    direction: Floats = np.linalg.solve(shrunk, along)
    return direction


def line_valley(first: Floats, second: Floats) -> float:
    """Return lowest density between the peaks of two clusters on a line, divided by the lower peak.

    Args:
        first: [m], the first cluster's rows, with its centre at 0.
        second: [l], the second cluster's, with its centre at 1.
    """
    sides = (first, second)
    rows = np.concatenate(sides)
    spread = np.sqrt((first.var() * len(first) + second.var() * len(second)) / len(rows))
    grid = np.linspace(min(rows.min(), -_BEYOND), max(rows.max(), 1 + _BEYOND), _GRID)
    density = sum((_density(grid, side, spread) for side in sides), start=np.zeros(_GRID))
    left = np.where(grid <= _NEAR, density, -1).argmax()
    right = np.where(grid >= 1 - _NEAR, density, -1).argmax()
    return float(density[left : right + 1].min() / min(density[left], density[right]))


def _density(grid: Floats, rows: Floats, spread: float) -> Floats:
    """Number of ``rows`` [m] per unit along ``grid``: Gaussian kernels with Silverman's width for m rows.

    Each cluster has its own width; that of a small one would smear a large neighbour over the valley.
    """
    width = max(1.06 * spread * len(rows) ** -0.2, grid[1] - grid[0])
    density: Floats = np.exp(-0.5 * ((grid[:, None] - rows) / width) ** 2).sum(axis=1) / width
    return density

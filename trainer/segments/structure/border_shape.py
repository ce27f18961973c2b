"""Distinguish pieces of one bent strip from separate groups by the shape of clusters at their borders.

Where two groups meet, the rows nearest to the border lie along it: they spread across the line of both
centroids. Where a thin strip is cut, they lie along the strip and hence along that line.
"""

from __future__ import annotations

import numpy as np

from trainer.segments.structure.batched_kmeans import Floats, Labels
from trainer.segments.structure.density_valley import gabriel_pairs

NEAREST_SHARE = 0.25
"""Share of a cluster's rows that are nearest to the border."""

FEWEST_NEAREST = 6


def border_elongation(table: Floats, labels: Labels, centroids: Floats) -> float:
    """Return the largest elongation across a border over all neighbouring clusters; 0 in one column.

    It is the variance of the rows nearest to the border along the line of both centroids, divided by their
    mean variance in the other directions: about .2 for round groups, 1 and more for pieces of a thin strip.

    Args:
        table: [n, d].
        labels: [n].
        centroids: [k, d].
    """
    if table.shape[1] < 2:
        return 0.0
    return max(
        (
            _elongation(table[labels == i], table[labels == j], centroids[j] - centroids[i])
            for i, j in gabriel_pairs(centroids)
        ),
        default=0.0,
    )


def _elongation(first: Floats, second: Floats, line: Floats) -> float:
    length = np.linalg.norm(line)
    if length == 0:
        return 0.0
    direction = line / length
    along, total = 0.0, 0.0
    for rows, sign in ((first, -1), (second, 1)):
        count = max(FEWEST_NEAREST, int(NEAREST_SHARE * len(rows)))
        nearest = rows[np.argsort(sign * (rows @ direction), kind="stable")[:count]]
        centred = nearest - nearest.mean(axis=0)
        along += float(((centred @ direction) ** 2).sum())
        total += float((centred**2).sum())
    across = (total - along) / (len(line) - 1)
    return along / across if across > 0 else 0.0

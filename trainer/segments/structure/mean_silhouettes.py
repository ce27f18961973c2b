"""The mean silhouette of several partitions of one table, from one matrix of distances."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.spatial.distance import cdist

from trainer.segments.structure.batched_kmeans import Floats, Labels

_DISTANCES_AT_ONCE = 500_000


def mean_silhouettes(table: Floats, labellings: Sequence[Labels]) -> Floats:
    """Return the mean silhouette (Rousseeuw 1987) of each labelling.

    Args:
        table: [n, d].
        labellings: each [n]; a number below the largest may be unused.

    >>> mean_silhouettes(np.array([[0.0], [1.0], [4.0]]), [np.array([0, 0, 1])]).round(3).tolist()
    [0.472]
    """
    members = [np.eye(int(labels.max()) + 1)[labels] for labels in labellings]
    stacked = np.hstack(members)
    ends = np.cumsum([m.shape[1] for m in members])[:-1]
    totals = np.zeros(len(labellings))
    step = max(1, _DISTANCES_AT_ONCE // len(table))
    for start in range(0, len(table), step):
        part = slice(start, start + step)
        sums = np.split(cdist(table[part], table) @ stacked, ends, axis=1)
        for i, labels in enumerate(labellings):
            totals[i] += _silhouettes(sums[i], members[i].sum(axis=0), labels[part]).sum()
    return totals / len(table)


def _silhouettes(sums: Floats, sizes: Floats, labels: Labels) -> Floats:
    """Silhouettes of c rows from their summed distances [c, k] to the clusters, of the given sizes [k]."""
    rows = np.arange(len(labels))
    own_size = sizes[labels]
    within = sums[rows, labels] / np.maximum(own_size - 1, 1)
    means = np.divide(sums, sizes, out=np.full_like(sums, np.inf), where=sizes > 0)
    means[rows, labels] = np.inf
    other = means.min(axis=1)
    larger = np.maximum(within, other)
    usable = (larger > 0) & np.isfinite(other) & (own_size > 1)
    values: Floats = np.divide(other - within, larger, out=np.zeros_like(larger), where=usable)
    return values

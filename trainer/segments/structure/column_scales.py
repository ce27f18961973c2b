"""Scale columns by their spread within groups instead of over all rows.

The standard deviation of a column grows with the distance of the groups in it, so standardising shrinks the
very columns that separate groups, and K-Means then cuts across them. Scaling by the spread within the
clusters and clustering again until both agree is K-Means with an adaptive distance (Diday and Govaert 1977,
RAIRO Informatique 11), which fits normal groups with one diagonal covariance (Celeux and Govaert 1995).

On one population the same steps slice a single column, so these scales are only a proposal: they are used
where the groups found with them pass the same test as any others.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import SeedSequence

from trainer.segments.structure.batched_kmeans import Floats, Labels, Search, kmeans_of_table
from trainer.segments.structure.mixture import smallest_bic
from trainer.segments.structure.unimodal import DISCRETE_VALUES

MOST = 4.0
"""A column counts at most this many times as much, or as little, as the columns do on average."""

LEAST_CHANGE = 0.1
"""Smallest logarithm of a factor that justifies a second look at the table."""

_ROUNDS = 5


def scales_within_groups(table: Floats, ks: Sequence[int], seed: SeedSequence) -> Floats | None:
    """Return factors [d] for the columns of ``table`` [n, d], or ``None`` where they would change nothing.

    They belong to the number of groups whose mixture has the smallest BIC. Columns of few different values
    are not enlarged: within a group they hardly vary, whatever the group.
    """
    if table.shape[1] < 2:
        return None
    steps = np.array([len(np.unique(column)) <= DISCRETE_VALUES for column in table.T])
    most = np.where(steps, 1.0, MOST)
    best, best_bic = np.ones(table.shape[1]), smallest_bic(table, np.zeros(len(table), dtype=np.intp))
    for k, s in zip(ks, seed.spawn(len(ks)), strict=True):
        factors, labels = _adapted(table, k, most, s)
        bic = smallest_bic(table, labels)
        if bic < best_bic:
            best, best_bic = factors, bic
    return best if np.abs(np.log(best)).max() > LEAST_CHANGE else None


def _adapted(table: Floats, k: int, most: Floats, seed: SeedSequence) -> tuple[Floats, Labels]:
    """Alternate between clustering the scaled columns and scaling them by their spread within clusters."""
    factors = np.ones(table.shape[1])
    for s in seed.spawn(_ROUNDS):
        labels = kmeans_of_table(table * factors, k, Search(), s).labels[0]
        spread = _spread_within(table, labels)
        relative = np.exp(np.log(spread).mean()) / spread
        new = np.clip(relative, 1 / MOST, most)
        if np.abs(np.log(new / factors)).max() < LEAST_CHANGE / 2:
            break
        factors = new
    return factors, labels


def _spread_within(table: Floats, labels: Labels) -> Floats:
    """Pooled standard deviation [d] of the columns within the clusters, at least a thousandth."""
    members = np.eye(int(labels.max()) + 1)[labels]
    means = members.T @ table / members.sum(axis=0).clip(min=1)[:, None]
    spread: Floats = np.sqrt(((table - means[labels]) ** 2).mean(axis=0)).clip(min=1e-3)
    return spread

"""Other criteria for the number of clusters, as people use them. They are reported and never decide.

On tables of one population the elbow finds 4 or 5 clusters every time; each of the others fails on some kind
of table (``benchmarks/structure`` measures how often).
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.random import SeedSequence
from sklearn.cluster import HDBSCAN

from trainer.parallel import Workers
from trainer.segments.structure.batched_kmeans import (
    Floats,
    Partitions,
    Search,
    kmeans_of_table,
    nearest,
)

STRONG = 0.8
"""Prediction strength from which on clusters count as found (Tibshirani and Walther 2005)."""

GAP_SEARCH = Search(starts=50, tolerance=0, iterations=100)
"""The gap compares inertias, so K-Means must find good ones of the drawn tables, too."""

_NO_INERTIA = 1e-12
_HALVINGS = 10


@dataclass(frozen=True, kw_only=True)
class Gap:
    """The gap statistic of one k and its error; ``None`` where the inertia is zero."""

    k: int
    gap: float | None
    error: float | None


def elbow(ks: Sequence[int], inertias: Sequence[float]) -> int | None:
    """Return the k where the curve of inertias bends most (Satopaa et al. 2011, "kneedle"), if it bends."""
    if len(ks) < 3:
        return None
    from kneed import KneeLocator  # here, because kneed imports matplotlib

    with warnings.catch_warnings(record=True):  # kneed warns where it finds no elbow; the result is then None
        knee = KneeLocator(ks, inertias, curve="convex", direction="decreasing").knee
    return None if knee is None else int(knee)


def gap_statistic(
    table: Floats, ks: Sequence[int], *, draws: int, seed: SeedSequence, workers: Workers
) -> list[Gap]:
    """Compare log inertia with that of tables without clusters (Tibshirani, Walther and Hastie 2001).

    Gap(k) = mean of log W*(k) over the draws - log W(k), where W is the inertia, with the error
    s(k) = sd * sqrt(1 + 1 / draws). The draws are uniform in the box along the principal axes, their
    variant (b). A zero inertia has no logarithm and therefore no gap.

    Args:
        table: [n, d], scaled.
        ks: numbers of clusters, 1 included.
        draws: number of uniform tables.
        seed: of the draws and starts.
        workers: run the draws.
    """
    of_table, of_draws = seed.spawn(2)
    turned = along_principal_axes(table)
    inertias = _inertias(turned, ks, of_table)
    logs = np.log(np.array(workers.map("gap statistic", partial(_drawn, turned, ks), of_draws.spawn(draws))))
    errors = logs.std(axis=0) * np.sqrt(1 + 1 / draws)
    zero = _NO_INERTIA * float((turned**2).sum())
    return [
        Gap(k=k, gap=float(mean - np.log(inertia)), error=float(error))
        if inertia > zero
        else Gap(k=k, gap=None, error=None)
        for k, inertia, mean, error in zip(ks, inertias, logs.mean(axis=0), errors, strict=True)
    ]


def along_principal_axes(table: Floats) -> Floats:
    """Centre ``table`` [n, d] and turn it into the directions of its principal components."""
    centred = table - table.mean(axis=0)
    turned: Floats = centred @ np.linalg.svd(centred, full_matrices=False)[2].T
    return turned


def uniform_like(turned: Floats, seed: SeedSequence) -> Floats:
    """Draw a table [n, d] uniformly from the box around ``turned`` [n, d]."""
    return np.random.default_rng(seed).uniform(turned.min(axis=0), turned.max(axis=0), turned.shape)


def _drawn(turned: Floats, ks: Sequence[int], seed: SeedSequence) -> list[float]:
    return _inertias(uniform_like(turned, seed), ks, seed)


def _inertias(table: Floats, ks: Sequence[int], seed: SeedSequence) -> list[float]:
    return [
        float(kmeans_of_table(table, k, GAP_SEARCH, own).inertias[0])
        for k, own in zip(ks, seed.spawn(len(ks)), strict=True)
    ]


def gap_rule(gaps: Sequence[Gap]) -> int | None:
    """Return the smallest k with Gap(k) >= Gap(k + 1) - s(k + 1), or ``None`` if no k does."""
    for this, following in pairwise(gaps):
        if this.gap is None or following.gap is None or following.error is None:
            return None
        if this.gap >= following.gap - following.error:
            return this.k
    return None


def prediction_strength(table: Floats, ks: Sequence[int], seed: SeedSequence) -> int:
    """Return the largest k whose prediction strength reaches .8 (Tibshirani and Walther 2005), else 1.

    Args:
        table: [n, d], scaled; it is halved ten times.
        ks: numbers of clusters from 2 on, ascending.
        seed: of halves and starts.
    """
    of_halves, of_starts = seed.spawn(2)
    rng = np.random.default_rng(of_halves)
    halves = [np.array_split(rng.permutation(len(table)), 2) for _ in range(_HALVINGS)]
    for k in reversed([k for k in ks if k <= len(table) // 2]):
        strengths = [_strength(table[first], table[second], k, of_starts) for first, second in halves]
        if np.mean(strengths) + np.std(strengths) / np.sqrt(len(strengths)) >= STRONG:
            return k
    return 1


def _strength(train: Floats, test: Floats, k: int, seed: SeedSequence) -> float:
    def fit(table: Floats) -> Partitions:
        return kmeans_of_table(table, k, Search(), seed.spawn(1)[0])

    predicted = nearest(test, fit(train).centroids[0])
    own = fit(test).labels[0]
    shares = []
    for cluster in range(k):
        counts = np.bincount(predicted[own == cluster])
        size = counts.sum()
        if size > 1:
            shares.append((counts * (counts - 1)).sum() / (size * (size - 1)))
    return float(min(shares, default=0))


def hdbscan(table: Floats) -> int:
    """HDBSCAN (Campello, Moulavi and Sander 2013) with clusters of at least 5% of the rows; 1 for none."""
    size = max(5, len(table) // 20)
    return max(1, int(HDBSCAN(min_cluster_size=size, copy=True).fit(table).labels_.max()) + 1)

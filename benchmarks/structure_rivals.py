"""Other ways to find the number of groups, as people use them, on standardised columns.

Each function takes a table [n, d] and a seed and returns a number of groups, 1 for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN
from sklearn.mixture import GaussianMixture

from trainer.segments.structure.batched_kmeans import Partitions, Search, kmeans_of_table, nearest
from trainer.segments.structure.mean_silhouettes import mean_silhouettes

Floats = NDArray[np.float64]
Rival = Callable[[Floats, int], int]

KS = range(1, 11)
FORMS = ("full", "tied", "diag", "spherical")


def _fit(table: Floats, k: int, seed: int) -> Partitions:
    return kmeans_of_table(table, k, Search(), SeedSequence([seed, k]))


def largest_silhouette(table: Floats, seed: int) -> int:
    """The k with the largest mean silhouette (Rousseeuw 1987); it cannot answer 1."""
    ks = KS[1:]
    return ks[int(mean_silhouettes(table, [_fit(table, k, seed).labels[0] for k in ks]).argmax())]


def gap(table: Floats, seed: int) -> int:
    """The gap statistic with uniform draws along the principal axes and the 1-SE rule (Tibshirani 2001)."""
    rng = np.random.default_rng(seed)
    turned = table @ np.linalg.svd(table - table.mean(axis=0), full_matrices=False)[2].T
    low, high = turned.min(axis=0), turned.max(axis=0)
    draws = [rng.uniform(low, high, turned.shape) for _ in range(20)]
    logs = np.array([[np.log(_fit(draw, k, seed).inertias[0]) for k in KS] for draw in draws])
    gaps = logs.mean(axis=0) - [np.log(_fit(turned, k, seed).inertias[0] + 1e-12) for k in KS]
    errors = logs.std(axis=0) * np.sqrt(1 + 1 / len(draws))
    reached = gaps[:-1] >= gaps[1:] - errors[1:]
    return KS[int(reached.argmax())] if reached.any() else KS[-1]


def mixture_bic(table: Floats, seed: int) -> int:
    """The number of components with the smallest BIC over four forms of covariance (as mclust does)."""
    bics = [
        min(
            GaussianMixture(k, covariance_type=form, reg_covar=1e-4, random_state=seed).fit(table).bic(table)
            for form in FORMS
        )
        for k in KS
    ]
    return KS[int(np.argmin(bics))]


def prediction_strength(table: Floats, seed: int) -> int:
    """The largest k whose prediction strength reaches .8 (Tibshirani and Walther 2005), over ten halves."""
    rng = np.random.default_rng(seed)
    halves = [np.array_split(rng.permutation(len(table)), 2) for _ in range(10)]
    for k in reversed(KS[1:]):
        strengths = [_strength(table[first], table[second], k, seed) for first, second in halves]
        if np.mean(strengths) + np.std(strengths) / np.sqrt(len(strengths)) >= 0.8:
            return k
    return 1


def _strength(train: Floats, test: Floats, k: int, seed: int) -> float:
    predicted = nearest(test, _fit(train, k, seed).centroids[0])
    own = _fit(test, k, seed).labels[0]
    shares = []
    for cluster in range(k):
        counts = np.bincount(predicted[own == cluster])
        size = counts.sum()
        if size > 1:
            shares.append((counts * (counts - 1)).sum() / (size * (size - 1)))
    return float(min(shares, default=0))


def hdbscan(table: Floats, seed: int) -> int:
    """HDBSCAN (Campello 2013) with clusters of at least 5% of the rows."""
    size = max(5, len(table) // 20)
    return max(1, int(HDBSCAN(min_cluster_size=size, copy=True).fit(table).labels_.max()) + 1)


def x_means_bic(table: Floats, seed: int) -> int:
    """The k with the best BIC of spherical clusters of one variance (Pelleg and Moore 2000)."""
    rows, d = table.shape
    scores = []
    for k in KS:
        found = _fit(table, k, seed)
        sizes = np.bincount(found.labels[0], minlength=k).clip(min=1)
        variance = max(float(found.inertias[0]) / (d * (rows - k)), 1e-12)
        likelihood = (sizes * np.log(sizes / rows)).sum() - rows * d / 2 * np.log(2 * np.pi * variance)
        parameters = k * (d + 1)
        scores.append(likelihood - d * (rows - k) / 2 - parameters / 2 * np.log(rows))
    return KS[int(np.argmax(scores))]


RIVALS: Mapping[str, Rival] = {
    "largest silhouette": largest_silhouette,
    "gap, 1-SE": gap,
    "mixture BIC": mixture_bic,
    "prediction strength": prediction_strength,
    "HDBSCAN": hdbscan,
    "x-means BIC": x_means_bic,
}

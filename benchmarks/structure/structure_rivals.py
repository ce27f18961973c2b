"""Other ways to find the number of groups, as people use them, on standardised columns.

Each function takes a table [n, d] and a seed and returns a number of groups, 1 for none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture

from trainer.parallel import Workers
from trainer.segments.other_criteria import gap_rule, gap_statistic, hdbscan, prediction_strength
from trainer.segments.structure.batched_kmeans import Partitions, Search, kmeans_of_table
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
    found = gap_statistic(table, KS, draws=20, seed=SeedSequence(seed), workers=Workers())
    return gap_rule(found) or KS[-1]


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


def strength(table: Floats, seed: int) -> int:
    """The largest k whose prediction strength reaches .8 (Tibshirani and Walther 2005), over ten halves."""
    return prediction_strength(table, KS[1:], SeedSequence(seed))


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
    "prediction strength": strength,
    "HDBSCAN": lambda table, seed: hdbscan(table),
    "x-means BIC": x_means_bic,
}

"""Measure whether a clustering reappears in resampled data (bootstrap).

Stable does not mean useful: a 0/1 column gives perfectly stable clusters of its two values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score

from trainer.parallel import Workers
from trainer.segments.cluster_metrics import Floats, Labels, distinct_points, task_seed
from trainer.segments.kmeans import fit_kmeans


@dataclass(frozen=True, kw_only=True)
class Stability:
    """How well one clustering reappears in bootstrap samples.

    Attributes:
        ari_mean: mean adjusted Rand index between the labels of the table and those of the bootstrap fits.
        ari_se: standard error of that mean.
        ari_q10: what nine of ten bootstrap samples reach.
        jaccard: for each cluster in the order of its number, the mean of its best Jaccard similarity.
    """

    ari_mean: float
    ari_se: float
    ari_q10: float
    jaccard: tuple[float, ...]


def clusterwise_jaccard(labels: Labels, found: Labels, *, clusters: int) -> Floats:
    """Return each cluster's Jaccard similarity with the most similar cluster of ``found``.

    The similarity of two sets of rows is |A and B| / |A or B|.

    Args:
        labels: [m] in 0..clusters-1, the clustering to measure, on the rows of both clusterings.
        found: [m], the other clustering of the same rows.
        clusters: how many clusters the first clustering has.

    Returns:
        [clusters], NaN for a cluster none of whose rows is present.

    >>> clusterwise_jaccard(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0]), clusters=2).round(3).tolist()
    [0.667, 0.5]
    """
    shared = np.zeros((clusters, int(found.max()) + 1))
    np.add.at(shared, (labels, found), 1)
    sizes = shared.sum(axis=1, keepdims=True)
    best: Floats = (shared / (sizes + shared.sum(axis=0) - shared).clip(min=1)).max(axis=1)
    return np.where(sizes[:, 0] > 0, best, np.nan)


def assess_stability(
    features: Floats,
    labellings: Sequence[Labels],
    *,
    bootstraps: int,
    n_init: int,
    seed: SeedSequence,
    workers: Workers,
) -> list[Stability]:
    """Measure each clustering of ``features`` on the same bootstrap samples.

    A sample draws N rows with replacement and is clustered again. The adjusted Rand index compares the
    labels of all N rows with their nearest new centroids. The clusterwise Jaccard similarity is
    that of Hennig (2007, section 3): both clusterings are restricted to the rows that were drawn, each
    counted once; the original cluster is compared with the most similar new one; the mean is over the
    samples in which the cluster has a row. Hennig reads >= 0.75 as valid and < 0.6 as not to be trusted.

    Args:
        features: [N, d].
        labellings: each [N], clusters numbered from 0 without gaps.
        bootstraps: number of samples, at least 2.
        n_init: starts of each K-Means; with one start the figures show the algorithm's own variation.
        seed: spawned once per sample.
        workers: run the samples.
    """
    once = partial(_bootstrap, features, labellings, n_init)
    answers = workers.map("bootstrap", once, seed.spawn(bootstraps))
    return [_summarise([answer[i] for answer in answers]) for i in range(len(labellings))]


def _bootstrap(
    features: Floats, labellings: Sequence[Labels], n_init: int, seed: SeedSequence
) -> list[tuple[float, Floats]]:
    """Return (adjusted Rand index, clusterwise Jaccard) of each clustering for one bootstrap sample."""
    rows = np.random.default_rng(seed).integers(0, len(features), len(features))
    drawn = np.unique(rows)
    sample = features[rows]
    points = distinct_points(sample)
    answers = []
    for labels in labellings:
        clusters = int(labels.max()) + 1
        model = fit_kmeans(sample, min(clusters, points), n_init=n_init, seed=task_seed(seed))
        found: NDArray[np.intp] = model.predict(features).astype(np.intp)
        jaccard = clusterwise_jaccard(labels[drawn], found[drawn], clusters=clusters)
        answers.append((float(adjusted_rand_score(labels, found)), jaccard))
    return answers


def _summarise(answers: Sequence[tuple[float, Floats]]) -> Stability:
    aris = np.array([ari for ari, _ in answers])
    jaccards = np.vstack([jaccard for _, jaccard in answers])
    seen = ~np.isnan(jaccards)
    means = np.nansum(jaccards, axis=0) / seen.sum(axis=0).clip(min=1)
    return Stability(
        ari_mean=float(aris.mean()),
        ari_se=float(aris.std(ddof=1) / np.sqrt(len(aris))),
        ari_q10=float(np.quantile(aris, 0.1)),
        jaccard=tuple(means.tolist()),
    )

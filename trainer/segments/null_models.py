"""Tables without segments, to measure which silhouette chance alone reaches.

Two columns of pure noise score 0.40 to 0.43, so a silhouette has no meaning without a null model. There are
two null models, both with exactly the columns' own values: one without any relation between columns, one with
the table's own rank correlation and nothing else. The second is needed because one elongated cloud, cut into
stable slices, exceeds the first.

Known limit: both null models keep the distribution of each column. Groups on the corners of a square, where
each column has two clusters of values, reappear when the columns are permuted, and are therefore not
distinguished from chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.random import Generator, SeedSequence
from scipy.stats import rankdata

from trainer.parallel import Workers
from trainer.segments.cluster_metrics import Floats, fit_labels, silhouettes, task_seed

MIN_DRAWS = 19
"""With fewer draws no limit has a 5% level: chance exceeds the largest of 19 once in 20 times."""


@dataclass(frozen=True, kw_only=True)
class Null:
    """Silhouettes of tables without segments.

    Attributes:
        means: for each k, the mean over the draws.
        limits: for each k, the 95% limit at that k alone.
        limit: the 95% limit of the largest silhouette over all k, which a real structure must exceed.
    """

    means: tuple[float, ...]
    limits: tuple[float, ...]
    limit: float


def permuted(raw: Floats, rng: Generator) -> Floats:
    """Return ``raw`` [N, r] with each column shuffled separately: it keeps its values, but no relations."""
    shuffled: Floats = rng.permuted(raw, axis=0)
    return shuffled


def copula_correlation(raw: Floats) -> Floats:
    """Return the correlations [r, r] of the Gaussian copula with the rank correlation of ``raw`` [N, r].

    Spearman's rho of a Gaussian pair with correlation c is 6/pi asin(c / 2), hence c = 2 sin(pi rho / 6)
    (Pearson 1907). The resulting matrix may be slightly indefinite; negative eigenvalues are then set to zero
    and the diagonal is scaled to one.
    """
    rho = np.atleast_2d(np.corrcoef(rankdata(raw, axis=0), rowvar=False))
    correlation: Floats = 2 * np.sin(np.pi * rho / 6)
    values, vectors = np.linalg.eigh(correlation)
    if values.min() >= 0:
        return correlation
    repaired: Floats = (vectors * values.clip(min=0)) @ vectors.T
    scale = np.sqrt(np.diag(repaired))
    repaired /= np.outer(scale, scale)
    return repaired


def copula_draw(raw: Floats, correlation: Floats, rng: Generator) -> Floats:
    """Return a table [N, r] with the values of ``raw``'s columns and the relations of one Gaussian cloud.

    Normal rows with the given correlation are drawn and each of their ranks is replaced by the value of
    that rank in the column, so every column keeps exactly its own values.
    """
    values, vectors = np.linalg.eigh(correlation)
    factor = vectors * np.sqrt(values.clip(min=0))
    cloud = rng.standard_normal(raw.shape) @ factor.T
    ranks = cloud.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(raw, axis=0), ranks, axis=0)


def null_silhouettes(
    tables: Sequence[Floats],
    ks: Sequence[int],
    *,
    n_init: int,
    seeds: Sequence[SeedSequence],
    label: str,
    workers: Workers,
) -> Null:
    """Cluster tables without segments for each k and summarise their silhouettes.

    Args:
        tables: scaled features [N, d], one for each draw; at least 19 draws.
        ks: numbers of clusters, the same as for the real table.
        n_init: starts of each K-Means, the same as for the real table.
        seeds: one for each draw.
        label: of the reported progress.
        workers: run the draws.
    """
    once = partial(_mean_silhouettes, ks, n_init)
    scores = np.array(workers.map(label, once, list(zip(tables, seeds, strict=True))))
    return Null(
        means=tuple(scores.mean(axis=0).tolist()),
        limits=tuple(limit_95(column) for column in scores.T),
        limit=limit_95(scores.max(axis=1)),
    )


def _mean_silhouettes(ks: Sequence[int], n_init: int, task: tuple[Floats, SeedSequence]) -> list[float]:
    features, seed = task
    labellings = fit_labels(features, ks, n_init=n_init, seed=task_seed(seed))
    return [float(values.mean()) for values in silhouettes(features, labellings)]


def limit_95(values: Floats) -> float:
    """Return the value that a further draw of the same kind exceeds with a probability of at most 5%.

    It is the draw of rank 0.95 (draws + 1), rounded up: the largest of 19, the second largest of 39.
    """
    if len(values) < MIN_DRAWS:
        raise ValueError(f"a 95% limit needs at least {MIN_DRAWS} draws; found {len(values)}; draw more")
    rank = -(-19 * (len(values) + 1) // 20)
    return float(np.sort(values)[rank - 1])

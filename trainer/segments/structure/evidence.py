"""Measure everything the choice of the number of segments depends on, for every k of a range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import SeedSequence

from trainer.parallel import Workers
from trainer.segments.structure.batched_kmeans import Floats, Partitions, Search, kmeans_of_table, kmeans_of_tables
from trainer.segments.structure.density_valley import valley
from trainer.segments.structure.mean_silhouettes import mean_silhouettes
from trainer.segments.structure.mixture import smallest_bic
from trainer.segments.structure.one_population import OnePopulation, fit_one_population
from trainer.segments.structure.path_valley import PathDistances
from trainer.segments.structure.resampled_fits import Returns, joined, resampled

MANY_CLUSTERS = 6
"""From more clusters than this on, K-Means has many optima and gets more starts."""

_STARTS, _STARTS_OF_MANY = 20, 50


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What was measured on one scaled table [n, d] for K numbers of clusters.

    Attributes:
        ks: [K], ascending.
        partitions: [K], each with B = 1.
        silhouettes: [K], mean silhouettes.
        null: [B, K], mean silhouettes of B tables of one population.
        returns: [K], how each partition came back in bootstrap samples.
        valleys: [K], shallowest valley of density on straight lines.
        path_valleys: [K], the same along the data.
        bics: smallest BIC of a mixture for each k of ``bic_ks``, 1 first.
    """

    ks: tuple[int, ...]
    partitions: tuple[Partitions, ...]
    silhouettes: Floats
    null: Floats
    returns: tuple[Returns, ...]
    valleys: tuple[float, ...]
    path_valleys: tuple[float, ...]
    bics: tuple[float, ...]


def fits(table: Floats, ks: Sequence[int], seed: SeedSequence) -> tuple[Partitions, ...]:
    """Fit K-Means to ``table`` [n, d] for each k until nothing moves."""
    return tuple(
        kmeans_of_table(
            table, k, Search(starts=_STARTS if k <= MANY_CLUSTERS else _STARTS_OF_MANY, tolerance=0), s
        )
        for k, s in zip(ks, seed.spawn(len(ks)), strict=True)
    )


def null_silhouettes(
    population: OnePopulation, rows: int, ks: Sequence[int], draws: int, seed: SeedSequence, workers: Workers
) -> Floats:
    """Return the mean silhouettes [draws, K] that K-Means reaches on tables of one population."""
    of_tables, of_starts = seed.spawn(2)
    rng = np.random.default_rng(of_tables)
    tables = np.stack([population.draw(rows, rng) for _ in range(draws)])
    found = kmeans_of_tables(tables, ks, Search(), of_starts, workers)
    pairs = [(tables[b], [part.labels[b] for part in found]) for b in range(draws)]
    return np.array(workers.map("silhouettes", lambda pair: mean_silhouettes(*pair), pairs))

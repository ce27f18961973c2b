"""Test the largest standardised silhouette over all k against tables of one population.

The silhouette that chance reaches differs with k, so each k has its own mean and standard deviation, and the
largest deviation over all k has one limit (Westfall and Young 1993, the maxT method).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import SeedSequence

from trainer.parallel import Workers
from trainer.segments.structure.batched_kmeans import Floats, Search, kmeans_of_tables
from trainer.segments.structure.mean_silhouettes import mean_silhouettes
from trainer.segments.structure.one_population import OnePopulation

OPEN = (0.01, 0.15)
"""Between these p-values more tables are drawn (Besag and Clifford 1991; Gandy 2009, JASA 104)."""

CLEAR = 1.5
"""A z this many times the largest one of every table drawn needs no further draws."""

MORE_DRAWS = 40

_LEAST_DEVIATION = 1e-6


@dataclass(frozen=True, kw_only=True)
class NullSilhouettes:
    """Mean silhouettes [B, K] of B tables of one population."""

    values: Floats

    @property
    def means(self) -> Floats:
        """Means [K]."""
        means: Floats = self.values.mean(axis=0)
        return means

    @property
    def deviations(self) -> Floats:
        """Standard deviations [K]."""
        deviations: Floats = self.values.std(axis=0, ddof=1).clip(min=_LEAST_DEVIATION)
        return deviations

    @property
    def largest(self) -> Floats:
        """The largest z over all k of each table [B]."""
        largest: Floats = ((self.values - self.means) / self.deviations).max(axis=1)
        return largest

    def z(self, silhouettes: Floats) -> Floats:
        """Standardise silhouettes [K]."""
        return (silhouettes - self.means) / self.deviations

    def limit(self, level: float) -> float:
        """Return what a further table of one population exceeds with at most this probability."""
        draws = len(self.values)
        rank = int(np.ceil((1 - level) * (draws + 1) - 1e-9))
        return float(np.sort(self.largest)[min(rank, draws) - 1])

    def p_value(self, z: float) -> float:
        """Return the share of tables, this one included, whose largest z is at least ``z``."""
        return float((1 + (self.largest >= z).sum()) / (1 + len(self.values)))

    def is_open(self, z: float) -> bool:
        """Whether more draws could change what ``z`` is judged to be."""
        low, high = OPEN
        return low <= self.p_value(z) <= high and z < CLEAR * float(self.largest.max())


@dataclass(frozen=True, kw_only=True)
class Draws:
    """How tables of one population like a table are drawn and clustered: rows, k and seed."""

    population: OnePopulation
    rows: int
    ks: Sequence[int]
    seed: SeedSequence
    workers: Workers

    def silhouettes(self, draws: int) -> Floats:
        """Return mean silhouettes [draws, K]; each call draws further tables."""
        of_tables, of_starts = self.seed.spawn(2)
        rng = np.random.default_rng(of_tables)
        tables = np.stack([self.population.draw(self.rows, rng) for _ in range(draws)])
        found = kmeans_of_tables(tables, self.ks, Search(), of_starts, self.workers)
        pairs = [(tables[b], [partitions.labels[b] for partitions in found]) for b in range(draws)]
        return np.array(self.workers.map("silhouettes", lambda pair: mean_silhouettes(*pair), pairs))


def drawn_until_clear(
    draws: Draws, z_of: Callable[[NullSilhouettes], float | None], *, first: int, most: int
) -> NullSilhouettes:
    """Draw ``first`` tables, and more up to ``most`` while the answer is open.

    Args:
        draws: where tables come from.
        z_of: the largest z that counts under a null, or ``None`` if more draws cannot change the answer.
        first, most: numbers of draws.
    """
    null = NullSilhouettes(values=draws.silhouettes(first))
    while len(null.values) < most:
        z = z_of(null)
        if z is None or not null.is_open(z):
            break
        more = draws.silhouettes(min(MORE_DRAWS, most - len(null.values)))
        null = NullSilhouettes(values=np.concatenate([null.values, more]))
    return null

"""Test whether a partition reappears when the rows are resampled (bootstrap)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import SeedSequence
from numpy.typing import NDArray

from trainer.parallel import Workers
from trainer.segments.structure.batched_kmeans import Floats, Labels, Search, kmeans_of_tables, nearest


@dataclass(frozen=True, kw_only=True)
class Returns:
    """How well one partition reappeared in B bootstrap samples.

    Attributes:
        aris: [B], adjusted Rand index of all rows between the partition and that of the sample's centroids.
        jaccards: [B, k], for each cluster its similarity to the most similar cluster of the sample (Hennig
            2007, section 3), on the rows the sample drew; NaN where it drew none of the cluster's.
    """

    aris: Floats
    jaccards: Floats

    @property
    def ari(self) -> float:
        """The mean adjusted Rand index."""
        return float(self.aris.mean())

    @property
    def ari_error(self) -> float:
        """Standard error of that mean."""
        return float(self.aris.std(ddof=1) / np.sqrt(len(self.aris)))

    @property
    def weakest_jaccard(self) -> float:
        """The smallest over the clusters of the mean Jaccard similarity."""
        seen = ~np.isnan(self.jaccards)
        return float((np.nansum(self.jaccards, axis=0) / seen.sum(axis=0).clip(min=1)).min())


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many samples to draw: ``first``, and up to ``most`` while a mean ARI is near ``limit``."""

    first: int
    most: int
    limit: float

    def is_open(self, found: Returns) -> bool:
        """Whether the mean ARI is within two standard errors of the limit and samples are left."""
        return len(found.aris) < self.most and abs(found.ari - self.limit) < 2 * found.ari_error


def resampled(
    table: Floats, labellings: Sequence[Labels], samples: int, seed: SeedSequence, workers: Workers
) -> list[Returns]:
    """Cluster ``samples`` bootstrap samples of ``table`` [n, d] and compare them with each labelling [n]."""
    of_rows, of_starts = seed.spawn(2)
    rows = np.random.default_rng(of_rows).integers(0, len(table), (samples, len(table)))
    drawn = np.zeros(rows.shape, dtype=bool)
    np.put_along_axis(drawn, rows, values=True, axis=1)
    ks = [int(labels.max()) + 1 for labels in labellings]
    fits = kmeans_of_tables(table[rows], ks, Search(), of_starts, workers)
    return [
        compared(labels, nearest(table, fit.centroids), drawn, k)
        for labels, fit, k in zip(labellings, fits, ks, strict=True)
    ]


def resampled_until_clear(
    table: Floats, labellings: Sequence[Labels], plan: Plan, seed: SeedSequence, workers: Workers
) -> list[Returns]:
    """Draw samples as planned, more of them for each labelling whose mean ARI is near the limit."""
    returns = resampled(table, labellings, plan.first, seed, workers)
    while open_ones := [i for i, found in enumerate(returns) if plan.is_open(found)]:
        samples = min(plan.first, plan.most - len(returns[open_ones[0]].aris))
        more = resampled(table, [labellings[i] for i in open_ones], samples, seed, workers)
        for i, found in zip(open_ones, more, strict=True):
            returns[i] = _joined(returns[i], found)
    return returns


def _joined(first: Returns, second: Returns) -> Returns:
    return Returns(
        aris=np.concatenate([first.aris, second.aris]),
        jaccards=np.concatenate([first.jaccards, second.jaccards]),
    )


def compared(labels: Labels, found: Labels, drawn: NDArray[np.bool_], k: int) -> Returns:
    """Compare ``labels`` [n] with ``found`` [B, n]."""
    samples, rows = found.shape
    cells = (np.arange(samples)[:, None] * k + labels) * k + found
    shape = (samples, k, k)
    every = np.bincount(cells.ravel(), minlength=samples * k * k).reshape(shape)
    seen = np.bincount(cells[drawn], minlength=samples * k * k).reshape(shape)
    return Returns(aris=_rand(every, rows), jaccards=_jaccard(seen))


def _pairs(counts: NDArray[np.intp]) -> Floats:
    pairs: Floats = counts * (counts - 1) / 2
    return pairs


def _rand(counts: NDArray[np.intp], rows: int) -> Floats:
    """Adjusted Rand index (Hubert and Arabie 1985) of contingency tables [B, k, k]."""
    both = _pairs(counts).sum(axis=(1, 2))
    first, second = _pairs(counts.sum(axis=2)).sum(axis=1), _pairs(counts.sum(axis=1)).sum(axis=1)
    expected = first * second / (rows * (rows - 1) / 2)
    room = (first + second) / 2 - expected
    index: Floats = np.divide(both - expected, room, out=np.ones_like(room), where=room > 0)
    return index


def _jaccard(counts: NDArray[np.intp]) -> Floats:
    """Best Jaccard similarity of each row cluster of contingency tables [B, k, k]; NaN for an empty one."""
    sizes = counts.sum(axis=2, keepdims=True)
    unions = sizes + counts.sum(axis=1, keepdims=True) - counts
    best: Floats = (counts / unions.clip(min=1)).max(axis=2)
    return np.where(sizes[:, :, 0] > 0, best, np.nan)

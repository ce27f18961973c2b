"""How unusual an incomplete customer is, from the clustering features that are known.

A customer's squared distance to a centroid over the known features is compared with the mean of the segment's
own customers over the same features, and the smallest ratio of the segments counts. What 1% of new customers
exceed is measured on held-out ones, as for complete customers (see ``fitted.far_distances``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.schema.order_statistics import rounded_up

NOVEL_QUANTILE = 0.99
ALIKE = 1e-6  # in standard deviations; a distance below it is rounding
EACH_PATTERN = 6  # clustering features up to which each set of known ones has a limit of its own
SETS = 40  # of one size, drawn at random, where there are more features

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class KnownLimits:
    """What the novelty of incomplete customers is computed from.

    Attributes:
        mean_squares: ``[K, d]``, of a segment's customers to its centroid, per feature.
        weights: ``[d]``; the sum over the known features is the position in ``limits``.
        limits: ``[P]``, the ratio that 1% of new customers exceed; the first, for nothing known, is NaN.
    """

    mean_squares: Floats
    weights: Floats
    limits: Floats

    def novelty(self, points: Floats, centroids: Floats) -> Floats:
        """The novelty ``[N]`` of scaled features ``[N, d]``, NaN where nothing is known."""
        known = ~np.isnan(points)
        flags = known.astype(np.float64)
        filled = np.where(known, points, 0.0)
        apart = (filled[:, None, :] - centroids[None, :, :]) * flags[:, None, :]
        usual = np.maximum(flags @ self.mean_squares.T, ALIKE**2)
        ratio = np.sqrt((apart**2).sum(axis=2) / usual).min(axis=1)
        return np.asarray(ratio / self.limits[np.rint(flags @ self.weights).astype(np.int64)])


def known_limits(gaps: Floats, customers: int, *, seed: int = 0) -> KnownLimits:
    """Measure the limits.

    Args:
        gaps: ``[M, K, d]`` squared differences to the centroids in scaled units, best of customers that these
            were not fitted on.
        customers: how many different ones they are; each has as many rows.
        seed: of the sets that are drawn where there are many features.
    """
    total, segments, features = gaps.shape
    own = gaps.sum(axis=2).argmin(axis=1)
    copies = total / customers
    counts = np.bincount(own, minlength=segments)
    own_gaps = gaps[np.arange(total), own]
    sums = np.stack([np.bincount(own, column, minlength=segments) for column in own_gaps.T], axis=1)
    usual = _usual(sums / np.maximum(counts, 1)[:, None], own_gaps.mean(axis=0))
    others = np.maximum(counts[own] - copies, 1.0)[:, None]
    left_out = _usual(np.maximum(sums[own] - copies * own_gaps, 0.0) / others, own_gaps.mean(axis=0))
    every = np.repeat(usual[None], total, axis=0)
    every[np.arange(total), own] = left_out
    each_pattern = features <= EACH_PATTERN
    weights = np.power(2.0, np.arange(float(features))) if each_pattern else np.ones(features)
    rank = min(customers, np.ceil((customers + 1) * NOVEL_QUANTILE))
    limits = [np.nan]
    for masks in _sets(features, each_pattern=each_pattern, seed=seed):
        ratios = [np.sqrt((gaps @ mask) / np.maximum(every @ mask, ALIKE**2)).min(axis=1) for mask in masks]
        index = round(rank * copies * len(masks)) - 1
        limits.append(max(float(np.sort(np.concatenate(ratios))[index]), ALIKE))
    return KnownLimits(
        mean_squares=rounded_up(usual.ravel()).reshape(usual.shape),
        weights=weights,
        limits=np.concatenate([[np.nan], rounded_up(np.array(limits[1:]))]),
    )


def _usual(mean_squares: Floats, overall: Floats) -> Floats:
    """Mean squares without zeros: where customers are all alike, those of all customers, or 1."""
    spare = np.where(overall > ALIKE**2, overall, 1.0)
    return np.asarray(np.where(mean_squares > ALIKE**2, mean_squares, spare))


def _sets(features: int, *, each_pattern: bool, seed: int) -> list[Floats]:
    """Masks ``[S, d]`` of known features, those of one limit together, in the order of the limits."""
    if each_pattern:
        numbers = np.arange(1, 2**features)
        return list(((numbers[:, None] >> np.arange(features)) & 1).astype(np.float64)[:, None, :])
    rng = np.random.default_rng(seed)
    found = []
    for size in range(1, features + 1):
        masks = np.zeros((SETS, features))
        for mask in masks:
            mask[rng.permutation(features)[:size]] = 1.0
        found.append(np.unique(masks, axis=0))
    return found

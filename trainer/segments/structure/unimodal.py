"""The unimodal distribution closest to a column, and Hartigan's dip.

A unimodal distribution function is convex up to its mode and concave after it. For a mode at one of the
values, the closest such function is the greatest convex minorant of the empirical one before the mode and
the least concave majorant after it (Hartigan and Hartigan 1985, Annals of Statistics 13); their slopes are
isotonic regressions of the slopes of the empirical function. The mode is where the larger of both distances
is smallest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from trainer.segments.structure.batched_kmeans import Floats

DISCRETE_VALUES = 15
"""A column with at most this many different values is a scale of steps, not a continuous amount."""

DIP_LIMIT = 0.43
"""Square root of n times ``dip``, which 5 of 100 uniform columns of 1,000 rows exceed (fewer rows: .40)."""


@dataclass(frozen=True, kw_only=True)
class UnimodalColumn:
    """A unimodal distribution: its function rises linearly (or, if ``discrete``, jumps) at ``values``.

    Attributes:
        values: [v], ascending.
        heights: [v], the distribution function at each value; the last is 1.
        discrete: whether only the values themselves occur.
    """

    values: Floats
    heights: Floats
    discrete: bool

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the quantile of each probability, in the same shape."""
        if self.discrete:
            positions = np.searchsorted(self.heights, probabilities)
            drawn: Floats = self.values[positions.clip(max=len(self.values) - 1)]
            return drawn
        return np.interp(probabilities, self.heights, self.values)


def closest_unimodal(column: Floats) -> UnimodalColumn:
    """Return the unimodal distribution closest to the values of ``column`` [n].

    A column of few different values stays discrete: its shares rise up to the mode and fall after it, with
    the mode for which they are closest to the shares seen (least squares).
    """
    values, counts = np.unique(column, return_counts=True)
    shares = counts / len(column)
    if len(values) <= DISCRETE_VALUES:
        heights = _unimodal_shares(shares).cumsum()
        return UnimodalColumn(values=values, heights=heights / heights[-1], discrete=True)
    heights = shares.cumsum()
    return UnimodalColumn(values=values, heights=_closest(values, heights)[0], discrete=False)


def dip(column: Floats) -> float:
    """Return the dip of ``column`` [n]: its distance to the closest unimodal distribution.

    It is half the distance of the distribution above, which comes close to Hartigan's dip and is smaller by
    about a tenth; compare it with ``DIP_LIMIT``, not with published tables.
    """
    values, counts = np.unique(column, return_counts=True)
    if len(values) < 4:
        return 0.0
    return _closest(values, counts.cumsum() / len(column))[1] / 2


def _unimodal_shares(shares: Floats) -> Floats:
    best, least = shares, np.inf
    for mode in range(len(shares)):
        rising = isotonic_regression(shares[: mode + 1]).x
        falling = isotonic_regression(shares[mode:], increasing=False).x
        fitted = np.concatenate([rising[:-1], [max(rising[-1], falling[0])], falling[1:]])
        error = float(((fitted - shares) ** 2).sum())
        if error < least:
            best, least = fitted, error
    return best


def _closest(values: Floats, heights: Floats) -> tuple[Floats, float]:
    """Return the closest unimodal heights and their distance to ``heights``.

    The distance before the mode grows with the mode, that after it falls: bisection finds the best mode.
    """
    low, high = 0, len(values) - 1
    while high - low > 1:
        middle = (low + high) // 2
        before, after = _sides(values, heights, middle)
        if _distance(before, heights[: middle + 1]) < _distance(after, heights[middle:]):
            low = middle
        else:
            high = middle
    answers = []
    for mode in (low, high):
        before, after = _sides(values, heights, mode)
        fitted = np.concatenate([before[:-1], after])
        answers.append((_distance(fitted, heights), mode, fitted))
    distance, _, fitted = min(answers, key=lambda answer: answer[:2])
    return fitted, distance


def _sides(values: Floats, heights: Floats, mode: int) -> tuple[Floats, Floats]:
    """Return the greatest convex minorant up to the mode and the least concave majorant from it on."""
    before = _hull(values[: mode + 1], heights[: mode + 1], convex=True)
    after = _hull(values[mode:], heights[mode:], convex=False)
    return before, after


def _hull(values: Floats, heights: Floats, *, convex: bool) -> Floats:
    if len(values) < 3:
        return heights
    widths = np.diff(values)
    slopes = isotonic_regression(np.diff(heights) / widths, weights=widths, increasing=convex).x
    return np.concatenate([heights[:1], heights[0] + (slopes * widths).cumsum()])


def _distance(fitted: Floats, heights: Floats) -> float:
    return float(np.abs(fitted - heights).max())

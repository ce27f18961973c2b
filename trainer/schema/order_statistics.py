"""Quantiles that are no customer's value: each is a mean over at least five customers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MIN_CUSTOMERS = 5  # what fewer share is published nowhere


def quantiles(
    values: NDArray[np.float64], levels: Sequence[float] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """For each level the mean of the five sorted values around its rank, ascending with the level.

    Values that are whole numbers give whole numbers, because a column's quantiles are read as its values.

    Args:
        values: ``[N]`` without NaN, at least five.

    >>> quantiles(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 90.0]), (0.0, 0.5, 1.0)).tolist()
    [3.0, 3.0, 21.0]
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    last = len(ordered) - MIN_CUSTOMERS
    if last < 0:
        raise ValueError(f"quantiles need {MIN_CUSTOMERS} values, but there are {len(ordered)}")
    middles = np.asarray(levels) * (len(ordered) - 1)
    starts = np.clip(np.round(middles - MIN_CUSTOMERS // 2), 0, last).astype(int)
    means = np.array([ordered[start : start + MIN_CUSTOMERS].mean() for start in starts])
    return np.asarray(np.round(means) if (ordered == np.round(ordered)).all() else means)


def spread_values(
    values: NDArray[np.float64], levels: Sequence[float] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Values for made-up rows: the quantiles, or the mean at every level where there are fewer than five."""
    if len(values) >= MIN_CUSTOMERS:
        return quantiles(values, levels)
    return np.full(len(levels), float(values.mean()) if len(values) else 0.0)


def histogram(values: NDArray[np.float64], bins: int) -> tuple[list[float], list[int]]:
    """Edges between bins of about equally many values, and the counts, one more than edges, none below five.

    Fewer than ten values are one bin without edges.
    """
    if len(values) < 2 * MIN_CUSTOMERS:
        return [], [len(values)]
    edges = np.unique(quantiles(values, np.linspace(0.0, 1.0, bins + 1)[1:-1].tolist())).tolist()
    counts = np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1).tolist()
    while len(counts) > 1 and min(counts) < MIN_CUSTOMERS:
        small = counts.index(min(counts))
        first = max(0, small - 1)  # merged with the bin before, or the second for the first
        counts[first : first + 2] = [counts[first] + counts[first + 1]]
        del edges[first]
    return edges, counts


def rounded_up(values: NDArray[np.float64], digits: int = 3) -> NDArray[np.float64]:
    """Positive values rounded up to so many significant digits, zero as it is.

    >>> rounded_up(np.array([1.2341, 0.05, 0.0])).tolist()
    [1.24, 0.05, 0.0]
    """
    return np.array([_rounded_up(float(each), digits) for each in values])


def _rounded_up(value: float, digits: int) -> float:
    if value <= 0 or not np.isfinite(value):
        return value
    power = digits - 1 - int(np.floor(np.log10(value)))
    scale = 10.0 ** abs(power)
    whole = np.ceil((value * scale if power >= 0 else value / scale) - 1e-9)
    return float(whole / scale if power >= 0 else whole * scale)

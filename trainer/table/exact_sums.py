"""Sums of doubles without rounding, so that they do not depend on the order in which parts are added.

A double is a whole number of a very small unit. The sums are such whole numbers, Python's own, and a mean is
rounded once, at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

MANTISSA = 53  # bits of a double
HALF = 27  # bits of its lower half; sums of halves are exact below 2**27 values
UNIT = 1126  # sums are in units of 2**-1126, of which every double is a multiple
MOST_VALUES = 1 << 26  # at once


def exact_sums(values: NDArray[np.float64], groups: NDArray[np.int64], count: int) -> list[int]:
    """The sums of finite values ``[N]`` per group, ``count`` of them, in units of ``2**-UNIT``.

    >>> sums = exact_sums(np.array([1e16, 1.0, -1e16, 0.5]), np.array([0, 0, 0, 1]), 2)
    >>> [mean(total, 1) for total in sums]
    [1.0, 0.5]
    """
    if not len(values):
        return [0] * count
    mantissas, exponents = np.frexp(values)
    wholes = mantissas * 2.0**MANTISSA
    high = np.floor(wholes / 2.0**HALF)
    lowest = int(exponents.min())
    span = int(exponents.max()) - lowest + 1
    bins = groups * span + (exponents - lowest)
    highs = np.bincount(bins, high, count * span).reshape(count, span)
    lows = np.bincount(bins, wholes - high * 2.0**HALF, count * span).reshape(count, span)
    shift = lowest - MANTISSA + UNIT
    return [_added(*pair, shift) for pair in zip(highs.tolist(), lows.tolist(), strict=True)]


def _added(highs: Sequence[float], lows: Sequence[float], shift: int) -> int:
    """The sum over exponents, ascending from the one that ``shift`` belongs to."""
    parts = enumerate(zip(highs, lows, strict=True), start=shift)
    return sum(((int(high) << HALF) + int(low)) << exponent for exponent, (high, low) in parts)


def mean(total: int, count: int) -> float:
    """The mean of ``count`` values with this sum, rounded once; NaN of none."""
    return float(Fraction(total, count << UNIT)) if count else float("nan")

"""How far apart two samples of the same customers may be by chance: tails of three distributions.

scipy has them, but answering needs numpy and onnxruntime only.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

MOST_TRIALS = 20_000  # a longer beta-binomial is as wide as its beta, and only slower to compute
_STEPS = 200  # of the bisection, which ends before


def chi_square_tail(value: float, degrees: int) -> float:
    """The probability that chi-square with ``degrees`` of freedom exceeds ``value``.

    Finite sums, exact for whole degrees (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5).

    Example:
        >>> round(chi_square_tail(21.666, 9), 5), round(chi_square_tail(13.277, 4), 5)
        (0.01, 0.01)
    """
    if value <= 0:
        return 1.0
    half, odd = value / 2, degrees % 2
    orders = np.arange(degrees // 2) + odd / 2
    logs = orders * math.log(half) - half - np.array([math.lgamma(order + 1) for order in orders])
    return (math.erfc(math.sqrt(half)) if odd else 0.0) + float(np.exp(logs).sum())


@lru_cache(maxsize=4096)
def chi_square_limit(probability: float, degrees: int) -> float:
    """What chi-square with ``degrees`` of freedom exceeds with this probability.

    Example:
        >>> round(chi_square_limit(0.01, 9), 3)
        21.666
    """
    low, high = 0.0, 1.0
    while chi_square_tail(high, degrees) > probability:
        low, high = high, high * 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if chi_square_tail(middle, degrees) > probability else (low, middle)
    return high


def normal_limit(probability: float) -> float:
    """What a standard normal variable exceeds with this probability.

    Example:
        >>> round(normal_limit(0.01), 4)
        2.3263
    """
    return -NormalDist().inv_cdf(probability)


def share_limits(trials: int, hits: float, misses: float, probability: float) -> tuple[float, float]:
    """The lowest and highest share of ``trials`` that chance explains, when the true share is not known.

    The share of a new sample is beta-binomial when the true share has the beta distribution with
    ``hits`` and ``misses``. Each limit is passed with at most half of the probability.

    Example:
        >>> low, high = share_limits(200, 2.0, 199.0, 0.01)
        >>> low, round(high, 3)
        (0.0, 0.05)
    """
    return _share_limits(min(trials, MOST_TRIALS), hits, misses, probability)


@lru_cache(maxsize=1024)
def _share_limits(trials: int, hits: float, misses: float, probability: float) -> tuple[float, float]:
    chances = _beta_binomial(trials, hits, misses)
    above = np.cumsum(chances[::-1])[::-1]  # P(X >= x)
    below = np.cumsum(chances)  # P(X <= x)
    surprising = np.flatnonzero(above <= probability / 2)
    high = int(surprising[0]) - 1 if len(surprising) else trials
    low = int(np.count_nonzero(below <= probability / 2))
    return low / trials, high / trials


def _beta_binomial(trials: int, hits: float, misses: float) -> NDArray[np.float64]:
    """The probabilities ``[trials + 1]`` of each number of hits."""
    found = np.arange(trials, dtype=np.float64)
    first = (
        math.lgamma(hits + misses)
        - math.lgamma(misses)
        + math.lgamma(misses + trials)
        - math.lgamma(hits + misses + trials)
    )
    steps = np.log((trials - found) * (hits + found)) - np.log((found + 1) * (misses + trials - found - 1))
    return np.asarray(np.exp(first + np.concatenate([[0.0], np.cumsum(steps)])))

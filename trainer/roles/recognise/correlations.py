"""How columns of numbers have to do with each other: copies, what follows from others, independence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc
from scipy.stats import rankdata

DERIVED = 0.99  # rank correlation with a product, ratio, sum or difference of two others
FEW_ROWS = 2_000  # enough to distinguish 0.99 from less, and a relation from none
BINS = 4  # quartiles, against quartiles: any dependence shows, and blobs do that have no correlation
CHANCE = 0.01  # of taking independent columns for related, all pairs together
LEAST_V = 0.05  # Cramer's V without its bias; on many rows less is no chance, and of no use either

Values = NDArray[np.float64]


def rank_correlations(samples: Sequence[Values]) -> Values:
    """Rank correlation of each pair of columns ``[S]`` over the rows where a value is known: ``[C, C]``."""
    ranks = pd.DataFrame({index: pd.Series(sample).rank() for index, sample in enumerate(samples)})
    return np.asarray(np.nan_to_num(ranks.corr().to_numpy(), nan=0.0))


def related(samples: Sequence[Values]) -> NDArray[np.bool_]:
    """Which pairs of columns depend on each other, by a chi-square test on quartiles: ``[C, C]``."""
    count = len(samples)
    found = np.zeros((count, count), dtype=bool)
    bins = [_quartiles(sample) for sample in samples]
    level = CHANCE / max(1, count * (count - 1) // 2)
    for one, two in combinations(range(count), 2):
        found[one, two] = found[two, one] = _depends(bins[one], bins[two], level)
    return found


def _quartiles(sample: Values) -> NDArray[np.int64]:
    """The quartile of each value, -1 where it is missing."""
    known = np.isfinite(sample)
    cuts = np.unique(np.quantile(sample[known], np.arange(1, BINS) / BINS))
    return np.where(known, np.searchsorted(cuts, sample, side="left"), -1)


def _depends(one: NDArray[np.int64], two: NDArray[np.int64], level: float) -> bool:
    known = (one >= 0) & (two >= 0)
    counts = np.bincount(one[known] * BINS + two[known], minlength=BINS * BINS).reshape(BINS, BINS)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0].astype(float)
    total, free = counts.sum(), (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if total < 2 or free < 1:
        return False
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    square = float(((counts - expected) ** 2 / expected).sum())
    strength = max(0.0, square / total - free / (total - 1)) / (min(counts.shape) - 1)
    return bool(chdtrc(free, square) < level and strength**0.5 > LEAST_V)


def explain_most(correlations: Values, count: int, *, start: int | None = None) -> list[int]:
    """Choose columns one by one, each the one that explains most of what is left of the others.

    Forward selection on a correlation matrix ``[C, C]``: after each choice its part is taken out of the rest
    (a pivoted Cholesky factorisation). What a column explains of itself does not count, or noise would win.
    """
    rest = correlations.copy()
    chosen: list[int] = []
    while len(chosen) < count:
        own = np.maximum(np.diag(rest), 1e-9)
        gains = (rest**2).sum(axis=0) / own - own
        gains[chosen] = -np.inf
        best = start if start is not None and not chosen else int(gains.argmax())
        chosen.append(best)
        rest = rest - np.outer(rest[:, best], rest[best]) / max(float(rest[best, best]), 1e-9)
    return chosen


def follows(values: Values, one: Values, two: Values) -> tuple[str, float] | None:
    """The operation on two columns that gives a third, in a word, with the rank correlation; or ``None``."""
    step = max(1, len(values) // FEW_ROWS)
    three = [each[::step] for each in (values, one, two)]
    known = np.isfinite(three).all(axis=0)
    if known.sum() < 20:
        return None
    wanted, left, right = (each[known] for each in three)
    target = rankdata(wanted)
    for sign, made in _combined(left, right):
        if np.isfinite(made).all() and made.min() < made.max():
            figure = float(np.corrcoef(target, rankdata(made))[0, 1])
            if figure > DERIVED:
                return sign, figure
    return None


def _combined(left: Values, right: Values) -> Iterator[tuple[str, Values]]:
    with np.errstate(divide="ignore", invalid="ignore"):
        yield "times", left * right
        yield "over", left / right
        yield "under", right / left
        yield "plus", left + right
        yield "minus", left - right
        yield "from", right - left

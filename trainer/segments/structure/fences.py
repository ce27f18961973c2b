"""Clip each column to Tukey's far-out fences and bring it to mean 0 and standard deviation 1."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trainer.schema.order_statistics import quantiles
from trainer.segments.structure.batched_kmeans import Floats

FAR_OUT = 3.0
"""Quartile distances beyond the quartiles at which a value is far out (Tukey 1977)."""


LEAST_INSIDE = 0.95
"""Share of the rows inside the fences from which on the others are exceptions."""


@dataclass(frozen=True, kw_only=True)
class FenceScaler:
    """Clip to ``lower`` and ``upper``, subtract ``mean``, divide by ``deviation``; each [d].

    A column whose middle half is one value has no fences: ``lower`` and ``upper`` are infinite.
    """

    lower: Floats
    upper: Floats
    mean: Floats
    deviation: Floats

    def scaled(self, table: Floats) -> Floats:
        """Return ``table`` [n, d] clipped and in units of the standard deviation."""
        return (table.clip(self.lower, self.upper) - self.mean) / self.deviation

    def counts(self, table: Floats) -> NDArray[np.bool_]:
        """Return which rows [n] of ``table`` shape the segments: those inside all fences.

        A few far-out rows would be a segment, or a component of a mixture, of their own. Where they are many,
        as in skewed columns, all rows count.
        """
        return self.inside(table) if self.leaves_out(table) else np.ones(len(table), dtype=np.bool_)

    def leaves_out(self, table: Floats) -> bool:
        """Return whether so few rows of ``table`` [n, d] are outside the fences that they do not count."""
        return bool(self.inside(table).mean() >= LEAST_INSIDE)

    def inside(self, table: Floats) -> NDArray[np.bool_]:
        """Return which rows [n] of ``table`` are inside all fences."""
        return np.asarray(((table >= self.lower) & (table <= self.upper)).all(axis=1))

    def raw(self, scaled: Floats) -> Floats:
        """Return points [n, d] given in scaled units in the units of the columns."""
        return scaled * self.deviation + self.mean

    def stretched(self, factors: Floats) -> FenceScaler:
        """Return the scaler whose scaled columns are multiplied by ``factors`` [d]."""
        return replace(self, deviation=self.deviation / factors)

    def only(self, columns: tuple[int, ...]) -> FenceScaler:
        """Return the scaler of some of the columns, by position."""
        kept = list(columns)
        return FenceScaler(
            lower=self.lower[kept],
            upper=self.upper[kept],
            mean=self.mean[kept],
            deviation=self.deviation[kept],
        )


def fit_fences(table: Floats) -> FenceScaler:
    """Measure fences, mean and standard deviation of each column of ``table`` [n, d]; no column is constant.

    Without fences one order of 30 times the usual size stretches the scale of its column until the other
    customers coincide in it. The quartiles are means of five rows, because the fences are published. Mean and
    deviation are those of the rows that count.

    >>> fit_fences(np.array([*range(20), 99.0])[:, None]).upper.tolist()
    [45.0]
    """
    low, high = (
        np.array(found)
        for found in zip(*(quantiles(column, (0.25, 0.75)) for column in table.T), strict=True)
    )
    width = np.where(high > low, FAR_OUT * (high - low), np.inf)
    rough = FenceScaler(
        lower=low - width, upper=high + width, mean=np.zeros_like(low), deviation=np.ones_like(low)
    )
    clipped = rough.scaled(table[rough.counts(table)])
    return replace(rough, mean=clipped.mean(axis=0), deviation=clipped.std(axis=0))

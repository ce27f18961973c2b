"""The stretch of a column that is shown: as a slider's ends and as an axis, with round numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference import Column, Contract
from inference.dates import array_of_days

TAIL = 0.35  # a far end counts while it adds at most this much to the stretch of the middle 98%
SLIDER_STEPS = 200
ROUNDING_STEPS = 20  # an end is rounded to a twentieth of the stretch, in round numbers
TICKS = 7
NO_TICK = 2.0  # of a logarithmic scale; smaller numbers stand too near to zero
DATE_TICKS = 4  # dates are long
MONTHS = (1, 2, 3, 6, *(12 * years for years in (1, 2, 5, 10, 20, 50, 100, 1000)))


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A stretch of a column's values, from ``low`` to ``high`` in steps of ``step``."""

    low: float
    high: float
    step: float

    def position(self, value: float) -> float:
        """The position of ``value``, 0 at the low end and 1 at the high one; it may lie outside."""
        return (value - self.low) / (self.high - self.low)

    def clipped(self, value: float) -> float:
        """The position, held between 0 and 1."""
        return min(1.0, max(0.0, self.position(value)))

    def values(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at positions from 0 to 1; the inverse of ``position``."""
        return np.asarray(self.low + positions * (self.high - self.low))

    @property
    def middle(self) -> float:
        """The value half way along."""
        return (self.low + self.high) / 2

    def ticks(self, count: int = TICKS) -> list[float]:
        """Round numbers on the scale, about ``count`` of them."""
        gap = round_up((self.high - self.low) / count)
        first = math.ceil(self.low / gap - 1e-9)
        last = math.floor(self.high / gap + 1e-9)
        return [position * gap for position in range(first, last + 1)]


class LogScale(Scale):
    """A stretch of amounts on which an equal distance is an equal factor, by the logarithm of one more.

    Amounts below zero stand where zero does.

    Example:
        >>> scale = LogScale(low=0.0, high=9_999.0, step=1.0)
        >>> scale.position(99.0), scale.ticks()
        (0.5, [0.0, 10.0, 100.0, 1000.0])
    """

    def position(self, value: float) -> float:
        """The position of ``value``, 0 at the low end and 1 at the high one; it may lie outside."""
        low, high = self._ends
        return (math.log1p(max(value, 0.0)) - low) / (high - low)

    def values(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """The values at positions from 0 to 1."""
        low, high = self._ends
        return np.asarray(np.expm1(low + positions * (high - low)))

    def ticks(self, count: int = TICKS) -> list[float]:
        """Zero and round numbers on the scale: 1, 2 and 5 of each power of ten, or fewer."""
        powers = [10.0**power for power in range(max(0, math.ceil(math.log10(self.high + 1.0))) + 1)]
        zero = [0.0] if self.low <= 0.0 else []
        for factors in ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,)):
            every = [factor * power for power in powers for factor in factors]
            found = zero + [tick for tick in every if max(self.low, NO_TICK) <= tick <= self.high]
            if len(found) <= count:
                break
        kept = found[:: -(-len(found) // count)]
        return kept if len(kept) > 1 else super().ticks(count)

    @property
    def _ends(self) -> tuple[float, float]:
        return math.log1p(max(self.low, 0.0)), math.log1p(max(self.high, 0.0))


def date_ticks(scale: Scale) -> list[float]:
    """About ``DATE_TICKS`` days on a scale of dates: the first ones of months where there are some."""
    ends = array_of_days(np.array([scale.low, scale.high])).astype("datetime64[M]").astype(np.int64)
    for gap in MONTHS:
        months = np.arange(-(-ends[0] // gap) * gap, ends[1] + 1, gap)
        days = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)
        days = days[days >= scale.low]
        if len(days) <= DATE_TICKS:
            break
    return days.tolist() if len(days) > 1 else scale.ticks(2)


def round_up(size: float) -> float:
    """The smallest of 1, 2, 5, 10, 20, ... (and 0.5, 0.2, ...) that is at least ``size``."""
    power = 10.0 ** math.floor(math.log10(size))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if factor * power >= size * (1 - 1e-9):
            return float(f"{factor * power:.6g}")
    return 10 * power


def scale_of(column: Column) -> Scale:
    """The stretch of a number column that its training values cover, with its ends rounded outward.

    The valid range may be far wider (a customer outside training is answered too), so the quantiles
    decide, without a far tail; the valid range only clips.
    """
    limits = column.range or (-math.inf, math.inf)
    low, high = _covered(column)
    if high <= low:
        margin = max(abs(low) * 0.1, 1.0)
        low, high = low - margin, high + margin
    gap = round_up((high - low) / ROUNDING_STEPS)
    low = max(math.floor(low / gap + 1e-9) * gap, limits[0])
    high = min(math.ceil(high / gap - 1e-9) * gap, limits[1])
    if high <= low:
        low, high = limits
    step = round_up((high - low) / SLIDER_STEPS)
    return Scale(low=low, high=high, step=max(1.0, step) if column.integer else step)


def map_scale(contract: Contract, column: Column) -> Scale:
    """The stretch of a column along a map: logarithmic where its logarithm decides the segments."""
    scale = scale_of(column)
    if column.name not in contract.logarithms or scale.high <= 0.0:
        return scale
    least = column.quantiles.get(0.01, 0.0)
    low = 10.0 ** math.floor(math.log10(least)) if least >= 1.0 else 0.0
    return LogScale(low=max(scale.low, low), high=scale.high, step=scale.step)


def _covered(column: Column) -> tuple[float, float]:
    levels = column.quantiles
    if not levels:
        return column.range or (0.0, 100.0)
    least, most = levels[min(levels)], levels[max(levels)]
    inner_low, inner_high = levels.get(0.01, least), levels.get(0.99, most)
    reach = (inner_high - inner_low) * TAIL
    return max(least, inner_low - reach), min(most, inner_high + reach)

"""The values of a number column to try, and how the boundary between two segments is located.

Values are counted in ticks: whole numbers for a column of whole numbers, otherwise a power of ten of at most
a millionth of the training span, so that a result is a short decimal and does not change when it is typed in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from inference.contract import Column

EVEN = 256  # points evenly over the training span, or every tick where there are not more
BY_RANK = 65  # points evenly by rank among the training rows: dense where there are many customers
BEYOND = 64  # points on each side up to the valid limit, in growing steps
PRECISION = 1e-6  # of the training span
SECTIONS = 16  # parts into which a bracket is divided at a time

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Values to try in one number column of one customer.

    Attributes:
        own: the customer's value.
        unit: ticks per 1 of the column.
        scale: the interquartile range of the training rows, or their span where that is 0.
        trained: lowest and highest value in training.
        near: first and last tick of the training range; beyond it, extended to the customer's own value.
        ticks: ``[n]`` ascending, each a valid value.
    """

    column: Column
    own: float
    unit: float
    scale: float
    trained: tuple[float, float]
    near: tuple[float, float]
    ticks: Numbers

    def values(self, ticks: Numbers) -> Numbers:
        """Ticks as values of the column."""
        return np.divide(ticks, self.unit)

    def size(self, value: float) -> float:
        """How large the change to ``value`` is, in ``scale``."""
        return abs(value - self.own) / self.scale

    def is_beyond_training(self, value: float) -> bool:
        """Whether all training rows are on one side of the value."""
        return not self.trained[0] <= value <= self.trained[1]

    def brackets(self, segments: NDArray[np.int64], moves: NDArray[np.bool_]) -> list[Bracket]:
        """The first tick upward and downward that moves the customer, with the last one before it.

        Args:
            segments: ``[n]``, the segment at each tick.
            moves: ``[n]``, whether this is a move.

        If one of them is within ``near``, the others are left out.
        """
        values = self.values(self.ticks)
        upward = np.flatnonzero(values > self.own)
        downward = np.flatnonzero(values < self.own)[::-1]
        found = []
        for way, start in ((upward, np.floor), (downward, np.ceil)):
            hits = np.flatnonzero(moves[way])
            if len(hits):
                first = hits[0]
                edge = np.clip(start(self.own * self.unit), self.near[0] - 1, self.near[1] + 1)
                inside = self.ticks[way[first - 1]] if first else edge
                last = way[first]
                found.append(Bracket(self, float(inside), float(self.ticks[last]), int(segments[last])))
        near = [each for each in found if self.near[0] <= each.outside <= self.near[1]]
        return near or found


@dataclass(frozen=True)
class Bracket:
    """Two ticks of a grid: at ``inside`` the customer stays, at ``outside`` the segment is ``segment``."""

    grid: Grid
    inside: float
    outside: float
    segment: int

    @property
    def value(self) -> float:
        """The value that moves the customer."""
        return self.outside / self.grid.unit

    @property
    def size(self) -> float:
        """How large the change to it is."""
        return self.grid.size(self.value)

    def between(self) -> Numbers:
        """Up to 15 ticks strictly between, from ``inside`` to ``outside``; none when nothing is left."""
        ticks: Numbers = np.unique(np.rint(np.linspace(self.inside, self.outside, SECTIONS + 1)))
        ticks = ticks[(ticks != self.inside) & (ticks != self.outside)]
        return ticks if self.inside < self.outside else ticks[::-1]

    def narrowed(self, ticks: Numbers, segments: NDArray[np.int64], moves: NDArray[np.bool_]) -> Bracket:
        """The part of the bracket up to the first of the ticks from ``between`` that moves the customer."""
        hits = np.flatnonzero(moves)
        first = int(hits[0]) if len(hits) else len(ticks)
        inside = float(ticks[first - 1]) if first else self.inside
        if first == len(ticks):
            return replace(self, inside=inside)
        return replace(self, inside=inside, outside=float(ticks[first]), segment=int(segments[first]))


def grid_around(column: Column, own: float, *, limit: float = math.inf, beyond: bool = False) -> Grid:
    """The grid of a number column for a customer whose value is ``own``.

    Args:
        column: a number column.
        own: the customer's value.
        limit: largest size of a change to try, in interquartile ranges.
        beyond: also try values outside the training range, up to the valid limits.

    Example:
        >>> age = Column(
        ...     name="age",
        ...     label="Age",
        ...     kind="number",
        ...     role="clustering",
        ...     range=(0.0, 120.0),
        ...     integer=True,
        ...     quantiles={0.0: 18.0, 0.25: 28.0, 0.5: 36.0, 0.75: 48.0, 1.0: 70.0},
        ... )
        >>> grid = grid_around(age, 40.0, limit=0.25)
        >>> grid.scale, grid.values(grid.ticks).tolist()
        (20.0, [35.0, 36.0, 37.0, 38.0, 39.0, 40.0, 41.0, 42.0, 43.0, 44.0, 45.0])
    """
    levels, quantiles = _quantiles(column, own)
    trained = float(quantiles[0]), float(quantiles[-1])
    span = trained[1] - trained[0]
    lower, upper = np.interp([0.25, 0.75], levels, quantiles).tolist()
    scale = (upper - lower) or span or 1.0
    unit = 1.0 if column.integer else 10.0 ** max(0, math.ceil(-math.log10(PRECISION * (span or 1.0))))
    reach = (
        limit * scale * (1 + 1e-9)
    )  # slightly more, so that rounding does not exclude a change of exactly this size
    widened = (min(trained[0], own), max(trained[1], own)) if beyond else trained
    valid = column.range or widened
    first, last = _ticks(max(valid[0], own - reach), min(valid[1], own + reach), unit)
    lowest, highest = _ticks(*widened, unit)
    near = max(lowest, first), min(highest, last)
    marks = np.concatenate([quantiles, np.interp(np.linspace(0.0, 1.0, BY_RANK), levels, quantiles)])
    ticks = _within(near, marks * unit)
    if beyond:
        below, above = near[0] - _beyond(near[0] - first, near), near[1] + _beyond(last - near[1], near)
        ticks = np.concatenate([below, ticks, above])
    ticks = np.unique(ticks)
    return Grid(column=column, own=own, unit=unit, scale=scale, trained=trained, near=near, ticks=ticks)


def _quantiles(column: Column, own: float) -> tuple[list[float], Numbers]:
    """Levels and values, ascending; the valid range is used where the contract has no quantiles."""
    known = dict(column.quantiles) or dict(zip((0.0, 1.0), column.range or (own, own), strict=True))
    levels = sorted(known)
    return levels, np.array([known[level] for level in levels], dtype=np.float64)


def _ticks(low: float, high: float, unit: float) -> tuple[float, float]:
    """First and last tick within two values; rounding puts neither outside them."""
    first, last = float(np.rint(low * unit)), float(np.rint(high * unit))
    return first + (first / unit < low), last - (last / unit > high)


def _within(near: tuple[float, float], marks: Numbers) -> Numbers:
    """Every tick where there are few; otherwise evenly spaced ones and the marks; none in an empty range."""
    first, last = near
    if last - first < EVEN:
        return np.arange(first, last + 1)
    ticks: Numbers = np.rint(np.concatenate([np.linspace(first, last, EVEN), marks]))
    return ticks.clip(first, last)


def _beyond(room: float, near: tuple[float, float]) -> Numbers:
    """Distances in ticks up to ``room``: every one where there are few, otherwise in growing steps."""
    if room <= BEYOND:
        return np.arange(1, room + 1)
    step = min(max(1.0, (near[1] - near[0]) / EVEN), room)
    steps: Numbers = np.rint(np.geomspace(step, room, BEYOND))
    return steps

"""The smallest change of two clustering columns that moves a customer, within the range of the training data.

The size of a change is the sum of the changes of both columns, each in interquartile ranges: the Manhattan
distance with robust scales of Wachter, Mittelstadt and Russell 2017 ("Counterfactual explanations without
opening the black box"), which they divide by the median absolute deviation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Column
from inference.explanations.border import Way
from inference.explanations.changes import ChangeOfTwo, Value
from inference.explanations.grid import Grid, Numbers, grid_around
from inference.explanations.search import Search
from inference.kinds.registry import kind_of

CATEGORY_SIZE = 1.0  # another category counts as much as one interquartile range of a number
MOST_ROWS = 16_384  # asked first, for all pairs of columns together
FEWEST, MOST = 7, 49  # values of a column in the first grid
ROUNDING = 1e-9  # a change of exactly the limit is within it
REFINED = 3  # pairs of columns, the smallest changes of the first grid
WIDE = 8  # steps on each side of the best value of the first column


@dataclass(frozen=True, kw_only=True)
class Axis:
    """The values that one column may take, by tick: steps of a number, positions of a category.

    Attributes:
        ticks: ``[n]`` ascending, to try first; never the customer's own.
        grid: of a number column; choices: of a category column.
    """

    column: Column
    own: Value
    ticks: Numbers
    grid: Grid | None = None
    choices: tuple[str, ...] = ()

    def values(self, ticks: Numbers) -> NDArray[Any]:
        """Ticks as the values that the graph takes."""
        if self.grid is not None:
            return self.grid.values(ticks)
        return np.array([self.choices[int(tick)] for tick in ticks], dtype=object)

    def sizes(self, ticks: Numbers) -> Numbers:
        """How large the change to each tick is."""
        if self.grid is None:
            return np.full(len(ticks), CATEGORY_SIZE)
        return np.abs(self.grid.values(ticks) - self.grid.own) / self.grid.scale

    def shown(self, tick: float) -> tuple[Value, Value]:
        """The customer's own value and that of a tick, for people."""
        if self.grid is None:
            return self.own, str(self.values(np.array([tick]))[0])
        kind = kind_of(self.column)
        after = float(self.grid.values(np.array([tick]))[0])
        return kind.as_json(self.column, self.grid.own), kind.as_json(self.column, after)

    def around(self, tick: float, step: float) -> Numbers:
        """Ticks evenly on both sides of one, at most ``WIDE`` steps away, within the training range."""
        if self.grid is None:
            return np.array([tick])
        ticks = np.rint(tick + step * np.arange(-WIDE, WIDE + 1))
        return _others(self.grid, ticks.clip(*self.grid.near))

    def step(self) -> float:
        """The widest gap of the first grid, divided so that ``around`` covers it on both sides."""
        gaps = np.diff(self.ticks)
        return max(1.0, float(gaps.max()) / WIDE) if self.grid is not None and len(gaps) else 1.0


@dataclass(frozen=True)
class _Pair:
    """The smallest change found of two columns: a tick of each, its size and the segment it leads to."""

    axes: tuple[Axis, Axis]
    ticks: tuple[float, float]
    size: float
    segment: int


def smallest_of_two(search: Search, *, limit: float = math.inf) -> ChangeOfTwo | None:
    """The smallest change of two known clustering columns that moves the customer; ``None`` if none is found.

    All pairs of columns are tried on a grid of values within the training range. For the best pairs, values
    of one column are then tried closer and closer to the best one, each with the exact value of the other
    column at which the segment changes. Guaranteed: the model itself predicts the new segment for the two
    values, and no longer if one of them is a step nearer to the customer's own. The grid may miss a small
    region, and a smaller change far from its best one.

    Args:
        limit: largest size of a change, in interquartile ranges.
    """
    pairs = list(combinations(_axes(search, limit), 2))
    if not pairs:
        return None
    best = sorted(_try_first(search, pairs), key=lambda each: each.size)[:REFINED]
    refined = [_refined(search, each) for each in best]
    smallest = min(refined, key=lambda each: each.size, default=None)
    if smallest is None or smallest.size > limit * (1 + ROUNDING):
        return None
    return _as_change(search, smallest)


def _axes(search: Search, limit: float) -> list[Axis]:
    numbers = [(column, own) for column, own in search.numbers if column.clusters]
    categories = [(column, own) for column, own in search.categories if column.clusters]
    count = len(numbers) + len(categories)
    pairs = max(1, count * (count - 1) // 2)
    points = min(MOST, max(FEWEST, math.isqrt(MOST_ROWS // pairs)))
    axes = []
    for column, own in numbers:
        grid = grid_around(column, own, limit=limit)
        spread = np.unique(np.rint(np.linspace(0, len(grid.ticks) - 1, points)).astype(np.int64))
        ticks = _others(grid, grid.ticks[spread] if len(grid.ticks) else grid.ticks)
        axes.append(Axis(column=column, own=own, ticks=ticks, grid=grid))
    for column, category in categories:
        choices = tuple(kind_of(column).choices(column))
        ticks = np.flatnonzero([choice != category for choice in choices]).astype(np.float64)
        axes.append(Axis(column=column, own=category, ticks=ticks, choices=choices))
    return [axis for axis in axes if len(axis.ticks)]


def _others(grid: Grid, ticks: Numbers) -> Numbers:
    """The different ticks that are not the customer's own value."""
    different: Numbers = np.unique(ticks)
    kept: Numbers = different[grid.values(different) != grid.own]
    return kept


def _try_first(search: Search, pairs: Sequence[tuple[Axis, Axis]]) -> list[_Pair]:
    """The smallest change on the grid of each pair; pairs without one are left out."""
    meshes = [
        tuple(mesh.ravel() for mesh in np.meshgrid(first.ticks, second.ticks, indexing="ij"))
        for first, second in pairs
    ]
    tried = search.ask(
        [
            {axis.column.name: axis.values(ticks) for axis, ticks in zip(pair, mesh, strict=True)}
            for pair, mesh in zip(pairs, meshes, strict=True)
        ]
    )
    found = []
    for pair, (first, second), answers in zip(pairs, meshes, tried, strict=True):
        sizes = np.where(search.moves(answers.segments), pair[0].sizes(first) + pair[1].sizes(second), np.inf)
        at = np.lexsort((-answers.probability, sizes))[0]
        if np.isfinite(sizes[at]):
            ticks = float(first[at]), float(second[at])
            found.append(_Pair(pair, ticks, float(sizes[at]), int(answers.segments[at])))
    return found


def _refined(search: Search, pair: _Pair) -> _Pair:
    """The same pair with the smallest change near the given one."""
    if pair.axes[1].grid is None:
        pair = replace(pair, axes=pair.axes[::-1], ticks=pair.ticks[::-1])
    grid = pair.axes[1].grid
    if grid is None:
        return pair  # two categories, of which each has one size
    steps = pair.axes[0].step(), pair.axes[1].step()
    while True:
        ticks = pair.axes[0].around(pair.ticks[0], steps[0])
        better = _on_the_border(search, pair, grid, ticks, steps[1])
        at_the_end = better is not pair and better.ticks[0] in (ticks[0], ticks[-1])
        if steps == (1.0, 1.0) and not at_the_end:
            return better
        pair = better
        if not at_the_end:
            steps = max(1.0, steps[0] * 2 / WIDE), max(1.0, steps[1] * 2 / WIDE)


def _on_the_border(search: Search, pair: _Pair, grid: Grid, ticks: Numbers, step: float) -> _Pair:
    """The smallest change with the first column at one of the ticks; the pair itself if none is smaller.

    For each tick, the second column goes from the customer's own value in the pair's direction up to the
    first value that moves the customer: ``grid`` is its grid, ``step`` how dense values near the pair's are.
    """
    first, second = pair.axes
    start = float(np.clip(grid.own * grid.unit, grid.near[0] - 1, grid.near[1] + 1))
    up = pair.ticks[1] > start
    ahead = np.union1d(second.ticks, second.around(pair.ticks[1], step))
    ahead = ahead[ahead > start] if up else ahead[ahead < start][::-1]
    way = Way(
        inside=np.full(len(ticks), np.floor(start) if up else np.ceil(start)),
        outside=np.full(len(ticks), np.nan),
        segments=np.full(len(ticks), search.before),
    )
    between: Numbers = np.tile(ahead, (len(ticks), 1))
    while between.size:
        repeated = first.values(np.repeat(ticks, between.shape[1]))
        trial = {first.column.name: repeated, second.column.name: second.values(between.ravel())}
        (answers,) = search.ask([trial])
        way = way.narrowed(between, answers.segments, search.moves(answers.segments))
        between = way.between()
    sizes = first.sizes(ticks) + second.sizes(way.outside)
    smallest = np.nanmin(np.append(sizes, np.inf))
    if not smallest < pair.size:
        return pair
    best = int(np.nanargmin(sizes))
    found = float(ticks[best]), float(way.outside[best])
    return _Pair(pair.axes, found, float(sizes[best]), int(way.segments[best]))


def _as_change(search: Search, best: _Pair) -> ChangeOfTwo:
    changed = [
        (float(axis.sizes(np.array([tick]))[0]), axis, tick)
        for axis, tick in zip(best.axes, best.ticks, strict=True)
    ]
    (_, first, one), (_, second, other) = sorted(changed, key=lambda each: -each[0])
    return search.outcome.change_of_two(
        (first.column, second.column), (first.shown(one), second.shown(other)), best.segment, best.size
    )

"""Asks the model for the segment of every point of the plane of its two leading columns."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inference import Answers, Column, Contract, InputError
from inference.kinds.registry import kind_of
from inference.kinds.row_problems import RowProblems
from inference.validation import Checked, check_values
from inference.wording import quoted
from service.customer_values import common_value
from service.kinds.kind_views import kind_view
from service.kinds.scales import Scale, map_scale
from service.page.draw.contours import Loop, outlines

COLUMNS, ROWS = 97, 73
SURE = (0.6, 0.9)  # from these probabilities on a map is coloured more strongly
_NEVER = 1e-7  # single precision ends near it
MOST_KEPT = 64  # maps remembered, one per setting of the other clustering columns


class Model(Protocol):
    """What the page needs of a model; ``inference.Segmenter`` is one."""

    @property
    def contract(self) -> Contract:
        """What the model says about itself."""

    def answer(self, checked: Checked, *, opinion: bool = False) -> Answers:
        """Answer about rows that ``inference`` has checked."""


@dataclass(frozen=True, kw_only=True)
class Axis:
    """A column and the stretch of it that a map shows."""

    column: Column
    scale: Scale

    def values(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """The column's values at positions from 0 to 1, as the model takes them; of a date whole days."""
        return kind_view(self.column).valid(self.scale.values(positions))

    def ticks(self) -> list[tuple[str, float]]:
        """Round values along the axis: as they are written, dates in their shortest form, and as numbers."""
        return kind_view(self.column).ticks(self.scale)


@dataclass(frozen=True, kw_only=True)
class RegionMap:
    """The regions of the segments in the plane of one or two columns.

    Attributes:
        y: ``None`` with a single clustering column; the map is then a strip.
        held: the other clustering columns and the values they were fixed at.
        loops: for each segment, closed lines around its regions, from (0, 0) at the lower ends of the
            scales to (1, 1) at the upper ones.
        sure: for each segment and each probability of ``SURE``, such lines around where the model is at
            least so sure of it.
    """

    x: Axis
    y: Axis | None
    held: Mapping[str, float | str]
    loops: tuple[list[Loop], ...]
    sure: tuple[tuple[list[Loop], ...], ...]

    @property
    def axes(self) -> tuple[Axis, ...]:
        """The axes there are, x first."""
        return (self.x,) if self.y is None else (self.x, self.y)


class MapCache:
    """Draws maps of one model and remembers them; safe to share between threads."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._maps: OrderedDict[tuple[object, ...], RegionMap] = OrderedDict()
        self._lock = Lock()
        self.leading = leading_columns(model.contract)

    def map_for(self, customer: Mapping[str, object], axes: Sequence[str] = ()) -> RegionMap | None:
        """The map at this customer's values of the other clustering columns, common ones where unknown.

        ``None`` where no clustering column is a number or a date, so that there is nothing to draw along.

        Args:
            customer: column name -> value.
            axes: names of one or two clustering columns to draw along, in place of the leading ones.
        """
        chosen = tuple(_clustering_number(self._model.contract, name) for name in dict.fromkeys(axes))
        along = chosen or self.leading
        if not along:
            return None
        held = {
            column.name: self._held_at(column, customer.get(column.name))
            for column in self._model.contract.columns
            if column.role == "clustering" and column not in along
        }
        key = (*(column.name for column in along), *held.values())
        with self._lock:
            if key in self._maps:
                self._maps.move_to_end(key)
                return self._maps[key]
        drawn = draw_map(self._model, along, held)
        with self._lock:
            self._maps[key] = drawn
            while len(self._maps) > MOST_KEPT:
                self._maps.popitem(last=False)
        return drawn

    def _held_at(self, column: Column, value: object) -> float | str:
        if isinstance(value, str) and value.strip():
            return column.spellings.get(value.strip().casefold(), value)
        if isinstance(value, (int, float)):
            return float(value)
        return common_value(self._model.contract, column)


def clustering_numbers(contract: Contract) -> tuple[Column, ...]:
    """The clustering columns that a map can be drawn along."""
    return tuple(each for each in contract.columns if each.role == "clustering" and kind_of(each).ordered)


def _clustering_number(contract: Contract, name: str) -> Column:
    for column in clustering_numbers(contract):
        if column.name == name:
            return column
    known = ", ".join(repr(column.name) for column in clustering_numbers(contract))
    raise InputError(f"a map can be drawn along {known}, but {quoted(name)} was asked for")


def leading_columns(contract: Contract) -> tuple[Column, ...]:
    """The up to two clustering columns in which the segments are farthest apart, in the contract's order."""
    clustering = clustering_numbers(contract)
    spread = {column.name: _spread(contract, column) for column in clustering}
    first_two = sorted(clustering, key=lambda column: -spread[column.name])[:2]
    return tuple(column for column in clustering if column in first_two)


def centre(contract: Contract, segment_id: int, column: Column) -> float | None:
    """The centre of a segment in a raw column: its centroid, or its mean where it has no centroid there.

    The centroid of a logarithm is given in the column's own unit.
    """
    segment = contract.segments[segment_id]
    if column.name in segment.centroid:
        return float(segment.centroid[column.name])
    logarithm = contract.logarithms.get(column.name, "")
    if logarithm in segment.centroid:
        return math.expm1(segment.centroid[logarithm])
    typical = segment.spread(column.name)
    return None if typical is None else typical.mean


def draw_map(model: Model, leading: tuple[Column, ...], held: Mapping[str, float | str]) -> RegionMap:
    """Ask the model about a grid over the leading columns, in one call, and trace the regions."""
    x, *more = (Axis(column=column, scale=map_scale(model.contract, column)) for column in leading)
    y = more[0] if more else None
    rows = ROWS if y else 2
    across, upward = np.meshgrid(np.linspace(0, 1, COLUMNS), np.linspace(0, 1, rows))
    grid = {x.column.name: x.values(across.ravel())}
    if y:
        grid[y.column.name] = y.values(upward.ravel())
    answers = model.answer(_checked(model.contract, held, grid, across.size))
    squares = (answers.distances**2).reshape(rows, COLUMNS, -1)
    chances = answers.probabilities.astype(np.float64).reshape(rows, COLUMNS, -1)
    return RegionMap(
        x=x,
        y=y,
        held=dict(held),
        loops=tuple(_regions(squares)),
        sure=tuple(_sure(chances[..., segment.id]) for segment in model.contract.segments),
    )


def _checked(
    contract: Contract, held: Mapping[str, object], grid: Mapping[str, NDArray[Any]], rows: int
) -> Checked:
    """Rows of a grid: on a column's scale all values are valid; fixed values are checked once."""
    feeds: dict[str, NDArray[Any]] = {}
    for column in contract.columns:
        feed = kind_of(column).unknown(rows)
        if column.name in held:
            feed[:] = check_values(column, np.array([held[column.name]], dtype=object), RowProblems(1))
        elif column.name in grid:
            feed[:, 0] = grid[column.name]
        feeds[column.name] = feed
    return Checked(feeds=feeds, rows=rows)


def _regions(squares: NDArray[np.float64]) -> list[list[Loop]]:
    """For each segment, lines around the points whose nearest centre is its own.

    The difference of two squared distances is linear in the scaled features, so that straight borders
    come out straight between the points of the grid too.
    """
    regions = []
    for segment in range(squares.shape[-1]):
        rivals = np.delete(squares, segment, axis=-1).min(axis=-1)
        regions.append(outlines(squares[..., segment] - rivals))
    return regions


def _sure(chances: NDArray[np.float64]) -> tuple[list[Loop], ...]:
    """Lines around the points where one segment is at least as probable as each level of ``SURE``.

    Log odds between two centres are linear in the scaled features, too.
    """
    return tuple(outlines(_log_odds(np.array(level)) - _log_odds(chances)) for level in SURE)


def _log_odds(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.clip(chances, _NEVER, 1 - _NEVER)
    return np.asarray(np.log(held / (1 - held)))


def _spread(contract: Contract, column: Column) -> float:
    centres = [centre(contract, segment.id, column) for segment in contract.segments]
    scale = map_scale(contract, column)
    known = [scale.position(value) for value in centres if value is not None]
    return float(np.std(known)) if known else 0.0

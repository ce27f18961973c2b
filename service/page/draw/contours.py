"""Closed lines around the part of a grid where a score is below zero (marching squares)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Loop = list[Point]
_Crossing = tuple[int, int, bool]  # row, column and whether the grid edge runs along the row

TOP, RIGHT, BOTTOM, LEFT = range(4)
_OUTSIDE = 1e12  # a frame of this makes lines end exactly at the rim of the grid
_FLAT = 2e-4  # points this close to the line through their neighbours are left out; the grid is 1 wide

# Corners below zero, as 1 top left + 2 top right + 4 bottom right + 8 bottom left -> the crossed sides, in
# pairs from entry to exit, with the inside on the left.
_SIDES: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((LEFT, TOP),),
    2: ((TOP, RIGHT),),
    3: ((LEFT, RIGHT),),
    4: ((RIGHT, BOTTOM),),
    5: ((LEFT, TOP), (RIGHT, BOTTOM)),
    6: ((TOP, BOTTOM),),
    7: ((LEFT, BOTTOM),),
    8: ((BOTTOM, LEFT),),
    9: ((BOTTOM, TOP),),
    10: ((TOP, RIGHT), (BOTTOM, LEFT)),
    11: ((BOTTOM, RIGHT),),
    12: ((RIGHT, LEFT),),
    13: ((RIGHT, TOP),),
    14: ((TOP, LEFT),),
}


def outlines(score: NDArray[np.float64]) -> list[Loop]:
    """Trace where ``score`` ``[rows, columns]`` is below zero.

    Returns:
        Closed loops of points (x, y); x runs from 0 at the first column to 1 at the last, y from 0 at the
        first row to 1 at the last. Between grid points the score is taken as linear.
    """
    framed = np.pad(score, 1, constant_values=_OUTSIDE)
    links = _links(framed < 0)
    loops = []
    while links:
        start, here = links.popitem()
        crossings = [start]
        while here != start:
            crossings.append(here)
            here = links.pop(here)
        loops.append(_straightened([_point(framed, crossing) for crossing in crossings]))
    return [loop for loop in loops if len(loop) > 2]


def _links(inside: NDArray[np.bool_]) -> dict[_Crossing, _Crossing]:
    """From each crossed grid edge to the next one along the line."""
    corners = inside.astype(np.int64)
    cases = corners[:-1, :-1] + 2 * corners[:-1, 1:] + 4 * corners[1:, 1:] + 8 * corners[1:, :-1]
    links = {}
    for row, column in np.argwhere((cases > 0) & (cases < 15)).tolist():
        sides = ((row, column, True), (row, column + 1, False), (row + 1, column, True), (row, column, False))
        for entry, exit_ in _SIDES[int(cases[row, column])]:
            links[sides[entry]] = sides[exit_]
    return links


def _point(framed: NDArray[np.float64], crossing: _Crossing) -> Point:
    row, column, along = crossing
    first = framed[row, column]
    second = framed[row, column + 1] if along else framed[row + 1, column]
    share = first / (first - second)
    rows, columns = framed.shape
    x = column - 1 + (share if along else 0.0)
    y = row - 1 + (0.0 if along else share)
    return _between(x / (columns - 3)), _between(y / (rows - 3))


def _between(share: float) -> float:
    return min(1.0, max(0.0, float(share)))


def _straightened(loop: Loop) -> Loop:
    start = loop.index(min(loop))  # leftmost, so surely a corner
    loop = loop[start:] + loop[:start]
    kept = [loop[0]]
    for position in range(1, len(loop)):
        if _off_line(kept[-1], loop[position], loop[(position + 1) % len(loop)]) > _FLAT:
            kept.append(loop[position])
    return kept


def _off_line(before: Point, here: Point, after: Point) -> float:
    """How far ``here`` is from the line through its neighbours."""
    along = (after[0] - before[0], after[1] - before[1])
    aside = (here[0] - before[0], here[1] - before[1])
    length = float(np.hypot(*along))
    if length == 0:
        return float(np.hypot(*aside))
    return abs(along[0] * aside[1] - along[1] * aside[0]) / length

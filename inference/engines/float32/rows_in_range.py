"""Rows drawn within the ranges of the training table, as the graph takes them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import Column, Contract
from inference.kinds.registry import kind_of

MISSING = 0.2  # of the cells, where some are to be missing
STEPS = 3  # digits after the first one of a column's range


def rows_in_range(
    contract: Contract, rows: int, rng: np.random.Generator, *, gaps: bool
) -> dict[str, NDArray[Any]]:
    """Input ``[N, 1]`` by column: each value of a range or a list as likely as any other.

    Args:
        gaps: hide a fifth of the cells.
    """
    found = {}
    for column in contract.columns:
        cells = _cells(column, rows, rng)
        if gaps:
            cells[rng.random(rows) < MISSING] = kind_of(column).missing
        found[column.name] = cells.reshape(-1, 1)
    return found


def _cells(column: Column, rows: int, rng: np.random.Generator) -> NDArray[Any]:
    kind = kind_of(column)
    if not kind.ordered:
        choices = kind.choices(column) or [kind.missing]
        return np.array(choices, dtype=object)[rng.integers(0, len(choices), rows)]
    low, high = _ends(column)
    return np.clip(np.round(rng.uniform(low, high, rows), _decimals(column, high - low)), low, high)


def _ends(column: Column) -> tuple[float, float]:
    """The outer quantiles in training, or else the column's range."""
    levels = column.quantiles
    return (levels[min(levels)], levels[max(levels)]) if levels else column.range or (0.0, 0.0)


def _decimals(column: Column, width: float) -> int:
    """As people write such values: whole numbers, or four digits of the range."""
    if column.integer or width <= 0:
        return 0
    return max(0, STEPS - math.floor(math.log10(width)))

"""Numbers: finite in single precision, within the column's range."""

from __future__ import annotations

import math
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import NUMBER, Column
from inference.kinds.kind import Kind, Parsed
from inference.kinds.refusals import out_of_range, shown

LARGEST = float(np.finfo(np.float32).max)


class NumberKind(Kind):
    """A column of numbers."""

    name = NUMBER
    ordered = True
    numeric_text = True
    blank_is_missing = False
    missing = math.nan
    dtype = np.float64

    def parse(self, column: Column, value: Any) -> Parsed:
        """Take a number of Python or numpy; text is refused."""
        if isinstance(value, (bool, np.timedelta64)) or not isinstance(value, (Real, Decimal)):
            return math.nan, (
                f"must be a number, but it is {shown(value)}; give it without quotes, or leave it unknown"
            )
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if abs(number) > LARGEST:
            return math.nan, (
                f"must be a finite number in single precision, but it is {shown(value)}; correct it"
            )
        low, high = column.limits or (-LARGEST, LARGEST)
        if not low <= number <= high:
            unit = f" {column.unit}" if column.unit else ""
            return math.nan, out_of_range(f"from {low:g} to {high:g}{unit}", value)
        return number, None

    def fast(self, column: Column, values: NDArray[Any]) -> tuple[NDArray[np.float64], float, float] | None:
        """Take arrays of whole numbers and of floats."""
        if values.dtype.kind not in "fiu":
            return None
        low, high = column.limits or (-LARGEST, LARGEST)
        return values.astype(np.float64), max(low, -LARGEST), min(high, LARGEST)

    def as_json(self, column: Column, cell: Any) -> float:
        """The number; an ``int`` where the column holds whole ones."""
        number = float(cell)
        return int(number) if column.integer and number.is_integer() else number

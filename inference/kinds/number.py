"""Numbers: finite in single precision, within the column's range."""

from __future__ import annotations

import math
from datetime import timedelta
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import NUMBER, Column
from inference.kinds.kind import Kind, Parsed, Simple
from inference.kinds.refusals import out_of_range, shown

_PLAIN = (int, float)
LARGEST = float(np.finfo(np.float32).max)

_SECONDS_TO_HOURS = ("s", "sec", "second", "seconds", "min", "minute", "minutes", "h", "hour", "hours")
_LONGER = ("w", "week", "weeks", "month", "months", "y", "year", "years")
_OTHER_UNITS = frozenset((*_SECONDS_TO_HOURS, *_LONGER))  # in which a duration would not be its days


class NumberKind(Kind):
    """A column of numbers."""

    name = NUMBER
    ordered = True
    numeric_text = True
    blank_is_missing = False
    missing = math.nan
    dtype = np.float64

    def parse(self, column: Column, value: Any) -> Parsed:
        """Take a number of Python or numpy, or a duration as its days; text is refused."""
        if isinstance(value, (timedelta, np.timedelta64)):
            days = _days_of(value)
            if days is None or column.unit.casefold() in _OTHER_UNITS:
                return (
                    math.nan,
                    f"must be a number, but it is {shown(value)}; give it as a number{_in(column)}",
                )
            value = days
        if isinstance(value, bool) or not isinstance(value, (Real, Decimal)):
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
        """Take arrays of whole numbers, of floats and of durations."""
        numbers: NDArray[np.float64] | None = None
        if values.dtype.kind in "fiu":
            with np.errstate(over="ignore"):  # a wider float can be infinite here
                numbers = values.astype(np.float64, copy=False)
        elif values.dtype.kind == "m" and column.unit.casefold() not in _OTHER_UNITS:
            numbers = _days(values)
        if numbers is None:
            return None
        return numbers, *self.bounds(column)

    def bounds(self, column: Column) -> tuple[float, float]:
        """The column's limits, and at most what single precision holds."""
        low, high = column.limits or (-LARGEST, LARGEST)
        return max(low, -LARGEST), min(high, LARGEST)

    def simple(self, column: Column) -> Simple:
        """Take ``int`` and ``float`` within the limits."""
        low, high = self.bounds(column)

        def number(value: Any) -> float | None:
            return value if type(value) in _PLAIN and low <= value <= high else None

        return number

    def as_json(self, column: Column, cell: Any) -> float:
        """The number; an ``int`` where the column holds whole ones."""
        number = float(cell)
        return int(number) if column.integer and number.is_integer() else number


def _days(durations: NDArray[Any]) -> NDArray[np.float64] | None:
    """Days ``[N]``, NaN where a duration is missing; ``None`` where its unit has no fixed length."""
    if np.datetime_data(durations.dtype)[0] in ("Y", "M", "generic"):
        return None
    return np.asarray(durations / np.timedelta64(1, "D"), dtype=np.float64)


def _days_of(duration: timedelta | np.timedelta64) -> float | None:
    if isinstance(duration, timedelta):
        return duration / timedelta(days=1)
    days = _days(np.array([duration]))
    return None if days is None else float(days[0])


def _in(column: Column) -> str:
    return f" of {column.unit}" if column.unit else ""

"""Dates: days since 1970-01-01 in the graph, ISO text for a person."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.contract import DATE, Column
from inference.dates import FIRST_DAY, LAST_DAY, day_number, days_of_array, iso_date, read_day
from inference.kinds.kind import Kind, Parsed
from inference.kinds.refusals import out_of_range, shown


class DateKind(Kind):
    """A column of dates."""

    name = DATE
    ordered = True
    missing = math.nan
    dtype = np.float64

    def parse(self, column: Column, value: Any) -> Parsed:
        """Take a date of Python, numpy or pandas, or text."""
        days: float | None = None
        if isinstance(value, np.datetime64):
            days = float(days_of_array(np.array([value]))[0])
        elif isinstance(value, date):  # a datetime and pandas' Timestamp are dates, too
            days = day_number(value)
        elif isinstance(value, str):
            days = read_day(value, column.date_format)
        if days is None:
            also = f" or as {column.date_format!r}" if column.date_format else ""
            example = f"a date such as '2024-03-01'{also}"
            return math.nan, f"must be {example}, but it is {shown(value)}; correct it or leave it unknown"
        low, high = self.bounds(column)
        if not low <= days <= high:
            return math.nan, out_of_range(f"from {iso_date(low)} to {iso_date(high)}", value)
        return days, None

    def fast(self, column: Column, values: NDArray[Any]) -> tuple[NDArray[np.float64], float, float] | None:
        """Take arrays of ``datetime64``."""
        if values.dtype.kind != "M":
            return None
        return days_of_array(values), *self.bounds(column)

    def bounds(self, column: Column) -> tuple[float, float]:
        """The column's limits, or the days that a date can be."""
        return column.limits or (FIRST_DAY, LAST_DAY)

    def as_json(self, column: Column, cell: Any) -> str:
        """The date as ISO text."""
        del column
        return iso_date(float(cell))

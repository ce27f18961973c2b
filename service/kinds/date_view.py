"""Dates in the API and on the page: ISO text, on an axis days since 1970-01-01."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference import Column
from inference.contract import DATE
from inference.dates import array_of_days, days_of_array, iso_date, read_day
from service.api import api_texts as texts
from service.kinds.kind_view import Schema, Value
from service.kinds.number_view import NumberView
from service.kinds.scales import Scale, date_ticks


class DateView(NumberView):
    """A column of dates."""

    name = DATE
    control = "date"

    def template(self, column: Column) -> str:
        """A date with its limits."""
        del column
        return texts.DATE

    def schemas(self, column: Column, *, spellings: bool) -> list[Schema]:
        """A date as ISO text."""
        del column, spellings
        return [{"type": "string", "format": "date"}]

    def argument(self, column: Column) -> Any:
        """Text."""
        del column
        return str | None

    def read(self, column: Column, text: str) -> Value:
        """A date in ISO 8601 or in the column's own format."""
        day = read_day(text, column.date_format)
        return None if day is None else iso_date(day)

    def common(self, column: Column, counts: Mapping[str, int]) -> float | str:
        """The middle date."""
        return iso_date(float(super().common(column, counts)))

    def rounded(self, column: Column, value: float) -> str:
        """The date as ISO text."""
        del column
        return iso_date(value)

    def position(self, column: Column, value: object) -> float | None:
        """The date's days."""
        return read_day(value, column.date_format) if isinstance(value, str) else None

    def valid(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Whole days."""
        return days_of_array(array_of_days(values))

    def ticks(self, scale: Scale) -> list[tuple[str, float]]:
        """Days, written without the parts that are the same for all of them."""
        ticks = date_ticks(scale)
        written = [iso_date(tick) for tick in ticks]
        for rest in ("-01-01", "-01"):
            if all(text.endswith(rest) for text in written):
                written = [text.removesuffix(rest) for text in written]
                break
        return list(zip(written, ticks, strict=True))

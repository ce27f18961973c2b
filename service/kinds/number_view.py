"""Numbers in the API and on the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from inference import Column, Segment
from inference.contract import NUMBER
from inference.kinds.number import LARGEST
from service.api import api_texts as texts
from service.kinds.kind_view import KindView, Schema, Value
from service.kinds.scales import Scale, scale_of
from service.languages.number_format import number

WHOLE = 2**53  # from here on not every whole number is a float, and JSON's readers differ


class NumberView(KindView):
    """A column of numbers."""

    name = NUMBER
    control = "number"

    def template(self, column: Column) -> str:
        """A number with its limits."""
        del column
        return texts.NUMBER

    def schemas(self, column: Column, *, spellings: bool) -> list[Schema]:
        """A number within the column's range."""
        del spellings
        low, high = column.limits or (-LARGEST, LARGEST)
        return [{"type": "number", "minimum": low, "maximum": high}]

    def argument(self, column: Column) -> Any:
        """A number."""
        del column
        return float | None

    def read(self, column: Column, text: str) -> Value:
        """A finite number, with a decimal point."""
        del column
        try:
            value = float(text)
        except ValueError:
            return None
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < WHOLE else value

    def common(self, column: Column, counts: Mapping[str, int]) -> float | str:
        """The median."""
        del counts
        return column.quantiles.get(0.5, scale_of(column).middle)

    def typical(self, column: Column, segment: Segment) -> Value:
        """The segment's median."""
        typical = segment.spread(column.name)
        return None if typical is None else self.rounded(column, typical.median)

    def ticks(self, scale: Scale) -> list[tuple[str, float]]:
        """Round numbers."""
        return [(number(tick), tick) for tick in scale.ticks()]

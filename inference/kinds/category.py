"""Categories: texts out of a list, in any case and under any spelling that is known."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np

from inference.contract import CATEGORY, Column
from inference.kinds.kind import Kind, Parsed, Simple
from inference.kinds.refusals import listed, shown
from inference.wording import did_you_mean, nearest

EXACT = 2.0**53  # beyond it not every whole number is a float


class CategoryKind(Kind):
    """A column of categories."""

    name = CATEGORY
    ordered = False
    missing = ""
    dtype = object

    def parse(self, column: Column, value: Any) -> Parsed:
        """Take a known spelling, else count it as ``other`` where the column has one.

        A number counts as its text: ``3`` and ``3.0`` as either of ``"3"`` and ``"3.0"``, ``True`` as
        ``"True"``.
        """
        found = self.accepted(column, value)
        if found is not None:
            return found, None
        texts = _texts(value)
        names = self.choices(column)
        hint = did_you_mean(nearest(texts[0], names)) if texts else ""
        wanted = f"must be one of {listed(names)}, but it is {shown(value)}"
        return "", f"{wanted}; correct it or leave it unknown.{hint}"

    def accepted(self, column: Column, value: Any) -> str | None:
        """The category of a value, or ``None``."""
        texts = _texts(value)
        for text in texts:
            found = column.spellings.get(text.strip().casefold())
            if found is not None:
                return found
        return column.other if column.other and texts else None

    def number(self, column: Column, cell: Any) -> float | None:
        """The position among the column's categories; of another text, that of ``other``."""
        choices = self.choices(column)
        found = cell if cell in choices else "" if cell in column.missing else column.other
        return float(choices.index(found)) if found else None

    def simple(self, column: Column) -> Simple:
        """Take text in a spelling that is known as it is written."""
        positions = {name: float(position) for position, name in enumerate(self.choices(column))}
        known = {text: positions[name] for text, name in column.spellings.items() if name}

        def number(value: Any) -> float | None:
            return known.get(value) if type(value) is str else None

        return number

    def as_json(self, column: Column, cell: Any) -> str:
        """The category."""
        del column
        return str(cell)


def _texts(value: Any) -> list[str]:
    """The texts a category's value may be written as; empty for what is neither text nor number."""
    if isinstance(value, np.timedelta64):  # which numpy calls a number
        return []
    if isinstance(value, (str, bool)):
        return [str(value)]
    if isinstance(value, int):
        return [shown(value), f"{shown(value)}.0"]
    if isinstance(value, (Real, Decimal)):
        try:
            number = float(value) + 0.0  # -0.0 is 0
        except OverflowError:  # of a fraction
            return []
        whole = number.is_integer() and abs(number) < EXACT
        return [f"{number:.0f}", f"{number:.1f}"] if whole else [repr(number)]
    return []

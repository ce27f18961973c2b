"""The raw columns of a table, as every stage passes them on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

Columns = Mapping[str, NDArray[Any]]
"""Name -> cells ``[N]``: numbers and dates (in days) as double with NaN for missing, categories as ``str``
with ``""`` for missing."""


def take_rows(columns: Columns, rows: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The given rows (positions or a mask) of every column."""
    return {name: cells[rows] for name, cells in columns.items()}

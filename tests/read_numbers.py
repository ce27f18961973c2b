"""Reads cells as the numbers of one column, for tests of how numbers are written."""

from __future__ import annotations

import pyarrow as pa

from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.refusal import FileHints

SEMICOLON, COMMA, TAB = FileHints(separator=";"), FileHints(separator=","), FileHints(separator="\t")


def read(cells: list[str | None], hints: FileHints | None = None) -> tuple[list[float], list[bool]]:
    """The numbers, and which cells do not fit."""
    reading = decide_numbers(pa.array(cells), name="Spend", hints=hints)
    assert isinstance(reading, NumberReading), reading
    numbers, misfits = apply_numbers(reading, pa.array(cells))
    return numbers.tolist(), misfits.tolist()

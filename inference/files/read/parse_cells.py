"""From a file's cells to the graph's values, a column at a time.

How the cells are written is the column's reading (``inference.files.columns``); what a value may be is up to
the validation (``inference.validation``), asked once per different text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.contract import Column
from inference.dates import array_of_days
from inference.files.columns.cell_texts import is_text
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.dates.duration_reading import DurationReading
from inference.files.columns.missing_words import missing_words
from inference.files.columns.numbers.number_cells import apply_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import AnyReading, TextReading, reading_from_json
from inference.files.read.plain_cells import is_numeric, plain
from inference.kinds.date import DateKind
from inference.kinds.registry import kind_of
from inference.kinds.row_problems import RowProblems
from inference.validation import check_values

Parsed = tuple[NDArray[np.float64], NDArray[np.bool_]]  # numbers or days, and which cells do not fit


def stored_reading(column: Column) -> AnyReading:
    """How the cells of the column were written in training, as the contract keeps it."""
    if column.reading:
        return reading_from_json(column.reading)
    kind = kind_of(column)
    if kind.numeric_text:
        return NumberReading()
    if not isinstance(kind, DateKind):
        return TextReading()
    from inference.files.columns.dates.strptime_formats import reading_of_format

    return reading_of_format(column.date_format)


def parse_cells(
    column: Column,
    cells: pa.Array,
    problems: RowProblems,
    reading: AnyReading | None = None,
    parsed: Parsed | None = None,
) -> NDArray[Any]:
    """The graph's values ``[N]`` of a column; a refused cell is missing, and noted in ``problems``.

    Args:
        reading: how the cells are written; ``None``: as in training.
        parsed: what the reading gives for these cells, where they were parsed before.
    """
    cells = plain(cells)
    if pa.types.is_null(cells.type):
        cells = cells.cast(pa.string())
    reading = stored_reading(column) if reading is None else reading
    kind = kind_of(column)
    if kind.numeric_text and _holds_numbers(cells.type):
        return _parse_numbers(column, cells, problems, reading, parsed)
    if isinstance(reading, DateReading) and _holds_dates(cells.type, reading):
        return _parse_dates(column, cells, problems, reading, parsed)
    return _parse_distinct(column, cells, problems, reading.missing_words)


def _holds_numbers(kind: pa.DataType) -> bool:
    return is_text(kind) or is_numeric(kind) or bool(pa.types.is_duration(kind))


def _holds_dates(kind: pa.DataType, reading: DateReading) -> bool:
    if is_text(kind) or pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return True
    return is_numeric(kind) and reading.layout not in ("numeric", "named", "typed")


def _parse_numbers(
    column: Column, cells: pa.Array, problems: RowProblems, reading: AnyReading, parsed: Parsed | None
) -> NDArray[Any]:
    if pa.types.is_duration(cells.type):  # the validation counts them in the column's unit
        return check_values(column, cells.to_numpy(zero_copy_only=False), problems)
    if parsed is not None:
        values, misfits = parsed
    elif isinstance(reading, DurationReading) and is_text(cells.type):
        from inference.files.columns.dates.duration_cells import apply_durations

        values, misfits = apply_durations(reading, cells)
    else:
        numbers = reading if isinstance(reading, NumberReading) else NumberReading()
        values, misfits = apply_numbers(numbers, cells)
    if misfits.any():
        _note_misfits(column, cells, misfits, problems, reading)
    return check_values(column, values, problems)


def _note_misfits(
    column: Column, cells: pa.Array, misfits: NDArray[np.bool_], problems: RowProblems, reading: AnyReading
) -> None:
    """Note the cells that are no numbers, each different one worded once."""
    from inference.files.read.number_refusals import not_a_number

    different = cells.filter(pa.array(misfits)).dictionary_encode()
    indices = different.indices.to_numpy(zero_copy_only=False)
    worded = [
        (column.name, f"column {column.name!r} {not_a_number(str(value), reading)}")
        for value in different.dictionary.slice(0, problems.room(column.name)).to_pylist()
    ]
    codes = np.zeros(len(cells), dtype=np.int64)
    codes[misfits] = np.where(indices < len(worded), indices + 1, 0)
    problems.adopt(codes, worded)
    problems.adopt_unworded(misfits & (codes == 0), column.name)


def _parse_dates(
    column: Column, cells: pa.Array, problems: RowProblems, reading: DateReading, parsed: Parsed | None
) -> NDArray[Any]:
    """Days by the reading; the validation decides about a cell that does not fit, and reads ISO dates."""
    from inference.files.columns.dates.date_cells import apply_dates
    from inference.files.columns.dates.strptime_formats import layout_of

    days, misfits = apply_dates(reading, cells) if parsed is None else parsed
    checked = check_values(column, array_of_days(days), problems)
    rows = np.flatnonzero(misfits)
    if len(rows):
        other_order = reading.order and layout_of(column.date_format) != reading.order
        plain_column = replace(column, date_format="") if other_order else column
        found = RowProblems(len(rows), most=problems.room(column.name))
        words = reading.missing_words
        checked[rows] = _parse_distinct(plain_column, cells.take(pa.array(rows)), found, words)
        codes = np.zeros(len(cells), dtype=np.int64)
        codes[rows] = found.codes
        problems.adopt(codes, found.messages)
    return checked


def _parse_distinct(
    column: Column, cells: pa.Array, problems: RowProblems, words: tuple[str, ...]
) -> NDArray[Any]:
    """Validate each distinct cell once, and copy the results to the rows."""
    if pa.types.is_nested(cells.type):  # whatever they contain is not a value of a customer
        values = np.empty(len(cells), dtype=object)
        values[:] = cells.to_pylist()
        return check_values(column, values, problems)
    encoded = cells.dictionary_encode()
    missing = frozenset(missing_words(words, numeric=True))
    different = np.empty(len(encoded.dictionary) + 1, dtype=object)
    different[:-1] = [_known(column, value, missing) for value in encoded.dictionary.to_pylist()]
    refused = RowProblems(len(different), most=problems.room(column.name))
    values = check_values(column, different, refused)
    indices = encoded.indices.fill_null(len(different) - 1).to_numpy(zero_copy_only=False)
    problems.adopt(refused.codes[indices], refused.messages)
    return np.asarray(values[indices])


def _known(column: Column, value: Any, missing: frozenset[str]) -> Any:
    """A cell to validate: words for missing are missing, unless the column knows them as a category."""
    if isinstance(value, str):
        folded = value.strip().casefold()
        if folded in missing and folded not in column.spellings:
            return None
    return value

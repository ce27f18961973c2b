"""Reads every column of a table once: what it is and how its cells are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.files.columns.cell_texts import one_array
from inference.files.columns.column_reading import MIN_FITTING, ColumnReading, apply_reading, read_column
from inference.files.columns.dates.date_reading import DateReading
from inference.files.columns.dates.strptime_formats import LAYOUT_WORDS
from inference.files.columns.file_hints import file_hints
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import TextReading, reading_to_json
from inference.files.columns.refusal import FileHints
from inference.kinds.kind import Kind
from inference.wording import counted

DECIDING_ROWS = 100_000  # rows of a longer table that a reading is decided by; then every row is checked


@dataclass(frozen=True, kw_only=True)
class ReadingRules:
    """What is known about how a table is written.

    Attributes:
        separator: between the cells of a line of CSV; empty otherwise.
        decimals: header -> its decimal mark, as the user gave it.
        missing_words: further words for missing, as the user gave them.
    """

    separator: str = ""
    decimals: Mapping[str, str] = field(default_factory=dict)
    missing_words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TableReadings:
    """How the columns of a table are written, by header, and what the file as a whole shows."""

    columns: Mapping[str, ColumnReading]
    hints: FileHints


def read_table_columns(cells: pa.Table, rules: ReadingRules | None = None) -> TableReadings:
    """Decide how each column is written."""
    rules = rules or ReadingRules()
    few = cells.take(pa.array(_deciding_rows(cells.num_rows))) if cells.num_rows > DECIDING_ROWS else cells
    hints = file_hints(
        dict(zip(few.column_names, map(one_array, few.columns), strict=True)),
        separator=rules.separator,
        missing_words=rules.missing_words,
    )
    found = {
        header: read_whole_column(
            cells.column(header), name=header, hints=hints, decimal_mark=rules.decimals.get(header, "")
        )
        for header in cells.column_names
    }
    return TableReadings(columns=found, hints=hints)


def read_whole_column(
    cells: pa.ChunkedArray, *, name: str, hints: FileHints, decimal_mark: str = "", date_layout: str = ""
) -> ColumnReading:
    """What a column is: decided by some of its rows where it is long, then checked against all of them."""
    array = one_array(cells)
    decide = partial(read_column, name=name, hints=hints, decimal_mark=decimal_mark, date_layout=date_layout)
    if len(array) <= DECIDING_ROWS:
        return decide(array)
    found = decide(array.take(pa.array(_deciding_rows(len(array)))))
    if found.reading is None:
        return decide(array) if found.refusal is not None else found
    values, misfits = apply_reading(found.reading, array)
    known = int(np.isfinite(values).sum() + misfits.sum())
    if misfits.sum() > (1 - MIN_FITTING) * known:
        return decide(array)
    return replace(found, known=known, misfits=int(misfits.sum()), parsed=(values, misfits))


def _deciding_rows(rows: int) -> NDArray[np.int64]:
    """Positions of some rows, ascending, the same in every run."""
    return np.sort(np.random.default_rng(0).choice(rows, DECIDING_ROWS, replace=False))


def reading_of(column: ColumnReading, words: tuple[str, ...], kind: Kind) -> dict[str, Any]:
    """How a column that becomes one of this kind is written, as its declaration keeps it.

    Args:
        words: further words for missing, as the user gave them.
    """
    found = column.reading
    if kind.ordered and found is not None and kind.numeric_text != isinstance(found, DateReading):
        return reading_to_json(found)
    return reading_to_json(TextReading(missing_words=words))


def sentences(name: str, column: ColumnReading, kind: Kind) -> Iterator[str]:
    """What was removed from the cells of a column, and what may mean missing, for the report."""
    found = column.reading
    if found is None or not kind.ordered:
        return
    text = found.note() if isinstance(found, NumberReading) else found.sentence()
    iso = isinstance(found, DateReading) and not reading_to_json(found)
    if text and not iso:
        yield f"{name}: {text}"
    for each in column.suggested:
        text = f"{name}: {counted(each.cells, 'cell')} with {each.value!r}, which may mean missing"
        yield f"{text}; if so, add it to the words for missing (--na {each.value})"
    if column.suggested_layout:
        word = next(word for word, layout in LAYOUT_WORDS.items() if layout == column.suggested_layout)
        yield f"{name}: whole numbers that may be dates; if so, set its date_format to {word!r}"

"""Decides how the columns of a file are read: as in training, and by what the file itself shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyarrow as pa

from inference.contract import Column
from inference.errors import InputError
from inference.files.columns.dates.date_reading import ASKED_LAYOUTS, DateReading
from inference.files.columns.dates.duration_reading import DurationReading
from inference.files.columns.file_hints import file_hints
from inference.files.columns.numbers.number_decision import decide_numbers
from inference.files.columns.numbers.number_reading import NumberReading
from inference.files.columns.reading_json import AnyReading
from inference.files.columns.refusal import DECIMAL_MARK, FileHints, Refusal
from inference.files.columns.stored_reading import dates_again, numbers_again
from inference.files.options import ReadOptions
from inference.files.read.parse_cells import stored_reading
from inference.files.read.plain_cells import plain
from inference.files.read.source import Source
from inference.remedies import FixInput, Remedy, SetDecimal
from inference.wording import quoted

MOST_HINTS = 200  # columns that are asked for decimal marks and the order of dates


@dataclass(frozen=True, kw_only=True)
class ColumnReadings:
    """How each column is read, by its name, and what a reader should know about it, in sentences."""

    readings: Mapping[str, AnyReading] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


def read_columns_again(
    source: Source, columns: Sequence[Column], mapping: Mapping[str, str], options: ReadOptions
) -> ColumnReadings:
    """How the columns of a model are read from a file.

    Args:
        mapping: column's name -> the header it is read from.

    Raises:
        InputError: for numbers that can be read in two ways, or are in another currency or unit.
    """
    cells = dict(zip(source.headers, map(plain, source.sample()), strict=True))
    first = dict(list(cells.items())[:MOST_HINTS]) | {header: cells[header] for header in mapping.values()}
    hints = file_hints(first, separator=source.separator, missing_words=options.na)
    marks = {mapping.get(header, header): mark for header, mark in options.decimals.items()}
    readings: dict[str, AnyReading] = {}
    notices: list[str] = []
    for column in columns:
        header = mapping.get(column.name)
        if header is None:
            continue
        reading, notes = _again(column, cells[header], header, hints, marks.get(header, ""))
        readings[column.name] = reading
        notices += [f"{header!r}: {each}" for each in notes]
    return ColumnReadings(readings=readings, notices=tuple(notices))


def refused_column(refusal: Refusal, *, column: str | None = None) -> InputError:
    """The error about a column whose cells can be read in several ways, or in none."""
    remedies: list[Remedy] = [FixInput(action="write all its cells in the same format")]
    if refusal.needed == DECIMAL_MARK:
        remedies = [SetDecimal(header=refusal.column, marks=refusal.choices)]
    return InputError(
        f"must have one {refusal.needed}, but {'; '.join(refusal.evidence)}",
        subject=f"the column {quoted(refusal.column)}",
        column=column,
        remedies=remedies,
    )


def _again(
    column: Column, cells: pa.Array, header: str, hints: FileHints, mark: str
) -> tuple[AnyReading, Sequence[str]]:
    """The reading of a column and notices about it."""
    stored = stored_reading(column)
    words = tuple(dict.fromkeys((*stored.missing_words, *hints.missing_words)))
    hints = replace(hints, missing_words=words)
    if isinstance(stored, DateReading):
        return _dates(stored, cells, header, hints)
    if isinstance(stored, DurationReading):
        from inference.files.columns.dates.duration_cells import decide_durations

        found = decide_durations(cells, missing_words=words)
        if found is not None:
            return found, ()
        numbers = decide_numbers(cells, name=header, hints=hints, decimal_mark=mark)
        return (numbers if isinstance(numbers, NumberReading) else stored), ()
    if isinstance(stored, NumberReading):
        again = numbers_again(stored, cells, name=header, hints=hints, decimal_mark=mark)
        if isinstance(again, Refusal):
            raise refused_column(again, column=column.name)
        return again.reading, again.notices
    return replace(stored, missing_words=words), ()


def _dates(
    stored: DateReading, cells: pa.Array, header: str, hints: FileHints
) -> tuple[DateReading, Sequence[str]]:
    """Dates are never refused as a whole: what does not fit is a problem of its row."""
    kept = replace(stored, missing_words=hints.missing_words)
    if stored.layout in ASKED_LAYOUTS or "%" in stored.layout:
        return kept, ()
    again = dates_again(stored, cells, name=header, hints=hints)
    if isinstance(again, Refusal):
        return kept, (f"read as in training, although {'; '.join(again.evidence)}",)
    return replace(again.reading, missing_words=hints.missing_words), again.notices

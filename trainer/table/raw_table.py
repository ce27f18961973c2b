"""A customer table as it was given, from wherever it is kept: cells as Arrow columns, nothing decided yet."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.columns.cell_texts import is_text
from inference.files.columns.dates.duration_cells import apply_durations
from inference.files.columns.dates.duration_reading import DurationReading
from inference.files.options import ReadOptions
from inference.files.read.headers import check_headers
from inference.files.read.plain_cells import is_numeric
from inference.files.read.read_table import read_whole
from inference.files.read.record_batches import rows_of_totals
from inference.wording import counted, quoted_names, quoted_path, shortened
from trainer.table.every_row import SPARK, EveryRow, SampleSettings, is_spark
from trainer.table.table_readings import ReadingRules, TableReadings, read_table_columns

_URL = re.compile(r"[a-z][a-z0-9+]*://", re.IGNORECASE)
EXAMPLES_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A table as given.

    Attributes:
        cells: every column by its header, ``N`` rows: text from CSV and Excel, typed from anything that has
            types.
        source: its name for people; sha256: of the file, or of the cells where there is none.
        notes: what was assumed and met while reading, in sentences that quote no cell.
        lines: ``[N]`` the position of each row in the file; row_word: what such a position is called.
        rules: what is known about how its cells are written.
        left_out: rows with hardly any cells, in sentences for the screen alone.
        made_up: names of the columns that have no header in the file.
        every: all rows of a table of which these are a sample; ``None`` where these are all.
    """

    cells: pa.Table
    source: str
    sha256: str
    notes: tuple[str, ...] = ()
    lines: NDArray[np.int64]
    row_word: str = "row"
    rules: ReadingRules = field(default_factory=ReadingRules)
    left_out: tuple[str, ...] = ()
    made_up: tuple[str, ...] = ()
    every: EveryRow | None = None

    @property
    def separator(self) -> str:
        """Between the cells of a CSV file; empty otherwise."""
        return self.rules.separator

    @cached_property
    def readings(self) -> TableReadings:
        """What each column is and how its cells are written, decided once."""
        return read_table_columns(self.cells, self.rules)

    def with_missing_words(self, words: Sequence[str]) -> Raw:
        """The table with further words for missing."""
        known = self.rules.missing_words
        both = tuple(dict.fromkeys((*known, *words)))
        return self if both == known else replace(self, rules=replace(self.rules, missing_words=both))


def read_raw(
    source: str | Path,
    *,
    query: str = "",
    options: ReadOptions | None = None,
    sample: SampleSettings | None = None,
) -> Raw:
    """Read a file of any format that is read, or the rows of a database (a URL for SQLAlchemy, and a query).

    Of ``spark:`` and a path, an address or the name of a table, Spark draws a ``sample``.

    Raises:
        InputError: when it cannot be read.
    """
    if is_url(source):
        from trainer.table.database import database_name, read_query

        keep = options is not None and options.keep_totals
        found = read_query(str(source), query)
        return raw_of(found, source=database_name(str(source)), keep_totals=keep)
    if query:
        raise InputError(
            "a query needs the URL of a database, such as sqlite:///shop.db, but the data is "
            f"{quoted_path(source)}"
        )
    if is_spark(source):
        return _read_spark(str(source), options or ReadOptions(), sample or SampleSettings())
    if not Path(source).is_file() and Path(source).exists():
        raise InputError(
            f"the data must be a file, but {quoted_path(source)} is not one; write it to a file first"
        )
    given = options or ReadOptions()
    whole = read_whole(source, given)
    notes = list(whole.assumed)
    if whole.undecodable:
        notes.append("some bytes are not valid in that encoding and were replaced")
    if whole.refused:
        rows = counted(whole.refused, "row")
        notes.append(f"{rows} left out: not the same number of cells as the header")
    row_word = "line" if whole.kind == "csv" else "row"
    notes += _about_the_table(whole.left_out, row_word)
    with Path(source).open("rb") as stream:
        fingerprint = hashlib.file_digest(stream, "sha256").hexdigest()
    return Raw(
        cells=readable(whole.cells),
        source=Path(source).name,
        sha256=fingerprint,
        notes=tuple(notes),
        lines=whole.lines,
        row_word=row_word,
        rules=ReadingRules(separator=whole.separator, decimals=given.decimals, missing_words=given.na),
        made_up=whole.made_up,
        left_out=tuple(f"{row_word} {line}: {why}" for line, why in whole.refused_examples.items()),
    )


def _read_spark(source: str, options: ReadOptions, sample: SampleSettings) -> Raw:
    """A sample of a table that Spark reads, with all its rows behind it."""
    from trainer.table.spark.spark_table import read_spark

    found = read_spark(source.removeprefix(SPARK), options, sample)
    return replace(
        raw_of(found.sample, source=found.name, keep_totals=True),
        notes=found.notes,
        rules=ReadingRules(decimals=options.decimals, missing_words=options.na),
        every=found.every,
    )


def is_url(source: str | Path) -> bool:
    """Whether a source is the URL of a database and no file."""
    return _URL.match(str(source)) is not None


def raw_of(
    table: pd.DataFrame | pa.Table, *, source: str = "a table in memory", keep_totals: bool = False
) -> Raw:
    """Take a table from memory; rows of totals are left out and reported, unless ``keep_totals``.

    Raises:
        InputError: when two columns are called alike, or there is no row.
    """
    cells = _arrow(table) if isinstance(table, pd.DataFrame) else table
    headers = [str(name) for name in cells.column_names]
    if not headers:
        raise InputError("a customer table must have columns, but it has none")
    check_headers(headers)
    cells = cells.rename_columns(headers)
    if not cells.num_rows:
        raise InputError(
            f"the table must have rows, but it has none; its columns are {quoted_names(headers)}"
        )
    totals = {} if keep_totals else {row + 1: why for row, why in rows_of_totals(cells).items()}
    kept = np.setdiff1d(np.arange(1, cells.num_rows + 1), list(totals))
    return Raw(
        cells=readable(cells.take(pa.array(kept - 1)) if totals else cells),
        source=source,
        sha256=_fingerprint(cells),
        notes=_about_the_table(totals, "row"),
        lines=kept,
    )


def _about_the_table(left_out: Mapping[int, str], row_word: str) -> tuple[str, ...]:
    """How many rows were left out because they are about the table, with the first of them."""
    if not left_out:
        return ()
    first, rows = min(left_out), counted(len(left_out), "row")
    return (f"{rows} about the table left out; for example, {row_word} {first} {left_out[first]}",)


def table_of_arrow(frame: Any) -> pa.Table:
    """A DataFrame that offers Arrow's C interface (``__arrow_c_stream__``), such as one of polars.

    Raises:
        InputError: when it is not a table.
    """
    try:
        return pa.table(frame)
    except Exception as error:  # whatever a foreign library raises
        raise InputError(
            f"a customer table must be readable as an Arrow table, but this {type(frame).__name__} is not "
            f"({shortened(str(error))}); give a DataFrame"
        ) from error


def _arrow(frame: pd.DataFrame) -> pa.Table:
    """A data frame's columns; where a column mixes types, as text."""
    columns = []
    for position in range(frame.shape[1]):
        series = frame.iloc[:, position]
        try:
            columns.append(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            columns.append(pa.array(series.astype(str).where(series.notna(), None), pa.string()))
    return pa.table(columns, names=[str(name) for name in frame.columns])


def readable(cells: pa.Table) -> pa.Table:
    """Durations as days, and cells of kinds that no column of a customer table has (lists, bytes) as text."""
    for index, field_ in enumerate(cells.schema):
        kind = field_.type.value_type if pa.types.is_dictionary(field_.type) else field_.type
        if is_text(kind) or is_numeric(kind) or pa.types.is_null(kind) or pa.types.is_boolean(kind):
            continue
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            continue
        if pa.types.is_duration(kind):
            days, _ = apply_durations(DurationReading(), cells.column(index))
            cells = cells.set_column(index, field_.name, pa.array(days, from_pandas=True))
            continue
        texts = [None if cell is None else str(cell) for cell in cells.column(index).to_pylist()]
        cells = cells.set_column(index, field_.name, pa.array(texts, pa.string()))
    return cells


def _fingerprint(cells: pa.Table) -> str:
    """SHA-256 of names and cells, the same however the table is cut into chunks."""
    digest = hashlib.sha256(repr(cells.schema.remove_metadata()).encode())

    class Sink:
        closed = False

        def write(self, data: Any) -> int:
            digest.update(data)
            return len(data)

        def flush(self) -> None:
            """Nothing is held back."""

    whole = cells.combine_chunks().replace_schema_metadata(None)
    with pa.ipc.new_stream(pa.PythonFile(Sink(), mode="w"), whole.schema) as writer:
        writer.write_table(whole, max_chunksize=1 << 16)
    return digest.hexdigest()

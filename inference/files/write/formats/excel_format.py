"""Typed rows as a sheet of Excel: numbers and dates as such, all else as text that is never a formula."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

import pyarrow as pa
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from inference.errors import InputError
from inference.files.columns.cell_texts import is_text
from inference.files.read.plain_cells import plain
from inference.wording import quoted, shortened

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 1_048_575, 16_384, 32_767  # of a sheet and a cell, besides the header
MOST_CELLS = 5_000_000  # filled ones; each takes some fifty bytes on disk until the file is complete
_PLAIN = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{0,13}[1-9])?")
_DIGITS = 15  # that Excel keeps of a number
_FIRST_DAY = date(1900, 3, 1)  # from here on Excel counts days as everybody does
_WIDEST = 40
_WHAT_NEXT = "write CSV or Parquet"


class ExcelFormat:
    """See ``RowFormat``. A text that is a number as Excel would write it becomes that number.

    Raises:
        InputError: for more columns, rows or letters than a sheet can have.
    """

    def __init__(self, stream: BinaryIO, header: Sequence[str]) -> None:
        if len(header) > MOST_COLUMNS:
            raise InputError(
                f"a sheet of Excel must have at most {MOST_COLUMNS:,} columns, but it would have "
                f"{len(header):,}; {_WHAT_NEXT}"
            )
        for name in header:
            _check_length(name)
        self._header = list(header)
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)  # for rows until the file is complete
        options = {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "tmpdir": self._folder.name}
        self._book = xlsxwriter.Workbook(stream, options)
        self._sheet = self._book.add_worksheet("Customers")
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._rows = self._cells = 0

    def encode(self, rows: pa.RecordBatch) -> list[tuple[Any, ...]]:
        """The rows as Python values; ``None`` stays an empty cell."""
        columns = [_cells(name, cells) for name, cells in zip(rows.schema.names, rows.columns, strict=True)]
        return list(zip(*columns, strict=True))

    def write(self, encoded: list[tuple[Any, ...]]) -> None:
        """Append rows; the first ones bring the header and the widths of the columns."""
        if not self._rows:
            self._begin(encoded)
        if self._rows + len(encoded) > MOST_ROWS:
            raise InputError(
                f"a sheet of Excel must have at most {MOST_ROWS:,} rows, but it has more; {_WHAT_NEXT}"
            )
        sheet = self._sheet
        for values in encoded:
            self._rows += 1
            for index, value in enumerate(values):
                if value is None:
                    continue
                self._cells += 1
                if isinstance(value, str):
                    sheet.write_string(self._rows, index, value)
                elif isinstance(value, bool):
                    sheet.write_boolean(self._rows, index, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(self._rows, index, value, self._time)
                elif isinstance(value, date):
                    sheet.write_datetime(self._rows, index, value)
                else:
                    sheet.write_number(self._rows, index, value)
        if self._cells > MOST_CELLS:
            raise InputError(
                f"a workbook must have at most {MOST_CELLS:,} filled cells, but it has more; {_WHAT_NEXT}"
            )

    def close(self) -> None:
        """Put the workbook together and write it."""
        if not self._rows:
            self._begin([])
        try:
            self._book.close()
        except FileCreateError as error:
            raise OSError(*error.args[0].args) from error  # which it was at first
        self._folder.cleanup()

    def abandon(self) -> None:
        """Close and remove the file of rows."""
        self._sheet.row_data_fh.close()
        self._book.fileclosed = True  # else it is written when it is forgotten
        self._folder.cleanup()

    def _begin(self, first: Sequence[tuple[Any, ...]]) -> None:
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        for index, name in enumerate(self._header):
            shown = [len(str(row[index])) for row in first[:200] if row[index] is not None]
            self._sheet.set_column(index, index, min(_WIDEST, max([len(name), *shown]) + 2))
        for index, name in enumerate(self._header):
            self._sheet.write_string(0, index, name, bold)


def _cells(name: str, cells: pa.Array) -> list[Any]:
    kind = plain(cells).type
    values = plain(cells).to_pylist()
    read: Callable[[Any], Any] = _text_or_number if is_text(kind) else _value
    try:
        return [None if value is None else read(value) for value in values]
    except InputError as error:
        raise InputError(f"column {quoted(name)}: {error}") from None


def _text_or_number(text: str) -> Any:
    """A text, or the number that Excel shows as exactly this text."""
    if not text:
        return None
    if len(text) <= _DIGITS + 2 and _PLAIN.fullmatch(text) and sum(map(str.isdigit, text)) <= _DIGITS:
        return float(text) if "." in text else _whole(text)
    return _check_length(text)


def _whole(text: str) -> Any:
    return text if text == "-0" else int(text)


def _value(value: Any) -> Any:
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, Decimal):
        return _text_or_number(str(value))
    return value if _has_a_form(value) else _check_length(str(value))


def _has_a_form(value: Any) -> bool:
    """Whether Excel has a number or a date that is exactly this value."""
    if isinstance(value, bool):
        return True
    if isinstance(value, (int, float)):
        return math.isfinite(value) and (isinstance(value, float) or abs(value) < 10**_DIGITS)
    if isinstance(value, datetime):
        return value.tzinfo is None and value.date() >= _FIRST_DAY and not value.microsecond % 1000
    return isinstance(value, date) and value >= _FIRST_DAY


def _check_length(text: str) -> str:
    if len(text) > MOST_LETTERS:
        raise InputError(
            f"a cell of Excel must have at most {MOST_LETTERS:,} characters, but {quoted(shortened(text))} "
            f"has {len(text):,}; {_WHAT_NEXT}"
        )
    return text

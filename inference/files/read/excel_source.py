"""Reads Excel: one sheet, its cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from inference.errors import InputError
from inference.files.options import EXCEL, ReadOptions
from inference.files.read.headers import check_headers, looks_like_data
from inference.files.read.parquet_source import BATCH_ROWS, Rows
from inference.files.read.source import Batch, too_many_rows
from inference.remedies import ChooseSheet
from inference.wording import nearest, quoted, quoted_names, shortened

SAMPLE_ROWS = 2000
_MIDNIGHT = time()


class ExcelSource:
    """A sheet of an Excel file (see ``inference.files.read.source.Source``)."""

    kind = EXCEL
    separator = ""

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        self.size = size
        sheet, others, rows, first = _read_sheet(stream, options)
        told = next((place for place, row in enumerate(rows) if any(row)), None)
        if told is None:
            raise InputError(
                f"the sheet {quoted(sheet)} must have a header and rows, but it is empty",
                remedies=[ChooseSheet(sheets=others)] if others else (),
            )
        self.headers = tuple(cell.strip() for cell in rows[told])
        check_headers(self.headers)
        kept = [(place, row) for place, row in enumerate(rows) if place > told and any(row)]
        if not kept:
            raise InputError(
                "the sheet must have rows below its header, but it has the header only: "
                f"{quoted_names(self.headers)}; add rows"
            )
        if options.max_rows is not None and len(kept) > options.max_rows:
            raise too_many_rows(options.max_rows, len(kept))
        columns = [[row[position] for _, row in kept] for position in range(len(self.headers))]
        if looks_like_data(self.headers, [cells[:SAMPLE_ROWS] for cells in columns]):
            raise InputError(
                "the first row must name the columns, but it looks like a row: "
                f"{quoted_names(self.headers)}; add a row of headers"
            )
        self._cells = [pa.array(cells, pa.string()) for cells in columns]
        self._lines = np.array([first + place for place, _ in kept], dtype=np.int64)
        self.assumed: tuple[str, ...] = (
            f"Excel, sheet {sheet!r}" + (f" ({len(others)} more not read)" if others else ""),
        )

    def blocks(self) -> Iterator[Rows]:
        """Runs of rows."""
        names = [str(position) for position in range(len(self._cells))]
        whole = pa.RecordBatch.from_arrays(self._cells, names=names)
        for start in range(0, whole.num_rows, BATCH_ROWS):
            part = whole.slice(start, BATCH_ROWS)
            done = (start + part.num_rows) / whole.num_rows
            yield Rows(cells=part, start=start, bytes_read=int(done * (self.size or 0)))

    def parse(self, block: Rows, wanted: Sequence[int]) -> Batch:
        """The wanted columns as text."""
        batch = block.parsed(wanted)
        return replace(batch, lines=self._lines[block.start : block.start + batch.rows])

    def sample(self) -> tuple[pa.Array, ...]:
        """The first cells of every column."""
        return tuple(cells[:SAMPLE_ROWS] for cells in self._cells)


def _read_sheet(stream: BinaryIO, options: ReadOptions) -> tuple[str, tuple[str, ...], list[list[str]], int]:
    """Name, the other sheets, rows of text, and the number of the first row in the sheet."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_object(stream)
        names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        shown = [each.name for each in book.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
        if options.sheet and options.sheet not in names:
            raise InputError(
                f"the sheet must be one of the file's, but it is {quoted(options.sheet)}",
                remedies=[ChooseSheet(sheets=tuple(names))],
                suggestion=nearest(options.sheet, names),
            )
        if not names:
            raise InputError(
                "the file must have a sheet with cells, but it has none; save it again, or as CSV"
            )
        name = options.sheet or next((each for each in names if each in shown), names[0])
        sheet = book.get_sheet_by_name(name)
        rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True)]
        start = sheet.start
    except CalamineError as error:
        raise InputError(
            f"the file looks like Excel but cannot be read as such ({shortened(str(error))}); "
            "save it again, or as CSV"
        ) from error
    others = tuple(each for each in names if each != name)
    return name, others, rows, 1 + (start[0] if start else 0)


def _text(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else str(cell.total_seconds())

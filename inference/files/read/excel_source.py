"""Reads Excel: one sheet, its cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from inference.errors import InputError
from inference.files.options import EXCEL, ReadOptions
from inference.files.read.headers import check_headers, looks_like_data
from inference.files.read.parquet_source import BATCH_ROWS, Rows
from inference.files.read.source import Batch, too_many_rows
from inference.files.read.table_ends import TAIL_ROWS, TOTALS, Above, rows_about_the_table, why_no_row
from inference.files.read.table_region import HEAD_ROWS, columns_of, find_region, header_position
from inference.remedies import ChooseSheet
from inference.wording import counted, nearest, quoted, quoted_names, shortened

SAMPLE_ROWS = 2000
COVER_ROWS, MUCH_LONGER = 20, 3  # rows of a cover sheet at most, and how much longer the table's sheet is
_MIDNIGHT = time()


class ExcelSource:
    """A sheet of an Excel file (see ``inference.files.read.source.Source``)."""

    kind = EXCEL
    separator = ""

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        self.size = size
        sheet, others, rows, first = _read_sheet(stream, options)
        filled = [place for place, row in enumerate(rows) if any(row)]
        if not filled:
            raise InputError(
                f"the sheet {quoted(sheet)} must have a header and rows, but it is empty",
                remedies=[ChooseSheet(sheets=others)] if others else (),
            )
        lines = [first + place for place in filled]
        asked = options.header_row
        header = None if asked is None else header_position(lines[:HEAD_ROWS], asked, "row")
        region = find_region(
            [rows[place] for place in filled[:HEAD_ROWS]], header=header, keep=options.keep_totals
        )
        below = region.last_header + 1
        kept = list(zip(lines[below:], (rows[place] for place in filled[below:]), strict=True))
        count, _ = columns_of(region.headers, [row for _, row in kept])
        self.headers = tuple(region.headers[:count])
        check_headers(self.headers)
        if not kept:
            raise InputError(
                "the sheet must have rows below its header, but it has the header only: "
                f"{quoted_names(self.headers)}; add rows"
            )
        if options.max_rows is not None and len(kept) > options.max_rows:
            raise too_many_rows(options.max_rows, len(kept))
        self._leading = len(region.left_out)
        self._left_out = dict(region.left_out)
        if not options.keep_totals:
            self._left_out |= _about_the_table([row for _, row in kept], len(region.left_out))
        columns = [[row[position] for _, row in kept] for position in range(len(self.headers))]
        if looks_like_data(self.headers, [cells[len(region.left_out) : SAMPLE_ROWS] for cells in columns]):
            raise InputError(
                "the first row must name the columns, but it looks like a row: "
                f"{quoted_names(self.headers)}; add a row of headers"
            )
        self._cells = [pa.array(cells, pa.string()) for cells in columns]
        self._lines = np.array([line for line, _ in kept], dtype=np.int64)
        more = f" (not read: {counted(len(others), 'more sheet')}, {quoted_names(others)})" if others else ""
        self.assumed: tuple[str, ...] = (
            f"Excel, sheet {quoted(sheet)}{more}",
            *region.sentences(lines[region.last_header], "row"),
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
        end = block.start + batch.rows
        left_out = {row - block.start: why for row, why in self._left_out.items() if block.start <= row < end}
        return replace(batch, lines=self._lines[block.start : end], left_out=left_out)

    def sample(self) -> tuple[pa.Array, ...]:
        """The first cells of every column."""
        return tuple(cells[self._leading : SAMPLE_ROWS] for cells in self._cells)


def _about_the_table(rows: Sequence[list[str]], units: int) -> dict[int, str]:
    """Rows of totals at the top, and rows of totals and notes at the end."""
    found: dict[int, str] = {}
    others = rows[units + 1 :][:SAMPLE_ROWS]
    if others and why_no_row(rows[units], Above(cells=others, rows=len(rows) - units - 1)) == TOTALS:
        found[units] = TOTALS
    first = units + len(found)
    end = max(first + 1, len(rows) - TAIL_ROWS)
    above = rows[first:end]
    for place, why in rows_about_the_table(rows[end:], Above(cells=above, rows=len(above))).items():
        found[end + place] = why
    return found


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
        name = options.sheet or _sheet_with_table(book, [each for each in names if each in shown] or names)
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


def _sheet_with_table(book: Any, names: Sequence[str]) -> str:
    """The first sheet, unless it is a cover sheet: one column wide, or short before a much longer one."""
    sizes: list[tuple[int, int]] = []
    for name in names:
        sheet = book.get_sheet_by_name(name)
        width = sheet.end[1] - sheet.start[1] + 1 if sheet.start else 0
        height = sheet.end[0] - sheet.start[0] + 1 if sheet.start else 0
        if not sizes and height > COVER_ROWS and width > 1:
            return name
        sizes.append((width, height))
    tallest = max((height for width, height in sizes if width > 1), default=0)
    for name, (width, height) in zip(names, sizes, strict=True):
        short = height <= COVER_ROWS and tallest >= max(MUCH_LONGER * height, 2 * COVER_ROWS)
        if width > 1 and not short:
            return name
    return next((name for name, (width, _) in zip(names, sizes, strict=True) if width), names[0])


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
    return str(cell)

"""Reads Excel: one sheet, its cells as the text a person would type for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from inference.errors import InputError
from inference.files.options import EXCEL, ReadOptions
from inference.files.read.excel.excel_sheet import read_sheet, rows_of
from inference.files.read.headers import check_headers, looks_like_data
from inference.files.read.layout.subtotals import TableShape
from inference.files.read.layout.table_ends import (
    COMPARED,
    TAIL_ROWS,
    TOTALS,
    Above,
    rows_about_the_table,
    why_no_row,
)
from inference.files.read.layout.table_region import HEAD_ROWS, columns_of, find_region, header_position
from inference.files.read.row_sizes import rows_at_once, sample_rows
from inference.files.read.source import Batch, too_many_rows
from inference.files.read.typed_rows import Rows
from inference.remedies import ChooseSheet
from inference.wording import counted, quoted, quoted_names

COMPARED_CELLS = 400_000  # with which the last rows of a sheet are compared


class ExcelSource:
    """A sheet of an Excel file (see ``inference.files.read.source.Source``)."""

    kind = EXCEL
    separator = ""

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        self.size = size
        sheet = read_sheet(stream, options.sheet)
        filled = np.flatnonzero(sheet.filled)
        if not len(filled):
            raise InputError(
                f"the sheet {quoted(sheet.name)} must have a header and rows, but it is empty",
                remedies=[ChooseSheet(sheets=sheet.others)] if sheet.others else (),
            )
        lines = sheet.first + filled
        asked = options.header_row
        header = None if asked is None else header_position(lines[:HEAD_ROWS].tolist(), asked, "row")
        region = find_region(
            rows_of(sheet.columns, filled[:HEAD_ROWS]), header=header, keep=options.keep_totals
        )
        below = region.last_header + 1
        columns = [cells.take(pa.array(filled[below:])) for cells in sheet.columns]
        texts = ["x" if pc.any(pc.greater(pc.binary_length(cells), 0)).as_py() else "" for cells in columns]
        count, _ = columns_of(region.headers, [texts])
        self.headers = tuple(region.headers[:count])
        check_headers(self.headers)
        self._cells = columns[:count]
        self._lines = lines[below:]
        self._check_rows(options)
        self._leading = len(region.left_out)
        self._left_out = dict(region.left_out)
        if not options.keep_totals:
            self._left_out |= TableShape.of(self.sample()).totals(self._cells)
            self._left_out |= _about_the_table(columns, self._leading)
        if looks_like_data(self.headers, [cells.to_pylist() for cells in self.sample()]):
            raise InputError(
                "the first row must name the columns, but it looks like a row: "
                f"{quoted_names(self.headers)}; add a row of headers"
            )
        others = sheet.others
        more = f" (not read: {counted(len(others), 'more sheet')}, {quoted_names(others)})" if others else ""
        self.assumed: tuple[str, ...] = (
            f"Excel, sheet {quoted(sheet.name)}{more}",
            *region.sentences(int(lines[region.last_header]), "row"),
        )

    def _check_rows(self, options: ReadOptions) -> None:
        """Refuse a sheet without rows below its header, or with more of them than may be."""
        rows = len(self._lines)
        if not rows:
            raise InputError(
                "the sheet must have rows below its header, but it has the header only: "
                f"{quoted_names(self.headers)}; add rows"
            )
        if options.max_rows is not None and rows > options.max_rows:
            raise too_many_rows(options.max_rows, rows)

    def blocks(self) -> Iterator[Rows]:
        """Runs of rows."""
        names = [str(position) for position in range(len(self._cells))]
        whole = pa.RecordBatch.from_arrays(self._cells, names=names)
        step = rows_at_once(whole.get_total_buffer_size() / whole.num_rows)
        for start in range(0, whole.num_rows, step):
            part = whole.slice(start, step)
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
        return tuple(cells[self._leading : sample_rows(len(self._cells))] for cells in self._cells)


def _about_the_table(columns: Sequence[pa.Array], units: int) -> dict[int, str]:
    """Rows of totals at the top, and rows of totals and notes at the end; of a large sheet by a sample."""
    count = len(columns[0])
    if units >= count:
        return {}
    most = max(COMPARED, COMPARED_CELLS // len(columns))
    found: dict[int, str] = {}
    first = rows_of(columns, range(units, min(count, units + 1 + sample_rows(len(columns)))))
    if why_no_row(first[0], Above(cells=first[1:], rows=count - units - 1)) == TOTALS:
        found[units] = TOTALS
    begin = units + len(found)
    end = max(begin + 1, count - TAIL_ROWS)
    above = Above(cells=rows_of(columns, range(begin, min(end, begin + most))), rows=end - begin)
    for row, why in rows_about_the_table(rows_of(columns, range(end, count)), above).items():
        found[end + row] = why
    return found

"""Reads CSV: any separator, encoding and line end, records separated whatever is in quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.options import CSV, ReadOptions
from inference.files.read.delimited.csv_ends import mark_ends
from inference.files.read.delimited.csv_fill import bounded_blocks
from inference.files.read.delimited.csv_head import read_head
from inference.files.read.delimited.csv_quotes import split_cells
from inference.files.read.delimited.csv_ragged import CellEdges, cell_edges, ragged_problems
from inference.files.read.delimited.csv_records import BLOCK_BYTES, Block, blocks
from inference.files.read.delimited.csv_rows import (
    MOST_HELD,
    filled_rows,
    held_bytes,
    to_last_text,
    without_blank_lines,
    without_gaps,
)
from inference.files.read.delimited.dialect import LATE, Dialect, find_dialect, is_mostly_utf8
from inference.files.read.headers import MOST_COLUMNS, looks_like_data
from inference.files.read.layout.subtotals import TableShape, may_have_labels
from inference.files.read.row_sizes import sample_rows
from inference.files.read.source import SAMPLE_BYTES, Batch
from inference.kinds.row_problems import RowProblems
from inference.remedies import FixInput
from inference.wording import quoted_names

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
COMPARED_CELLS = 400_000  # with which the last rows of a file are compared
_TWO_WAYS = "were split in two different ways; report this"


class CsvSource:
    """A CSV file or stream (see ``inference.files.read.source.Source``).

    Attributes:
        prologue: the bytes up to the end of the header, before its line end.
        width: cells of a row; more than there are headers where each row ends with a separator.
        header_width: cells of the header.
    """

    kind = CSV

    def __init__(self, stream: BinaryIO, sample: bytes, options: ReadOptions, size: int | None) -> None:
        self.size = size
        whole = len(sample) < SAMPLE_BYTES
        self.dialect: Dialect = find_dialect(sample, whole, options)
        self.separator = self.dialect.separator
        rest = sample[len(self.dialect.bom) :]
        self._blocks = blocks(stream, rest, self.dialect, max_bytes=options.max_bytes)
        self._options = options
        self._head = read_head(
            map(without_blank_lines, self._blocks),
            self._first_cells,
            options,
            skip=int(self.dialect.separator_line),
        )
        self.headers, self.width = self._head.headers, self._head.width
        self.header_width, self.prologue = self._head.header_width, self._head.prologue
        self._read = self._to_first_text()
        self.assumed: tuple[str, ...] = (*self._description(options), *self._head.found)
        cells = [column.to_pylist() for column in self.sample()]
        if looks_like_data(self.headers, cells):
            raise InputError(
                "the first line must name the columns, but it looks like a row: "
                f"{quoted_names(self.headers)}; add a line of headers"
            )

    def blocks(self) -> Iterator[Block]:
        """Blocks of whole records, the header left out; blank lines are no rows.

        The rows that are about the table are marked as ``left_out``.
        """
        rest = map(without_blank_lines, self._blocks)
        read = to_last_text(chain(self._read, rest), self.separator)
        if not self._options.keep_totals:
            read = mark_ends(read, self._first_cells, self._first_rows, leading=len(self._head.leading))
        return bounded_blocks(read, self.width)

    def _first_rows(self, most: int) -> list[tuple[str, ...]]:
        columns = [column.slice(0, min(most, COMPARED_CELLS // self.width + 1)) for column in self.sample()]
        return list(zip(*(pa.array(column).fill_null("").to_pylist() for column in columns), strict=True))

    def sample(self) -> tuple[pa.Array, ...]:
        """The first cells of every column."""
        first = self._read[-1]
        rows = slice(len(self._head.leading) if len(self._read) == 1 else 0, sample_rows(self.width))
        few = replace(first, starts=first.starts[rows], ends=first.ends[rows], lines=first.lines[rows])
        return self._batch(few, range(len(self.headers))).cells

    def parse(self, block: Block, wanted: Sequence[int]) -> Batch:
        """Parse the rows of a block; a row with more or fewer cells than the header is refused.

        Rows of totals between others are ``left_out``.
        """
        if self._options.keep_totals or not self._may_have_labels(block):
            return self._batch(block, wanted)
        batch = self._batch(block, range(len(self.headers)))
        left_out = {**self._shape.totals(batch.cells), **batch.left_out}
        return replace(
            batch,
            cells=tuple(batch.cells[column] for column in wanted),
            refused=batch.refused.without(left_out),
            left_out=left_out,
        )

    @cached_property
    def _shape(self) -> TableShape:
        return TableShape.of(self.sample())

    def _may_have_labels(self, block: Block) -> bool:
        if not len(block.ends):
            return False
        data = block.data[int(block.starts[0]) : int(block.ends[-1])]
        plain = self.dialect.transcoded or self.dialect.encoding == "utf-8"
        return may_have_labels(data if plain else self._utf8(data)[0])

    def _batch(self, block: Block, wanted: Sequence[int]) -> Batch:
        rows = len(block.ends)
        if not rows:
            nothing = tuple(pa.array([], pa.string()) for _ in wanted)
            return Batch(rows=0, cells=nothing, lines=block.lines, block=block, bytes_read=block.bytes_read)
        data, lossy = self._utf8(without_gaps(block))
        widths, refused = None, RowProblems(0)
        try:
            columns = self._parsed(data, wanted, self.width)
        except _RaggedError:
            edges = cell_edges(block, self.separator)
            widths, refused = edges.widths, ragged_problems(edges.widths, self.width, list(block.left_out))
            columns = self._with_ragged(edges, wanted)
        if any(len(column) != rows for column in columns):
            raise RuntimeError(f"rows from line {block.lines[0]} on {_TWO_WAYS}")
        return Batch(
            rows=rows,
            cells=tuple(columns),
            lines=block.lines,
            refused=refused,
            left_out=block.left_out,
            widths=widths,
            undecodable=rows if lossy else 0,
            block=block,
            bytes_read=block.bytes_read,
        )

    def _first_cells(self, record: bytes) -> list[str]:
        """As many cells of a record as a table may have, and one more."""
        return self.cells_of(record, MOST_COLUMNS + 1)

    def cells_of(self, record: bytes, most: int | None = None) -> list[str]:
        """The cells of one record, the first ``most`` of them where that is given."""
        cells = split_cells(self._utf8(record)[0], self.dialect.separator, most)
        return [cell.decode("utf-8") for cell in cells]

    def _with_ragged(self, edges: CellEdges, wanted: Sequence[int]) -> list[pa.Array]:
        """The columns of a block; of rows with too many or too few cells those that there are."""
        whole = edges.widths == self.width
        columns = [self._few(edges, np.flatnonzero(~whole), wanted)]
        rows = np.flatnonzero(whole)
        if len(rows):
            block = edges.block
            regular = replace(
                block, starts=block.starts[rows], ends=block.ends[rows], lines=block.lines[rows]
            )
            try:
                columns.insert(0, self._parsed(self._utf8(without_gaps(regular))[0], wanted, self.width))
            except _RaggedError as error:
                raise RuntimeError(f"rows from line {block.lines[0]} on {_TWO_WAYS}") from error
        order = np.argsort(np.concatenate([rows, np.flatnonzero(~whole)]), kind="stable")
        return [pa.concat_arrays(parts).take(pa.array(order)) for parts in zip(*columns, strict=True)]

    def _few(self, edges: CellEdges, rows: NDArray[np.int64], wanted: Sequence[int]) -> list[pa.Array]:
        """Some cells of some rows."""
        data, _ = self._utf8(edges.cells(rows, wanted, self.separator))
        return self._parsed(data, range(len(wanted)), len(wanted) + 1)

    def _to_first_text(self) -> list[Block]:
        """The first blocks of rows, the last of them with text."""
        read, held = [self._head.rows], 0
        while not filled_rows(read[-1], self.separator):
            held += held_bytes(read[-1])
            if held > MOST_HELD:
                raise InputError(
                    "the file must have rows below its header, but many lines below it have no text: "
                    f"{quoted_names(self.headers)}",
                    remedies=[FixInput(action="delete the empty lines")],
                )
            block = next(self._blocks, None)
            if block is None:
                raise InputError(
                    "the file must have rows below its header, but it has the header only: "
                    f"{quoted_names(self.headers)}; add rows"
                )
            read.append(without_blank_lines(block))
        return read

    def _utf8(self, data: bytes) -> tuple[bytes, bool]:
        """The data as UTF-8 for parsing, and whether some of it is not text in the file's encoding."""
        if self.dialect.transcoded:
            return data, False
        if self.dialect.encoding == "utf-8":
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                late = self.dialect.only_ascii and not is_mostly_utf8(data)
                text = data.decode(LATE if late else "utf-8", errors="replace")
                return text.encode("utf-8"), _REPLACEMENT in text
            return data, False
        text = data.decode(self.dialect.encoding, errors="replace")
        return text.encode("utf-8"), _REPLACEMENT in text

    def _parsed(self, data: bytes, wanted: Sequence[int], width: int) -> list[pa.Array]:
        """The wanted columns of rows that all have ``width`` cells.

        Raises:
            _RaggedError: when one has not.
        """
        names = [str(position) for position in range(width)]
        ragged = False

        def refuse(row: Any) -> str:
            nonlocal ragged
            ragged = True
            return "error"

        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                read_options=arrow_csv.ReadOptions(
                    column_names=names, use_threads=False, block_size=len(data) + BLOCK_BYTES
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.dialect.separator,
                    newlines_in_values=b'"' in data,
                    ignore_empty_lines=False,
                    invalid_row_handler=refuse,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    column_types={names[position]: pa.string() for position in wanted},
                    include_columns=[names[position] for position in wanted],
                    check_utf8=False,
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid as error:
            if ragged:
                raise _RaggedError from error
            raise
        return [_single(column) for column in table.columns]

    def _description(self, options: ReadOptions) -> tuple[str, ...]:
        separator = _NAMES.get(self.dialect.separator, repr(self.dialect.separator))
        marks = " with a byte order mark" if self.dialect.bom else ""
        given = " (as set by you)" if options.encoding and not self.dialect.bom else ""
        if self.dialect.guessed:
            given = " (a guess from its bytes; set the encoding if letters look wrong)"
        if self.dialect.only_ascii:
            given = f" (plain ASCII so far; bytes further on that are not UTF-8 are read as {LATE})"
        text = f"CSV in {self.dialect.encoding}{marks}{given}, separated by {separator}"
        return (text + (" (as given in its first line)" if self.dialect.separator_line else ""),)


class _RaggedError(ValueError):
    """A row has more or fewer cells than it must have."""


def _single(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

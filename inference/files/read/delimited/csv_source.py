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
from inference.files.read.delimited.csv_head import read_head
from inference.files.read.delimited.csv_quotes import split_cells
from inference.files.read.delimited.csv_records import BLOCK_BYTES, Block, blocks
from inference.files.read.delimited.dialect import LATE, Dialect, find_dialect, is_mostly_utf8
from inference.files.read.headers import MOST_COLUMNS, looks_like_data
from inference.files.read.layout.subtotals import TableShape, may_have_labels
from inference.files.read.row_sizes import sample_rows
from inference.files.read.source import SAMPLE_BYTES, Batch
from inference.wording import counted, quoted_names

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_SPACES = b" \t\r\n"
COMPARED_CELLS = 400_000  # with which the last rows of a file are compared
MOST_HELD = 16 << 20  # bytes of lines without any text; more of them are rows, wherever they are


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
            map(self._rows_of, self._blocks),
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
        if self._options.keep_totals:
            return self._to_last_text()
        return mark_ends(
            self._to_last_text(), self._first_cells, self._first_rows, leading=len(self._head.leading)
        )

    def _first_rows(self, most: int) -> list[tuple[str, ...]]:
        columns = [column.slice(0, min(most, COMPARED_CELLS // self.width + 1)) for column in self.sample()]
        return list(zip(*(pa.array(column).fill_null("").to_pylist() for column in columns), strict=True))

    def _to_last_text(self) -> Iterator[Block]:
        """Blocks up to the last row with text.

        Lines of nothing but separators are rows about which nothing is known, but those at the very end
        are what spreadsheets leave there: they are held back until a row with text follows.
        """
        held: list[Block] = []
        for block in chain(self._read, map(self._rows_of, self._blocks)):
            filled = self._filled(block)
            if filled or sum(len(each.data) for each in held) > MOST_HELD:
                yield from held
                held = []
            if filled == len(block.ends):
                yield block
            else:
                held.append(block)
        for block in held:
            filled = self._filled(block)
            yield replace(
                block, starts=block.starts[:filled], ends=block.ends[:filled], lines=block.lines[:filled]
            )

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
            cells=tuple(batch.cells[place] for place in wanted),
            refused={row: why for row, why in batch.refused.items() if row not in left_out},
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
        data, lossy = self._utf8(_without_gaps(block))
        ragged: dict[int, int] = {}
        columns = self._parsed(data, wanted, ragged)
        if any(len(column) + len(ragged) != rows for column in columns):
            raise RuntimeError(
                f"rows from line {block.lines[0]} on were split in two different ways; report this"
            )
        if ragged:
            columns = self._with_ragged(columns, block, wanted, list(ragged))
        return Batch(
            rows=rows,
            cells=tuple(columns),
            lines=block.lines,
            refused={row: self._ragged(cells) for row, cells in ragged.items() if row not in block.left_out},
            left_out=block.left_out,
            widths=ragged,
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

    def _with_ragged(
        self, columns: Sequence[pa.Array], block: Block, wanted: Sequence[int], ragged: list[int]
    ) -> list[pa.Array]:
        """The columns with the cells of rows that have too many or too few of them, as far as they go."""
        kept = np.ones(len(block.ends), dtype=bool)
        kept[ragged] = False
        places = np.cumsum(kept) - 1
        places[ragged] = kept.sum() + np.arange(len(ragged))
        few = [self.cells_of(block.record(row), len(self.headers)) for row in ragged]
        return [
            pa.concat_arrays(
                [column, pa.array([row[place] if place < len(row) else "" for row in few], pa.string())]
            ).take(pa.array(places))
            for place, column in zip(wanted, columns, strict=True)
        ]

    def _to_first_text(self) -> list[Block]:
        """The first blocks of rows, the last of them with text."""
        read = [self._head.rows]
        while not self._filled(read[-1]):
            block = next(self._blocks, None)
            if block is None:
                raise InputError(
                    "the file must have rows below its header, but it has the header only: "
                    f"{quoted_names(self.headers)}; add rows"
                )
            read.append(self._rows_of(block))
        return read

    def _rows_of(self, block: Block) -> Block:
        """The block without blank lines."""
        codes = np.frombuffer(block.data, dtype=np.uint8)
        blank = block.starts >= block.ends
        inside = np.flatnonzero(~blank)
        odd = codes[block.starts[inside]] <= ord(" ")
        for row in inside[odd].tolist():
            blank[row] = not block.record(row).strip(_SPACES)
        if not blank.any():
            return block
        starts, ends, lines = block.starts[~blank], block.ends[~blank], block.lines[~blank]
        return replace(block, starts=starts, ends=ends, lines=lines)

    def _filled(self, block: Block) -> int:
        """How many rows there are up to the last with anything but separators, spaces and quotes."""
        nothing = _SPACES + b'"' + self.dialect.separator.encode()
        count = len(block.ends)
        while count and not block.record(count - 1).strip(nothing):
            count -= 1
        return count

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

    def _parsed(self, data: bytes, wanted: Sequence[int], ragged: dict[int, int]) -> list[pa.Array]:
        names = [str(position) for position in range(self.width)]

        def refuse(row: Any) -> str:
            ragged[row.number - 1] = row.actual_columns
            return "skip"

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
        return [_single(column) for column in table.columns]

    def _ragged(self, cells: int) -> str:
        return (
            f"the row must have {counted(self.width, 'cell')} like the header, but it has {cells}; "
            "quote cells that contain the separator, and complete short rows"
        )

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


def _without_gaps(block: Block) -> bytes:
    """The block's data from its first row to its last, without the lines between that are no rows."""
    starts, ends, data = block.starts, block.ends, block.data
    codes = np.frombuffer(data, dtype=np.uint8)
    after = ends[:-1] + 1
    after += (codes[ends[:-1]] == ord("\r")) & (codes[np.minimum(after, len(codes) - 1)] == ord("\n"))
    gaps = np.flatnonzero(starts[1:] > after)
    edges: NDArray[np.int64] = np.concatenate([[-1], gaps, [len(starts) - 1]])
    runs = zip(edges[:-1] + 1, edges[1:], strict=True)
    return b"".join(data[int(starts[first]) : int(ends[last])] + b"\n" for first, last in runs)


def _single(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

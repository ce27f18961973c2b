"""Reads CSV: any separator, encoding and line end, records told apart whatever stands in quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.dialect import Dialect, find_dialect
from inference.files.headers import check_headers, looks_like_data
from inference.files.options import CSV, ReadOptions
from inference.files.records import BLOCK_BYTES, Block, blocks
from inference.files.source import SAMPLE_BYTES, Batch

SAMPLE_ROWS = 2000
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
_BLANK = b" \t\r"


class CsvSource:
    """A CSV file or stream (see ``inference.files.source.Source``).

    Attributes:
        prologue: the bytes up to the end of the header, before its line end.
    """

    kind = CSV

    def __init__(self, stream: BinaryIO, sample: bytes, options: ReadOptions, size: int | None) -> None:
        self.size = size
        whole = len(sample) < SAMPLE_BYTES
        self.dialect: Dialect = find_dialect(sample, whole, options)
        self.separator = self.dialect.separator
        rest = sample[len(self.dialect.bom) :]
        self._blocks = blocks(stream, rest, self.dialect, max_bytes=options.max_bytes)
        self._read = self._read_header()
        self.assumed: tuple[str, ...] = self._told(options)
        cells = [[each.as_py() for each in column[:SAMPLE_ROWS]] for column in self.sample()]
        if looks_like_data(self.headers, cells):
            raise InputError(
                f"the first line must name the columns, but it looks like a row: {list(self.headers)}; "
                "add a line of headers"
            )

    def blocks(self) -> Iterator[Block]:
        """Blocks of whole records, the header left out; blank lines are no rows."""
        yield from self._read
        yield from (self._rows_of(block) for block in self._blocks)

    def sample(self) -> tuple[pa.Array, ...]:
        """The first cells of every column."""
        first = self._read[-1]
        few = replace(first, starts=first.starts[:SAMPLE_ROWS], ends=first.ends[:SAMPLE_ROWS])
        return self.parse(few, range(len(self.headers))).cells

    def parse(self, block: Block, wanted: Sequence[int]) -> Batch:
        """Parse the rows of a block; a row with more or fewer cells than the header is refused."""
        rows = len(block.ends)
        if not rows:
            nothing = tuple(pa.array([], pa.string()) for _ in wanted)
            return Batch(rows=0, cells=nothing, lines=block.lines, block=block, bytes_read=block.bytes_read)
        data, lossy = self._utf8(_without_gaps(block, self.dialect.terminator))
        ragged: dict[int, int] = {}
        columns = self._parsed(data, wanted, ragged)
        refused = {row: self._ragged(cells) for row, cells in ragged.items()}
        if ragged:
            kept = np.ones(rows, dtype=bool)
            kept[list(ragged)] = False
            places = pa.array(np.where(kept, np.cumsum(kept) - 1, 0), mask=~kept)
            columns = [column.take(places).fill_null("") for column in columns]
        return Batch(
            rows=rows,
            cells=tuple(columns),
            lines=block.lines,
            refused=refused,
            undecodable=rows if lossy else 0,
            block=block,
            bytes_read=block.bytes_read,
        )

    def cells_of(self, record: bytes) -> list[str]:
        """The cells of one record."""
        text = record.decode(self._codec, errors="replace")
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=self.dialect.separator), [])

    @property
    def _codec(self) -> str:
        return "utf-8" if self.dialect.transcoded else self.dialect.encoding

    def _read_header(self) -> list[Block]:
        """Take the header from the first block; returns the blocks read so far, the last with rows."""
        told = int(self.dialect.separator_line)
        block = next(self._blocks, None)
        kept = None if block is None else self._rows_of(block)
        if kept is None or len(kept.ends) <= told:
            raise InputError("the file must have a header and rows, but it has no line with text")
        self.headers = tuple(cell.strip() for cell in self.cells_of(kept.record(told)))
        check_headers(self.headers)
        end, below = int(kept.ends[told]), told + 1
        self.prologue = kept.data[:end]
        starts, ends, lines = kept.starts[below:], kept.ends[below:], kept.lines[below:]
        read = [replace(kept, starts=starts, ends=ends, lines=lines, begin=end)]
        while not len(read[-1].ends):
            block = next(self._blocks, None)
            if block is None:
                raise InputError(
                    f"the file must have rows below its header, but it has the header only: "
                    f"{list(self.headers)}"
                )
            read.append(self._rows_of(block))
        return read

    def _rows_of(self, block: Block) -> Block:
        """The block without lines that are blank or hold nothing but separators."""
        codes = np.frombuffer(block.data, dtype=np.uint8)
        starts, ends = block.starts, block.ends
        candidates = starts >= ends
        inside = np.flatnonzero(~candidates)
        blank = _BLANK + self.dialect.separator.encode()
        odd = np.isin(codes[starts[inside]], list(blank))
        for row in inside[odd].tolist():
            candidates[row] = not block.record(row).strip(blank + b'"')
        if not candidates.any():
            return block
        return replace(
            block, starts=starts[~candidates], ends=ends[~candidates], lines=block.lines[~candidates]
        )

    def _utf8(self, data: bytes) -> tuple[bytes, bool]:
        """The data as UTF-8 for parsing, and whether some of it is no text in the file's encoding."""
        if self.dialect.transcoded:
            return data, False
        if self.dialect.encoding == "utf-8":
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                return data.decode("utf-8", errors="replace").encode("utf-8"), True
            return data, False
        text = data.decode(self.dialect.encoding, errors="replace")
        return text.encode("utf-8"), "\N{REPLACEMENT CHARACTER}" in text

    def _parsed(self, data: bytes, wanted: Sequence[int], ragged: dict[int, int]) -> list[pa.Array]:
        names = [str(position) for position in range(len(self.headers))]

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
                column_types={name: pa.string() for name in names},
                include_columns=[names[position] for position in wanted],
                check_utf8=False,
                null_values=[],
                strings_can_be_null=False,
            ),
        )
        return [_single(column) for column in table.columns]

    def _ragged(self, cells: int) -> str:
        return (
            f"the row must have {len(self.headers)} cells as the header has, but it has {cells}; "
            "quote cells that hold the separator, and fill up short rows"
        )

    def _told(self, options: ReadOptions) -> tuple[str, ...]:
        separator = _NAMES.get(self.dialect.separator, repr(self.dialect.separator))
        marks = " with a byte order mark" if self.dialect.bom else ""
        given = " (as you said)" if options.encoding and not self.dialect.bom else ""
        told = f"CSV in {self.dialect.encoding}{marks}{given}, cells parted by {separator}"
        return (told + (" (told by its first line)" if self.dialect.separator_line else ""),)


def _without_gaps(block: Block, terminator: bytes) -> bytes:
    """The block's data from its first row to its last, without the lines between that are no rows."""
    starts, ends, data = block.starts, block.ends, block.data
    codes = np.frombuffer(data, dtype=np.uint8)
    after = ends[:-1] + 1
    if terminator == b"\n":
        after += codes[ends[:-1]] == ord("\r")
    gaps = np.flatnonzero(starts[1:] > after)
    if not len(gaps):
        return data[int(starts[0]) : int(ends[-1])] + terminator
    edges: NDArray[np.int64] = np.concatenate([[-1], gaps, [len(starts) - 1]])
    runs = zip(edges[:-1] + 1, edges[1:], strict=True)
    return b"".join(data[int(starts[first]) : int(ends[last])] + terminator for first, last in runs)


def _single(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

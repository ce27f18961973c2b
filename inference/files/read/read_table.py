"""Reads a whole file at once, every column, for those who need all of it: training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.options import ReadOptions
from inference.files.ordered_map import in_order
from inference.files.read.headers import named, no_such_decimal
from inference.files.read.open_source import open_source
from inference.files.read.reader_faults import refused_when_damaged, until_damaged
from inference.files.read.row_sizes import unfolded_bytes
from inference.files.read.source import Batch, Source, too_many_rows
from inference.remedies import FixInput, SetSeparator
from inference.wording import counted

EXAMPLES = 3  # refused rows that are named
MOST_UNPACKED, UNPACKED_PER_BYTE = 256 << 20, 4  # bytes of a table in memory, and more per byte of its file


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A file in memory.

    Attributes:
        cells: every column by its header, ``N`` rows: text from CSV and Excel, typed from others. A column
            without a header is called ``column_3`` by its position.
        lines: ``[N]`` the position of each row in the file.
        refused: how many rows are left out because they have more or fewer cells than the header.
        refused_examples: the first of them: position in the file -> a sentence.
        left_out: position in the file -> why a row is about the table and not of it; left out as well.
        made_up: names of the columns that have no header in the file.
        undecodable: whether some bytes are not text in the file's encoding.
        separator: between the cells of a line of CSV; empty otherwise.
    """

    kind: str
    assumed: tuple[str, ...]
    cells: pa.Table
    lines: NDArray[np.int64]
    refused: int
    refused_examples: Mapping[int, str]
    left_out: Mapping[int, str]
    made_up: tuple[str, ...]
    undecodable: bool
    separator: str


def read_whole(path: str | Path, options: ReadOptions | None = None) -> Whole:
    """Read every column of a CSV, Parquet, Excel, Arrow or JSON file.

    Raises:
        InputError: when the file must be refused.
    """
    options = options or ReadOptions()
    with open_source(path, options) as source:
        for header in options.decimals:
            if header not in source.headers:
                raise no_such_decimal(header, source.headers)
        headers = named(source.headers)
        wanted = range(len(headers))
        batches: list[Batch] = []
        rows = size = 0
        most = MOST_UNPACKED + UNPACKED_PER_BYTE * (source.size or 0)
        for batch in in_order(lambda block: _parsed(source, block, wanted), until_damaged(source.blocks())):
            rows += batch.rows
            size += sum(unfolded_bytes(cells) for cells in batch.cells)
            if size > most:
                raise InputError(
                    f"the cells of the table must take at most {most >> 20:,} MB of memory, but take more; "
                    "leave out columns that are not about a customer, or rows"
                )
            if options.max_rows is not None and rows > options.max_rows:
                raise too_many_rows(options.max_rows)
            batches.append(batch)
        refused = sum(len(batch.refused) for batch in batches)
        first_refused = (
            (int(batch.lines[row]), batch.refused[row][1]) for batch in batches for row in batch.refused
        )
        left_out = {int(batch.lines[row]): why for batch in batches for row, why in batch.left_out.items()}
        if refused and refused + len(left_out) == rows:
            first = next(batch for batch in batches if batch.refused)
            row = next(iter(first.refused))
            cells = first.widths[row] if first.widths is not None else 0
            raise InputError(
                f"at least one row must have {counted(len(headers), 'cell')} like the header, but none has; "
                f"line {first.lines[row]} has {cells}",
                remedies=[FixInput(action="quote cells that contain the separator"), SetSeparator()],
            )
        kept = [_without_refused(batch) for batch in batches]
        columns = [pa.chunked_array([cells[column] for cells, _ in kept]) for column in wanted]
        return Whole(
            kind=source.kind,
            assumed=source.assumed,
            cells=pa.table(columns, names=headers),
            lines=np.concatenate([lines for _, lines in kept]),
            refused=refused,
            refused_examples=dict(islice(first_refused, EXAMPLES)),
            left_out=left_out,
            made_up=tuple(name for name, header in zip(headers, source.headers, strict=True) if not header),
            undecodable=any(batch.undecodable for batch in batches),
            separator=source.separator,
        )


def _parsed(source: Source, block: Any, wanted: Sequence[int]) -> Batch:
    with refused_when_damaged():
        return source.parse(block, wanted)


def _without_refused(batch: Batch) -> tuple[tuple[pa.Array, ...], NDArray[np.int64]]:
    if not batch.refused and not batch.left_out:
        return batch.cells, batch.lines
    kept = batch.refused.codes == 0 if batch.refused else np.ones(batch.rows, dtype=bool)
    kept[list(batch.left_out)] = False
    return tuple(cells.filter(pa.array(kept)) for cells in batch.cells), batch.lines[kept]

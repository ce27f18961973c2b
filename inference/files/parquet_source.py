"""Reads Parquet, batch by batch, every column in its own type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from inference.errors import InputError
from inference.files.headers import check_headers
from inference.files.options import PARQUET, ReadOptions
from inference.files.source import Batch

BATCH_ROWS = 1 << 17


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of a typed table, and where in it they stand."""

    cells: pa.RecordBatch
    start: int
    bytes_read: int


class ParquetSource:
    """A Parquet file (see ``inference.files.source.Source``)."""

    kind = PARQUET
    separator = ""

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        self.size = size
        try:
            self._file = parquet.ParquetFile(stream)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"the file begins as Parquet but cannot be read as such ({_first_line(error)}); "
                "it is damaged or cut off: write it again"
            ) from error
        self.schema: pa.Schema = self._file.schema_arrow
        self.headers = tuple(self.schema.names)
        check_headers(self.headers)
        self.rows = int(self._file.metadata.num_rows)
        if not self.rows:
            raise InputError(
                f"the file must have rows, but it has none; its columns are {list(self.headers)}"
            )
        if options.max_rows is not None and self.rows > options.max_rows:
            raise InputError(
                f"the file must have at most {options.max_rows:,} rows, but it has {self.rows:,}; split it, "
                "or raise the limit"
            )
        self.assumed: tuple[str, ...] = (
            f"Parquet, {self.rows:,} rows in {self._file.metadata.num_row_groups} row groups",
        )

    def blocks(self) -> Iterator[Rows]:
        """Batches of typed rows."""
        done = 0
        try:
            for batch in self._file.iter_batches(batch_size=BATCH_ROWS, use_threads=False):
                done += batch.num_rows
                share = done / self.rows
                yield Rows(cells=batch, start=done - batch.num_rows, bytes_read=int(share * (self.size or 0)))
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"the Parquet file cannot be read beyond row {done:,} ({_first_line(error)}); it is damaged: "
                "write it again"
            ) from error

    def parse(self, block: Rows, wanted: Sequence[int]) -> Batch:
        """The wanted columns as they are."""
        count = block.cells.num_rows
        return Batch(
            rows=count,
            cells=tuple(block.cells.column(position) for position in wanted),
            lines=np.arange(block.start + 1, block.start + count + 1),
            block=block,
            bytes_read=block.bytes_read,
        )

    def sample(self) -> tuple[pa.Array, ...]:
        """The first rows of every column."""
        first = next(iter(self._file.iter_batches(batch_size=2000)))
        return tuple(first.columns)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200]

"""Reads Parquet, batch by batch, every column in its own type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from inference.errors import InputError
from inference.files.options import PARQUET, ReadOptions
from inference.files.read.headers import check_headers
from inference.files.read.source import Batch, too_many_rows
from inference.wording import counted, quoted_names, shortened

BATCH_ROWS = 1 << 17
SAMPLE_ROWS = 2000


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of a typed table, and where in it they stand."""

    cells: pa.RecordBatch
    start: int
    bytes_read: int

    def parsed(self, wanted: Sequence[int]) -> Batch:
        """The wanted columns as they are, a row's place counted from 1."""
        count = self.cells.num_rows
        return Batch(
            rows=count,
            cells=tuple(self.cells.column(position) for position in wanted),
            lines=np.arange(self.start + 1, self.start + count + 1),
            block=self,
            bytes_read=self.bytes_read,
        )


class ParquetSource:
    """A Parquet file (see ``inference.files.read.source.Source``)."""

    kind = PARQUET
    separator = ""

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        self.size = size
        try:
            self._file = parquet.ParquetFile(stream)
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"the file starts like Parquet but cannot be read as such ({shortened(str(error))}); "
                "it is damaged or cut off: write it again"
            ) from error
        self.schema: pa.Schema = self._file.schema_arrow
        self.headers = tuple(self.schema.names)
        check_headers(self.headers)
        self.rows = int(self._file.metadata.num_rows)
        if not self.rows:
            raise InputError(
                f"the file must have rows, but it has none; its columns are {quoted_names(self.headers)}"
            )
        if options.max_rows is not None and self.rows > options.max_rows:
            raise too_many_rows(options.max_rows, self.rows)
        self.assumed: tuple[str, ...] = (
            f"Parquet, {counted(self.rows, 'row')} in "
            f"{counted(self._file.metadata.num_row_groups, 'row group')}",
        )

    def blocks(self) -> Iterator[Rows]:
        """Batches of typed rows."""
        done = 0
        for batch in self._batches(BATCH_ROWS):
            done += batch.num_rows
            share = done / self.rows
            yield Rows(cells=batch, start=done - batch.num_rows, bytes_read=int(share * (self.size or 0)))

    def _batches(self, size: int) -> Iterator[pa.RecordBatch]:
        done = 0
        try:
            for batch in self._file.iter_batches(batch_size=size, use_threads=False):
                done += batch.num_rows
                yield batch
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"the Parquet file cannot be read beyond row {done:,} ({shortened(str(error))}); "
                "it is damaged: write it again"
            ) from error

    def parse(self, block: Rows, wanted: Sequence[int]) -> Batch:
        """The wanted columns as they are."""
        return block.parsed(wanted)

    def sample(self) -> tuple[pa.Array, ...]:
        """The first rows of every column."""
        return tuple(next(self._batches(SAMPLE_ROWS)).columns)

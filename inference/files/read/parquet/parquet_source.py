"""Reads Parquet, batch by batch, every column in its own type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO

import pyarrow as pa
from pyarrow import parquet

from inference.errors import InputError
from inference.files.options import PARQUET, ReadOptions
from inference.files.read.headers import check_headers
from inference.files.read.parquet.parquet_limits import check_footer, rows_per_batch
from inference.files.read.row_sizes import rows_at_once, sample_rows
from inference.files.read.source import too_many_rows
from inference.files.read.typed_rows import Rows, check_cells
from inference.files.read.typed_source import TypedSource
from inference.wording import counted, quoted_names, shortened

MOST_AT_ONCE = 1 << 16  # rows, so that the copies of a few batches stay small


class ParquetSource(TypedSource):
    """A Parquet file (see ``inference.files.read.source.Source``)."""

    kind = PARQUET

    def __init__(self, stream: BinaryIO, options: ReadOptions, size: int | None) -> None:
        super().__init__(keep_totals=options.keep_totals)
        self.size = size
        check_footer(stream)
        stream.seek(0)
        try:
            # Read in turn: what is read ahead would be shared by sample and rows, and at times missing.
            self._file = parquet.ParquetFile(stream, pre_buffer=False)
            self.schema: pa.Schema = self._file.schema_arrow
            self.headers = tuple(self.schema.names)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"the file starts like Parquet but cannot be read as such ({shortened(str(error))}); "
                "it is damaged or cut off: write it again"
            ) from error
        check_headers(self.headers)
        self.rows = int(self._file.metadata.num_rows)
        if not self.rows:
            raise InputError(
                f"the file must have rows, but it has none; its columns are {quoted_names(self.headers)}"
            )
        if options.max_rows is not None and self.rows > options.max_rows:
            raise too_many_rows(options.max_rows, self.rows)
        self._at_once = min(MOST_AT_ONCE, rows_per_batch(stream, self._file.metadata))
        self.assumed: tuple[str, ...] = (
            f"Parquet, {counted(self.rows, 'row')} in "
            f"{counted(self._file.metadata.num_row_groups, 'row group')}",
        )

    def rows_in_order(self) -> Iterator[Rows]:
        """Batches of typed rows."""
        self.sample()  # read before, since another thread may ask for it meanwhile
        done = 0
        for batch in self._batches(self._at_once):
            done += batch.num_rows
            share = done / self.rows
            yield Rows(cells=batch, start=done - batch.num_rows, bytes_read=int(share * (self.size or 0)))
        if done != self.rows:
            raise InputError(
                f"the Parquet file must have {counted(self.rows, 'row')}, as its footer says, but it has "
                f"{done:,}; it is damaged: write it again"
            )

    def _batches(self, size: int) -> Iterator[pa.RecordBatch]:
        """Batches whose cells are valid, none much larger than a batch may be."""
        done = 0
        try:
            for batch in self._file.iter_batches(batch_size=size, use_threads=False):
                check_cells(batch, done)
                step = rows_at_once(batch.nbytes / max(1, batch.num_rows), max(1, batch.num_rows))
                for start in range(0, batch.num_rows, step):
                    yield batch.slice(start, step)
                done += batch.num_rows
        except (pa.ArrowException, OSError) as error:
            raise InputError(
                f"the Parquet file cannot be read beyond row {done:,} ({shortened(str(error))}); "
                "it is damaged: write it again"
            ) from error

    def sample(self) -> tuple[pa.Array, ...]:
        """The first rows of every column."""
        return self._first

    @cached_property
    def _first(self) -> tuple[pa.Array, ...]:
        """Read once: the size of its batch would become that of all batches that are read meanwhile."""
        rows = min(sample_rows(len(self.headers)), self._at_once)
        first = next(self._batches(rows), None)
        return tuple(pa.nulls(0) for _ in self.headers) if first is None else tuple(first.columns)

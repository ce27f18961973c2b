"""Typed rows as Parquet, in row groups of some megabytes."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from inference.errors import InputError
from inference.wording import shortened

GROUP_BYTES = 16 << 20  # of a row group, before it is encoded
MOST_HELD = 4  # batches of which it is made, before they become one
MOST_COLUMNS = 10_000  # each takes memory for the whole time


class ParquetFormat:
    """See ``RowFormat``; ``columns`` is the number of the table's own columns.

    Raises:
        InputError: for more columns than may be.
    """

    def __init__(self, stream: BinaryIO, columns: int) -> None:
        if columns > MOST_COLUMNS:
            raise InputError(
                f"a scored Parquet file must have at most {MOST_COLUMNS:,} columns of its own, but it would "
                f"have {columns:,}; write CSV, or leave out columns that the model does not use"
            )
        self._stream = stream
        self._writer: Any = None
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = 0

    def encode(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows as they are."""
        return rows

    def write(self, encoded: pa.RecordBatch) -> None:
        """Hold the rows until there are enough for a row group."""
        self._held.append(encoded)
        self._held_bytes += encoded.nbytes
        if len(self._held) >= MOST_HELD:  # each column of a batch takes memory besides its cells
            self._held = pa.Table.from_batches(self._held).combine_chunks().to_batches()
        if self._held_bytes >= GROUP_BYTES:
            self._write_group()

    def close(self) -> None:
        """Write the last row group and the footer."""
        if self._held:
            self._write_group()
        if self._writer is not None:
            self._writer.close()

    def abandon(self) -> None:
        """Nothing is held outside of memory."""

    def _write_group(self) -> None:
        """Write the held rows as one row group; its footer takes memory for each column until the end."""
        rows = pa.Table.from_batches(self._held)
        try:
            if self._writer is None:
                self._writer = parquet.ParquetWriter(self._stream, rows.schema)
            self._writer.write_table(rows, row_group_size=len(rows))
        except pa.ArrowNotImplementedError as error:
            raise InputError(
                f"every column must be of a type that Parquet has, but one is not ({shortened(str(error))}); "
                "write Arrow"
            ) from error
        self._held, self._held_bytes = [], 0

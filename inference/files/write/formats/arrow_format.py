"""Typed rows as an Arrow stream, which most tools read without a copy."""

from __future__ import annotations

from typing import Any, BinaryIO

import pyarrow as pa


class ArrowFormat:
    """See ``RowFormat``."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._writer: Any = None

    def encode(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows as they are."""
        return rows

    def write(self, encoded: pa.RecordBatch) -> None:
        """Append a batch; the first one brings the schema."""
        if self._writer is None:
            options = pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)
            self._writer = pa.ipc.new_stream(self._stream, encoded.schema, options=options)
        self._writer.write_batch(encoded)

    def close(self) -> None:
        """Write the end of the stream."""
        if self._writer is not None:
            self._writer.close()

    def abandon(self) -> None:
        """Nothing is held outside of memory."""

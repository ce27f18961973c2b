"""What every format of a table offers to the writer."""

from __future__ import annotations

from typing import Any, Protocol

import pyarrow as pa


class RowFormat(Protocol):
    """Record batches of one schema into a stream: ``encode`` from any thread, the rest in order from one."""

    def encode(self, rows: pa.RecordBatch) -> Any:
        """Rows in the form in which they are written."""

    def write(self, encoded: Any) -> None:
        """Append encoded rows."""

    def close(self) -> None:
        """Write what ends the file."""

    def abandon(self) -> None:
        """Free what is held, in place of ``close``, when the file will not be complete."""

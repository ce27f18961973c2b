"""Rows of a table whose cells have Arrow types already: what sources of typed tables hand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from inference.files.read.source import Batch


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of a typed table, and their positions in it."""

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

"""Rows of a table whose cells have Arrow types already: what sources of typed tables hand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from inference.errors import InputError
from inference.files.read.source import Batch
from inference.wording import quoted, shortened


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Rows of a typed table, their positions in it, and row -> why it is no row of the table."""

    cells: pa.RecordBatch
    start: int
    bytes_read: int
    left_out: Mapping[int, str] = field(default_factory=dict)

    def parsed(self, wanted: Sequence[int]) -> Batch:
        """The wanted columns as they are, a row's position counted from 1."""
        count = self.cells.num_rows
        return Batch(
            rows=count,
            cells=tuple(self.cells.column(position) for position in wanted),
            lines=np.arange(self.start + 1, self.start + count + 1),
            left_out=self.left_out,
            block=self,
            bytes_read=self.bytes_read,
        )


def check_cells(batch: pa.RecordBatch, done: int) -> None:
    """Refuse cells that are not what their column's type says, such as text that is not UTF-8.

    Args:
        done: rows before the batch.

    Raises:
        InputError: with the column, and between which rows it is.
    """
    for header, cells in zip(batch.schema.names, batch.columns, strict=True):
        try:
            cells.validate(full=True)
        except pa.ArrowException as error:
            raise InputError(
                f"column {quoted(header)} must have valid cells, but between rows {done + 1:,} and "
                f"{done + batch.num_rows:,} it has others ({shortened(str(error))}); it is damaged: "
                "write it again"
            ) from error

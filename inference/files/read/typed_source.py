"""What sources of typed tables have in common: rows of totals are found, and columns stay as they are."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import pyarrow as pa

from inference.files.read.last_totals import mark_last_totals
from inference.files.read.layout.subtotals import TableShape
from inference.files.read.source import Batch
from inference.files.read.typed_rows import Rows


class TypedSource(ABC):
    """A table whose cells have Arrow types (see ``inference.files.read.source.Source``).

    Args:
        keep_totals: read rows of totals as rows of the table.
    """

    separator = ""

    def __init__(self, *, keep_totals: bool) -> None:
        self._keep_totals = keep_totals

    @abstractmethod
    def rows_in_order(self) -> Iterator[Rows]:
        """Batches of typed rows, none much larger than a batch may be."""

    @abstractmethod
    def sample(self) -> tuple[pa.Array, ...]:
        """The first rows of every column."""

    def blocks(self) -> Iterator[Rows]:
        """Batches of typed rows; totals among the last are marked as ``left_out``."""
        rows = self.rows_in_order()
        return rows if self._keep_totals else mark_last_totals(rows, self.sample)

    def parse(self, block: Rows, wanted: Sequence[int]) -> Batch:
        """The wanted columns as they are; rows of totals between others are ``left_out``."""
        batch = block.parsed(wanted)
        if self._keep_totals:
            return batch
        return replace(batch, left_out={**self._shape.totals(block.cells.columns), **batch.left_out})

    @cached_property
    def _shape(self) -> TableShape:
        return TableShape.of(self.sample())

"""What an executor does: score the record batches of a partition with a model that it loads once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa

from inference.files.columns.cell_texts import is_text
from inference.files.predictions import NO_COLUMN
from inference.files.read.reading import Reading
from inference.files.read.source import Batch
from inference.files.scoring import scored_rows, wanted_columns
from inference.kinds.row_problems import RowProblems
from inference.segmenter import Segmenter

MALFORMED = "the row must have as many cells as the header, but it has more or fewer; it was not scored"

_LOADED: dict[str, Segmenter] = {}  # by fingerprint; Spark keeps a process for many partitions


class Content(Protocol):
    """The bytes of a model file, such as a broadcast variable."""

    @property
    def value(self) -> bytes:
        """The bytes."""


@dataclass(frozen=True, kw_only=True)
class BatchScorer:
    """Scores the batches of any partition by decisions that were made once.

    Attributes:
        fingerprint: of the model file; content: the file.
        reading: how the table's cells are read.
        malformed: name of a column that is not handed on: where it has a cell, the row is in error.
    """

    fingerprint: str
    content: Content
    reading: Reading
    malformed: str = ""

    def scored_batches(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Each batch with the six columns after its own."""
        for cells in batches:
            yield self._scored(loaded(self.fingerprint, self.content), cells)

    def _scored(self, segmenter: Segmenter, cells: pa.RecordBatch) -> pa.RecordBatch:
        own = cells.drop_columns([self.malformed]) if self.malformed else cells
        wanted = wanted_columns(self.reading, segmenter)
        batch = Batch(
            rows=cells.num_rows,
            cells=tuple(_valid(own.column(column)) for column in wanted),
            lines=np.arange(1, cells.num_rows + 1),
            refused=self._refused(cells),
        )
        return scored_rows(segmenter, self.reading, batch, own)

    def _refused(self, cells: pa.RecordBatch) -> RowProblems:
        """The rows that are in error, whatever their cells are."""
        problems = RowProblems(cells.num_rows)
        if self.malformed:
            found = cells.column(self.malformed).is_valid().to_numpy(zero_copy_only=False)
            problems.adopt(found.astype(np.int64), [(NO_COLUMN, MALFORMED)])
        return problems


def _valid(cells: pa.Array) -> pa.Array:
    """Cells of text as bytes where some are not UTF-8, as Spark permits: the validation refuses those."""
    if not is_text(cells.type):
        return cells
    try:
        cells.validate(full=True)
    except pa.ArrowInvalid:
        return cells.cast(pa.large_binary())
    return cells


def loaded(fingerprint: str, content: Content) -> Segmenter:
    """The model with this fingerprint, loaded once per process."""
    if fingerprint not in _LOADED:
        _LOADED[fingerprint] = Segmenter.load(content.value, sha256=fingerprint)
    return _LOADED[fingerprint]

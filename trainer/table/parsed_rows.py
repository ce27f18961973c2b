"""All rows of a table as raw columns: parsed where they are, by what was decided on the sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from numpy.typing import NDArray

from inference.contract import Column
from inference.files.columns.cell_texts import one_array
from inference.files.read.parse_cells import parse_cells
from inference.kinds.row_problems import RowProblems
from trainer.table.every_row import EveryRow, Tally
from trainer.table.raw_table import readable


@dataclass(frozen=True, kw_only=True)
class RowParser:
    """Makes raw columns ``[N]`` of a batch of rows: those of ``clean`` for the same cells.

    Attributes:
        columns: with how each is written; headers: name -> its header in the table.
    """

    columns: tuple[Column, ...]
    headers: Mapping[str, str]

    def __call__(self, batch: pa.RecordBatch) -> dict[str, NDArray[Any]]:
        """The columns of the batch by name; a refused cell is missing."""
        cells = readable(pa.Table.from_batches([batch]).select(list(dict.fromkeys(self.headers.values()))))
        return {
            column.name: parse_cells(
                column,
                one_array(cells.column(self.headers[column.name])),
                RowProblems(batch.num_rows, most=0),
            )
            for column in self.columns
        }


@dataclass(frozen=True, kw_only=True)
class ParsedRows:
    """All rows of a clean table of which a run holds a sample.

    Attributes:
        distinct: whether rows that equal another one in every cell are left out.
    """

    every: EveryRow
    parser: RowParser
    distinct: bool

    @property
    def rows(self) -> EveryRow:
        """The rows with the columns that are parsed."""
        rows = self.every.distinct() if self.distinct else self.every
        return rows.only(self.parser.headers.values())

    def total(self, tally: Callable[[dict[str, NDArray[Any]]], Tally]) -> Tally:
        """The sum of the tallies of all batches of parsed rows."""
        return self.rows.total(_Parsed(parser=self.parser, tally=tally))


@dataclass(frozen=True, kw_only=True)
class _Parsed:
    """Tallies a batch after it is parsed."""

    parser: RowParser
    tally: Callable[[dict[str, NDArray[Any]]], Tally]

    def __call__(self, batch: pa.RecordBatch) -> Tally:
        return self.tally(self.parser(batch))

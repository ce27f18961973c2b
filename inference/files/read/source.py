"""The form in which every kind of file is read: batches of rows from a source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.kinds.row_problems import RowProblems
from inference.remedies import RaiseLimit
from inference.wording import counted

SAMPLE_BYTES = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Some rows of a file.

    Attributes:
        rows: ``N``.
        cells: the wanted columns, ``[N]`` each: text from CSV and Excel, typed from Parquet.
        lines: ``[N]`` position of each row: line of a CSV file, row of a sheet, otherwise counted from 1.
        refused: a sentence for each row that has more or fewer cells than the header.
        left_out: row -> why it is about the table and not a row of it, such as a row of totals; not in
            ``refused``.
        widths: ``[N]`` how many cells each row has; ``None`` where all have as many as the header.
        undecodable: rows in which some wanted cell is not text in the file's encoding.
        block: what the rows were parsed from, for those who write them out again.
        bytes_read: of the file so far.
    """

    rows: int
    cells: tuple[pa.Array, ...]
    lines: NDArray[np.int64]
    refused: RowProblems = field(default_factory=lambda: RowProblems(0))
    left_out: Mapping[int, str] = field(default_factory=dict)
    widths: NDArray[np.int64] | None = None
    undecodable: int = 0
    block: Any = None
    bytes_read: int = 0


class Source(Protocol):
    """A file that is being read: ``blocks`` in order from one thread, ``parse`` from any.

    Attributes:
        kind: ``"csv"``, ``"parquet"`` or ``"excel"``.
        headers: of its columns, in order; unnamed columns have the header ``""``.
        assumed: how it was read, in sentences.
        separator: between cells of CSV; empty otherwise.
        size: bytes in all, ``None`` when that is not known beforehand.
    """

    kind: str
    headers: tuple[str, ...]
    assumed: tuple[str, ...]
    separator: str
    size: int | None

    def blocks(self) -> Iterator[Any]:
        """Pieces of the file in order, each to be parsed."""

    def parse(self, block: Any, wanted: Sequence[int]) -> Batch:
        """The rows of a piece, with the columns at these positions."""

    def sample(self) -> tuple[pa.Array, ...]:
        """The first cells of every column, to detect decimal marks and kinds."""


def too_many_rows(most: int, rows: int | None = None) -> InputError:
    """The error about a file with more rows than the limit; ``rows``: how many, where that is known."""
    seen = "more" if rows is None else f"{rows:,}"
    return InputError(
        f"the file must have at most {counted(most, 'row')}, but it has {seen}",
        remedies=[RaiseLimit(limit="max_rows")],
    )

"""Rows of CSV that have more or fewer cells than the header, a block of them at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.files.read.delimited.csv_quotes import quoted_spans
from inference.files.read.delimited.csv_records import Block
from inference.kinds.row_problems import RowProblems
from inference.wording import counted

_NEWLINE = ord("\n")
Positions = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class CellEdges:
    """Where the cells of a block's rows end.

    Attributes:
        block: with ``R`` rows.
        separators: ``[S]`` the positions of all separators that are not in quotes.
        first: ``[R]`` which of them is the first of each row; widths: ``[R]`` how many cells each row has.
    """

    block: Block
    separators: Positions
    first: Positions
    widths: Positions

    def cells(self, rows: Positions, wanted: Sequence[int], separator: str) -> bytes:
        """These cells of some rows as CSV of their own, blank where a row has no such cell.

        Each row ends with one more blank cell, so that none is a blank line.
        """
        begins, ends = self._edges(rows, wanted)
        lengths = (ends - begins + 1).reshape(-1)  # with the separator after it
        offsets = np.cumsum(lengths) - lengths
        total = int(lengths.sum())
        index = np.repeat((begins.reshape(-1) - offsets).astype(np.int32), lengths)
        index += np.arange(total, dtype=np.int32)
        codes = np.frombuffer(self.block.data, dtype=np.uint8)
        text = codes[np.minimum(index, len(codes) - 1)]
        text[offsets + lengths - 1] = ord(separator)
        if not wanted:
            return b"\n" * len(rows)
        line_ends = (offsets + lengths).reshape(len(rows), len(wanted))[:, -1]
        return np.insert(text, line_ends, _NEWLINE).tobytes()

    def _edges(self, rows: Positions, wanted: Sequence[int]) -> tuple[Positions, Positions]:
        """Where the wanted cells begin and end, ``[rows, wanted]``; the same where there is no such cell."""
        starts, stops = self.block.starts[rows], self.block.ends[rows]
        first, widths = self.first[rows], self.widths[rows]
        begins = np.empty((len(rows), len(wanted)), dtype=np.int64)
        ends = np.empty_like(begins)
        last = max(0, len(self.separators) - 1)
        known = self.separators if len(self.separators) else np.zeros(1, dtype=np.int64)
        for column, position in enumerate(wanted):
            before = known[np.clip(first + position - 1, 0, last)] + 1
            after = known[np.clip(first + position, 0, last)]
            begin = starts if position == 0 else np.where(position < widths, before, stops)
            begins[:, column] = begin
            ends[:, column] = np.where(position < widths - 1, after, stops)
        return begins, ends


def cell_edges(block: Block, separator: str) -> CellEdges:
    """Where the cells of a block's rows end."""
    codes = np.frombuffer(block.data, dtype=np.uint8)
    separators = np.flatnonzero(codes == ord(separator))
    if b'"' in block.data:
        separators = separators[quoted_spans(block.data, separator).outside(separators)]
    first = np.searchsorted(separators, block.starts)
    widths = np.searchsorted(separators, block.ends) - first + 1
    return CellEdges(block=block, separators=separators, first=first, widths=widths)


def ragged_problems(widths: Positions, width: int, left_out: Sequence[int]) -> RowProblems:
    """The refusal of each row that has not ``width`` cells; none of those that are left out."""
    counts, inverse = np.unique(widths, return_inverse=True)
    codes = np.where(widths == width, 0, inverse + 1)
    codes[list(left_out)] = 0
    problems = RowProblems(len(widths))
    problems.adopt(codes, [("", _sentence(width, cells)) for cells in counts.tolist()])
    return problems


def _sentence(width: int, cells: int) -> str:
    return (
        f"the row must have {counted(width, 'cell')} like the header, but it has {cells}; "
        "quote cells that contain the separator, and complete short rows"
    )

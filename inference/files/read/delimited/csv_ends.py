"""Marks the rows at the end of a CSV file that are about the table, as its blocks go by."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from inference.files.read.delimited.csv_records import Block
from inference.files.read.layout.table_ends import TAIL_ROWS, Above, Cells, rows_about_the_table


def mark_ends(
    blocks: Iterator[Block],
    cells_of: Callable[[bytes], list[str]],
    first_rows: Callable[[int], Sequence[Cells]],
    *,
    leading: int,
) -> Iterator[Block]:
    """The same blocks; rows among the last of the file that are about the table are ``left_out``.

    A block is held back until enough rows follow that none of its own is among the last.

    Args:
        blocks: of the table's rows.
        cells_of: the cells of a record.
        first_rows: the cells of the first rows that are of the table, at most so many.
        leading: rows at the top that are left out already.
    """
    held: deque[Block] = deque()
    rows = after = 0
    for block in blocks:
        rows += len(block.ends)
        after += len(block.ends) if held else 0
        held.append(block)
        while len(held) > 1 and after >= TAIL_ROWS:
            yield held.popleft()
            after -= len(held[0].ends)
    last = list(held)
    total = sum(len(block.ends) for block in last)
    first = max(total - TAIL_ROWS, 1 if rows == total else 0)  # one row is left to compare with
    positions = _positions(last, first)
    tail = [cells_of(last[number].record(row)) for number, row in positions]
    marked: list[dict[int, str]] = [dict(block.left_out) for block in last]
    if tail:
        before = max(0, rows - len(tail) - leading)
        for index, why in rows_about_the_table(tail, Above(cells=first_rows(before), rows=before)).items():
            number, row = positions[index]
            marked[number][row] = why
    for block, left_out in zip(last, marked, strict=True):
        yield replace(block, left_out=left_out)


def _positions(held: Sequence[Block], first: int) -> list[tuple[int, int]]:
    """The number of the block and the row in it, of the rows from the ``first`` of all on."""
    positions: list[tuple[int, int]] = []
    for number, block in enumerate(held):
        positions += [(number, row) for row in range(max(0, first), len(block.ends))]
        first -= len(block.ends)
    return positions

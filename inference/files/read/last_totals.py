"""Marks the rows of totals among the last rows of a typed table, as its blocks go by."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pyarrow as pa

from inference.files.read.layout.table_ends import TAIL_ROWS, TOTALS, Above, rows_about_the_table
from inference.files.read.row_sizes import sample_rows
from inference.files.read.typed_rows import Rows

MOST_LETTERS = 200  # of a cell that is compared with others


def mark_last_totals(blocks: Iterator[Rows], first_rows: Callable[[], Sequence[pa.Array]]) -> Iterator[Rows]:
    """The same rows; those of totals among the last of the table are ``left_out``.

    A block is held back until enough rows follow that none of its own is among the last.

    Args:
        blocks: of the table's rows, in order.
        first_rows: every column of the first rows.
    """
    held: deque[Rows] = deque()
    after = 0
    for block in blocks:
        after += block.cells.num_rows if held else 0
        held.append(block)
        while len(held) > 1 and after >= TAIL_ROWS:
            yield held.popleft()
            after -= held[0].cells.num_rows
    last = list(held)
    found = _last_totals(last, first_rows) if last else {}
    for block in last:
        own = {
            row - block.start: why for row, why in found.items() if 0 <= row - block.start < len(block.cells)
        }
        yield replace(block, left_out={**block.left_out, **own}) if own else block


def _last_totals(last: Sequence[Rows], first_rows: Callable[[], Sequence[pa.Array]]) -> dict[int, str]:
    """Position in the table -> why it is no row of it, among the last rows."""
    rows = last[-1].start + last[-1].cells.num_rows
    first = max(last[0].start, rows - TAIL_ROWS, 1)  # one row is left to compare with
    tail = [row for block in last for row in _as_text(block.cells.slice(max(0, first - block.start)).columns)]
    before = [column.slice(0, first) for column in first_rows()]
    above = Above(cells=_as_text(before), rows=first)
    if not tail or not above.cells:
        return {}
    found = rows_about_the_table(tail, above)
    return {first + row: why for row, why in found.items() if why == TOTALS}


def _as_text(columns: Sequence[pa.Array]) -> list[tuple[str, ...]]:
    """Rows of typed cells as a person would write them."""
    most = sample_rows(len(columns))
    return list(zip(*([_text(cell.as_py()) for cell in column[:most]] for column in columns), strict=True))


def _text(cell: object) -> str:
    if cell is None or cell != cell:  # noqa: PLR0124 - NaN is no cell
        return ""
    return str(cell)[:MOST_LETTERS]

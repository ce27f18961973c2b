"""Bounds what short rows are filled up to: a row of two bytes is large under a header of 30,000 cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from inference.errors import InputError
from inference.files.read.delimited.csv_records import Block, joined
from inference.files.read.row_sizes import BATCH_ROWS
from inference.remedies import FixInput, SetHeaderRow
from inference.wording import counted

MOST_CELLS = 2 << 20  # of a block; complete rows of 1 MB have at most half of it
WIDE, WIDE_BYTES = 2_000, 6 << 20  # columns, each of which takes memory in every block besides its cells
MOST_FILLED, FILLED_PER_BYTE = 256 << 20, 4  # cells that all short rows may lack, and more per byte read


def bounded_blocks(blocks: Iterator[Block], width: int) -> Iterator[Block]:
    """The same rows, at most ``BATCH_ROWS`` at a time, and ``MOST_CELLS`` cells when filled up.

    Raises:
        InputError: when so many cells are missing that the scored file would be far larger than its source.
    """
    lacking = 0
    for block in _larger(blocks) if width > WIDE else blocks:
        rows = len(block.ends)
        lacking += max(0, rows * (width - 1) - len(block.data))  # each cell but one takes a separator
        if lacking > MOST_FILLED + FILLED_PER_BYTE * block.bytes_read:
            raise InputError(
                f"rows must have {counted(width, 'cell')} like the header, but most of those up to line "
                f"{block.lines[-1]} have far fewer",
                remedies=[FixInput(action="complete them"), SetHeaderRow()],
            )
        yield from _parts(block, min(BATCH_ROWS, max(1, MOST_CELLS // width)))


def _larger(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same rows, more of them at a time."""
    held: Block | None = None
    for block in blocks:
        if held is None:
            held = block
        else:
            left_out = {row + len(held.ends): why for row, why in block.left_out.items()}
            held = replace(joined(held, block), left_out={**held.left_out, **left_out})
        if len(held.data) >= WIDE_BYTES:
            yield held
            held = None
    if held is not None:
        yield held


def _parts(block: Block, most: int) -> Iterator[Block]:
    """Runs of at most so many rows, each with the bytes from the end of the row before."""
    rows = len(block.ends)
    if rows <= most:
        yield block
        return
    for start in range(0, rows, most):
        end = min(rows, start + most)
        low = int(block.ends[start - 1]) if start else 0
        high = int(block.ends[end - 1]) if end < rows else len(block.data)
        yield replace(
            block,
            data=block.data[low:high],
            starts=block.starts[start:end] - low,
            ends=block.ends[start:end] - low,
            lines=block.lines[start:end],
            begin=0 if start else block.begin,
            left_out={row - start: why for row, why in block.left_out.items() if start <= row < end},
        )

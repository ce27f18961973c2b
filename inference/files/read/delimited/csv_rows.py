"""Which lines of a block are rows: blank lines are none, and those without text at the very end are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inference.files.read.delimited.csv_records import Block

MOST_HELD = 64 << 20  # bytes of memory for lines without text; more of them are rows, wherever they are
_ROW_BYTES = 24  # of memory for the positions of a row
_SPACES = b" \t\r\n"


def without_blank_lines(block: Block) -> Block:
    """The block with its rows only; its bytes stay."""
    codes = np.frombuffer(block.data, dtype=np.uint8)
    blank = block.starts >= block.ends
    inside = np.flatnonzero(~blank)
    odd = inside[codes[block.starts[inside]] <= ord(" ")]
    if len(odd):
        filled = np.flatnonzero(~np.isin(codes, list(_SPACES)))
        begins, ends = block.starts[odd], block.ends[odd]
        blank[odd] = np.searchsorted(filled, begins) == np.searchsorted(filled, ends)
    if not blank.any():
        return block
    starts, ends, lines = block.starts[~blank], block.ends[~blank], block.lines[~blank]
    return replace(block, starts=starts, ends=ends, lines=lines)


def filled_rows(block: Block, separator: str) -> int:
    """How many rows there are up to the last with anything but separators, spaces and quotes."""
    if not len(block.ends):
        return 0
    first = int(block.starts[0])
    text = block.data[first : int(block.ends[-1])].rstrip(_SPACES + b'"' + separator.encode())
    return int(np.searchsorted(block.starts, first + len(text)))


def held_bytes(block: Block) -> int:
    """Bytes of memory for a block."""
    return len(block.data) + _ROW_BYTES * len(block.ends)


def to_last_text(blocks: Iterable[Block], separator: str) -> Iterator[Block]:
    """Blocks up to the last row with text.

    Lines of nothing but separators are rows about which nothing is known, but those at the very end are what
    spreadsheets leave there: they are held back until a row with text follows.
    """
    held: list[Block] = []
    for block in blocks:
        filled = filled_rows(block, separator)
        if filled or sum(map(held_bytes, held)) > MOST_HELD:
            yield from held
            held = []
        if filled == len(block.ends):
            yield block
        else:
            held.append(block)
    for block in held:
        filled = filled_rows(block, separator)
        yield replace(
            block, starts=block.starts[:filled], ends=block.ends[:filled], lines=block.lines[:filled]
        )


def without_gaps(block: Block) -> bytes:
    """The block's data from its first row to its last, without the lines between that are no rows."""
    starts, ends, data = block.starts, block.ends, block.data
    codes = np.frombuffer(data, dtype=np.uint8)
    after = ends[:-1] + 1
    after += (codes[ends[:-1]] == ord("\r")) & (codes[np.minimum(after, len(codes) - 1)] == ord("\n"))
    gaps = np.flatnonzero(starts[1:] > after)
    edges: NDArray[np.int64] = np.concatenate([[-1], gaps, [len(starts) - 1]])
    runs = zip(edges[:-1] + 1, edges[1:], strict=True)
    return b"".join(data[int(starts[first]) : int(ends[last])] + b"\n" for first, last in runs)

"""How many rows are held at a time: by their bytes, whatever the number of rows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BATCH_ROWS = 1 << 17
BATCH_BYTES = 16 << 20  # a few batches are under way at a time, each copied a few times
SAMPLE_ROWS = 2000
SAMPLE_CELLS = 200_000


def rows_at_once(row_bytes: float, most: int = BATCH_ROWS) -> int:
    """How many rows of so many bytes are read and worked on at a time; at least one, at most ``most``.

    >>> rows_at_once(40), rows_at_once(20_000), rows_at_once(1e9)
    (131072, 838, 1)
    """
    return max(1, min(most, int(BATCH_BYTES / max(1.0, row_bytes))))


def sample_rows(columns: int) -> int:
    """How many first rows of a table with so many columns are looked at.

    >>> sample_rows(5), sample_rows(5_000)
    (2000, 40)
    """
    return min(SAMPLE_ROWS, max(1, SAMPLE_CELLS // max(1, columns)))


def unfolded_bytes(cells: pa.Array) -> int:
    """Bytes of a column, those of a dictionary's values as often as rows refer to them.

    >>> unfolded_bytes(pa.array(["abc"] * 1000).dictionary_encode()) >= 3000
    True
    """
    if pa.types.is_string_view(cells.type):
        views = np.frombuffer(cells.buffers()[1] or b"", dtype=np.int32)  # four of them, the length first
        return int(views[4 * cells.offset : 4 * (cells.offset + len(cells)) : 4].sum(dtype=np.int64))
    if not pa.types.is_dictionary(cells.type) or not len(cells.dictionary):
        return int(cells.nbytes)
    try:
        lengths = pc.binary_length(cells.dictionary)
    except pa.ArrowNotImplementedError:  # numbers
        return int(cells.nbytes)
    return int(cells.indices.nbytes) + int(pc.sum(lengths.take(cells.indices)).as_py() or 0)

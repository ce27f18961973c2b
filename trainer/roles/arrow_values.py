"""One reading of Arrow columns, whatever their type: the same cell is the same text, number or day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.read.text_cells import MISSING_WORDS, text_numbers


def is_text(array: Any) -> bool:
    """Whether the cells are text."""
    kind = array.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def is_number(array: Any) -> bool:
    """Whether the cells are numbers by their type; true and false are none."""
    kind = array.type
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def is_day(array: Any) -> bool:
    """Whether the cells are dates or times by their type."""
    return bool(pa.types.is_date(array.type) or pa.types.is_timestamp(array.type))


def flat(column: Any) -> Any:
    """A column of a ``pyarrow.Table`` as one array, without dictionary and with 64-bit texts."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type) or is_text(column):
        column = column.cast(pa.large_string())
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pa.concat_arrays(array.chunks) if isinstance(array, pa.ChunkedArray) else array


def texts(array: Any) -> Any:
    """Every cell as trimmed text, null where it is blank; a whole number is written without a point."""
    if is_text(array):
        trimmed = pc.utf8_trim_whitespace(array)
        words = pa.array(
            [word for word in MISSING_WORDS if word != "none"], trimmed.type
        )  # may be a category
        return pc.if_else(pc.is_in(pc.utf8_lower(trimmed), value_set=words), None, trimmed)
    if pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        array = array.cast(pa.float64(), safe=False)  # as the door reads it
        array = pc.if_else(pc.is_finite(array), array, None)
        whole = pc.all(pc.equal(array, pc.floor(array))).as_py()
        if whole and (pc.max(pc.abs(array)).as_py() or 0) < 2**53:
            array = array.cast(pa.int64())
    return array.cast(pa.large_string())


def numbers(array: Any) -> NDArray[np.float64]:
    """Every cell as a number ``[N]``, NaN where it is missing or none."""
    if is_text(array):
        return text_numbers(array.fill_null(""))[0]
    if is_number(array):
        return np.asarray(array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=float)
    return np.full(len(array), np.nan)

"""Arrow cells of any type in the few types that the readers know."""

from __future__ import annotations

import pyarrow as pa

from inference.files.columns.cell_texts import is_text


def plain(cells: pa.Array) -> pa.Array:
    """Dictionaries unfolded, every kind of text as ``string``, and times in what Python has a type for."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.dictionary_decode()
    kind = cells.type
    if is_text(kind) or is_bytes(kind):
        try:
            return cells.cast(pa.large_string() if pa.types.is_large_string(kind) else pa.string())
        except pa.ArrowInvalid:  # bytes that are not text
            return cells
    if pa.types.is_timestamp(kind):
        return cells.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_duration(kind):
        return cells.cast(pa.duration("us"), safe=False)
    return cells.cast(pa.time64("us"), safe=False) if pa.types.is_time64(kind) else cells


def is_bytes(kind: pa.DataType) -> bool:
    """Whether a column's cells are bytes, which old writers keep text in."""
    return bool(
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def is_numeric(kind: pa.DataType) -> bool:
    """Whether a column's cells are numbers; true and false are not."""
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))

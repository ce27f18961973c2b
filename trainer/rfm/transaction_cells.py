"""Arrow columns, text or typed, as numpy arrays; each distinct cell is parsed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from inference.files.columns.cell_texts import is_text
from inference.files.columns.missing_words import is_missing

_ODD, _HALF = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(32),
)  # the golden ratio spreads small numbers over 64 bits


def encoded(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], pa.Array]:
    """A column as codes ``[N]`` (-1 = null) into its distinct cells, in the order they first appear."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    pieces = column.dictionary_encode().chunks
    if not pieces:
        return np.empty(0, dtype=np.int32), pa.array([], column.type)
    codes = [piece.indices.fill_null(-1).to_numpy(zero_copy_only=False) for piece in pieces]
    return np.concatenate(codes).astype(np.int32, copy=False), pieces[-1].dictionary


def by_distinct(
    column: pa.ChunkedArray, parse: Callable[[pa.Array], NDArray[Any]], *, missing: Any
) -> NDArray[Any]:
    """``parse`` each distinct cell of a column; values ``[N]``, ``missing`` where the cell is null."""
    codes, distinct = encoded(column)
    parsed = parse(distinct)
    return with_missing(parsed, missing)[codes]


def with_missing(values: NDArray[Any], missing: Any) -> NDArray[Any]:
    """Values by code, and at -1, the last, the value for a missing cell."""
    return np.append(values, np.asarray([missing], dtype=values.dtype))


def texts(cells: pa.Array) -> pa.Array:
    """Cells as text without the blanks around it; null where there is nothing."""
    if not (is_text(cells.type) or pa.types.is_integer(cells.type)):
        cells = _whole(cells)
    trimmed = pc.utf8_trim_whitespace(cells.cast(pa.string()))
    return pc.if_else(is_missing(trimmed, numeric=True), pa.scalar(None, pa.string()), trimmed)


def keys(
    column: pa.ChunkedArray, same: Callable[[pa.Array], pa.Array] = lambda cells: cells
) -> tuple[NDArray[np.int32], pa.Array]:
    """A column of identifiers as codes ``[N]`` (-1 = missing) and the identifiers, first seen first.

    Text loses the blanks around it and what ``same`` takes off; whole numbers stay numbers.
    """
    codes, distinct = encoded(column)
    again, spelled = encoded(pa.chunked_array([same(texts(distinct))]))
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        spelled = _as_integers(spelled)
    return with_missing(again, -1)[codes], spelled


def without_decimals(cells: pa.Array) -> pa.Array:
    """Texts of whole numbers without the ``.0`` that a spreadsheet has put after them."""
    return pc.replace_substring_regex(cells, r"^(\d+)\.0+$", r"\1")


def _whole(cells: pa.Array) -> pa.Array:
    """Identifiers and days that went through a spreadsheet come as 17850.0; they mean 17850."""
    if pa.types.is_floating(cells.type):
        whole = pc.if_else(pc.is_finite(cells), cells, pa.scalar(None, cells.type))
        if pc.all(pc.equal(pc.floor(whole), whole)).as_py() is not False:
            return whole.cast(pa.int64())
    return cells


def _as_integers(spelled: pa.Array) -> pa.Array:
    try:
        return spelled.cast(pa.int64())
    except pa.ArrowInvalid:
        return spelled


def first_appearances(table: pa.Table) -> NDArray[np.bool_]:
    """Which lines ``[N]`` differ from every earlier line in some cell.

    Equal lines have equal hashes, so only lines that share one are compared, and these in full.
    """
    hashes = np.zeros(table.num_rows, dtype=np.uint64)
    for column in table.columns:
        own, _ = encoded(column)
        hashes = (hashes ^ own.astype(np.uint64)) * _ODD
        hashes ^= hashes >> _HALF
    ordered = np.sort(hashes)
    shared = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    alike = np.isin(hashes, shared)
    fresh = ~alike
    fresh[alike] = _first_appearances(table.filter(pa.array(alike)))
    return fresh


def _first_appearances(table: pa.Table) -> NDArray[np.bool_]:
    codes = np.zeros(table.num_rows, dtype=np.int64)
    for column in table.columns:
        own, distinct = encoded(column)
        codes, _ = encoded(pa.chunked_array([pa.array(codes * (len(distinct) + 1) + own + 1)]))
        codes = codes.astype(np.int64)
    latest = np.maximum.accumulate(codes)  # codes count up as they first appear
    return np.diff(latest, prepend=-1) > 0

"""Typed rows as JSON: an object per row, on a line of its own or in a list."""

from __future__ import annotations

import json
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from inference.files.columns.cell_texts import is_text
from inference.files.read.plain_cells import plain

_TO_ESCAPE = r'["\\\x00-\x1f\x7f]'
_NULL = "null"


class JsonFormat:
    """See ``RowFormat``; a missing cell is ``null``.

    Args:
        lines: an object per line (NDJSON) in place of a list.
    """

    def __init__(self, stream: BinaryIO, *, lines: bool) -> None:
        self._stream, self._lines = stream, lines
        self._begun = False

    def encode(self, rows: pa.RecordBatch) -> bytes:
        """The objects, each followed by a line feed, in a list by a comma before it."""
        if not rows.num_rows:
            return b""
        pieces: list[Any] = []
        for name, cells in zip(rows.schema.names, rows.columns, strict=True):
            before = "," if pieces else "{"
            pieces += [f"{before}{json.dumps(name, ensure_ascii=False)}:", _values(cells)]
        objects = _joined(*pieces, "}")
        joined = ("\n" if self._lines else ",\n").join(objects.to_pylist())
        return joined.encode("utf-8")

    def write(self, encoded: bytes) -> None:
        """Append objects."""
        if not encoded:
            return
        between = b"\n" if self._lines else b",\n"
        before = between if self._begun else (b"" if self._lines else b"[")
        self._begun = True
        self._stream.write(before + encoded)

    def close(self) -> None:
        """End the last line, or the list."""
        if self._begun:
            self._stream.write(b"\n" if self._lines else b"]\n")
        elif not self._lines:
            self._stream.write(b"[]\n")

    def abandon(self) -> None:
        """Nothing is held outside of memory."""


def _values(cells: pa.Array) -> pa.Array:
    """Cells ``[N]`` as texts of JSON; decimals and times as strings, so that no digit is lost."""
    cells = plain(cells)
    kind = cells.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        return cells.cast(pa.large_string()).fill_null(_NULL)
    if pa.types.is_floating(kind):
        wide = cells.cast(pa.float32()) if pa.types.is_float16(kind) else cells
        known = pc.is_finite(wide).fill_null(False)
        return pc.if_else(known, wide.cast(pa.large_string()), _scalar(_NULL))
    if is_text(kind) or pa.types.is_decimal(kind) or (pa.types.is_temporal(kind) and not _is_interval(kind)):
        return _quoted(cells)
    found = [json.dumps(value, ensure_ascii=False, default=str) for value in cells.to_pylist()]
    return pa.array(found, pa.large_string())


def _is_interval(kind: pa.DataType) -> bool:
    return bool(pa.types.is_interval(kind))


def _scalar(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _joined(*pieces: Any) -> pa.Array:
    """Texts ``[N]`` and texts that are the same in every row, side by side."""
    whole = [_scalar(each) if isinstance(each, str) else each for each in pieces]
    return pc.binary_join_element_wise(*whole, _scalar(""))


def _quoted(texts: pa.Array) -> pa.Array:
    texts = texts.cast(pa.large_string())
    written = _joined('"', texts, '"')
    odd = pc.match_substring_regex(texts, _TO_ESCAPE)
    if pc.any(odd).as_py():
        escaped = [json.dumps(text, ensure_ascii=False) for text in texts.filter(odd).to_pylist()]
        written = pc.replace_with_mask(written, odd.fill_null(False), pa.array(escaped, pa.large_string()))
    return written.fill_null(_NULL)

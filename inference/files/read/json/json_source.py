"""Reads JSON: every key is a column, every object a row, and a key that an object lacks is missing.

The file is read twice: for the keys and the types of all their values, then for the rows. So a column has one
type whatever comes late in the file, and a column of numbers and words is text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa

from inference.errors import InputError
from inference.files.options import JSON, JSON_LINES, ReadOptions
from inference.files.read.headers import check_headers, check_width
from inference.files.read.json.json_objects import LongNumber, objects_by_line, objects_of_list
from inference.files.read.row_sizes import BATCH_BYTES, BATCH_ROWS, sample_rows
from inference.files.read.source import too_many_rows
from inference.files.read.typed_rows import Rows
from inference.files.read.typed_source import TypedSource
from inference.wording import counted, quoted

_EXACT = 2**53  # whole numbers beyond this are not all doubles
_CELL_BYTES = 64  # of a value in memory, about


class JsonSource(TypedSource):
    """A JSON or NDJSON file (see ``inference.files.read.source.Source``).

    Args:
        stream: the file, in which one can jump about; kind: ``"json"`` or ``"ndjson"``.
    """

    def __init__(self, stream: BinaryIO, kind: str, options: ReadOptions, size: int | None) -> None:
        super().__init__(keep_totals=options.keep_totals)
        self.kind = kind
        self.size = size
        self._stream = stream
        self._types, self.rows = self._look(options)
        self.headers = tuple(self._types)
        if not self.rows or not self.headers:
            raise InputError("the file must have a customer with columns, but it has none; export it again")
        check_headers(self.headers)
        what = {JSON: "JSON, a list of", JSON_LINES: "JSON, one object per line,"}[kind]
        self.assumed: tuple[str, ...] = (f"{what} {counted(self.rows, 'row')}",)

    def _objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        read = objects_by_line if self.kind == JSON_LINES else objects_of_list
        return read(self._stream)

    def _look(self, options: ReadOptions) -> tuple[dict[str, pa.DataType], int]:
        """Every key in the order of its first appearance with its type, and the number of rows."""
        seen: dict[str, set[str]] = {}
        rows = 0
        for row, found in self._objects():
            rows += 1
            if options.max_rows is not None and rows > options.max_rows:
                raise too_many_rows(options.max_rows)
            for key, value in found.items():
                try:
                    known = seen[key]
                except KeyError:
                    _check_text(key, row)
                    known = seen[key] = set()
                    check_width(len(seen))
                if value is not None:
                    known.add(_kind(value))
                    if isinstance(value, str):
                        _check_text(value, row)
        return {key: _type(kinds) for key, kinds in seen.items()}, rows

    def rows_in_order(self) -> Iterator[Rows]:
        """Batches of typed rows."""
        most = max(1, min(BATCH_ROWS, BATCH_BYTES // (_CELL_BYTES * len(self.headers))))
        objects = (found for _, found in self._objects())
        done = 0
        while group := list(islice(objects, most)):
            yield Rows(cells=self._cells(group), start=done, bytes_read=self._stream.tell())
            done += len(group)

    def _cells(self, group: Sequence[dict[str, Any]]) -> pa.RecordBatch:
        columns = []
        for key, kind in self._types.items():
            values = [found.get(key) for found in group]
            text = pa.types.is_large_string(kind)
            columns.append(pa.array([_text(each) for each in values] if text else values, kind))
        return pa.RecordBatch.from_arrays(columns, names=list(self.headers))

    def sample(self) -> tuple[pa.Array, ...]:
        """The first rows of every column."""
        return self._first_rows

    @cached_property
    def _first_rows(self) -> tuple[pa.Array, ...]:
        before = self._stream.tell()
        first = [found for _, found in islice(self._objects(), sample_rows(len(self.headers)))]
        self._stream.seek(before)
        return tuple(self._cells(first).columns)


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int):
        return "whole" if -_EXACT <= value <= _EXACT else "large"
    return {float: "number", str: "text", LongNumber: "long"}.get(type(value), "nested")


def _type(kinds: set[str]) -> pa.DataType:
    """The type that holds values of all these kinds as they are."""
    if kinds == {"truth"}:
        return pa.bool_()
    if kinds and kinds <= {"whole", "large"}:
        return pa.int64()
    if kinds and kinds <= {"whole", "number"}:
        return pa.float64()
    return pa.large_string()


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _check_text(text: str, row: int) -> None:
    """Refuse half a character, which no file can hold."""
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(
            f"every text must be whole, but {quoted(ascii(text))} in row {row:,} has half a character "
            "(a surrogate); write the file again"
        ) from None

"""How many rows of a Parquet file may be read at once, found out from its pages before any is unpacked.

A few kilobytes can unpack to gigabytes: a page of 2 GB of zeros, a text of 20 kB in a dictionary that each of
a million rows refers to. What a column's rows take at most follows from the headers of its pages and the
longest value of its dictionary (https://parquet.apache.org/docs/file-format/).
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pyarrow as pa

from inference.errors import InputError
from inference.files.read.headers import check_width
from inference.files.read.parquet.thrift_compact import ThriftReader
from inference.files.read.row_sizes import rows_at_once

MOST_FOOTER = 8 << 20  # bytes; 16,000 columns in a few row groups fit
MOST_PAGE = 32 << 20  # bytes of a page when unpacked; writers aim at 1 MB
MOST_OPEN = 64 << 20  # bytes of the largest pages of all columns, and as many more as the file has
MOST_NESTED = 64 << 20  # bytes of the lists of a row group, and as many more as the file has
MOST_PAGES = 200_000  # and one more for each 1,000 bytes
DEEPEST = 32  # levels of the schema
_TAIL, _MAGIC = 8, b"PAR1"
_HEADER_BYTES, _LONGEST_HEADER = 1 << 10, 1 << 24
_DATA, _DICTIONARY, _DATA_V2 = 0, 2, 3
_DELTA_BYTE_ARRAY = 7  # values share beginnings, so that each may be as long as its page
_WIDTHS = {"BOOLEAN": 1, "INT32": 8, "FLOAT": 8, "INT64": 8, "DOUBLE": 8, "INT96": 8}
_OFFSET = 8  # bytes for each text or list besides its own
_CODECS = {"SNAPPY": "snappy", "GZIP": "gzip", "BROTLI": "brotli", "ZSTD": "zstd", "LZ4": "lz4_raw"}


@dataclass(kw_only=True)
class _Chunk:
    """What is seen of a column in a row group."""

    fixed: int | None  # bytes of a value, None where they differ
    codec: str
    longest: float = 0.0  # bytes of a value, on average over the page where that is largest
    values: int = 0
    largest_page: int = 0


@dataclass(kw_only=True)
class _Budget:
    pages: int
    size: int
    widest_row: float = 0.0
    seen: list[float] = field(default_factory=list)


def check_footer(stream: BinaryIO) -> None:
    """Refuse a footer that is damaged, too large, or has too many or too deeply nested columns.

    Raises:
        InputError: before the footer is decoded by what would follow it at any depth.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read(_TAIL)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MAGIC or length > size - _TAIL - len(_MAGIC):
        raise _damaged("its end is missing")
    if length > MOST_FOOTER:
        raise InputError(
            f"the footer of the Parquet file must have at most {MOST_FOOTER >> 20} MB, but it has "
            f"{length >> 20}; write fewer columns or larger row groups"
        )
    stream.seek(size - _TAIL - length)
    try:
        schema = _list_in(ThriftReader(stream.read(length)), 2)
        children = [int(each.get(5, 0)) for each in schema]
    except (IndexError, ValueError, TypeError, AttributeError) as error:
        raise _damaged("its footer is not readable") from error
    _check_schema(children)


def _list_in(reader: ThriftReader, wanted: int) -> list[dict[int, Any]]:
    """The list in a field of a structure.

    Raises:
        ValueError: when there is no such field.
    """
    for number, value in reader.fields():
        if number == wanted:
            return list(value)
    raise ValueError(f"no field {wanted}")


def _check_schema(children: list[int]) -> None:
    """Check numbers of columns and levels; the schema is listed from its root on, each before its parts."""
    check_width(children[0] if children else 0)
    check_width(sum(not count for count in children))
    left: list[int] = []
    for count in children:
        while left and left[-1] == 0:
            left.pop()
        if left:
            left[-1] -= 1
        left.append(count)
        if len(left) > DEEPEST:
            raise InputError(
                f"columns must be nested at most {DEEPEST} deep, but one is nested deeper; leave it out"
            )


def rows_per_batch(stream: BinaryIO, metadata: Any) -> int:
    """How many rows may be read at once.

    Args:
        stream: the file, seekable.
        metadata: its footer, as ``pyarrow.parquet.FileMetaData``.

    Raises:
        InputError: when a page or list is larger than it may be, or a page's header is damaged.
    """
    size = stream.seek(0, io.SEEK_END)
    budget = _Budget(pages=MOST_PAGES + size // 1000, size=size)
    stored = 0
    try:
        for index in range(metadata.num_row_groups):
            group = metadata.row_group(index)
            if group.num_rows < 0:
                raise _damaged("a row group has a negative number of rows")
            if group.num_rows:
                stored += _check_group(stream, metadata.schema, group, budget)
            if stored > size:
                raise _damaged("its columns are larger than the file")
    except (IndexError, ValueError, TypeError, OSError, OverflowError, struct.error, KeyError) as error:
        if isinstance(error, InputError):
            raise
        raise _damaged("a page's header is not readable") from error
    return rows_at_once(budget.widest_row)


def _check_group(stream: BinaryIO, schema: Any, group: Any, budget: _Budget) -> int:
    """Check the columns of a row group; returns the bytes they have in the file."""
    row, open_bytes, nested, stored = 0.0, 0, 0.0, 0
    for index in range(group.num_columns):
        column, described = group.column(index), schema.column(index)
        if column.total_compressed_size < 0:
            raise _damaged("a column has a negative number of bytes")
        stored += column.total_compressed_size
        if stored > budget.size:
            raise _damaged("its columns are larger than the file")
        fixed = _WIDTHS.get(column.physical_type)
        if column.physical_type == "FIXED_LEN_BYTE_ARRAY":
            fixed = max(16, int(described.length))
        chunk = _Chunk(fixed=fixed, codec=column.compression)
        _walk(stream, column, chunk, budget)
        open_bytes += chunk.largest_page
        width = (_OFFSET + chunk.longest) if fixed is None else fixed
        if described.max_repetition_level:
            nested += chunk.values * width
            width *= max(1.0, chunk.values / group.num_rows)
        row += width
    if open_bytes > MOST_OPEN + budget.size:
        raise _too_large("pages of a row group together", MOST_OPEN + budget.size, open_bytes)
    if nested > MOST_NESTED + budget.size:
        raise _too_large("lists of a row group together", MOST_NESTED + budget.size, int(nested))
    budget.widest_row = max(budget.widest_row, row)
    return stored


def _walk(stream: BinaryIO, column: Any, chunk: _Chunk, budget: _Budget) -> None:
    """Look at the header of each page of a column, as many as are read until it has its values."""
    at = column.data_page_offset
    if column.has_dictionary_page and 0 < (column.dictionary_page_offset or 0) < at:
        at = column.dictionary_page_offset
    end = min(budget.size, at + column.total_compressed_size)
    while chunk.values < column.num_values and at < end:
        budget.pages -= 1
        if budget.pages < 0:
            raise InputError(
                "the Parquet file has far more pages than its size needs; write it again with larger ones"
            )
        header, start = _header(stream, at)
        unpacked, packed = int(header[2]), int(header[3])
        if unpacked < 0 or packed < 0:
            raise ValueError("a negative number of bytes")
        if unpacked > MOST_PAGE:
            raise _too_large("each page", MOST_PAGE, unpacked)
        chunk.largest_page = max(chunk.largest_page, unpacked)
        if header[1] == _DICTIONARY:
            _dictionary(stream, start, header, chunk)
        elif header[1] in (_DATA, _DATA_V2):
            _data(header, chunk)
        at = start + packed


def _header(stream: BinaryIO, at: int) -> tuple[dict[int, Any], int]:
    """A page's header and where the page begins."""
    size = _HEADER_BYTES
    while True:
        stream.seek(at)
        data = stream.read(size)
        reader = ThriftReader(data)
        try:
            return reader.struct(), at + reader.at
        except IndexError:
            if len(data) < size or size >= _LONGEST_HEADER:
                raise
            size *= 16


def _data(header: dict[int, Any], chunk: _Chunk) -> None:
    page_fields = header[5] if header[1] == _DATA else header[8]
    count, encoding = int(page_fields[1]), int(page_fields[2] if header[1] == _DATA else page_fields[4])
    if count < 0:
        raise ValueError("a negative number of values")
    chunk.values += count
    if chunk.fixed is None and count:
        shared = encoding == _DELTA_BYTE_ARRAY
        chunk.longest = max(chunk.longest, header[2] / (1 if shared else count))


def _dictionary(stream: BinaryIO, start: int, header: dict[int, Any], chunk: _Chunk) -> None:
    """Note the longest text of a dictionary: each row may have it."""
    unpacked, packed = int(header[2]), int(header[3])
    if chunk.fixed is not None or unpacked <= chunk.longest:
        return
    stream.seek(start)
    data = stream.read(packed)
    if chunk.codec != "UNCOMPRESSED":
        try:
            data = pa.decompress(data, unpacked, codec=_CODECS[chunk.codec], asbytes=True)
        except (pa.ArrowException, KeyError, OSError, ValueError):
            chunk.longest = float(unpacked)  # whatever is in it, no text is longer
            return
    chunk.longest = max(chunk.longest, float(_longest(data)))


def _longest(values: bytes) -> int:
    """Bytes of the longest of texts that each follow their length."""
    longest = at = 0
    unpack, last = struct.Struct("<I").unpack_from, len(values) - 4
    while at <= last:
        (length,) = unpack(values, at)
        longest = max(longest, length)
        at += 4 + length
    return min(longest, len(values))


def _too_large(what: str, most: int, seen: int) -> InputError:
    return InputError(
        f"{what} must unpack to at most {most >> 20} MB, but the Parquet file has {seen >> 20} MB; write it "
        "again with smaller pages and row groups"
    )


def _damaged(why: str) -> InputError:
    return InputError(
        f"the file starts like Parquet but cannot be read as such ({why}); it is damaged or cut off: write "
        "it again"
    )

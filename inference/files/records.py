"""Parts a stream of CSV bytes into blocks of whole records, whatever stands in quotes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.dialect import Dialect

BLOCK_BYTES = 4 << 20  # a few are under way at a time
LARGEST_RECORD = 16 << 20
_QUOTE = ord('"')


@dataclass(frozen=True, kw_only=True)
class Block:
    """Whole records of a CSV file, in UTF-8 or a single-byte encoding.

    Attributes:
        data: the bytes, line ends included.
        starts, ends: ``[R]`` where each record begins and where its cells end, before its line end.
        lines: ``[R]`` line number of each record's first line in the file; newlines in quotes count.
        bytes_read: of the file so far.
        begin: where what follows the header begins; 0 in every block but the first.
    """

    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]
    bytes_read: int
    begin: int = 0

    def record(self, row: int) -> bytes:
        """One record, without its line end."""
        return self.data[self.starts[row] : self.ends[row]]


def blocks(
    stream: BinaryIO, sample: bytes, dialect: Dialect, *, max_bytes: int | None = None
) -> Iterator[Block]:
    """Read a stream to its end; ``sample`` are the bytes already taken from it, its byte order mark left out.

    Raises:
        InputError: for NUL bytes, an undecodable file, a quote that is never closed, and too many bytes.
    """
    decoder = codecs.getincrementaldecoder(dialect.encoding)() if dialect.transcoded else None
    carry, line, read = b"", 1, len(dialect.bom)
    chunk = sample
    while chunk or carry:
        read += len(chunk)
        if max_bytes is not None and read > max_bytes:
            raise InputError(
                f"the file must have at most {max_bytes:,} bytes, but it has more; "
                "split it, or raise the limit"
            )
        last = not chunk
        fresh = chunk if decoder is None else _utf8(decoder, chunk, dialect, line)
        data = carry + fresh
        if b"\0" in fresh:
            where = line + data[: data.index(0)].count(dialect.terminator)
            raise InputError(
                f"the file must be text, but it has a NUL byte on line {where}; "
                "it is damaged: export it again"
            )
        ends = record_ends(data, dialect, last=last, first_line=line)
        cut = int(ends[-1]) + 1 if len(ends) else 0
        if last and cut < len(data):
            ends, cut = np.append(ends, len(data)), len(data)
        carry = data[cut:]
        if len(carry) > LARGEST_RECORD:
            raise InputError(_never_closed(data, cut, line, dialect))
        if cut:
            block = _block(data[:cut], ends, line, read, dialect)
            line += data.count(dialect.terminator, 0, cut)
            yield block
        if last:
            return
        chunk = stream.read(BLOCK_BYTES)


def record_ends(data: bytes, dialect: Dialect, *, last: bool, first_line: int = 1) -> NDArray[np.int64]:
    """Positions of the line ends that end a record: those outside quotes."""
    codes = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(codes == dialect.terminator[0])
    if b'"' not in data:
        return ends
    quotes = np.flatnonzero(codes == _QUOTE)
    if _opens_only_cells(codes, quotes, dialect):
        outside = np.searchsorted(quotes, ends) % 2 == 0
        open_from = int(quotes[-1]) if len(quotes) % 2 else None
        ends = ends[outside]
    else:
        ends, open_from = _ends_one_by_one(data, dialect)
    if last and open_from is not None:
        raise InputError(_never_closed(data, open_from, first_line, dialect))
    return ends


def _opens_only_cells(codes: NDArray[np.uint8], quotes: NDArray[np.int64], dialect: Dialect) -> bool:
    """Whether every quote that opens stands at the start of a cell, so that counting quotes is enough."""
    opening = quotes[0::2]
    opening = opening[opening > 0]
    before = codes[opening - 1]
    allowed = [_QUOTE, ord(dialect.separator), 10, 13]
    return bool(np.isin(before, allowed).all())


def _ends_one_by_one(data: bytes, dialect: Dialect) -> tuple[NDArray[np.int64], int | None]:
    """The slow way: quotes inside unquoted cells, such as ``5" pipe``, are plain characters."""
    separator, end = re.escape(dialect.separator.encode()), re.escape(dialect.terminator)
    cell = re.compile(
        rb'(?:"(?:[^"]|"")*"[^'
        + separator
        + end
        + rb']*|[^"'
        + separator
        + end
        + rb"][^"
        + separator
        + end
        + rb"]*)?"
    )
    found: list[int] = []
    position, size = 0, len(data)
    while position < size:
        match = cell.match(data, position)
        after = match.end() if match else position
        if after < size and data[after] == _QUOTE and after == position:
            return np.array(found, dtype=np.int64), position  # opened, not closed in these bytes
        if after < size and data[after : after + 1] == dialect.terminator:
            found.append(after)
        position = after + 1
    return np.array(found, dtype=np.int64), None


def _block(data: bytes, ends: NDArray[np.int64], line: int, read: int, dialect: Dialect) -> Block:
    codes = np.frombuffer(data, dtype=np.uint8)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)
    newlines = np.flatnonzero(codes == dialect.terminator[0])
    lines = line + np.searchsorted(newlines, starts)
    if dialect.terminator == b"\n":
        before = np.clip(ends - 1, 0, None)
        ends = np.where((ends > starts) & (codes[before] == 13), ends - 1, ends)
    return Block(data=data, starts=starts, ends=ends, lines=lines, bytes_read=read)


def _utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, dialect: Dialect, line: int) -> bytes:
    try:
        return decoder.decode(chunk, final=not chunk).encode("utf-8")
    except UnicodeError as error:
        raise InputError(
            f"the file must be text in {dialect.encoding}, but after line {line} it is not ({error}); "
            "name its encoding, or export it again"
        ) from error


def _never_closed(data: bytes, position: int, first_line: int, dialect: Dialect) -> str:
    line = first_line + data.count(dialect.terminator, 0, position)
    return (
        f"every quoted cell must be closed, but the one that opens on line {line} never is; "
        "close it, or double the quotes inside cells"
    )

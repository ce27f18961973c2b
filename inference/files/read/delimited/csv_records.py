"""Splits a stream of CSV bytes into blocks of whole records, whatever is in quotes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.read.delimited.csv_quotes import quoted_spans
from inference.files.read.delimited.dialect import Dialect
from inference.files.read.read_fully import read_fully
from inference.remedies import FixInput, RaiseLimit, SetEncoding
from inference.wording import shortened

BLOCK_BYTES = 1 << 20  # a few are under way at a time, each many times its size while it is worked on
LARGEST_RECORD = 4 << 20  # bytes
_NEWLINE, _RETURN = ord("\n"), ord("\r")


@dataclass(frozen=True, kw_only=True)
class Block:
    """Whole records of a CSV file, in UTF-8 or a single-byte encoding.

    Attributes:
        data: the bytes, line ends included.
        starts, ends: ``[R]`` where each record begins and where its cells end, before its line end.
        lines: ``[R]`` line number of each record's first line in the file; newlines in quotes count.
        bytes_read: of the file so far.
        begin: where what follows the header begins; 0 in every block but the first.
        left_out: row -> why it is about the table and not a row of it.
    """

    data: bytes
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    lines: NDArray[np.int64]
    bytes_read: int
    begin: int = 0
    left_out: Mapping[int, str] = field(default_factory=dict)

    def record(self, row: int) -> bytes:
        """One record, without its line end."""
        return self.data[self.starts[row] : self.ends[row]]


def joined(first: Block, second: Block) -> Block:
    """Two blocks in a row as one."""
    shift = len(first.data)
    return replace(
        first,
        data=first.data + second.data,
        starts=np.concatenate([first.starts, second.starts + shift]),
        ends=np.concatenate([first.ends, second.ends + shift]),
        lines=np.concatenate([first.lines, second.lines]),
        bytes_read=second.bytes_read,
    )


def blocks(
    stream: BinaryIO, sample: bytes, dialect: Dialect, *, max_bytes: int | None = None
) -> Iterator[Block]:
    """Read a stream to its end; ``sample`` are the bytes already taken from it, its byte order mark left out.

    A line ends with a newline, a carriage return, or both, as in Python's ``csv``; a file may mix them.

    Raises:
        InputError: for NUL bytes, an undecodable file, a quote that is never closed, and too many bytes.
    """
    decoder = codecs.getincrementaldecoder(dialect.encoding)() if dialect.transcoded else None
    carry, line, read = b"", 1, len(dialect.bom)
    chunk = sample
    while True:
        read += len(chunk)
        if max_bytes is not None and read > max_bytes:
            raise InputError(
                f"the file must have at most {max_bytes:,} bytes, but it has more",
                remedies=[RaiseLimit(limit="max_bytes")],
            )
        last = not chunk
        data = carry + (chunk if decoder is None else _utf8(decoder, chunk, dialect, line))
        if b"\0" in data:
            where = _line_of(data, data.index(0), line)
            raise InputError(
                f"the file must be text, but it has a NUL byte on line {where}; it is damaged: "
                "export it again"
            )
        breaks = line_breaks(data, last=last)
        spans = quoted_spans(data, dialect.separator)
        if last and spans.unclosed is not None:
            raise InputError(_never_closed(data, spans.unclosed, line))
        ends = breaks[spans.outside(breaks)]
        cut = int(ends[-1]) + 1 if len(ends) else 0
        if last and cut < len(data):
            ends, cut = np.append(ends, len(data)), len(data)
        carry = data[cut:]
        if len(carry) > LARGEST_RECORD:
            raise InputError(_too_long(data, cut, spans.unclosed, line))
        if cut:
            yield _block(data[:cut], ends, breaks, line=line, read=read)
            line += int(np.searchsorted(breaks, cut))
        if last:
            return
        chunk = read_fully(stream, BLOCK_BYTES)


def line_breaks(data: bytes, *, last: bool = True) -> NDArray[np.int64]:
    """Positions where lines end: of each newline, and of each carriage return that no newline follows.

    A carriage return at the very end is left open unless the data is the file's ``last``.
    """
    codes = np.frombuffer(data, dtype=np.uint8)
    newlines = np.flatnonzero(codes == _NEWLINE)
    if b"\r" not in data:
        return newlines
    returns = np.flatnonzero(codes == _RETURN)
    follows = codes[np.minimum(returns + 1, len(codes) - 1)]
    lone = returns[(follows != _NEWLINE) & (last | (returns + 1 < len(codes)))]
    return np.sort(np.concatenate([newlines, lone])) if len(lone) else newlines


def _block(data: bytes, ends: NDArray[np.int64], breaks: NDArray[np.int64], *, line: int, read: int) -> Block:
    codes = np.frombuffer(data, dtype=np.uint8)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)
    lines = line + np.searchsorted(breaks, starts)
    if b"\r" in data:
        at = codes[np.minimum(ends, len(codes) - 1)]
        pair = (at == _NEWLINE) & (ends > starts) & (codes[np.maximum(ends - 1, 0)] == _RETURN)
        ends = ends - pair
    return Block(data=data, starts=starts, ends=ends, lines=lines, bytes_read=read)


def _utf8(decoder: codecs.IncrementalDecoder, chunk: bytes, dialect: Dialect, line: int) -> bytes:
    try:
        return decoder.decode(chunk, final=not chunk).encode("utf-8")
    except UnicodeError as error:
        raise InputError(
            f"the file must be text in {dialect.encoding}, but from line {line} on it is not "
            f"({shortened(str(error))})",
            remedies=[FixInput(action="export it again"), SetEncoding()],
        ) from error


def _line_of(data: bytes, position: int, first_line: int) -> int:
    return first_line + len(line_breaks(data[:position]))


def _never_closed(data: bytes, position: int, first_line: int) -> str:
    return (
        f"every quoted cell must be closed, but the one that opens on line "
        f"{_line_of(data, position, first_line)} never is; close it, or double the quotes inside cells"
    )


def _too_long(data: bytes, start: int, unclosed: int | None, first_line: int) -> str:
    if unclosed is not None:
        return _never_closed(data, unclosed, first_line)
    return (
        f"a row must have at most {LARGEST_RECORD:,} bytes, but the one on line "
        f"{_line_of(data, start, first_line)} has more; the file is not a table, or its line ends "
        "are lost: export it again"
    )

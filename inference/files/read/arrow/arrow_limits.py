"""How large the messages of an Arrow stream become when they are unpacked, before any of them is.

A compressed buffer begins with its length when unpacked, so a few kilobytes may announce gigabytes
(https://arrow.apache.org/docs/format/Columnar.html#buffer-compression).
"""

from __future__ import annotations

import io
from typing import Any, BinaryIO

import pyarrow as pa
from flatbuffers.number_types import Int64Flags, UOffsetTFlags
from flatbuffers.table import Table

from inference.errors import InputError
from inference.wording import shortened

MAGIC = b"ARROW1\0\0"  # of a file, which is a stream between this and a footer
STREAM = b"\xff\xff\xff\xff"  # which a stream begins with
MOST_UNPACKED = 128 << 20  # bytes of a batch, and of all dictionaries together, when unpacked
_HEADER, _DATA, _LENGTH, _BUFFERS, _COMPRESSION = 2, 1, 0, 2, 3  # numbers of fields in their tables
_BUFFER_BYTES, _PREFIX_BYTES = 16, 8


def check_messages(stream: BinaryIO) -> int:
    """Look at every message of a stream or file; returns the number of rows, the stream at its first message.

    Raises:
        InputError: when it is damaged or cut off, or a message becomes too large when unpacked.
    """
    start = first_message(stream)
    rows = dictionaries = 0
    try:
        for message in pa.ipc.MessageReader.open_stream(stream):
            if message.type not in ("dictionary", "record batch"):
                continue
            batch = _batch(message)
            unpacked = _unpacked(batch, message.body)
            if message.type == "dictionary":
                dictionaries += unpacked
            else:
                rows += int(_field(batch, _LENGTH, Int64Flags, 0))
            if max(unpacked, dictionaries) > MOST_UNPACKED + message.body.size:
                raise InputError(
                    f"a batch of the Arrow file must take at most {MOST_UNPACKED >> 20} MB of memory, but "
                    f"one takes {max(unpacked, dictionaries) >> 20:,} MB; write it in smaller batches"
                )
    except (pa.ArrowException, OSError, IndexError, ValueError, TypeError) as error:
        raise InputError(
            f"the file starts like Arrow but cannot be read as such ({shortened(str(error))}); it is "
            "damaged or cut off: write it again"
        ) from error
    stream.seek(start)
    return rows


def first_message(stream: BinaryIO) -> int:
    """Go to the first message of a stream or a file, and say where that is."""
    stream.seek(0)
    if stream.read(len(MAGIC)) != MAGIC:
        stream.seek(0)
    return stream.seek(0, io.SEEK_CUR)


def _batch(message: Any) -> Table:
    """The table ``RecordBatch`` of a message, for a dictionary that of its values."""
    raw = bytes(message.metadata)
    root = Table(raw, int.from_bytes(raw[:4], "little"))
    header = _table(root, _HEADER)
    return _table(header, _DATA) if message.type == "dictionary" else header


def _unpacked(batch: Table, body: Any) -> int:
    """Bytes of all buffers of a batch when unpacked."""
    if not _position(batch, _COMPRESSION):
        return int(body.size)
    position = _position(batch, _BUFFERS)
    total = 0
    for at in range(batch.VectorLen(position) if position else 0):
        entry = batch.Vector(position) + at * _BUFFER_BYTES
        offset = int(batch.Get(Int64Flags, entry))
        length = int(batch.Get(Int64Flags, entry + _BUFFER_BYTES // 2))
        if length < _PREFIX_BYTES or offset < 0:
            continue
        announced = int.from_bytes(bytes(body[offset : offset + _PREFIX_BYTES]), "little", signed=True)
        total += length if announced < 0 else announced  # -1: as it is
    return total


def _position(table: Table, number: int) -> int:
    """Where a field of a table is, from its beginning; 0 where it is left out."""
    return int(table.Offset(4 + 2 * number))


def _field(table: Table, number: int, flags: Any, otherwise: int) -> int:
    position = _position(table, number)
    return int(table.Get(flags, table.Pos + position)) if position else otherwise


def _table(table: Table, number: int) -> Table:
    position = _position(table, number)
    if not position:
        raise ValueError("a message has no content")
    at = table.Pos + position
    return Table(table.Bytes, at + int(table.Get(UOffsetTFlags, at)))

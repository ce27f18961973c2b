"""Bounds of what a zip archive unpacks to, checked by its directory before any of it is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import BinaryIO

from inference.errors import InputError
from inference.wording import counted

MOST_PARTS = 10_000
MOST_UNPACKED = 1 << 30  # bytes; the largest sheet that may be read unpacks to a third of it
_DIRECTORY_BYTES = 4 << 20
_END, _END_BYTES = b"PK\x05\x06", 22 + 65_535  # of the archive: the record, and the longest comment after it


def check_zip(stream: BinaryIO) -> None:
    """Refuse an archive with too many parts or too much in them; a file that is no archive is let through.

    Raises:
        InputError: when it is damaged or beyond the bounds.
    """
    stream.seek(0)
    if stream.read(2) != b"PK":
        return
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, struct.error) as error:
        raise _damaged() from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED:
        raise InputError(
            f"the file must unpack to at most {MOST_UNPACKED >> 20:,} MB, but it unpacks to "
            f"{unpacked >> 20:,} MB; save the table as CSV"
        )


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a directory that would itself take much memory, by the record at the archive's end."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END_BYTES))
    tail = stream.read(_END_BYTES)
    position = tail.rfind(_END)
    if position < 0 or position + 22 > len(tail):
        raise _damaged()
    parts, length = struct.unpack_from("<HI", tail, position + 10)
    if parts > MOST_PARTS or length > _DIRECTORY_BYTES:
        raise InputError(
            f"the file must have at most {MOST_PARTS:,} parts, but it has {counted(parts, 'part')} or more; "
            "save the table as CSV"
        )


def _damaged() -> InputError:
    return InputError(
        "the file looks like Excel but cannot be read as such (its zip archive is damaged or cut off); "
        "save it again, or as CSV"
    )

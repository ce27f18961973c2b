"""Opens a file as a source of rows: its format is decided by its first bytes."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from inference.errors import InputError
from inference.files.options import ARROW, CSV, EXCEL, JSON, JSON_LINES, PARQUET, ReadOptions
from inference.files.read.read_fully import read_fully
from inference.files.read.reader_faults import refused_when_damaged
from inference.files.read.source import SAMPLE_BYTES, Source
from inference.remedies import CorrectFormat, FixInput, RaiseLimit
from inference.wording import quoted_path

_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
HEAD_BYTES = 4096  # in which a page or document shows what it is
_FOREIGN = {
    _GZIP: "a gzip archive; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"%PDF": "a PDF document; export the table as CSV",
    b"SQLite format 3": "an SQLite database; export the table as CSV",
    b"\x89PNG": "an image; export the table as CSV",
}
_MARKUP = (
    (re.compile(rb"schemas-microsoft-com:office:spreadsheet"), "an XML spreadsheet"),
    (re.compile(rb"^(<!doctype html|<html|<head|<body|<table|<meta|<style|<div)"), "an HTML page"),
    (re.compile(rb"^<\?xml|^<[a-z]\w*[ >]"), "an XML document"),
    (re.compile(rb"^mime-version:"), "a saved web page"),
    (re.compile(rb"^\{\\rtf"), "a text document (RTF)"),
)
_JSON = re.compile(rb'(\xef\xbb\xbf)?\s*(\{\s*["}]|\[\s*[\[{"\]])')  # but [Age],[Income] may be a header
_JSON_LIST = re.compile(rb'(\xef\xbb\xbf)?\s*(\{\s*"rows"\s*:\s*)?\[')
_ARROW = (b"ARROW1\0\0", b"\xff\xff\xff\xff")  # of a file and of a stream
READABLE = "CSV, Parquet, Excel, Arrow or JSON"


@contextmanager
def open_source(given: str | Path | BinaryIO, options: ReadOptions) -> Iterator[Source]:
    """Open a file or a binary stream for reading.

    Raises:
        InputError: when it cannot be read, is empty, or is no table.
    """
    if isinstance(given, (str, Path)):
        path = Path(given)
        try:
            stream = path.open("rb")
        except OSError as error:
            raise InputError(
                f"the file {quoted_path(path)} must be readable, but it is not ({error.strerror})"
            ) from error
        with stream:
            before = _state(stream)
            with refused_when_damaged():
                source = _source(stream, options, None if before is None else before[0])
            yield source
            if _state(stream) != before:
                raise InputError(
                    f"the file {quoted_path(path)} must stay as it is while it is read, but it has changed; "
                    "read it again when it is complete"
                )
    else:
        with refused_when_damaged():
            source = _source(given, options, None)
        yield source


def _state(stream: BinaryIO) -> tuple[int, int] | None:
    """Size in bytes and time of the last change of a file; ``None`` for a pipe or a device."""
    found = os.fstat(stream.fileno())
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


def _source(stream: BinaryIO, options: ReadOptions, size: int | None) -> Source:
    if size is not None:
        _check_size(size, options)
    sample = read_fully(stream, SAMPLE_BYTES)
    if not sample:
        raise InputError("the file must have a header and rows, but it is empty; export it again")
    kind = kind_of(sample)
    if options.format and options.format != kind:
        raise InputError(
            f"the file must be {options.format.upper()}, but by its content it is {kind.upper()}",
            remedies=[CorrectFormat(found=kind)],
        )
    if kind == CSV:
        from inference.files.read.delimited.csv_source import CsvSource

        return CsvSource(stream, sample, options, size)
    whole = _seekable(stream, sample, options)
    if kind == PARQUET:
        from inference.files.read.parquet.parquet_source import ParquetSource

        return ParquetSource(whole, options, size)
    if kind == ARROW:
        from inference.files.read.arrow.arrow_source import ArrowSource

        return ArrowSource(whole, options, size)
    if kind in (JSON, JSON_LINES):
        from inference.files.read.json.json_source import JsonSource

        return JsonSource(whole, kind, options, size)
    from inference.files.read.excel.excel_source import ExcelSource

    return ExcelSource(whole, options, size)


def kind_of(sample: bytes) -> str:
    """The format by the first bytes and not by the name, as ``ReadOptions`` calls it.

    Raises:
        InputError: when it is none of them.
    """
    if sample.startswith(b"PAR1"):
        return PARQUET
    if sample.startswith(_OLE):
        return EXCEL
    if sample.startswith(_ZIP):
        if any(part in sample for part in (b"xl/", b"[Content_Types].xml", b"opendocument.spreadsheet")):
            return EXCEL
        raise InputError(f"the file must be {READABLE}, but it is a zip archive; unpack it first")
    if sample.startswith(_ARROW):
        return ARROW
    for magic, what in _FOREIGN.items():
        if sample.startswith(magic):
            raise InputError(f"the file must be {READABLE}, but it is {what}; export the table as CSV")
    _refuse_markup(sample)
    if _JSON.match(sample):
        return JSON if _JSON_LIST.match(sample) else JSON_LINES
    return CSV


def _refuse_markup(sample: bytes) -> None:
    """Refuse a page or document that only its name makes a spreadsheet; the sentence quotes none of it."""
    head = sample[:HEAD_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    while head.startswith(b"<!--") and b"-->" in head:
        head = head.partition(b"-->")[2].lstrip()
    what = next((name for pattern, name in _MARKUP if pattern.search(head)), None)
    if what is not None:
        raise InputError(
            f"the file must be {READABLE}, but its content is {what}, whatever its file extension",
            remedies=[FixInput(action="open it in a spreadsheet program and save it as xlsx or CSV")],
        )


def _check_size(size: int, options: ReadOptions) -> None:
    if options.max_bytes is not None and size > options.max_bytes:
        raise InputError(
            f"the file must have at most {options.max_bytes:,} bytes, but it has {size:,} or more",
            remedies=[RaiseLimit(limit="max_bytes")],
        )


def _seekable(stream: BinaryIO, sample: bytes, options: ReadOptions) -> BinaryIO:
    """The whole content where one can jump about in it, as Parquet and Excel need."""
    try:
        size = stream.seek(0, io.SEEK_END)
        stream.seek(0)
    except (OSError, AttributeError, ValueError):
        return _copied(stream, sample, options)
    _check_size(size, options)
    return stream


def _copied(stream: BinaryIO, sample: bytes, options: ReadOptions) -> BinaryIO:
    """What a pipe gives, in memory."""
    content = io.BytesIO()
    piece = sample
    while piece:
        content.write(piece)
        _check_size(content.tell(), options)
        piece = read_fully(stream, SAMPLE_BYTES)
    content.seek(0)
    return content

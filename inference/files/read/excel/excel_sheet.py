"""One sheet of an Excel file as columns of text, read by a process of its own with a limit of memory.

A file of 1.5 kB with one cell in the last row and column asks its reader for 549 GB, and the reader ends the
whole process when it does not get them. So ``excel_worker`` reads, and this module says what came of it.
"""

from __future__ import annotations

import importlib.util
import json
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, Any, BinaryIO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from inference.errors import InputError
from inference.files.read.excel import excel_worker
from inference.files.read.excel.zip_limits import check_zip
from inference.files.read.headers import MOST_COLUMNS
from inference.remedies import ChooseSheet, FixInput
from inference.wording import nearest, quoted, shortened

MOST_RESIDENT = 480 << 20  # bytes of memory for the process that reads; a million rows of 5 cells fit
MOST_ADDRESSED = 640 << 20  # asked for by it, of which less is used
WATCH_SECONDS = 0.01
MOST_TEXT = 64 << 20  # bytes of the sheet's cells as text
MOST_CELLS = 8_000_000  # of the used area, blank ones included
PIECE = 1 << 20
_SAVE = FixInput(action="save the table as CSV")
_TRIM = FixInput(action="delete the cells far from the table")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The used area of a sheet.

    Attributes:
        name: of the sheet; others: the names of those that are not read.
        first: number of the area's first row in the sheet, counted from 1.
        columns: every column as text ``[N]``, blank cells as ``""``; none in an empty sheet.
        filled: ``[N]`` which rows have a cell that is not blank.
    """

    name: str
    others: tuple[str, ...]
    first: int
    columns: tuple[pa.Array, ...]
    filled: NDArray[np.bool_]


def rows_of(columns: Sequence[pa.Array], positions: Sequence[int] | NDArray[np.int64]) -> list[list[str]]:
    """The cells of rows, row by row."""
    indices = pa.array(np.asarray(positions, dtype=np.int64))
    return [list(row) for row in zip(*(cells.take(indices).to_pylist() for cells in columns), strict=True)]


def read_sheet(stream: BinaryIO, wanted: str = "") -> Sheet:
    """Read a sheet of an Excel file or OpenDocument spreadsheet.

    Args:
        stream: the whole file, seekable.
        wanted: the sheet's name; empty for the first shown one.

    Raises:
        InputError: when the file is damaged, has no such sheet, or needs more memory than there may be.
    """
    check_zip(stream)
    stream.seek(0)
    with _worker(stream, wanted) as answer:
        line = answer.readline(1 << 20)
        message = _message(line)
        if "problem" in message:
            raise _refusal(message, wanted)
        blocks = list(_blocks(answer, int(message["width"])))
    filled = [rows for _, rows in blocks]
    columns = (pa.concat_arrays([cells[index] for cells, _ in blocks]) for index in range(message["width"]))
    return Sheet(
        name=message["sheet"],
        others=tuple(message["others"]),
        first=1 + int(message["first"]),
        columns=tuple(columns) if blocks else (),
        filled=np.concatenate(filled) if filled else np.empty(0, dtype=bool),
    )


@contextmanager
def _worker(stream: BinaryIO, wanted: str) -> Iterator[IO[bytes]]:
    """The answer of a process that reads the file; it has ended when the block is left."""
    installed = importlib.util.find_spec("python_calamine")
    if installed is None or installed.origin is None:
        raise InputError("python_calamine must be installed to read Excel, but it is not; install it")
    limits = map(str, (MOST_ADDRESSED, MOST_CELLS, MOST_COLUMNS))
    folder = str(Path(installed.origin).parents[1])
    command = [sys.executable, "-I", "-S", excel_worker.__file__, folder, wanted, *limits]
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except OSError as error:
        raise InputError(
            f"a process must be started to read Excel, but none can be ({error.strerror})",
            remedies=[_SAVE],
        ) from error
    with process:
        assert process.stdin is not None  # noqa: S101 - as asked for above
        assert process.stdout is not None  # noqa: S101 - opened as a pipe above
        feeding = Thread(target=_feed, args=(stream, process, process.stdin), daemon=True)
        feeding.start()
        try:
            yield process.stdout
        finally:
            process.kill()
            feeding.join()


def _feed(stream: BinaryIO, process: subprocess.Popen[bytes], target: IO[bytes]) -> None:
    """Hand the file over, and end a process that uses too much memory for it."""
    with suppress(OSError), target:  # a process that has ended takes no more
        while piece := stream.read(PIECE):
            target.write(piece)
    with suppress(OSError, ImportError, ValueError, IndexError):  # a system without these figures
        while process.poll() is None:
            if excel_worker.memory_of(process.pid, excel_worker.RESIDENT) > MOST_RESIDENT:
                process.kill()
            time.sleep(WATCH_SECONDS)


def _message(line: bytes) -> dict[str, Any]:
    """The first line of an answer.

    Raises:
        InputError: when the process ended before it wrote one, which is how calamine ends without memory.
    """
    try:
        message = json.loads(line)
    except ValueError:
        raise _ended() from None
    return dict(message)


def _ended() -> InputError:
    return InputError(
        f"the file must be readable in {MOST_RESIDENT >> 20} MB of memory and {excel_worker.MOST_SECONDS} s, "
        "but it needs more or is damaged",
        remedies=[_TRIM, _SAVE],
    )


def _blocks(answer: IO[bytes], width: int) -> Iterator[tuple[list[pa.Array], NDArray[np.bool_]]]:
    """Runs of rows by columns, and which rows are not blank."""
    size = 0
    while True:
        (rows,) = struct.unpack("<I", _exactly(answer, 4))
        if rows == excel_worker.END:
            return
        columns, filled = [], np.zeros(rows, dtype=bool)
        for _ in range(width):
            (length,) = struct.unpack("<Q", _exactly(answer, 8))
            size += length + 4 * rows
            if size > MOST_TEXT:
                raise InputError(
                    f"the cells of the sheet must have at most {MOST_TEXT >> 20} MB of text, but have more",
                    remedies=[_SAVE],
                )
            offsets = np.frombuffer(_exactly(answer, 4 * (rows + 1)), dtype=np.int32)
            data = _exactly(answer, length)
            filled |= np.diff(offsets) > 0
            buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
            columns.append(pa.Array.from_buffers(pa.string(), rows, buffers))
        yield columns, filled


def _exactly(answer: IO[bytes], size: int) -> bytes:
    data = answer.read(size)
    if len(data) < size:
        raise _ended()
    return data


def _refusal(message: Mapping[str, Any], wanted: str) -> InputError:
    """The error about a file that the process does not read."""
    problem = message["problem"]
    if problem == "sheet":
        names = [str(name) for name in message["names"]]
        return InputError(
            f"the sheet must be one of the file's, but it is {quoted(wanted)}",
            remedies=[ChooseSheet(sheets=tuple(names))],
            suggestion=nearest(wanted, names),
        )
    if problem == "no sheet":
        return InputError("the file must have a sheet with cells, but it has none; save it again, or as CSV")
    if problem == "area":
        return InputError(
            f"the used area of the sheet must have at most {MOST_COLUMNS:,} columns and {MOST_CELLS:,} "
            f"cells, but it has {message['rows']:,} rows of {message['columns']:,}",
            remedies=[_TRIM, _SAVE],
        )
    if problem == "memory":
        return _ended()
    return InputError(
        f"the file looks like Excel but cannot be read as such ({shortened(str(message['detail']))}); "
        "save it again, or as CSV"
    )

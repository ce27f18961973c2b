"""Reads one sheet in a process of its own, so that no file can end or swell the process that asked.

``excel_sheet`` runs this file as a script: the workbook comes in by the standard input, what to read by the
arguments, and the rows go out by the standard output. It imports the standard library and python_calamine
only, so that it starts in some 30 ms. Where memory is limited, calamine ends the process when an allocation
fails, and the process that asked reports it.
"""

from __future__ import annotations

import io
import json
import re
import struct
import sys
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import accumulate, islice
from typing import Any, BinaryIO

ROWS_AT_ONCE = 4096
BYTES_AT_ONCE = 4 << 20
MOST_SECONDS = 300  # of processor time
END = 0xFFFFFFFF
ADDRESSED, RESIDENT = 0, 1  # figures in /proc/self/statm
COVER_ROWS, MUCH_LONGER = 20, 3  # rows of a cover sheet at most, and how much longer the table's sheet is
_MIDNIGHT = time()
_CELL = re.compile(rb'<c\s+r="([A-Z]{1,3})(\d{1,7})"')


def main(folder: str, sheet: str, most_bytes: int, most_cells: int, most_columns: int) -> None:
    """Answer on the standard output: a line of JSON, then blocks of rows as ``excel_sheet`` reads them.

    Args:
        folder: where python_calamine is installed.
        sheet: its name, or empty for the first shown one.
        most_bytes: of memory on top of what the process has at its start.
        most_cells, most_columns: of the used area of the sheet.
    """
    sys.path.append(folder)
    out = sys.stdout.buffer
    try:
        limited = _limit_memory(most_bytes)
        name, others, found = _open(sheet, most_cells=None if limited else most_cells)
        _check_area(found.start, found.end, most_cells, most_columns)
        if limited and memory_of("self", RESIDENT) > most_bytes // 2:  # whoever reads the answer needs some
            raise MemoryError
        first = found.start[0] if found.start else 0
        _send(out, {"sheet": name, "others": others, "first": first, "width": found.width})
        for rows in _blocks(found):
            out.write(_packed(rows))
        out.write(struct.pack("<I", END))
    except Refused as refused:
        _send(out, refused.message)
    except MemoryError:
        _send(out, {"problem": "memory"})
    except BaseException as error:  # the reader's own kinds, a panic of its core included
        _send(out, {"problem": "damaged", "detail": str(error)[:200]})
    out.flush()


class Refused(Exception):  # noqa: N818 - it says what was refused
    """The file is not read; ``message`` contains the reason, for ``excel_sheet``."""

    def __init__(self, **message: Any) -> None:
        super().__init__(message)
        self.message = message


def _limit_memory(most_bytes: int) -> bool:
    """Limit this process to what it has and so many bytes more; whether the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory_of("self", ADDRESSED) + most_bytes,) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS,) * 2)
    except (ImportError, OSError, ValueError):
        return False
    return True


def memory_of(process: int | str, figure: int) -> int:
    """Bytes of memory that a process of this user has, by one of the figures of Linux.

    Raises:
        OSError: when there is no such process, or no such file on this system.
        ImportError: when there is no ``resource``.
    """
    import resource

    with open(f"/proc/{process}/statm", encoding="ascii") as stream:  # noqa: PTH123 - pathlib is slow to load
        return int(stream.read().split()[figure]) * resource.getpagesize()


def _open(wanted: str, *, most_cells: int | None) -> tuple[str, list[str], Any]:
    """The sheet's name, the other sheets, and the sheet, whose extent is checked first where asked for."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    content = sys.stdin.buffer.read()
    if most_cells is not None:
        _check_extent(content, most_cells)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    del content  # calamine has a copy
    sheets = book.sheets_metadata
    names = [each.name for each in sheets if each.typ == SheetTypeEnum.WorkSheet]
    shown = [each.name for each in sheets if each.visible == SheetVisibleEnum.Visible]
    if wanted and wanted not in names:
        raise Refused(problem="sheet", names=names[:1000])
    if not names:
        raise Refused(problem="no sheet")
    if wanted:
        name, sheet = wanted, book.get_sheet_by_name(wanted)
    else:
        name, sheet = _sheet_with_table(book, [each for each in names if each in shown] or names)
    return name, [each for each in names if each != name], sheet


def _sheet_with_table(book: Any, names: Sequence[str]) -> tuple[str, Any]:
    """The first sheet, unless it is a cover sheet: one column wide, or short before a much longer one."""
    sizes: list[tuple[int, int]] = []
    for name in names:
        sheet = book.get_sheet_by_name(name)
        width = sheet.end[1] - sheet.start[1] + 1 if sheet.start else 0
        height = sheet.end[0] - sheet.start[0] + 1 if sheet.start else 0
        if len(names) == 1 or (not sizes and height > COVER_ROWS and width > 1):
            return name, sheet
        sizes.append((width, height))
    chosen = _by_sizes(names, sizes)
    return chosen, book.get_sheet_by_name(chosen)


def _by_sizes(names: Sequence[str], sizes: Sequence[tuple[int, int]]) -> str:
    """The sheet with the table, by the width and height of each."""
    tallest = max((height for width, height in sizes if width > 1), default=0)
    for name, (width, height) in zip(names, sizes, strict=True):
        short = height <= COVER_ROWS and tallest >= max(MUCH_LONGER * height, 2 * COVER_ROWS)
        if width > 1 and not short:
            return name
    return next((name for name, (width, _) in zip(names, sizes, strict=True) if width), names[0])


def _check_area(
    start: tuple[int, int] | None, end: tuple[int, int] | None, most_cells: int, most_columns: int
) -> None:
    if start is None or end is None:
        return
    height, width = end[0] - start[0] + 1, end[1] - start[1] + 1
    if width > most_columns or height * width > most_cells:
        raise Refused(problem="area", rows=height, columns=width)


def _check_extent(content: bytes, most_cells: int) -> None:
    """The used area by the places that the cells of every sheet have, where memory cannot be limited."""
    if not content.startswith(b"PK"):
        return
    import zipfile  # takes a quarter of the start, and most systems can limit memory

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with parts.open(name) as stream:
                    _check_cells(stream, most_cells)


def _check_cells(stream: Any, most_cells: int) -> None:
    width, height, carry = 0, 0, b""
    while piece := stream.read(1 << 20):
        data = carry + piece
        for letters, digits in _CELL.findall(data):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            width, height = max(width, column), max(height, int(digits))
        carry = data[-32:]
    if width * height > most_cells:
        raise Refused(problem="area", rows=height, columns=width)


def _blocks(sheet: Any) -> Iterator[list[list[str]]]:
    """Runs of rows as text, from the first used row and column on."""
    if sheet.start is None:
        return
    rows = islice(sheet.iter_rows(), sheet.start[0], None)  # which begin in the first row of the sheet
    block: list[list[str]] = []
    size = 0
    for row in rows:
        texts = [cell if type(cell) is str else text_of(cell) for cell in row]
        size += sum(map(len, texts))
        block.append(texts)
        if len(block) == ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield block
            block, size = [], 0
    if block:
        yield block


def _packed(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows, then of each column its offsets (32 bits each, one more than rows) and its UTF-8."""
    parts = [struct.pack("<I", len(rows))]
    for column in zip(*rows, strict=True):
        text = "".join(column)
        if text.isascii():
            data, lengths = text.encode("ascii"), map(len, column)
        else:
            cells = [cell.encode("utf-8") for cell in column]
            data, lengths = b"".join(cells), map(len, cells)
        parts += [struct.pack("<Q", len(data)), array("i", accumulate(lengths, initial=0)).tobytes(), data]
    return b"".join(parts)


def text_of(cell: Any) -> str:
    """A cell as text: whole numbers without a point, dates as ISO."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) <= 2**53 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == _MIDNIGHT else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return str(cell)


def _send(out: BinaryIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message).encode("utf-8") + b"\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6]))

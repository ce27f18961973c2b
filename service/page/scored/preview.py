"""The first rows of a scored file, read back from the file itself."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

from inference.files.options import ADDED

ROWS = 10
MOST_TEXT = 80  # characters of a cell
_HEAD_BYTES = 1 << 18  # enough for the first rows of any sensible file
_BETWEEN = re.compile(r'probability(?:_\d+)?"?([^\w"])"?route')  # two of the columns that scoring added


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Some rows as text, the first column in front, then those that scoring added, then all others.

    Attributes:
        header: names of the columns; rows: their cells.
        added: positions of the columns that scoring added.
    """

    header: list[str]
    rows: list[list[str]]
    added: frozenset[int]


def preview_of(path: Path, encoding: str = "") -> Preview:
    """The first rows of a scored file that this package wrote.

    Args:
        path: the scored file.
        encoding: of a CSV file, where it is known; else UTF-16 where it begins as such, UTF-8 and, where
            that fails, Windows-1252.
    """
    read = {".parquet": _parquet, ".xlsx": _excel, ".json": _json}.get(path.suffix)
    header, rows = read(path) if read is not None else _csv(path, encoding)
    own = len(header) - len(ADDED)
    order = [0, *range(own, len(header)), *range(1, own)]
    return Preview(
        header=[header[column] for column in order],
        rows=[
            [_rounded(row[column]) if column >= own else _short(row[column]) for column in order]
            for row in rows[:ROWS]
        ],
        added=frozenset(range(1, 1 + len(ADDED))),
    )


def _csv(path: Path, encoding: str) -> tuple[list[str], list[list[str]]]:
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    whole = head if len(head) < _HEAD_BYTES else head[: head.rfind(b"\n")]
    text = _decoded(whole, encoding)
    between = _BETWEEN.search(text)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    lines = io.StringIO(text, newline=None)
    header, *rows = list(csv.reader(lines, delimiter=between[1] if between else ",")) or [[]]
    return header, [row for row in rows if row]


def _decoded(text: bytes, encoding: str) -> str:
    if encoding:
        return text.decode(encoding, errors="replace")
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return text.decode("utf-16", errors="replace")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError:
        return text.decode("cp1252", errors="replace")


def _parquet(path: Path) -> tuple[list[str], list[list[str]]]:
    from pyarrow.parquet import ParquetFile

    with ParquetFile(path) as file:
        names = list(file.schema_arrow.names)
        batch = next(file.iter_batches(batch_size=ROWS), None)
        columns = [] if batch is None else [column.to_pylist() for column in batch.columns]
    rows = [["" if cell is None else str(cell) for cell in row] for row in zip(*columns, strict=True)]
    return names, rows


def _excel(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the first rows of the only sheet, without reading the others."""
    rows: list[list[str]] = []
    with zipfile.ZipFile(path) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        for _, row in ElementTree.iterparse(sheet):  # noqa: S314 - this process wrote the file
            if not row.tag.endswith("}row"):
                continue
            cells = {_column(str(cell.get("r"))): "".join(cell.itertext()) for cell in row}
            rows.append([cells.get(index, "") for index in range(len(rows[0]) if rows else len(cells))])
            if len(rows) > ROWS:
                break
    return rows[0], rows[1:]


def _column(reference: str) -> int:
    """The column of a cell such as ``AB12`` in its row, from 0 on."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = 26 * column + ord(letter) - ord("A") + 1
    return column - 1


def _json(path: Path) -> tuple[list[str], list[list[str]]]:
    """The first objects of a list that has one on each line."""
    with path.open(encoding="utf-8") as file:
        lines = [line.strip().removeprefix("[").rstrip(",]") for line in islice(file, ROWS)]
    rows = [json.loads(line) for line in lines if line]
    header = list(rows[0])
    return header, [["" if row[name] is None else str(row[name]) for name in header] for row in rows]


def _rounded(cell: str) -> str:
    """An added cell; of a probability and a novelty three digits, here only."""
    try:
        return f"{float(cell):.3g}"
    except ValueError:
        return _short(cell)


def _short(cell: str) -> str:
    return cell if len(cell) <= MOST_TEXT else f"{cell[:MOST_TEXT]}…"

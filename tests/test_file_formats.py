"""Checks that the same customers get the same answers in every file format and interface."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import Segmenter, score_batches, score_file
from inference.__main__ import main
from trainer import Table

NAMES = ("CustomerID", "Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)")
Rows = list[list[str]]


@pytest.fixture(scope="module")
def customers(table: Table) -> Rows:
    """Every third customer of the embedded table, some with a missing cell or a fraction."""
    columns = table.columns
    found = []
    for place in range(0, 200, 3):
        cells = [f"{place:05d}", str(columns["gender"][place])]
        cells += [f"{columns[name][place]:g}" for name in ("age", "annual_income", "spending_score")]
        if place % 15 == 0:
            cells[1 + place // 15 % 4] = ""
        if place % 12 == 0 and cells[3]:
            cells[3] += ".5"
        found.append(cells)
    return found


@pytest.fixture(scope="module")
def answers(published: Segmenter, customers: Rows) -> list[tuple[str, str]]:
    """Segment and route of each customer, one call each."""
    kinds = [str, float, float, float]
    found = []
    for row in customers:
        known = {
            name: kind(cell)
            for name, kind, cell in zip(published.contract.names, kinds, row[1:], strict=True)
            if cell
        }
        answer = published.predict(**known)
        found.append((answer.segment, answer.route))
    return found


def lines(rows: Rows, *, header: tuple[str, ...] = NAMES, end: str = "\n", **options: Any) -> str:
    """A CSV file of rows, written by Python's csv."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end, **options).writerows([header, *rows])
    return out.getvalue()


def comma(rows: Rows, *places: int) -> Rows:
    """The rows with decimal commas in some columns."""
    return [
        [cell.replace(".", ",") if place in places else cell for place, cell in enumerate(row)]
        for row in rows
    ]


def changed(rows: Rows, change: Callable[[int, list[str]], list[str]]) -> Rows:
    return [change(place, list(row)) for place, row in enumerate(rows)]


def spelled(place: int, row: list[str]) -> list[str]:
    """The gender in another spelling."""
    spellings = {
        "Female": ["f", "FEMALE", " Female ", "w"],
        "Male": ["m", "MALE", "Male ", "man"],
        "": ["NA", "null", " ", ""],
    }
    return [row[0], spellings[row[1]][place % 4], *row[2:]]


def reordered(rows: Rows) -> str:
    header = ("note", "score", "AGE", "unused", "annual income", "Genre")
    return lines([["x;y", row[4], row[2], "=1", row[3], row[1]] for row in rows], header=header)


TEXTS: dict[str, Callable[[Rows], bytes]] = {
    "plain": lambda rows: lines(rows).encode(),
    "windows line ends": lambda rows: lines(rows, end="\r\n").encode(),
    "old line ends": lambda rows: lines(rows, end="\r").encode(),
    "mixed line ends": lambda rows: "".join(
        line + ("\n", "\r\n", "\r")[place % 3] for place, line in enumerate(lines(rows).splitlines())
    ).encode(),
    "no last line end": lambda rows: lines(rows).rstrip("\n").encode(),
    "mark": lambda rows: lines(rows).encode("utf-8-sig"),
    "semicolon": lambda rows: lines(rows, delimiter=";").encode(),
    "tab": lambda rows: lines(rows, delimiter="\t").encode(),
    "vertical bar": lambda rows: lines(rows, delimiter="|").encode(),
    "decimal comma": lambda rows: lines(comma(rows, 3), delimiter=";").encode(),
    "quoted decimal comma": lambda rows: lines(
        comma([[*row[:3], f"{float(row[3]):.1f}" if row[3] else "", row[4]] for row in rows], 3)
    ).encode(),
    "separator line": lambda rows: ("sep=;\r\n" + lines(rows, delimiter=";", end="\r\n")).encode(),
    "mark and separator line": lambda rows: ("sep=;\r\n" + lines(comma(rows, 3), delimiter=";")).encode(
        "utf-8-sig"
    ),
    "latin-1": lambda rows: lines(
        [[*row, "Müller à Besançon"] for row in rows], header=(*NAMES, "Näme")
    ).encode("latin-1"),
    "cp1252": lambda rows: lines([[*row, "5 €, “ok”"] for row in rows], header=(*NAMES, "Preis")).encode(
        "cp1252"
    ),
    "utf-8 names": lambda rows: lines(
        [[*row, "李雷 Łódź"] for row in rows], header=(*NAMES, "名前")
    ).encode(),
    "utf-16": lambda rows: lines(rows).encode("utf-16"),
    "utf-16 without mark": lambda rows: lines(rows, delimiter="\t").encode("utf-16-be"),
    "utf-32": lambda rows: lines(rows).encode("utf-32"),
    "everything quoted": lambda rows: lines(rows, quoting=csv.QUOTE_ALL).encode(),
    "quoted line ends": lambda rows: lines([["a\r\nb\n,", *row[1:]] for row in rows]).encode(),
    "quotes within cells": lambda rows: lines([['5" "pipe', *row[1:]] for row in rows]).encode(),
    "stray quotes": lambda rows: lines(rows).replace("\n0", '\n5" pipe 0').encode(),
    "reordered": lambda rows: reordered(rows).encode(),
    "upper case": lambda rows: lines(rows, header=tuple(name.upper() for name in NAMES)).encode(),
    "names of the contract": lambda rows: lines(
        rows, header=("id", "gender", "age", "annual_income", "spending_score")
    ).encode(),
    "spaces around headers": lambda rows: lines(rows, header=tuple(f" {name} " for name in NAMES)).encode(),
    "genders spelled freely": lambda rows: lines(changed(rows, spelled)).encode(),
    "words for missing": lambda rows: lines([[cell or "N/A" for cell in row] for row in rows]).encode(),
    "spaces around cells": lambda rows: lines([[f" {cell} " for cell in row] for row in rows]).encode(),
    "numbers written otherwise": lambda rows: lines(
        [[*row[:2], *(cell and f"+{float(cell):.3e}" for cell in row[2:])] for row in rows]
    ).encode(),
    "blank tail": lambda rows: (lines(rows) + "\n\n  \n").encode(),
    "tail of separators": lambda rows: (lines(rows, delimiter=";") + ";;;;\n" * 5).encode(),
    "blank lines between": lambda rows: lines(rows).replace("\n", "\n\n").encode(),
    "index of pandas": lambda rows: lines(
        [[str(place), *row] for place, row in enumerate(rows)], header=("", *NAMES)
    ).encode(),
    "scored before": lambda rows: lines(
        [[*row, "x", "0.5"] for row in rows], header=(*NAMES, "segment", "probability")
    ).encode(),
}


def typed(rows: Rows) -> pa.Table:
    """The rows as typed columns."""
    columns = {"Gender": pa.array([row[1] or None for row in rows])}
    for place in (2, 3, 4):
        columns[NAMES[place]] = pa.array([float(row[place]) if row[place] else None for row in rows])
    return pa.table({NAMES[0]: [row[0] for row in rows], **columns})


def cast(table: pa.Table, kind: pa.DataType) -> pa.Table:
    """The numbers in another type."""
    return pa.table(
        {name: table[name] if place < 2 else table[name].cast(kind) for place, name in enumerate(NAMES)}
    )


def as_parquet(table: pa.Table, **options: Any) -> bytes:
    content = io.BytesIO()
    parquet.write_table(table, content, **options)
    return content.getvalue()


def as_excel(rows: Rows, *, numbers: bool) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(NAMES)
    for row in rows:
        cells: list[Any] = [
            float(cell) if numbers and place > 1 and cell else cell or None for place, cell in enumerate(row)
        ]
        book.active.append(cells)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


TABLES: dict[str, Callable[[Rows], bytes]] = {
    "parquet": lambda rows: as_parquet(typed(rows)),
    "parquet, small groups": lambda rows: as_parquet(typed(rows), row_group_size=7, compression="zstd"),
    "parquet, text": lambda rows: as_parquet(
        pa.table({name: [row[place] for row in rows] for place, name in enumerate(NAMES)})
    ),
    "parquet, float32": lambda rows: as_parquet(cast(typed(rows), pa.float32())),
    "parquet, decimals": lambda rows: as_parquet(cast(typed(rows), pa.decimal128(12, 2))),
    "parquet, dictionaries": lambda rows: as_parquet(
        pa.table([column.dictionary_encode() for column in typed(rows).columns], names=list(NAMES))
    ),
    "excel": lambda rows: as_excel(rows, numbers=True),
    "excel, text": lambda rows: as_excel(rows, numbers=False),
}
FORMATS = {**TEXTS, **TABLES}


def reported(table: pa.Table) -> list[tuple[str, str]]:
    """The last segment and route of each row."""
    segment, route = (
        [name for name in table.column_names if name.startswith(word)][-1] for word in ("seg", "route")
    )
    return list(zip(table[segment].to_pylist(), table[route].to_pylist(), strict=True))


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_file_format_gets_the_same_answers(
    published: Segmenter, customers: Rows, answers: list[tuple[str, str]], file_format: str, tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.write_bytes(FORMATS[file_format](customers))
    scored = score_file(published, source, tmp_path / "out.parquet")
    assert reported(parquet.read_table(tmp_path / "out.parquet")) == answers
    assert scored.errors == 0
    assert main(["score", str(source), str(tmp_path / "out.csv"), "--quiet"]) == 0
    again = score_file(published, tmp_path / "out.csv", tmp_path / "again.parquet")
    found = parquet.read_table(tmp_path / "again.parquet")
    assert reported(found) == answers
    assert again.rows == len(customers)
    if file_format in TEXTS:  # the columns of the file itself are unchanged
        assert len((tmp_path / "out.csv").read_bytes()) > len(source.read_bytes())


def test_there_are_enough_formats_and_answers_of_every_kind(answers: list[tuple[str, str]]) -> None:
    assert len(FORMATS) >= 40
    assert len({segment for segment, _ in answers}) == 5
    assert {route for _, route in answers} == {"complete", "partial"}


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_record_batches_get_the_same_answers(
    published: Segmenter, customers: Rows, answers: list[tuple[str, str]], size: int
) -> None:
    batches = typed(customers).to_batches(max_chunksize=size)
    assert reported(pa.Table.from_batches(list(score_batches(published, batches)))) == answers

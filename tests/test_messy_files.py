"""Checks that messy files are scored, trained on and summed up by one rule, and that nothing is lost."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from inference import InputError, Segmenter
from inference.files.options import ReadOptions
from inference.files.read.delimited import csv_head, csv_records
from inference.files.read.read_table import read_whole
from tests.scored_files import HEADER, ROW, rows, score, text
from trainer.cli.rfm_command import main as rfm
from trainer.table.cleaning_report import CleaningReport, ColumnReport
from trainer.table.raw_table import read_raw

PEOPLE = [f"{place:04},Female,{20 + place},{15 + place},{30 + place}" for place in range(40)]
MORE: list[list[Any]] = [["x"]]
TITLE = "Customers of June,,,,"
TOTAL = "Total,,1580,1380,1980"
NOTE = "Source: till"


def messy(*, title: str = f"{TITLE}\n,,,,\n", end: str = f"{TOTAL}\n\n{NOTE}\n") -> str:
    return title + text(*PEOPLE) + end


def test_scoring_keeps_every_byte_and_says_why_a_row_was_not_scored(published: Segmenter) -> None:
    content = messy()
    data, scored = score(published, content)
    before, after = content.splitlines(), data.decode().splitlines()
    assert [line.startswith(own) for line, own in zip(after, before, strict=True)] == [True] * len(before)
    assert (scored.rows, scored.complete, scored.errors, scored.left_out) == (42, 40, 2, 2)
    assert scored.problems == ()
    assert after[43] == f"{TOTAL},,,error,,line 44: the row contains totals; it was not scored,"
    assert after[45].endswith("line 46: the row is a note about the table; it was not scored,")
    assert (
        "2 rows are about the table, kept and not scored; for example, line 44 contains totals"
        in scored.sentences()
    )
    assert "the headers are in line 3; 1 line above it was not read as part of the table" in (
        scored.reading.sentences()
    )


def test_rows_about_the_table_are_scored_when_the_caller_says_so(published: Segmenter) -> None:
    _, scored = score(published, text(*PEOPLE, TOTAL), keep_totals=True)
    assert (scored.left_out, scored.complete + scored.partial + scored.errors) == (0, 41)


@pytest.mark.parametrize("size", [1, 17, 120, 4000])
def test_the_end_of_the_table_does_not_depend_on_where_blocks_end(
    published: Segmenter, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = text(*PEOPLE * 3) + f"{TOTAL}\n,,,,\n{NOTE}\n"
    whole, _ = score(published, content)
    monkeypatch.setattr(csv_records, "BLOCK_BYTES", size)
    monkeypatch.setattr(csv_head, "HEAD_BYTES", 3000)
    monkeypatch.setattr("inference.files.read.open_source.SAMPLE_BYTES", size)
    data, scored = score(published, content, separator=",")
    assert data == whole
    assert scored.left_out == 3


@pytest.mark.parametrize(
    ("header", "ends"),
    [(f"{HEADER},", ","), (HEADER, ","), (f"{HEADER},,", ""), (f"{HEADER},,", ",,")],
)
def test_separators_at_the_end_leave_answers_below_their_headers(
    published: Segmenter, header: str, ends: str
) -> None:
    content = text(*[person + ends for person in PEOPLE], "0099,Male,31", header=header)
    data, scored = score(published, content)
    assert scored.reading.headers == tuple(HEADER.split(","))
    table = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert {row["route"] for row in table[:-1]} == {"complete"}
    assert table[-1]["route"] == "error"
    assert data.startswith(header.encode())


def test_units_below_the_headers_are_not_scored(published: Segmenter) -> None:
    found = rows(published, text(",,years,k$,points", *PEOPLE))
    assert found[0]["route"] == "error"
    assert "contains units" in found[0]["error"]
    assert {row["route"] for row in found[1:]} == {"complete"}


def workbook(*sheets: tuple[str, list[list[Any]]], merge: str = "") -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
        if merge:
            sheet.merge_cells(merge)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def typed() -> list[list[Any]]:
    split = [person.split(",") for person in PEOPLE]
    return [[int(row[0]), row[1], *map(int, row[2:])] for row in split]


def test_a_sheet_with_title_and_total_is_read_as_its_table(published: Segmenter) -> None:
    lines: list[list[Any]] = [
        ["Customers"],
        [],
        HEADER.split(","),
        *typed(),
        ["Total", None, 1580, 1380, 1980],
        [NOTE],
    ]
    data, scored = score(published, workbook(("June", lines), merge="A1:E1"))
    assert (scored.complete, scored.errors, scored.left_out) == (40, 2, 2)
    assert b"row 44: the row contains totals; it was not scored" in data
    assert scored.reading.assumed == (
        "Excel, sheet 'June'",
        "the headers are in row 3; 1 row above it was not read as part of the table",
    )


@pytest.mark.parametrize(
    "cover",
    [
        [["From the till"], ["See the next sheet"]],
        [["Report", "June"], ["Made by", "till"], ["Rows", 40]],
        [],
    ],
)
def test_a_cover_sheet_is_skipped_and_named(published: Segmenter, cover: list[list[Any]]) -> None:
    people: list[list[Any]] = [HEADER.split(","), *typed()]
    book = workbook(("About", cover), ("People", people), ("More", MORE))
    _, scored = score(published, book)
    assert scored.complete == 40
    assert scored.reading.assumed[0] == "Excel, sheet 'People' (not read: 2 more sheets, 'About', 'More')"


def test_names_of_groups_in_a_sheet_are_joined(tmp_path: Path) -> None:
    lines: list[list[Any]] = [
        ["Person", None, "Numbers", None, None],
        ["ID", "Sex", "Age", "Income", "Score"],
        *typed(),
    ]
    path = tmp_path / "groups.xlsx"
    path.write_bytes(workbook(("A", lines)))
    assert read_whole(path).cells.column_names == [
        *("Person ID", "Person Sex", "Numbers Age", "Numbers Income", "Numbers Score")
    ]
    assert read_whole(path, ReadOptions(header_row=2)).cells.column_names[2] == "Age"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<html><body><table><tr><td>1</td></tr>" + b"<tr><td>x</td></tr>" * 9999, "an HTML page"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html><p>", "an HTML page"),
        ("<table border=1>".encode("utf-16"), "an HTML page"),
        (b"<!-- made by a shop --><TABLE>", "an HTML page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "an XML spread",
        ),
        (b"<?xml version='1.0'?><rows/>", "an XML document"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a saved web page"),
        (b"{\\rtf1\\ansi x}", "a text document"),
    ],
)
def test_what_only_its_name_makes_a_spreadsheet_is_refused_in_one_sentence(
    published: Segmenter, content: bytes, what: str
) -> None:
    with pytest.raises(InputError, match=what) as caught:
        score(published, content)
    assert len(str(caught.value)) <= 300
    assert "save it as xlsx or CSV" in str(caught.value)


def test_headers_in_angle_brackets_are_no_page(published: Segmenter) -> None:
    _, scored = score(published, text(f"x,{ROW}", header=f"<1>,{HEADER}"))
    assert scored.complete == 1


def test_training_leaves_rows_about_the_table_out_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "messy.csv"
    path.write_text(messy())
    raw = read_raw(path)
    assert raw.cells.num_rows == 40
    assert raw.notes[1:] == (
        "the headers are in line 3; 1 line above it was not read as part of the table",
        "2 rows about the table left out; for example, line 44 contains totals",
    )
    assert read_raw(path, options=ReadOptions(keep_totals=True)).cells.num_rows == 41  # the note is too short


def test_transactions_are_read_by_the_same_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orders = [f"{place},{place % 9},2024-05-{place % 28 + 1:02},{place + 5}.5" for place in range(90)]
    source, target = tmp_path / "orders.csv", tmp_path / "customers.csv"
    lines = ["Sales,,,", "Order ID,Customer ID,Order Date,Amount", *orders, "Total,,,4500"]
    source.write_text("\n".join(lines))
    assert rfm([str(source), "-o", str(target)]) == 0
    assert len(target.read_text().splitlines()) == 10
    reported = " ".join(capsys.readouterr().out.split())
    assert "the headers are in line 2" in reported
    assert "1 row about the table left out; for example, line 93 contains totals" in reported


def report(**changes: Any) -> CleaningReport:
    plain = CleaningReport(
        reading=(),
        rows_read=90,
        rows_kept=90,
        duplicates_dropped=0,
        repeated_identifiers=0,
        rows_without_clustering_values=0,
        columns=(ColumnReport(name="visits", missing=0, refused=0, examples=()),),
        ignored=("Client",),
        identifier_follows="",
    )
    return replace(plain, **changes)


def test_made_up_headers_are_warned_of_where_they_are_many() -> None:
    (reported,) = report(made_up=("column_2", "column_3"), ignored=("column_2", "column_3")).warnings()
    assert reported == (
        "2 of 3 columns have no header and were named 'column_2', 'column_3'; check which row has the headers"
    )
    assert report(made_up=("column_2",), ignored=("a", "b", "column_2")).warnings() == []


@pytest.mark.parametrize("header", ["Total Spent", "Umsatz (€)", "Importe", "net_revenue", "売上", "Total"])
def test_a_lost_column_named_like_money_is_warned_of(header: str) -> None:
    (reported,) = report(ignored=("Client", header)).warnings()
    assert reported == f"not used, although named like money: {header!r}; check how it was read"
    assert report(ignored=(header,)).warnings([header.upper()]) == []


def test_a_column_that_could_not_be_read_is_warned_of() -> None:
    column = ColumnReport(name="paid", missing=0, refused=80, examples=())
    assert report(columns=(column,)).warnings() == [
        "'paid': 80 of 90 cells could not be read and were treated as missing"
    ]

"""Checks that reading a table loses nothing silently: every problem is counted, shown, or refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference import InputError
from trainer import Table, read_table
from trainer.table.customer_table import EMBEDDED

HEADER = "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)"


def _table(tmp_path: Path, *lines: str, header: str = HEADER) -> Table:
    path = tmp_path / "customers.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return read_table(path)


def test_the_embedded_table_has_its_published_totals(table: Table) -> None:
    assert len(table) == 200
    assert table.report.sentences() == [
        "200 rows read, 200 kept, 0 exact duplicates dropped",
        "no missing cells, no values out of range",
        "CustomerID is sorted by annual income (rank correlation 1.000); "
        "an identifier, never used as a feature",
        "not used: CustomerID",
    ]


def test_a_changed_copy_of_the_embedded_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = tmp_path / "mall_customers.csv"
    changed.write_text(
        EMBEDDED.read_text(encoding="utf-8").replace("1,Male,19", "1,Male,20"), encoding="utf-8"
    )
    monkeypatch.setattr("trainer.table.customer_table.EMBEDDED", changed)
    with pytest.raises(InputError, match=r"embedded table must have the totals .* restore it"):
        read_table()


def test_an_unsorted_identifier_is_not_mentioned(tmp_path: Path) -> None:
    rows = [f"{(i * 37) % 50},Male,{20 + i},{15 + i},{1 + i}" for i in range(50)]
    table = _table(tmp_path, *rows)
    assert table.report.identifier_follows == ""
    assert _table(tmp_path, *(f"c{row}" for row in rows)).report.identifier_follows == ""


def test_counts_missing_refused_and_duplicate_rows(tmp_path: Path) -> None:
    table = _table(
        tmp_path,
        "1,Male,19,15,39",
        "1,Male,19,15,39",
        "2,,21,,81",
        "3,Female,twenty,16,6",
        "4,Divers,23,16,777",
        "4,Female,23,16,77",
    )
    report = table.report
    assert (report.rows_read, report.rows_kept, report.duplicates_dropped) == (6, 5, 1)
    assert report.repeated_identifiers == 1
    assert report.rows_without_clustering_values == 2
    counts = {column.name: (column.missing, column.refused) for column in report.columns}
    assert counts == {"gender": (1, 1), "age": (0, 1), "annual_income": (1, 0), "spending_score": (0, 1)}
    reported = "\n".join(report.sentences(examples=True))
    assert (
        "age: 1 refused cell, treated as missing (line 5: column 'age' must be a number, but it is 'twenty'"
        in reported
    )
    assert "line 6: column 'spending_score' must be from 1 to 100" in reported
    assert np.isnan(table.columns["age"][2])
    assert table.columns["gender"][3] == ""


def test_equal_rows_without_an_identifier_are_different_customers(tmp_path: Path) -> None:
    table = _table(tmp_path, "Male,19,15,39", "Male,19,15,39", header=HEADER.removeprefix("CustomerID,"))
    assert len(table) == 2


def test_finds_columns_by_alias_and_in_any_case(tmp_path: Path) -> None:
    table = _table(tmp_path, "m,19,15,39", header=" GENRE ,age,Income,spending_score")
    assert table.columns["gender"].tolist() == ["Male"]
    assert table.columns["annual_income"].tolist() == [15.0]


def test_refuses_a_table_without_a_column(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"column 'age' is missing; found: 'Gender', .* map column 'age' to a header, or leave it out",
    ):
        _table(tmp_path, "m,15,39", header="Gender,Income,Score")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe\x00garbage", "it has the header only"),
        (b'a,b\n"1,2\n', "the one that opens on line 2 never is"),
    ],
)
def test_refuses_what_is_not_a_table(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=sentence):
        read_table(path)


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.csv.*No such file"):
        read_table(tmp_path / "nothing.csv")


def test_a_word_for_missing_is_counted(tmp_path: Path) -> None:
    table = _table(tmp_path, "1,Male,nan,15,39", "2,Male,19,15,39")
    assert {column.name: column.missing for column in table.report.columns}["age"] == 1


@pytest.mark.parametrize("ragged", ["2,Male,20,16,40,7", "2,Male,20,16"])
def test_rows_that_do_not_fit_the_header_are_left_out_and_reported(tmp_path: Path, ragged: str) -> None:
    table = _table(tmp_path, "1,Male,19,15,39", ragged, "3,Male,21,17,41")
    assert table.columns["age"].tolist() == [19, 21]
    reported = "\n".join(table.report.sentences(examples=True))
    assert "1 row left out: not the same number of cells as the header" in reported
    assert "line 3: the row must have 5 cells like the header" in reported


def test_a_table_of_rows_that_do_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match="at least one row must have 5 cells like the header, but none has; line 2 has 6; quote",
    ):
        _table(tmp_path, "1,Male,19,15,39,7", "2,Male,20,16,40,8")


@pytest.mark.parametrize("header", ["Gender,Age,age,Income,Score", "Gender,Age,Age,Income,Score"])
def test_equal_headers_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError, match=r"must differ by more than case, but there are 'Age' and '[aA]ge'"):
        _table(tmp_path, "m,19,20,15,39", header=header)


def test_blank_lines_are_left_out_and_still_counted_as_lines(tmp_path: Path) -> None:
    table = _table(tmp_path, "1,Male,19,15,39", "", "2,Male,old,15,39", "")
    assert len(table) == 2
    assert "line 4: column 'age'" in table.report.columns[1].examples[0]


def test_an_identifier_is_known_in_any_case(tmp_path: Path) -> None:
    table = _table(tmp_path, "1,m,19,15,39", "1,m,19,15,39", header=HEADER.lower())
    assert table.report.duplicates_dropped == 1


def test_cells_are_quoted_on_the_screen_only(tmp_path: Path) -> None:
    report = _table(tmp_path, "1,Male,old,15,39").report
    assert "'old'" in " ".join(report.sentences(examples=True))
    assert "'old'" not in " ".join(report.sentences())

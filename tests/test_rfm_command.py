"""Checks that ``python -m trainer rfm`` writes complete tables, and overwrites only on request."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.transactions import BY_HAND, HEADERS, shop
from trainer.__main__ import main
from trainer.cli.rfm_command import write_customers
from trainer.cli.transaction_files import read_transactions
from trainer.rfm.rfm_table import DEFINITIONS, customers_of


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADERS, *BY_HAND])
    return path


def test_writes_customers_and_reports_how(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = orders.with_name("customers.csv")
    given = ["rfm", str(orders), "-o", str(written), "--status", "state", "--snapshot", "2011-12-10"]
    assert main(given) == 0
    assert written.read_text(encoding="utf-8").splitlines() == [
        "CustomerID,recency,frequency,monetary,tenure,average_basket",
        "00123,5,2,25.0,9,17.5",
        "A 7,10,1,8.0,10,8.0",
    ]
    reported = capsys.readouterr().out
    assert reported.count("customer is 'CustomerID'") == 1
    assert "the snapshot is 2011-12-10" in reported
    assert "purchases: 4" in reported
    assert "monetary: 8 to 25, median 16.5" in reported
    assert reported.endswith(f"Next:\n  python -m trainer --data {written}\n")
    assert sorted(path.name for path in orders.parent.iterdir()) == ["customers.csv", "orders.csv"]


def test_replaces_a_file_only_with_force(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = orders.with_name("mine.csv")
    written.write_text("precious", encoding="utf-8")
    given = ["rfm", str(orders), "-o", str(written)]
    assert main(given) == 2
    assert written.read_text(encoding="utf-8") == "precious"
    assert "--force" in capsys.readouterr().err
    assert main([*given, "--force"]) == 0
    assert written.read_text(encoding="utf-8").startswith("CustomerID,")


def test_a_failed_write_keeps_the_old_file_and_leaves_no_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(table: pa.Table, path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise MemoryError

    path = tmp_path / "customers.csv"
    path.write_text("earlier", encoding="utf-8")
    monkeypatch.setattr("trainer.cli.rfm_command._write_csv", fail)
    with pytest.raises(MemoryError):
        write_customers(pa.table({"a": [1]}), path)
    assert [each.name for each in tmp_path.iterdir()] == ["customers.csv"]
    assert path.read_text(encoding="utf-8") == "earlier"


def test_parquet_can_be_read_and_written(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(shop(), tmp_path / "orders.parquet")
    written = tmp_path / "customers.parquet"
    assert main(["rfm", str(tmp_path / "orders.parquet"), "-o", str(written)]) == 0
    assert pyarrow.parquet.read_table(written).equals(customers_of(shop()).table)


def test_every_csv_cell_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text('id,"a note"\n007,"two\nlines"\nNULL,\n', encoding="utf-8")
    given, notes = read_transactions([str(path)])
    assert given.cells.to_pydict() == {"id": ["007", "NULL"], "a note": ["two\nlines", ""]}
    assert notes == ("CSV in utf-8, separated by comma",)


def test_a_file_in_another_dialect_gives_the_same_customers(
    orders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with orders.with_name("german.csv").open("w", encoding="cp1252", newline="") as file:
        rows = [[*(str(cell).replace(".", ",") for cell in row), "für uns"] for row in BY_HAND]
        csv.writer(file, delimiter=";").writerows([[*HEADERS, "Notiz"], *rows])
    for name in ("orders.csv", "german.csv"):
        source, written = orders.with_name(name), orders.with_name(f"of-{name}")
        assert main(["rfm", str(source), "-o", str(written), "--status", "state"]) == 0
    assert "CSV in cp1252 (a guess from its bytes;" in capsys.readouterr().out
    one, other = (orders.with_name(f"of-{name}").read_bytes() for name in ("orders.csv", "german.csv"))
    assert one == other


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "it is empty"), (b"a,b\n1,2,3\n", "at least one row must have 2 cells like the header")],
)
def test_refuses_what_is_not_a_table(
    content: bytes, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    assert main(["rfm", str(path), "-o", str(tmp_path / "customers.csv")]) == 2
    assert sentence in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "customers.csv").exists()


def test_refuses_a_folder_that_does_not_exist(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rfm", str(orders), "-o", str(orders.parent / "no" / "customers.csv")]) == 2
    assert "must be writable, but it is not" in " ".join(capsys.readouterr().err.split())


def test_refuses_an_invalid_day(orders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["rfm", str(orders), "--snapshot", "10/12/2011"])
    assert "written as in 2011-12-10, but it is '10/12/2011'" in capsys.readouterr().err


def test_the_help_defines_every_column() -> None:
    run = [sys.executable, "-m", "trainer", "rfm", "--help"]
    reported = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    for name, meaning in DEFINITIONS.items():
        assert f"{name:15} {meaning}" in reported


def test_equal_runs_give_equal_bytes(tmp_path: Path) -> None:
    pyarrow.csv.write_csv(shop(), tmp_path / "orders.csv")
    for name in ("one.csv", "other.csv"):
        assert main(["rfm", str(tmp_path / "orders.csv"), "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()

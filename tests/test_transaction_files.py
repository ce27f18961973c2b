"""Promises that several files of transactions or a folder give the customers of one file with all lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference import InputError
from trainer.__main__ import main
from trainer.cli.transaction_files import files_of, read_rates, read_transactions
from trainer.rfm.rfm_table import customers_of

JANUARY = "order id,client,date,total\n1,x,2024-01-15,10\n2,y,2024-01-16,20\n"
FEBRUARY = "Client;Order-ID;Date;Total;note\nx;3;2024-02-15;5;a\ny;2;2024-01-16;20;\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "orders"
    inside.mkdir()
    (inside / "1-january.csv").write_text(JANUARY, encoding="utf-8")
    (inside / "2-february.csv").write_text(FEBRUARY, encoding="utf-8")
    (inside / "readme.md").write_text("no table", encoding="utf-8")
    (inside / ".hidden.csv").write_text("no table", encoding="utf-8")
    return inside


def test_a_folder_is_its_tables_by_name(folder: Path) -> None:
    assert [Path(each).name for each in files_of([str(folder)])] == ["1-january.csv", "2-february.csv"]


def test_columns_are_joined_by_their_headers(folder: Path) -> None:
    given, notes = read_transactions(files_of([str(folder)]))
    found = customers_of(given)
    assert found.table["client"].to_pylist() == ["x", "y"]
    assert found.table["monetary"].to_pylist() == [15.0, 40.0]
    assert found.report.lines == 4
    assert "missing in some files and left empty there: 'note'" in found.report.assumed
    assert "2-february.csv: CSV in utf-8, separated by semicolon" in notes


def test_the_command_takes_files_and_reports_lines_that_are_in_two(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "2-february.csv").write_text(JANUARY + "3,x,2024-02-15,5\n", encoding="utf-8")
    written = folder.parent / "customers.csv"
    assert main(["rfm", *files_of([str(folder)]), "-o", str(written)]) == 0
    assert "also in an earlier file: 2; counted twice" in capsys.readouterr().out
    assert main(["rfm", str(folder), "-o", str(written), "--force", "--drop-duplicates"]) == 0
    assert "also in an earlier file: 2; counted once" in capsys.readouterr().out
    assert written.read_text(encoding="utf-8").splitlines()[1:] == [
        "x,0,2,15.0,31,7.5",
        "y,30,1,20.0,30,20.0",
    ]


def test_a_cell_that_cannot_be_read_is_named_with_its_file(folder: Path) -> None:
    (folder / "2-february.csv").write_text(JANUARY.replace("20\n", "lots\n"), encoding="utf-8")
    found = customers_of(read_transactions(files_of([str(folder)]))[0])
    assert [each.sentence() for each in found.report.unread] == [
        "'total' cannot be read: 1, first in line 3 of '2-february.csv' ('lots')"
    ]


def test_refuses_a_folder_without_tables_and_a_file_given_twice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="must have tables in it"):
        files_of([str(tmp_path)])
    with pytest.raises(InputError, match="is given twice"):
        files_of(["a.csv", "a.csv"])


def test_refuses_a_file_of_other_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "2-february.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["rfm", str(folder), "-o", str(folder.parent / "customers.csv")]) == 2
    assert "every file must have the headers of '1-january.csv'" in " ".join(capsys.readouterr().err.split())


def test_says_which_of_the_files_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "2-february.csv").write_bytes(b"")
    assert main(["rfm", str(folder), "-o", str(folder.parent / "customers.csv")]) == 2
    assert "in '2-february.csv'" in " ".join(capsys.readouterr().err.split())


def test_rates_are_written_out_or_in_a_file(tmp_path: Path) -> None:
    rates = tmp_path / "rates.csv"
    rates.write_text("currency;rate\nUSD;0,92\nGBP;1.17\n", encoding="utf-8")
    assert read_rates([str(rates)]) == {"USD": 0.92, "GBP": 1.17}
    assert read_rates(["USD=0.92,GBP=1.17"]) == {"USD": 0.92, "GBP": 1.17}


@pytest.mark.parametrize("given", ["USD", "USD=much", "nothing.csv"])
def test_refuses_rates_that_are_none(given: str) -> None:
    with pytest.raises(InputError, match="rate"):
        read_rates([given])


def test_converts_on_the_command_line(tmp_path: Path) -> None:
    orders, written = tmp_path / "orders.csv", tmp_path / "customers.csv"
    orders.write_text(
        "client,date,total,currency\nx,2024-01-15,10,EUR\nx,2024-01-16,10,USD\n", encoding="utf-8"
    )
    asked = ["rfm", str(orders), "-o", str(written)]
    assert main(asked) == 2
    assert not written.exists()
    assert main([*asked, "--rates", "USD=0.92"]) == 0
    assert written.read_text(encoding="utf-8").splitlines()[1].split(",")[3] == "19.2"

"""Checks imports of files: what is remembered, what is left out and why, and that nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from customers import importing
from customers.__main__ import main
from customers.importing import import_file
from customers.records import Saved
from customers.store import open_store
from inference import Segmenter

HEAD = "customer_id,gender,age,annual_income,spending_score\n"


@pytest.fixture
def small_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transactions of ten rows."""
    monkeypatch.setattr(importing, "COMMIT_ROWS", 10)


def lines(ids: list[str], income: int = 17) -> str:
    return "".join(f"{each},Female,31,{income},40\n" for each in ids)


@pytest.mark.usefixtures("small_commits")
def test_a_customer_who_comes_again_in_a_file_is_counted_and_the_last_row_is_kept(
    segmenter: Segmenter, store_url: str, tmp_path: Path
) -> None:
    path = tmp_path / "customers.csv"
    ids = [f"C{each}" for each in range(40)]
    path.write_text(HEAD + lines(ids) + lines(["C3", "C3", "C39"], income=90))
    store = open_store(store_url)
    done = import_file(store, segmenter, path)
    assert done.saved.new == 40
    assert done.saved.repeated == 3
    assert done.saved.updated == done.saved.unchanged == 0
    assert {each.id for each in store.page() if each.inputs["annual_income"] == 90} == {"C3", "C39"}
    again = import_file(store, segmenter, path)
    assert again.saved.new == 0
    store.close()


@pytest.mark.usefixtures("small_commits")
def test_the_same_file_again_changes_nothing(segmenter: Segmenter, store_url: str, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(HEAD + lines([f"C{each}" for each in range(35)]))
    store = open_store(store_url)
    import_file(store, segmenter, path)
    before = store.changes()
    assert import_file(store, segmenter, path).saved == Saved(unchanged=35)
    assert store.changes() == before
    path.write_text(HEAD + lines([f"C{each}" for each in range(35)], income=90))
    moved = import_file(store, segmenter, path).saved
    assert (moved.updated, moved.moved, moved.unchanged) == (35, 35, 0)
    assert len(store.changes()) == 70
    store.close()


def test_rows_that_are_left_out_are_counted_with_the_first_of_them(
    segmenter: Segmenter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(HEAD + lines(["C1"]) + lines([""]) + "C2,Female,31,much,40\n" + lines(["x" * 201]))
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    assert main(["--store", address, "import", str(path)]) == 1
    said = capsys.readouterr().out
    assert "1 new" in said
    assert "2 rows without a usable id" in said
    assert "for example line 3" in said
    assert "1 row failed, for example line 4: " in said


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["history", "C1"], 0),
        (["history", "nobody"], 1),
        (["show", "C1"], 0),
        (["letter", "C1"], 0),
        (["letter", "C1", "--html"], 0),
        (["erase", "nobody"], 1),
        (["erase", "C1"], 0),
        (["retain", "--days", "1"], 0),
        (["upgrade"], 0),
        (["import", "none.csv"], 2),
    ],
)
def test_each_command_ends_with_its_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(HEAD + lines(["C1"]))
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    main(["--store", address, "import", str(path), "--quiet"])
    capsys.readouterr()
    assert main(["--store", address, *arguments]) == status
    said = capsys.readouterr()
    assert bool(said.err) is (status != 0)


@pytest.mark.parametrize("days", ["0", "-1", "x", "36501"])
def test_no_number_of_days_erases_everybody(tmp_path: Path, days: str) -> None:
    address = f"sqlite:///{tmp_path / 'customers.sqlite'}"
    with pytest.raises(SystemExit, match="2"):
        main(["retain", "--days", days, "--store", address])


def test_an_export_is_read_again_as_it_was(segmenter: Segmenter, tmp_path: Path) -> None:
    ids = ["-5", "+49 30", "=1+1", "@a", "＝2", "007", "a,b", 'say "x"', "Zoë"]  # noqa: RUF001 - a full-width sign
    path = tmp_path / "customers.csv"
    quoted = ['"' + each.replace('"', '""') + '"' for each in ids]
    path.write_text(HEAD + lines(quoted), encoding="utf-8")
    store = open_store(f"sqlite:///{tmp_path / 'customers.sqlite'}")
    import_file(store, segmenter, path)
    assert {each.id for each in store.page()} == set(ids)
    store.close()
    out = tmp_path / "out.csv"
    assert main(["--store", f"sqlite:///{tmp_path / 'customers.sqlite'}", "export", str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    assert "\n'=1+1," in text
    assert "\n'＝2," in text  # noqa: RUF001 - a full-width sign
    assert "\n-5," in text  # a number is not run

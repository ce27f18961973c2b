"""Checks ``python -m inference compare``: who changed the segment between two scored files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError
from inference.__main__ import main
from inference.files.compare import id_buckets
from inference.files.compare.two_files import CompareOptions, compare_files

HEADER = "customer_id,income,segment\n"


def written(path: Path, rows: str, header: str = HEADER) -> Path:
    path.write_text(header + rows)
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    before = written(tmp_path / "may.csv", "1,10,low\n2,20,low\n3,90,high\n4,95,high\n5,50,\n6,9,low\n")
    after = written(tmp_path / "june.csv", "4,20,low\n3,90,high\n2,88,high\n1,11,low\n5,51,high\n7,99,high\n")
    return before, after


def test_customers_are_matched_by_id_in_any_order(files: tuple[Path, Path]) -> None:
    found = compare_files(*files)
    movement = found.movement
    assert found.id == "customer_id"
    assert movement.segments == ("low", "high")
    assert movement.flows.tolist() == [[1, 1], [1, 1]]
    assert (movement.gone.tolist(), movement.arrived.tolist()) == ([1, 0], [0, 1])
    assert found.without_segment == 1


def test_numbers_of_parquet_are_the_same_ids_as_their_text(files: tuple[Path, Path], tmp_path: Path) -> None:
    table = pa.table({"customer_id": [4.0, 3.0, 2.0, 1.0], "segment": ["low", "high", "high", "low"]})
    parquet.write_table(table, tmp_path / "june.parquet")
    assert compare_files(files[0], tmp_path / "june.parquet").movement.flows.tolist() == [[1, 1], [1, 1]]


def test_all_of_many_customers_are_matched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_buckets, "ROWS_AT_ONCE", 1_000)
    rng = np.random.default_rng(0)
    rows = 5_000
    codes = rng.integers(0, 3, (2, rows))
    for name, own in zip(("before", "after"), codes, strict=True):
        order = rng.permutation(rows)
        cells = {"id": [f"é{each}" for each in order], "segment": [f"s{each}" for each in own[order]]}
        parquet.write_table(pa.table(cells), tmp_path / f"{name}.parquet")
    moved: list[tuple[str, str, str]] = []
    found = compare_files(
        tmp_path / "before.parquet",
        tmp_path / "after.parquet",
        options=CompareOptions(order=("s0", "s1", "s2")),
        moved=lambda *columns: moved.extend(zip(*columns, strict=True)),
    )
    expected = np.zeros((3, 3), dtype=int)
    np.add.at(expected, tuple(codes), 1)
    assert found.movement.flows.tolist() == expected.tolist()
    changed = np.flatnonzero(codes[0] != codes[1])
    names = [[f"s{code}" for code in own[changed]] for own in codes]
    assert sorted(moved) == sorted(zip([f"é{each}" for each in changed], *names, strict=True))


@pytest.mark.parametrize(
    ("header", "rows", "message"),
    [
        (HEADER, "1,10,low\n1,11,low\n", "each customer must have one row, but in the file after 1 value"),
        ("customer_id,income\n", "1,10\n", "both files must have the column 'segment'"),
        ("income,segment\n", "10,low\n", "one column must say who a customer is"),
    ],
)
def test_files_that_do_not_say_who_or_where_are_refused(
    files: tuple[Path, Path], tmp_path: Path, header: str, rows: str, message: str
) -> None:
    other = written(tmp_path / "other.csv", rows, header)
    with pytest.raises(InputError, match=message):
        compare_files(files[0], other)


def test_two_columns_that_may_be_ids_must_be_chosen_from(tmp_path: Path) -> None:
    both = written(tmp_path / "both.csv", "1,2,low\n", "id,customer_id,segment\n")
    with pytest.raises(InputError, match="'id' and 'customer_id' may; set id to its header"):
        compare_files(both, both)
    assert compare_files(both, both, options=CompareOptions(id="id")).movement.customers == 1
    one = written(tmp_path / "one.csv", "1,low\n", "customer_id,segment\n")
    assert compare_files(both, one).id == "customer_id"  # the only one that both have


def test_a_column_of_anything_is_no_column_of_segments(tmp_path: Path) -> None:
    rows = "".join(f"{each},{each},name {each}\n" for each in range(200))
    path = written(tmp_path / "all.csv", rows)
    with pytest.raises(InputError, match="at most 100 different names"):
        compare_files(path, path)


def test_rows_without_id_and_of_another_width_are_counted(files: tuple[Path, Path], tmp_path: Path) -> None:
    other = written(tmp_path / "other.csv", "1,10,low\n,11,low\n2,20,low,9\n3,90,high\n")
    found = compare_files(files[0], other)
    assert (found.without_id, found.movement.customers) == (2, 2)


def test_the_command_prints_and_writes(
    files: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(tmp_path / "a.csv", "=1+1,10,low\n2,20,low\n")
    after = written(tmp_path / "b.csv", "=1+1,10,high\n2,20,low\n")
    targets = [tmp_path / name for name in ("flows.html", "flows.json", "moved.csv")]
    options = [
        text
        for option, path in zip(("--html", "--json", "--moved"), targets, strict=True)
        for text in (option, str(path))
    ]
    assert main(["compare", str(before), str(after), *options]) == 0
    assert "1 customer of 2 (50.0%) changed the segment" in capsys.readouterr().out
    assert "<svg" in targets[0].read_text(encoding="utf-8")
    assert json.loads(targets[1].read_text(encoding="utf-8"))["moved"] == 1
    assert targets[2].read_text(encoding="utf-8").splitlines() == ["id,from,to", "'=1+1,low,high"]
    assert main(["compare", str(before), str(after), *options]) == 2
    assert "must not exist yet" in capsys.readouterr().err


def test_two_models_allow_for_the_noise_of_another_training(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    model = str(Path(__file__).parents[1] / "artifacts" / "model.onnx")
    same = ["--model-before", model, "--model-after", model]
    assert main(["compare", *map(str, files), *same, "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["refit_noise"] is None

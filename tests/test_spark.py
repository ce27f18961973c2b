"""Checks Spark against one machine; needs the environment of requirements/spark.lock, and Java."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from inference import InputError, ScoreOptions, Segmenter, score_file
from inference.files.options import ADDED, ReadOptions

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"
HEADERS = ("CustomerID", "Gender", "Age", "Annual Income (k$)", "Spending Score (1-100)")
ROWS = 5_000


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    from benchmarks.spark import session

    with session("local[2]") as made:
        yield made


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter.load(MODEL)


def customers() -> pa.Table:
    """Customers of whom some are partly known, some unknown, and some have a cell that cannot be used."""
    rng = np.random.default_rng(0)
    numbers = [rng.integers(*span, ROWS).astype(float) for span in ((10, 80), (10, 140), (1, 101))]
    for each in numbers:
        each[rng.random(ROWS) < 0.2] = np.nan
    numbers[0][::7] = 200  # a profile column out of range
    numbers[2][::11] = 1_000  # a clustering column out of range
    genders = rng.choice(np.array(["Female", "male", "x", None], dtype=object), ROWS)
    cells = [pa.array(each, from_pandas=True) for each in (np.arange(ROWS), genders, *numbers)]
    return pa.table(dict(zip(HEADERS, cells, strict=True)))


def one_machine(segmenter: Segmenter, source: Path, **options: Any) -> pa.Table:
    """The file scored without Spark, with errors that do not name the row."""
    from benchmarks.spark import by_id

    target = source.with_suffix(".scored.parquet")
    score_file(segmenter, source, target, options=ScoreOptions(output_format="parquet", **options))
    return by_id(parquet.read_table(target))


def by_customer(df: DataFrame) -> pa.Table:
    from benchmarks.spark import by_id

    return by_id(df.toArrow())


def test_every_answer_is_that_of_one_machine(
    spark: SparkSession, segmenter: Segmenter, tmp_path: Path
) -> None:
    from inference.files.spark import score

    path = tmp_path / "customers.parquet"
    parquet.write_table(customers(), path)
    expected = one_machine(segmenter, path)
    found = score(spark.read.parquet(str(path)).repartition(7), segmenter)
    assert set(expected["route"].to_pylist()) == {"complete", "partial", "prior", "error"}
    assert found.columns == [*HEADERS, *ADDED]
    assert by_customer(found).cast(expected.schema).equals(expected)


def test_partitions_without_rows_have_no_answers(spark: SparkSession, segmenter: Segmenter) -> None:
    from inference.files.spark import score

    df = spark.createDataFrame([(1, "Female", 31, 17, 40)], list(HEADERS)).repartition(5)
    assert [row.segment for row in score(df, MODEL).collect()] == ["Low income, low score"]
    nobody = score(df.where("Age > 99"), segmenter)
    assert (nobody.columns, nobody.collect()) == ([*HEADERS, *ADDED], [])


def test_cells_are_read_alike_in_every_partition(
    spark: SparkSession, segmenter: Segmenter, tmp_path: Path
) -> None:
    """The first rows show a decimal comma; the last one alone would be read as 17.25 or 17,250."""
    from inference.files.spark import score

    incomes = [f"{17 + row % 90},5" for row in range(99)] + ["1.250"]
    rows = [(row, "Female", "31", income, "40") for row, income in enumerate(incomes)]
    df = spark.createDataFrame(rows, list(HEADERS))
    path = tmp_path / "customers.parquet"
    parquet.write_table(df.toArrow(), path)
    expected = one_machine(segmenter, path)
    found = by_customer(score(df.repartition(100, HEADERS[0]), segmenter))
    assert found["novelty"].to_pylist() == expected["novelty"].to_pylist()
    assert max(expected["novelty"].to_pylist()) == expected["novelty"][99].as_py()


def test_a_cell_that_is_not_text_costs_its_row_only(spark: SparkSession, segmenter: Segmenter) -> None:
    from inference.files.spark import score

    df = spark.sql(
        "SELECT 17 AS annual_income, CAST(X'ff31' AS STRING) AS spending_score UNION ALL SELECT 17, '40'"
    )
    found = [(row.route, row.error) for row in score(df, segmenter).collect()]
    assert found[1] == ("complete", None)
    assert found[0][0] == "error"
    assert "must be a number" in found[0][1]


def test_what_cannot_be_scored_is_refused_before_any_row(spark: SparkSession, segmenter: Segmenter) -> None:
    from inference.files.spark import score

    with pytest.raises(InputError, match="column 'annual_income' is missing; found: 'id'"):
        score(spark.range(3), segmenter)
    with pytest.raises(InputError, match="must be a table, but it is a stream"):
        score(spark.readStream.format("rate").load(), segmenter)
    rows = [("Anna", 17.0, 40.0), ("Bert", 18.0, 41.0), ("Cleo", 19.0, 42.0), ("Total", 54.0, None)]
    totals = spark.createDataFrame(rows, ["name", "annual_income", "spending_score"])
    with pytest.raises(InputError, match="1 row among the first 4 is totals; filter them out, or keep"):
        score(totals, segmenter)
    assert score(totals, segmenter, options=ReadOptions(keep_totals=True)).count() == len(rows)


def test_names_that_are_taken_get_a_number(spark: SparkSession, segmenter: Segmenter) -> None:
    from inference.files.spark import score

    df = spark.sql("SELECT 17 AS annual_income, 40 AS spending_score, 'mine' AS Segment")
    (row,) = score(df, segmenter).collect()
    assert (row["Segment"], row["segment_2"]) == ("mine", "Low income, low score")


def test_the_snippet_of_the_page_runs_as_shown(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^<!-- spark -->\n```python\n(.*?)```", page, re.M | re.S)
    exec(compile(code, "scale.md", "exec"), {})  # noqa: S102 - the project's own page
    assert "|Low income, low score|1.0" in capsys.readouterr().out


def csv_folder(folder: Path) -> Path:
    """Two CSV files with quoted line breaks, rows of other lengths, and a formula."""
    folder.mkdir()
    header = ",".join((*HEADERS, "remark"))
    first = ['1,Female,31,17,40,"a ""b"" \nc"', "2,Male,,50,60,\\", "3,Male,22", "4,Male,22,50,60,x,more"]
    (folder / "a.csv").write_text("\n".join([f"\ufeff{header}", *first, ""]), encoding="utf-8")
    (folder / "b.csv").write_text(f'{header}\n5,Female,31,"17,5",40,=1+1\n', encoding="utf-8")
    return folder


def test_a_folder_of_csv_keeps_every_cell_and_refuses_rows_of_another_length(
    spark: SparkSession, segmenter: Segmenter, tmp_path: Path
) -> None:
    from benchmarks.spark import by_id
    from inference.files.spark.spark_job import score_folder

    scored = score_folder(segmenter, str(csv_folder(tmp_path / "in")), str(tmp_path / "out"), session=spark)
    found = by_id(parquet.read_table(tmp_path / "out")).to_pylist()
    assert [row["route"] for row in found] == ["complete", "complete", "error", "error", "complete"]
    assert [row["remark"] for row in found] == ['a "b" \nc', "\\", None, "x", "=1+1"]
    assert found[2]["error"].startswith("the row must have as many cells as the header")
    one = score_folder(segmenter, str(tmp_path / "in" / "b.csv"), str(tmp_path / "one"), session=spark)
    assert (one.rows, scored.rows) == (1, 5)
    assert scored.routes == {"complete": 3, "partial": 0, "prior": 0, "failed": 2}
    assert sum(scored.segments.values()) == 3


def test_a_second_run_does_nothing_and_an_unfinished_one_is_started_again(
    spark: SparkSession, segmenter: Segmenter, tmp_path: Path
) -> None:
    from inference.files.spark.spark_job import score_folder
    from inference.files.spark.spark_tables import FolderOptions

    source, target = csv_folder(tmp_path / "in"), tmp_path / "out"

    def run(**options: Any) -> int:
        settings = FolderOptions(**options)
        return score_folder(segmenter, str(source), str(target), session=spark, options=settings).rows

    assert run() == 5
    before = {path.name: path.stat().st_mtime_ns for path in target.iterdir()}
    assert run() == 0
    assert {path.name: path.stat().st_mtime_ns for path in target.iterdir()} == before
    with pytest.raises(InputError, match="has the table of another model, source or settings"):
        run(na=("x",))
    (target / "_SUCCESS").unlink()  # as where a run was stopped while it committed
    assert run() == 5
    assert parquet.read_table(target).num_rows == 5
    (source / "b.csv").unlink()
    assert run(replace=True) == 4
    assert run() == 0
    assert parquet.read_table(target).num_rows == 4


def test_no_other_folder_is_overwritten(spark: SparkSession, segmenter: Segmenter, tmp_path: Path) -> None:
    from inference.files.spark.spark_job import score_folder

    source, target = csv_folder(tmp_path / "in"), tmp_path / "out"
    target.mkdir()
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    for other in (source, source / "scored", tmp_path):
        with pytest.raises(InputError, match="must be in another folder than its source"):
            score_folder(segmenter, str(source), str(other), session=spark)
    with pytest.raises(InputError, match="must be a new folder, but it has other files"):
        score_folder(segmenter, str(source), str(target), session=spark)
    with pytest.raises(InputError, match="must be a file or a folder of files, but there is none"):
        score_folder(segmenter, str(tmp_path / "nowhere"), str(target), session=spark)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]
    assert sorted(path.name for path in source.iterdir()) == ["a.csv", "b.csv"]

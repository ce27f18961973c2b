"""Checks training with Spark on two executors; needs the environment of requirements/spark_training.lock."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, parquet
from sklearn.cluster import KMeans

from inference import InputError, Segmenter
from inference.files.options import ReadOptions
from tests.overlapping_groups import overlapping_customers
from trainer import ChoiceSettings, TrainConfig, prepare, read_raw, train
from trainer.segments import full_passes
from trainer.segments.clustered import cluster
from trainer.segments.kmeans import match
from trainer.table.every_row import SampleSettings
from trainer.table.raw_table import raw_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark_training

ROOT = Path(__file__).parents[1]
ROWS, SAMPLE = 24_000, 2_000
CONFIG = TrainConfig(
    repeats=1,
    folds=2,
    sensitivity=False,
    choice=ChoiceSettings(k_max=5, bootstraps=10, most_bootstraps=10, draws=39, most_draws=39),
)


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    from benchmarks.spark import CLUSTER, session

    with session(CLUSTER) as made:
        yield made


def customers() -> pa.Table:
    """Groups that overlap so much that a sample does not decide where they are."""
    return overlapping_customers(ROWS, third=(50, 70), spread=14, visits=False)


def folder(path: Path, table: pa.Table, files: int) -> str:
    """The table as so many files of Parquet, as a source of the trainer."""
    path.mkdir()
    rows = -(-table.num_rows // files)
    for number in range(files):
        parquet.write_table(table.slice(number * rows, rows), path / f"{number}.parquet")
    return f"spark:{path}"


def test_all_rows_decide_as_on_one_machine(
    spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the point where K-Means no longer moves; then every customer's id is compared with the file's."""
    monkeypatch.setattr(full_passes, "UNMOVED", 0.0)
    table = customers()
    source = folder(tmp_path / "customers", table, 4)
    trained = train(read_raw(source, sample=SampleSettings(rows=SAMPLE)), CONFIG)
    assert trained.whole is not None
    assert trained.whole.passes.settled
    start = cluster(replace(trained.table, every=None), CONFIG).segmentation
    every = prepare(raw_of(table)).table
    columns = every.take(every.clusterable())
    points = start.clustering(columns)[start.inside_fences(columns)]
    assert trained.whole.passes.rows == len(points) < len(columns["income"])
    alone = KMeans(start.k, init=start.kmeans.cluster_centers_, n_init=1, tol=0, max_iter=300).fit(points)
    centroids = trained.fitted.segmentation.kmeans.cluster_centers_
    order = match(centroids, alone.cluster_centers_)
    assert np.abs(centroids - alone.cluster_centers_[order]).max() < 1e-9
    assert max(trained.whole.passes.moved) > 1e-4
    expected = np.argsort(order)[alone.predict(start.clustering(columns))]
    found = Segmenter.load(trained.model).predict_many(columns).segment_id
    assert np.array_equal(found, expected)
    assert list(trained.whole.sizes) == np.bincount(expected).tolist()


def test_the_same_rows_in_other_files_and_another_order_give_the_same_model(
    spark: SparkSession, tmp_path: Path
) -> None:
    table = customers()
    mixed = table.take(pa.array(np.random.default_rng(1).permutation(ROWS)))
    mixed = mixed.select(["gender", "score", "income", "id"])
    raws = [
        read_raw(source, sample=SampleSettings(rows=SAMPLE, seed=3))
        for source in (
            folder(tmp_path / "a", table, 3),
            folder(tmp_path / "b", mixed.select(table.column_names), 2),
        )
    ]
    assert raws[0].cells.equals(raws[1].cells)
    models = [train(replace(raw, source="customers"), CONFIG).model for raw in raws]
    assert models[0] == models[1]
    other = read_raw(f"spark:{tmp_path / 'a'}", sample=SampleSettings(rows=SAMPLE, seed=4)).cells
    assert 0 < len(set(other["id"].to_pylist()) & set(raws[0].cells["id"].to_pylist())) < SAMPLE / 4
    turned = read_raw(folder(tmp_path / "c", mixed, 2), sample=SampleSettings(rows=SAMPLE, seed=3)).cells
    assert turned["id"].to_pylist() == raws[0].cells["id"].to_pylist()


def test_rows_that_equal_each_other_are_drawn_one_by_one(spark: SparkSession, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    table = pa.table(
        {"visits": rng.choice(4, ROWS, p=[0.7, 0.2, 0.09, 0.01]), "calls": rng.integers(0, 2, ROWS)}
    )
    drawn = [
        read_raw(folder(tmp_path / name, rows, 3), sample=SampleSettings(rows=4_000)).cells
        for name, rows in (("a", table), ("b", table.sort_by("calls")))
    ]
    assert drawn[0].equals(drawn[1])
    assert abs(drawn[0].num_rows - 4_000) < 250
    shares = Counter(drawn[0]["visits"].to_pylist())
    expected = Counter(table["visits"].to_pylist())
    for visits, count in expected.items():
        wanted = count / ROWS * drawn[0].num_rows
        assert abs(shares[visits] - wanted) < 5 * wanted**0.5


def test_csv_is_read_and_rows_of_another_length_are_counted(spark: SparkSession, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    csv.write_csv(customers().slice(0, 3_000), tmp_path / "in" / "a.csv")
    (tmp_path / "in" / "b.csv").write_text("id,income,score,gender\n90000,20,30,f,more\n90001,20\n", "utf-8")
    raw = read_raw(f"spark:{tmp_path / 'in'}")
    assert raw.cells.num_rows == 3_000
    assert raw.notes == (
        "all 3,000 rows, in the order of their hashes",
        "2 rows left out: not the same number of cells as the header",
    )
    trained = train(raw, CONFIG)
    assert trained.whole is not None
    assert (trained.whole.rows, trained.whole.left_out) == (3_000, 2)


def test_a_table_of_the_catalogue_and_what_cannot_be_read(spark: SparkSession, tmp_path: Path) -> None:
    source = folder(tmp_path / "customers", customers(), 2)
    spark.read.parquet(source.removeprefix("spark:")).createOrReplaceTempView("known_customers")
    raw = read_raw("spark:known_customers", sample=SampleSettings(rows=SAMPLE))
    assert raw.cells.equals(read_raw(source, sample=SampleSettings(rows=SAMPLE)).cells)
    assert raw.source == "known_customers read by Spark"
    with pytest.raises(InputError, match="must be a file or a folder of files, but there is none"):
        read_raw("spark:nowhere")
    with pytest.raises(InputError, match="must have at most 5 rows, as the limit says, but it has 24,000"):
        read_raw(source, options=ReadOptions(max_rows=5))
    (tmp_path / "customers" / "0.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="the table must be readable by Spark, but it failed"):
        read_raw(source)


def test_a_lost_executor_changes_no_centroid(spark: SparkSession, tmp_path: Path) -> None:
    from benchmarks.descendants import descendants
    from benchmarks.spark import EXECUTOR

    raw = read_raw(folder(tmp_path / "customers", customers(), 6), sample=SampleSettings(rows=SAMPLE))
    table = prepare(raw).table
    expected = cluster(table, CONFIG)
    killed: list[int] = []

    def kill(stage: str, done: int, total: int) -> None:
        if stage == full_passes.STAGE and done == 1 and not killed:
            killed.append(descendants(EXECUTOR)[0])
            threading.Timer(0.05, os.kill, (killed[0], signal.SIGKILL)).start()

    found = cluster(table, CONFIG, progress=kill)
    assert killed
    assert np.array_equal(
        found.segmentation.kmeans.cluster_centers_, expected.segmentation.kmeans.cluster_centers_
    )
    assert found.passes == expected.passes


def test_the_command_of_the_page_trains_on_a_folder(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^<!-- spark-training -->\n```bash\n(.*)\n```$", page, re.M)
    program, *words = shlex.split(line)
    assert program == ".venv/bin/python"
    source, out = folder(tmp_path / "customers", customers(), 2), tmp_path / "model"
    words = [source if word == "spark:customers" else word for word in words]
    words = [str(out) if word == "segments" else word for word in words]
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PYSPARK_")}
    done = subprocess.run(
        [sys.executable, *words, "--quick", "--sample-rows", str(SAMPLE)],
        cwd=ROOT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "24,000 rows in the table" in done.stdout
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["whole_table"]["rows"] == report["data"]["rows"] == ROWS
    assert Segmenter.load(out / "model.onnx").contract.data is not None

"""Scores millions of customers with Spark, on all cores, on a cluster, and while an executor is killed.

    python -m benchmarks.spark [ROWS]

Needs the environment of requirements/spark.lock, and Java 17. The table is made by ``spark.range``: Parquet
in 40 files, a fifth of the customers partly known, some with a value out of range. It is scored twice with
``local[N]`` (the first time, Java and the workers start) and in two clusters of two executors, of which one
loses an executor as soon as the first tasks are committed. Every answer is compared with those of one process
without Spark, which is measured, too. Seconds of CPU are those of Java and Python together, and do not depend
on other work of the machine. Writes benchmarks/results/spark.json, from which ``python -m benchmarks.scale``
computes docs/scale.md.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import dataset, parquet
from pyspark.sql import SparkSession

from benchmarks.descendants import cpu_seconds, descendants
from inference import Segmenter
from inference.files.scoring import score_batches
from inference.files.spark.spark_job import score_folder
from inference.files.spark.spark_session import BATCH_ROWS

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "spark.json"
MODEL = ROOT / "artifacts" / "model.onnx"
ROWS, FILES = 5_000_000, 40
ID = "CustomerID"
CLUSTER = "local-cluster[2,1,1024]"  # two executors of one core
EXECUTOR = b"CoarseGrainedExecutorBackend"
COLUMNS = (
    f"id AS {ID}",
    "if(pmod(hash(id, 1), 2) = 0, 'Female', 'Male') AS Gender",
    "if(pmod(hash(id, 2), 10) = 0, NULL, 18 + pmod(hash(id, 3), 53)) AS Age",
    "if(pmod(hash(id, 4), 10) = 0, NULL, 15 + pmod(hash(id, 5), 12300) / 100) AS `Annual Income (k$)`",
    "if(pmod(hash(id, 6), 10) = 0, NULL, if(pmod(hash(id, 7), 997) = 0, 1000, 1 + pmod(hash(id, 8), 99)))"
    " AS `Spending Score (1-100)`",
)


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """A session whose executors import this checkout with this Python."""
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master(master)
        .config("spark.ui.enabled", False)
        .config("spark.log.level", "ERROR")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.executorEnv.PYTHONPATH", paths)
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", BATCH_ROWS)
        .config("spark.sql.files.openCostInBytes", 128 << 20)  # a task per file
        .getOrCreate()
    )
    try:
        yield made
    finally:
        made.stop()


def write_customers(path: Path, rows: int, files: int) -> None:
    """A table of customers in as many files."""
    with session("local[2]") as spark:
        spark.range(0, rows, 1, files).selectExpr(*COLUMNS).write.parquet(str(path))


def one_machine(path: Path) -> tuple[pa.Table, float]:
    """The table scored by one process without Spark, ordered by id, and the seconds of CPU."""
    started = time.process_time()
    batches = dataset.dataset(path, format="parquet").to_batches()
    scored = pa.Table.from_batches(score_batches(MODEL, (each for each in batches if each.num_rows)))
    seconds = time.process_time() - started
    return by_id(scored), seconds


def by_id(scored: pa.Table) -> pa.Table:
    """A scored table ordered by id; its errors without the row, which Spark does not know."""
    place = scored.schema.get_field_index("error")
    error = pc.replace_substring_regex(scored["error"], r"^row \d+: ", "")
    return scored.set_column(place, "error", error).sort_by(ID)


def same(path: Path, expected: pa.Table) -> bool:
    """Whether a scored folder has exactly these rows, each once."""
    return bool(by_id(parquet.read_table(path)).cast(expected.schema).equals(expected))


def killed_executor(target: Path, done: threading.Event) -> int:
    """Wait until tasks of the job are committed, then kill one executor; its process, or 0 for none."""
    while not done.wait(0.01):
        executors = descendants(EXECUTOR)
        if executors and any(target.glob("_temporary/0/task_*")):
            os.kill(executors[0], signal.SIGKILL)
            return executors[0]
    return 0


def score_and_kill(source: Path, target: Path, spark: SparkSession) -> tuple[int, float]:
    """Score a folder while an executor is killed: its process, or 0 where none was; and the seconds."""
    killed: list[int] = []
    done = threading.Event()
    thread = threading.Thread(target=lambda: killed.append(killed_executor(target, done)))
    thread.start()
    try:
        scored = score_folder(Segmenter.load(MODEL), str(source), str(target), session=spark)
    finally:
        done.set()
        thread.join()
    return killed[0], scored.seconds


def main() -> int:
    """Measure, print and write; exit status 1 when an answer differs or no executor was killed."""
    rows = int(float(sys.argv[1])) if len(sys.argv) > 1 else ROWS
    cores = os.cpu_count() or 1
    report: dict[str, Any] = {"rows": rows, "files": FILES, "cores": cores, "same": True}
    report["load_of_the_machine"] = os.getloadavg()
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "customers"
        write_customers(source, rows, FILES)
        expected, report["one_process_cpu_seconds"] = one_machine(source)
        with session(f"local[{cores}]") as spark:
            for turn in ("first", "second"):
                target = Path(temporary) / turn
                before = cpu_seconds()
                scored = score_folder(Segmenter.load(MODEL), str(source), str(target), session=spark)
                report[f"{turn}_seconds"] = scored.seconds
                report[f"{turn}_cpu_seconds"] = cpu_seconds() - before
                report["same"] &= same(target, expected)
        target = Path(temporary) / "cluster"
        with session(CLUSTER) as spark:
            scored = score_folder(Segmenter.load(MODEL), str(source), str(target), session=spark)
        report["cluster_seconds"] = scored.seconds
        report["same"] &= same(target, expected)
        target = Path(temporary) / "killed"
        with session(CLUSTER) as spark:
            killed, report["cluster_killed_seconds"] = score_and_kill(source, target, spark)
        report["same"] &= same(target, expected)
        report["killed"] = bool(killed)
        report["source_mb"] = sum(each.stat().st_size for each in source.glob("*.parquet")) / 1e6
        report["target_mb"] = sum(each.stat().st_size for each in target.glob("*.parquet")) / 1e6
    report["rows_per_cpu_second"] = rows / report["second_cpu_seconds"]
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    return int(not (report["same"] and report["killed"]))


if __name__ == "__main__":
    sys.exit(main())

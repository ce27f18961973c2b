"""Checks a killed executor and the command; needs the environment of requirements/spark.lock, and Java."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pyarrow import parquet

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parents[1]
MODEL = ROOT / "artifacts" / "model.onnx"
ROWS, FILES = 400_000, 24
HEADER = "Gender,Age,Annual Income (k$),Spending Score (1-100)"


def test_no_row_is_lost_or_doubled_when_an_executor_is_killed(tmp_path: Path) -> None:
    from benchmarks.spark import one_machine, same, score_and_kill, session, write_customers

    source, target = tmp_path / "customers", tmp_path / "scored"
    write_customers(source, ROWS, FILES)
    expected, _ = one_machine(source)
    with session("local-cluster[2,1,1024]") as spark:
        killed, _ = score_and_kill(source, target, spark)
    assert killed
    assert (target / "_SUCCESS").exists()
    assert expected.num_rows == ROWS
    assert same(target, expected)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "inference.files.spark", *arguments]
    settings = {key: value for key, value in os.environ.items() if key != "PYSPARK_PYTHON"}
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)


def test_the_command_scores_a_folder_and_says_what_came_of_it(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    (source / "a.csv").write_text(f"{HEADER}\nFemale,31,17,40\nMale,20,x,40\n", encoding="utf-8")
    done = run(str(source), str(target), "--model", str(MODEL))
    assert done.returncode == 0, done.stderr
    assert "1 complete, 0 partial, 0 prior, 1 failed" in done.stderr
    assert parquet.read_table(target)["segment"].to_pylist() == ["Low income, low score", None]
    again = run(str(source), str(target), "--model", str(MODEL))
    assert (again.returncode, again.stderr.splitlines()[-1]) == (
        0,
        "the folder already has this table, complete; nothing was done",
    )
    refused = run(str(source), str(target), "--model", str(MODEL), "--na", "x")
    assert refused.returncode == 2
    assert "name another, or replace it with --force" in refused.stderr


def test_the_command_says_why_spark_failed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text(f"{HEADER}\nFemale,31,17,40\n", encoding="utf-8")
    other = "Age,Gender,Annual Income (k$),Spending Score (1-100)"
    (tmp_path / "in" / "b.csv").write_text(f"{other}\n31,Female,17,40\n", encoding="utf-8")
    failed = run(str(tmp_path / "in"), str(tmp_path / "out"), "--model", str(MODEL))
    assert failed.returncode == 1
    assert "it failed: " in failed.stderr
    assert "CSV header does not conform to the schema" in failed.stderr.rpartition("error: ")[2]
    assert "Traceback" not in failed.stderr

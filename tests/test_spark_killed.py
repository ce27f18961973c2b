"""Checks a killed executor and the command; needs the environment of requirements/spark.lock, and Java."""

from __future__ import annotations

import os
import re
import shlex
import shutil
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


def run(*command: str) -> subprocess.CompletedProcess[str]:
    settings = {key: value for key, value in os.environ.items() if not key.startswith("PYSPARK_")}
    settings["PATH"] = os.pathsep.join(
        [str(Path(sys.executable).parent), settings["PATH"]]
    )  # for spark-submit
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)


def command() -> list[str]:
    """The command of the page, with its two folders left out."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^<!-- spark -->\n```bash\n(.*)\n```$", page, re.M)
    program, *words, source, target, _, model = shlex.split(line)
    assert (program, source, target) == (".venv/bin/python", "customers", "scored")
    return [sys.executable, *words, "--model", model]


def customers(folder: Path, **files: str) -> str:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(folder)


def test_the_command_scores_a_folder_and_says_what_came_of_it(tmp_path: Path) -> None:
    source = customers(tmp_path / "in", a=f"{HEADER}\nFemale,31,17,40\nMale,20,x,40\n")
    target = str(tmp_path / "out")
    done = run(*command(), source, target)
    assert done.returncode == 0, done.stderr
    assert "1 complete, 0 partial, 0 prior, 1 failed" in done.stderr
    assert parquet.read_table(target)["segment"].to_pylist() == ["Low income, low score", None]
    refused = run(*command(), source, target, "--na", "x")
    assert refused.returncode == 2
    assert "name another, or let it be replaced" in refused.stderr


def test_spark_submit_starts_the_same_command_which_finds_the_folder_complete(tmp_path: Path) -> None:
    source = customers(tmp_path / "in", a=f"{HEADER}\nFemale,31,17,40\n")
    archive = shutil.make_archive(str(tmp_path / "inference"), "zip", ROOT, "inference")
    submit = [str(Path(sys.executable).parent / "spark-submit"), "--py-files", archive]
    submit += ["--conf", f"spark.pyspark.python={sys.executable}", "inference/files/spark/__main__.py"]
    for last in ("rows per segment: ", "the folder already has this table, complete; nothing was done"):
        done = run(*submit, source, str(tmp_path / "out"), "--model", str(MODEL))
        assert done.returncode == 0, done.stderr
        assert last in done.stdout  # where spark-submit puts everything that Python prints
    assert parquet.read_table(tmp_path / "out").num_rows == 1


def test_the_command_says_why_spark_failed(tmp_path: Path) -> None:
    other = "Age,Gender,Annual Income (k$),Spending Score (1-100)"
    source = customers(tmp_path / "in", a=f"{HEADER}\nFemale,31,17,40\n", b=f"{other}\n31,Female,17,40\n")
    failed = run(*command(), source, str(tmp_path / "out"))
    assert failed.returncode == 1
    assert "it failed: " in failed.stderr
    assert "CSV header does not conform to the schema" in failed.stderr.rpartition("error: ")[2]
    assert "Traceback" not in failed.stderr

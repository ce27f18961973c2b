"""Checks the exit status, the summary and the output of ``python -m inference score``."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyarrow import parquet
from pyarrow.csv import read_csv

from inference.__main__ import main
from inference.files.progress import progress_bar
from tests.conftest import ROOT
from tests.scored_files import HEADER, ROW, text

COMMAND = [sys.executable, "-m", "inference", "score"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "customers.csv"
    path.write_text(text(ROW, "2,Female,31,17,"))
    return path


def run(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


def test_scores_beside_the_source_and_sums_up(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(source)]) == 0
    reported = capsys.readouterr()
    assert reported.out == ""
    assert "2 rows in" in reported.err
    assert "1 scored exactly, 1 from some of their columns, 0 with nothing known, 0 failed" in reported.err
    assert "not used by the model: 'CustomerID'" in reported.err
    assert len((source.parent / "customers.scored.csv").read_text().splitlines()) == 3


def test_rows_in_error_are_status_1(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source.write_text(text(ROW, "2,Female,31,17,x"))
    assert main(["score", str(source), str(source.parent / "out.csv")]) == 1
    assert (
        "1 row failed, for example line 3: column 'spending_score' must be a number"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--model", "none.onnx"], "no model file can be read"),
        (["--column", "age"], "--column must be NAME=VALUE"),
        (["--encoding", "klingon"], "must be one that Python knows"),
        (["--max-rows", "1"], "must have at most 1 row, but it has more; split it, or raise --max-rows"),
        (["--missing", "ages"], "the model has no column 'ages'"),
        (["--output-format", "xml"], "the output format must be"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_refusal_is_status_2_and_one_sentence(
    source: Path, more: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(source), str(source.parent / "out.csv"), *more]) == 2
    reported = capsys.readouterr().err
    assert reported.startswith("error: ")
    assert sentence in reported
    assert reported.count("\n") == 1
    assert [each.name for each in source.parent.iterdir()] == ["customers.csv"]


def test_an_existing_file_is_replaced_only_by_force(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = source.parent / "out.csv"
    target.write_text("precious")
    assert main(["score", str(source), str(target)]) == 2
    assert "--force to replace it" in capsys.readouterr().err
    assert target.read_text() == "precious"
    assert main(["score", str(source), str(target), "--force", "--quiet"]) == 0
    assert target.read_text() != "precious"
    assert capsys.readouterr().err == ""
    assert main(["score", str(source), str(source.parent), "--force"]) == 2
    assert main(["score", str(source), str(source), "--force"]) == 2


def test_options_reach_the_reader(source: Path) -> None:
    source.write_text("who=x\tAge\tincome\tx\tf\nm\t31\t12,5\t=1\té\n", encoding="cp850")
    target = source.parent / "out.parquet"
    given = ["--column", "gender=who=x", "--decimal", "income=,", "--missing", "spending_score"]
    assert main(["score", str(source), str(target), *given, "--encoding", "cp850", "--separator", "\\t"]) == 0
    table = parquet.read_table(target)
    assert (table.column("f").to_pylist(), table.column("route").to_pylist()) == (["é"], ["partial"])
    text_target = source.parent / "out.csv"
    assert (
        main(["score", str(source), str(text_target), *given, "--keep-formulas", "--encoding", "cp850"]) == 0
    )
    assert "\t=1\t" in text_target.read_text(encoding="cp850")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_reads_and_writes_pipes(source: Path, kind: str) -> None:
    first = run("-", "-", "--quiet", "--output-format", kind, input=source.read_bytes())
    assert (first.returncode, first.stderr) == (0, b"")
    second = run("-", "--quiet", "--output-format", "csv", input=first.stdout)
    assert second.returncode == 0
    assert second.stdout.splitlines()[0].endswith(b"segment_2,probability_2,route_2,novelty_2,error_2,note_2")
    assert len(second.stdout.splitlines()) == 3


def test_waits_for_a_slow_pipe() -> None:
    with subprocess.Popen(
        [*COMMAND, "-", "--quiet"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        for piece in text(ROW, ROW).partition("Female"):
            process.stdin.write(piece.encode())
            process.stdin.flush()
            time.sleep(0.1)
        out, _ = process.communicate()
    assert len(out.splitlines()) == 3


def test_a_reader_that_has_enough_ends_the_run_quietly(source: Path) -> None:
    source.write_text(text(*[ROW] * 60_000))
    with subprocess.Popen(
        [*COMMAND, source, "-", "--quiet"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(HEADER.encode())
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_full_output_is_reported(source: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, source, "-", "--quiet"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"error: the output must be writable, but it is not (No space left on device)\n"


def test_the_help_says_what_is_done_to_cells_that_would_be_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["score", "--help"])
    assert left.value.code == 0
    reported = " ".join(capsys.readouterr().out.split())
    assert "is prefixed with an apostrophe" in reported
    assert "--keep-formulas" in reported


def test_concurrent_runs_on_one_target_leave_one_whole_file(source: Path) -> None:
    target = source.parent / "out.csv"
    source.write_text(text(*[ROW] * 30_000))
    given = [*COMMAND, str(source), str(target), "--force", "--quiet"]
    processes = [subprocess.Popen(given, cwd=ROOT) for _ in range(3)]
    ended = [process.wait() for process in processes]
    assert 0 in ended
    assert set(ended) <= {0, 2}  # one that comes while another writes is told
    assert len(target.read_text().splitlines()) == 30_001
    assert sorted(each.name for each in source.parent.iterdir()) == ["customers.csv", "out.csv"]


def test_the_command_line_loads_no_pandas(source: Path) -> None:
    done = run(source, "--quiet", env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"})
    assert b" pyarrow.lib" in done.stderr
    assert b"pandas.core" not in done.stderr


SPARED = {  # format -> some modules that a file of it does not need
    "csv": (
        "pyarrow.parquet",
        "inference.files.read.parquet",
        "inference.files.read.excel",
        "inference.files.write.table_writer",
    ),
    "parquet": ("pyarrow.csv", "inference.files.read.delimited.csv_source", "inference.files.read.excel"),
}
SELDOM = (
    "rich",
    "inference.explanations",
    "inference.files.score_advice",
    "inference.files.columns.dates.date_texts",
    "inference.files.columns.dates.duration_cells",
)


@pytest.mark.parametrize("kind", SPARED)
def test_only_what_a_file_needs_is_loaded(kind: str, source: Path) -> None:
    given = source.with_suffix(f".{kind}")
    if kind == "parquet":
        parquet.write_table(read_csv(source), given)
    done = run(given, "--quiet", env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"})
    assert done.returncode == 0
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
    assert "inference.files.scoring" in loaded
    assert loaded & {*SPARED[kind], *SELDOM} == set()


def test_a_bar_is_drawn_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, drawn in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress_bar() as report:
            assert (report is not None) == drawn
            if report is not None:
                report(1000, 5, 10)
                report(2000, 10, 10)
        assert ("rows/s" in stream.getvalue()) == drawn
    with progress_bar(quiet=True) as report:
        assert report is None
